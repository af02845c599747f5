//! How customers' keys are made, wrapped and used: AES-256-GCM and HMAC-SHA256.

use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::{hmac, rand};
use gondola_inventory_domain::CustomerRef;
use uuid::Uuid;

/// Bytes of every key.
pub(super) const KEY_BYTES: usize = 32;

/// What is sealed does not fit its key, or the system has no randomness to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("what is kept of a customer does not fit the master key, or was changed")]
pub struct Unsealable;

impl From<aws_lc_rs::error::Unspecified> for Unsealable {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self
    }
}

/// The key that wraps all others and hides whose they are.
pub(super) struct MasterKey {
    wrapping: RandomizedNonceKey,
    lookup: hmac::Key,
    mark: [u8; KEY_BYTES],
}

/// A customer's key as it is kept.
pub(super) struct SealedCustomer {
    pub(super) id: Uuid,
    pub(super) wrapped_key: Vec<u8>,
    pub(super) sealed_reference: Vec<u8>,
    /// What commands use of it.
    pub(super) secret: Arc<hmac::Key>,
}

impl MasterKey {
    /// One key is derived for each use.
    pub(super) fn new(bytes: &[u8; KEY_BYTES]) -> Result<Self, Unsealable> {
        let master = hmac::Key::new(hmac::HMAC_SHA256, bytes);
        let lookup = derived(&master, "customer lookup");
        Ok(Self {
            wrapping: RandomizedNonceKey::new(&AES_256_GCM, &derived(&master, "key wrapping"))?,
            lookup: hmac::Key::new(hmac::HMAC_SHA256, &lookup),
            mark: derived(&master, "mark"),
        })
    }

    /// Tells this master key from others, and nothing about it.
    pub(super) const fn mark(&self) -> &[u8; KEY_BYTES] {
        &self.mark
    }

    /// What a customer is found by.
    pub(super) fn lookup(&self, customer: &CustomerRef) -> Vec<u8> {
        hmac::sign(&self.lookup, customer.as_str().as_bytes()).as_ref().to_vec()
    }

    /// Makes a key for a customer.
    pub(super) fn seal(&self, customer: &CustomerRef) -> Result<SealedCustomer, Unsealable> {
        let (mut id, mut data_key) = ([0; 16], [0; KEY_BYTES]);
        rand::fill(&mut id)?;
        rand::fill(&mut data_key)?;
        // random, not of the time: it must not tell when the customer came
        let id = uuid::Builder::from_random_bytes(id).into_uuid();
        let sealing = RandomizedNonceKey::new(&AES_256_GCM, &data_key)?;
        Ok(SealedCustomer {
            id,
            wrapped_key: seal(&self.wrapping, id, &data_key)?,
            sealed_reference: seal(&sealing, id, customer.as_str().as_bytes())?,
            secret: secret_of(&data_key),
        })
    }

    /// What commands use of a customer's key.
    pub(super) fn secret(&self, id: Uuid, wrapped: &[u8]) -> Result<Arc<hmac::Key>, Unsealable> {
        Ok(secret_of(&open(&self.wrapping, id, wrapped)?))
    }

    /// A customer's key as another master key is to keep it: what it is found by there, and the key wrapped anew.
    pub(super) fn handed_over(
        &self,
        next: &Self,
        id: Uuid,
        wrapped_key: &[u8],
        sealed_reference: &[u8],
    ) -> Result<(Vec<u8>, Vec<u8>), Unsealable> {
        let reference = self.reference(id, wrapped_key, sealed_reference)?;
        let lookup = hmac::sign(&next.lookup, reference.as_bytes()).as_ref().to_vec();
        let data_key = open(&self.wrapping, id, wrapped_key)?;
        Ok((lookup, seal(&next.wrapping, id, &data_key)?))
    }

    /// The reference that a key was made for.
    pub(super) fn reference(
        &self,
        id: Uuid,
        wrapped_key: &[u8],
        sealed_reference: &[u8],
    ) -> Result<String, Unsealable> {
        let data_key = open(&self.wrapping, id, wrapped_key)?;
        let sealing = RandomizedNonceKey::new(&AES_256_GCM, &data_key)?;
        String::from_utf8(open(&sealing, id, sealed_reference)?).map_err(|_| Unsealable)
    }
}

fn derived(key: &hmac::Key, purpose: &str) -> [u8; KEY_BYTES] {
    let mut bytes = [0; KEY_BYTES];
    bytes.copy_from_slice(hmac::sign(key, purpose.as_bytes()).as_ref());
    bytes
}

fn secret_of(data_key: &[u8]) -> Arc<hmac::Key> {
    let data_key = hmac::Key::new(hmac::HMAC_SHA256, data_key);
    Arc::new(hmac::Key::new(hmac::HMAC_SHA256, &derived(&data_key, "fingerprints")))
}

/// Nonce, then what is sealed; it opens under this id only.
fn seal(key: &RandomizedNonceKey, id: Uuid, plain: &[u8]) -> Result<Vec<u8>, Unsealable> {
    let mut sealed = plain.to_vec();
    let nonce = key.seal_in_place_append_tag(Aad::from(id.as_bytes()), &mut sealed)?;
    Ok([nonce.as_ref().as_slice(), &sealed].concat())
}

fn open(key: &RandomizedNonceKey, id: Uuid, sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN).ok_or(Unsealable)?;
    let (nonce, mut sealed) = (Nonce::try_assume_unique_for_key(nonce)?, sealed.to_vec());
    Ok(key.open_in_place(nonce, Aad::from(id.as_bytes()), &mut sealed)?.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_customer_is_read_with_the_key_that_sealed_them_and_with_no_other() {
        let master = MasterKey::new(&[7; KEY_BYTES]).unwrap();
        let maria = CustomerRef::new("maria").unwrap();
        let SealedCustomer { id, wrapped_key, sealed_reference, secret } =
            master.seal(&maria).unwrap();
        assert_eq!(master.reference(id, &wrapped_key, &sealed_reference).as_deref(), Ok("maria"));
        let again = master.secret(id, &wrapped_key).unwrap();
        assert_eq!(hmac::sign(&again, b"x").as_ref(), hmac::sign(&secret, b"x").as_ref());
        let other = MasterKey::new(&[8; KEY_BYTES]).unwrap();
        assert!(other.secret(id, &wrapped_key).is_err());
        assert_ne!((other.mark(), other.lookup(&maria)), (master.mark(), master.lookup(&maria)));
        assert!(master.secret(Uuid::nil(), &wrapped_key).is_err(), "a row is not another one's");
        assert!(!sealed_reference.windows(5).any(|part| part == b"maria"));
    }

    #[test]
    fn no_two_customers_have_a_key_in_common() {
        let master = MasterKey::new(&[7; KEY_BYTES]).unwrap();
        let maria = CustomerRef::new("maria").unwrap();
        let (one, two) = (master.seal(&maria).unwrap(), master.seal(&maria).unwrap());
        assert!(one.id != two.id && one.wrapped_key != two.wrapped_key);
        assert!(master.reference(one.id, &one.wrapped_key, &two.sealed_reference).is_err());
    }
}
