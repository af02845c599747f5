//! Whom checkouts ask to confirm orders: the notification context in the same process.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use gondola_contracts::ConfirmedLine;
use gondola_inventory::use_cases::{ConfirmationAnswer, OrderConfirmations, PreparedConfirmation};
use gondola_inventory_domain::{CheckoutId, TransactionRef};
use gondola_notification::use_cases::{self as notification, ConfirmationRequest};

use crate::roles::Roles;

/// The notification context, once it has started: the inventory starts before it.
#[derive(Default)]
pub(crate) struct Confirmations(OnceLock<notification::OrderConfirmations>);

impl Confirmations {
    /// `None` where this process has no notification context, or no checkouts.
    pub(crate) fn of(roles: Roles) -> Option<Arc<Self>> {
        // the notification context follows both logs
        let is_served = roles.inventory && roles.store && roles.notification;
        is_served.then(Arc::default)
    }

    /// The notification context of this process has started.
    pub(crate) fn started(&self, confirmations: notification::OrderConfirmations) {
        // it starts once
        drop(self.0.set(confirmations));
    }

    async fn ask(
        &self,
        wanted: ConfirmationRequest,
    ) -> Result<notification::ConfirmationAnswer, String> {
        let confirmations = self.0.get();
        let confirmations = confirmations.ok_or("the notification service is being started")?;
        confirmations.perform(wanted).await.map_err(|error| error.to_string())
    }
}

#[async_trait]
impl OrderConfirmations for Confirmations {
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
        self.ask(ConfirmationRequest::Commit { checkout_id, transaction_id }).await.map(drop)
    }

    async fn drop_prepared(&self, id: CheckoutId) -> Result<(), String> {
        self.ask(ConfirmationRequest::Drop { checkout_id: id.as_uuid() }).await.map(drop)
    }
}
