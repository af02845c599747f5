//! Whom checkouts ask to confirm orders: the notification context in the same process, or in others.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use gondola_contracts::ConfirmedLine;
use gondola_inventory::HttpOrderConfirmations;
use gondola_inventory::use_cases::{ConfirmationAnswer, OrderConfirmations, PreparedConfirmation};
use gondola_inventory_domain::{CheckoutId, TransactionRef};
use gondola_notification::use_cases::{self as notification, ConfirmationRequest};
use kit_http_client::{Credential, ServiceUrl};

use super::names::client;
use crate::roles::Roles;

/// Gives the door to confirmations of this process as it is now, or says why it is shut.
pub(crate) type Door =
    Box<dyn Fn() -> Result<notification::OrderConfirmations, String> + Send + Sync>;

/// The notification context in the same process, once it has started: the inventory starts before it.
#[derive(Default)]
pub(crate) struct Here(OnceLock<Door>);

/// Whom checkouts ask.
#[derive(Clone)]
pub(crate) enum Confirmations {
    Here(Arc<Here>),
    Elsewhere(Arc<HttpOrderConfirmations>),
    /// Nobody: orders are not confirmed.
    Nobody,
}

impl Confirmations {
    /// The notification context where this process has one, else the processes that are told; nobody without checkouts.
    pub(crate) fn of(
        roles: Roles,
        processes: &[ServiceUrl],
        credential: Option<Credential>,
    ) -> Self {
        if !roles.inventory {
            Self::Nobody
        } else if roles.notification {
            Self::here()
        } else if processes.is_empty() {
            Self::Nobody
        } else {
            let client = client("notification", processes.to_vec(), credential);
            Self::Elsewhere(HttpOrderConfirmations::new(client))
        }
    }

    /// The notification context in the same process.
    pub(crate) fn here() -> Self {
        Self::Here(Arc::default())
    }

    /// What the inventory is given.
    pub(crate) fn port(&self) -> Option<Arc<dyn OrderConfirmations>> {
        match self {
            Self::Here(here) => Some(Arc::clone(here) as _),
            Self::Elsewhere(http) => Some(Arc::clone(http) as _),
            Self::Nobody => None,
        }
    }

    /// The notification context of this process has started.
    pub(crate) fn started(&self, door: Door) {
        if let Self::Here(here) = self {
            // it starts once
            drop(here.0.set(door));
        }
    }
}

impl Here {
    async fn ask(
        &self,
        wanted: ConfirmationRequest,
    ) -> Result<notification::ConfirmationAnswer, String> {
        let door = self.0.get().ok_or("the notification service is being started")?;
        door()?.perform(wanted).await.map_err(|error| error.to_string())
    }

    /// The same of what must be done: a refusal is an error.
    async fn insist(&self, wanted: ConfirmationRequest) -> Result<(), String> {
        match self.ask(wanted).await? {
            notification::ConfirmationAnswer::Taken => Ok(()),
            notification::ConfirmationAnswer::Refused(why) => Err(why),
        }
    }
}

#[async_trait]
impl OrderConfirmations for Here {
    async fn prepare(&self, wanted: PreparedConfirmation) -> Result<ConfirmationAnswer, String> {
        let PreparedConfirmation { checkout, store, order, lines } = wanted;
        let line = |(product, quantity): &(gondola_inventory_domain::ProductId, _)| ConfirmedLine {
            product_id: product.as_uuid(),
            quantity: gondola_inventory_domain::PositiveQuantity::get(*quantity),
        };
        let prepared = notification::PreparedConfirmation {
            checkout_id: checkout.as_uuid(),
            store_id: store.as_uuid(),
            order_id: order.map(|order| order.to_string()),
            lines: lines.iter().map(line).collect(),
        };
        Ok(match self.ask(ConfirmationRequest::Prepare(prepared)).await? {
            notification::ConfirmationAnswer::Taken => ConfirmationAnswer::Taken,
            notification::ConfirmationAnswer::Refused(why) => ConfirmationAnswer::Refused(why),
        })
    }

    async fn commit(&self, id: CheckoutId, sale: TransactionRef) -> Result<(), String> {
        let (checkout_id, transaction_id) = (id.as_uuid(), sale.to_string());
        self.insist(ConfirmationRequest::Commit { checkout_id, transaction_id }).await
    }

    async fn drop_prepared(&self, id: CheckoutId) -> Result<(), String> {
        self.insist(ConfirmationRequest::Drop { checkout_id: id.as_uuid() }).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_asked_follows_from_the_roles_and_the_addresses() {
        let roles = |inventory, notification| Roles { inventory, notification, ..Roles::ALL };
        let url = || "http://a:1".parse().unwrap();
        let asked = |roles, urls: &[ServiceUrl]| Confirmations::of(roles, urls, None);
        assert!(matches!(asked(roles(true, true), &[url()]), Confirmations::Here(_)));
        assert!(matches!(asked(roles(true, false), &[url()]), Confirmations::Elsewhere(_)));
        assert!(matches!(asked(roles(true, false), &[]), Confirmations::Nobody));
        assert!(matches!(asked(roles(false, true), &[url()]), Confirmations::Nobody));
    }
}
