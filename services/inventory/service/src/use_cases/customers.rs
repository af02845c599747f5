//! Customers behind their keys: what the log, the views and kept answers know of a customer is the id of a key, which
//! can be destroyed.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use async_trait::async_trait;
use aws_lc_rs::hmac;
use foldhash::fast::RandomState;
use gondola_inventory_domain::{Customer, CustomerKey, CustomerRef};
use kit_core::{Caller, Timestamp};
use kit_event_store::EventStoreError;
use kit_service::CommandError;

/// A customer's key as commands use it.
#[derive(Clone)]
pub struct KnownCustomer {
    /// Its id, which is what the log knows.
    pub key: CustomerKey,
    /// Made of the key itself: digests with it tell nothing once the key is destroyed.
    pub secret: Arc<hmac::Key>,
}

/// Without the secret, and without who it is.
impl fmt::Debug for KnownCustomer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KnownCustomer({})", self.key)
    }
}

/// What is kept beside a customer's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRecord {
    /// Its id.
    pub key: CustomerKey,
    /// When the customer was first seen.
    pub created_at: Timestamp,
}

/// The port of the store of customers' keys.
///
/// It is the only place that can tell whose key one is: with the key goes the way back from its id.
#[async_trait]
pub trait CustomerKeys: Send + Sync {
    /// The key of a customer who is in memory.
    fn recent(&self, customer: &CustomerRef) -> Option<KnownCustomer>;

    /// The keys of customers, in the order asked. Those without one get one, which is on disk before this returns.
    async fn obtain(
        &self,
        customers: Vec<CustomerRef>,
    ) -> Result<Vec<KnownCustomer>, EventStoreError>;

    /// What is kept of a customer; `None` for one who was never seen or is forgotten.
    async fn find(&self, customer: &CustomerRef) -> Result<Option<KeyRecord>, EventStoreError>;

    /// Destroys the key of a customer for ever, and says which it was. When this returns nobody finds it in the store any more.
    async fn forget(&self, customer: &CustomerRef) -> Result<Option<KeyRecord>, EventStoreError>;

    /// Waits until no other process can use a key that was destroyed before this is called.
    async fn forgotten_everywhere(&self) {}
}

/// Finds whom a request is about; where there is no store of keys, customers stay as they are named.
#[derive(Clone, Default)]
pub struct Customers {
    keys: Option<Arc<dyn CustomerKeys>>,
}

impl Customers {
    /// Customers whose keys are in this store.
    #[must_use]
    pub fn new(keys: Option<Arc<dyn CustomerKeys>>) -> Self {
        Self { keys }
    }

    /// The store of keys, if there is one.
    #[must_use]
    pub fn keys(&self) -> Option<&dyn CustomerKeys> {
        self.keys.as_deref()
    }

    /// Finds the keys of the customers of a group of requests in one call; most are in memory.
    pub(crate) async fn identify<'a>(
        &self,
        customers: impl Iterator<Item = &'a CustomerRef>,
    ) -> Result<Identified, EventStoreError> {
        let Some(keys) = &self.keys else { return Ok(Identified { keys: None }) };
        let (mut known, mut unknown) = (HashMap::<_, _, RandomState>::default(), Vec::new());
        for customer in customers {
            match keys.recent(customer) {
                Some(recent) => drop(known.insert(customer.clone(), recent)),
                None => unknown.push(customer.clone()),
            }
        }
        if !unknown.is_empty() {
            let obtained = keys.obtain(unknown.clone()).await?;
            known.extend(unknown.into_iter().zip(obtained));
        }
        Ok(Identified { keys: Some(known) })
    }

    /// The customer of one request as its command names them; the fingerprint of the request depends on their key from then on.
    pub(crate) async fn name(
        &self,
        customer: Option<CustomerRef>,
        caller: &mut Caller,
    ) -> Result<Option<Customer>, CommandError> {
        let Some(customer) = customer else { return Ok(None) };
        let identified = self.identify([&customer].into_iter()).await?;
        identified.bind(Some(&customer), caller);
        Ok(Some(identified.name(customer)?))
    }

    /// The ways in which the log may know a customer: by the key, and as named in events from before there were keys. Asking
    /// makes no key.
    pub async fn known_as(&self, customer: CustomerRef) -> Result<Vec<Customer>, EventStoreError> {
        let record = match &self.keys {
            Some(keys) => keys.find(&customer).await?,
            None => None,
        };
        let key = record.map(|record| Customer::Key(record.key));
        Ok(key.into_iter().chain([Customer::InClear(customer)]).collect())
    }
}

/// The customers of a group of requests.
pub(crate) struct Identified {
    /// `None` where there is no store of keys.
    keys: Option<HashMap<CustomerRef, KnownCustomer, RandomState>>,
}

impl Identified {
    /// The customer as commands and events name them; one that the group does not have has no key.
    pub(crate) fn name(&self, customer: CustomerRef) -> Result<Customer, EventStoreError> {
        let Some(keys) = &self.keys else { return Ok(Customer::InClear(customer)) };
        match keys.get(&customer) {
            Some(known) => Ok(Customer::Key(known.key)),
            // never in clear instead
            None => Err(EventStoreError::Unavailable("a customer was not identified".into())),
        }
    }

    /// Has the fingerprint of a request that names a customer depend on their key: it is kept in the log, and a plain
    /// digest would let anybody who guesses the customer find out.
    pub(crate) fn bind(&self, customer: Option<&CustomerRef>, caller: &mut Caller) {
        let known = customer.and_then(|customer| self.keys.as_ref()?.get(customer));
        if let (Some(known), Some(idempotency)) = (known, &mut caller.idempotency) {
            let tag = hmac::sign(&known.secret, idempotency.fingerprint.as_bytes());
            idempotency.fingerprint = hexadecimal(tag.as_ref()).into();
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // writing to a string does not fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use kit_core::{Actor, Idempotency, Scope};
    use uuid::Uuid;

    use super::*;

    /// A store of keys that fails, or gives everybody a key of their own.
    struct Keys {
        fails: bool,
    }

    #[async_trait]
    impl CustomerKeys for Keys {
        fn recent(&self, _: &CustomerRef) -> Option<KnownCustomer> {
            None
        }

        async fn obtain(
            &self,
            customers: Vec<CustomerRef>,
        ) -> Result<Vec<KnownCustomer>, EventStoreError> {
            if self.fails {
                return Err(EventStoreError::Unavailable("disk full".into()));
            }
            let known = |customer: &CustomerRef| KnownCustomer {
                key: CustomerKey::from_uuid(Uuid::from_u128(customer.as_str().len() as u128)),
                secret: Arc::new(hmac::Key::new(hmac::HMAC_SHA256, customer.as_str().as_bytes())),
            };
            Ok(customers.iter().map(known).collect())
        }

        async fn find(&self, _: &CustomerRef) -> Result<Option<KeyRecord>, EventStoreError> {
            Ok(None)
        }

        async fn forget(&self, _: &CustomerRef) -> Result<Option<KeyRecord>, EventStoreError> {
            Ok(None)
        }
    }

    fn maria() -> CustomerRef {
        CustomerRef::new("maria").unwrap()
    }

    async fn identified(keys: Option<Keys>) -> Result<Identified, EventStoreError> {
        let customers = Customers::new(keys.map(|keys| Arc::new(keys) as _));
        customers.identify([&maria()].into_iter()).await
    }

    fn fingerprint(identified: &Identified, customer: Option<&CustomerRef>) -> String {
        let idempotency = Idempotency { key: "k".into(), fingerprint: "plain".into() };
        let mut caller = Caller {
            actor: Actor::system("test"),
            correlation_id: Uuid::nil(),
            idempotency: Some(idempotency),
            scope: Scope::All,
        };
        identified.bind(customer, &mut caller);
        caller.idempotency.unwrap().fingerprint.into()
    }

    #[tokio::test]
    async fn a_store_of_keys_that_fails_leaves_nobody_in_clear() {
        assert!(identified(Some(Keys { fails: true })).await.is_err());
        let identified = identified(Some(Keys { fails: false })).await.unwrap();
        let key = CustomerKey::from_uuid(Uuid::from_u128(5));
        assert_eq!(identified.name(maria()).unwrap(), Customer::Key(key));
        // one whom nobody asked for is an error, not a name
        assert!(identified.name(CustomerRef::new("jo").unwrap()).is_err());
    }

    #[tokio::test]
    async fn without_a_store_of_keys_customers_stay_as_they_are_named() {
        let identified = identified(None).await.unwrap();
        assert_eq!(identified.name(maria()).unwrap(), Customer::InClear(maria()));
        assert_eq!(fingerprint(&identified, Some(&maria())), "plain");
    }

    #[tokio::test]
    async fn a_fingerprint_depends_on_the_key_of_the_customer() {
        let identified = identified(Some(Keys { fails: false })).await.unwrap();
        let bound = fingerprint(&identified, Some(&maria()));
        assert!(bound.len() == 64 && bound != "plain");
        assert_eq!(fingerprint(&identified, Some(&maria())), bound);
        assert_eq!(fingerprint(&identified, None), "plain");
    }
}
