//! The port to the notification service, which keeps an order's confirmation until it is told to send or to drop it.

use async_trait::async_trait;
use gondola_inventory_domain::{
    CheckoutId, OrderRef, PositiveQuantity, ProductId, StoreId, TransactionRef,
};

/// What an order's confirmation will say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreparedConfirmation {
    /// The checkout that it is of; of each there is one confirmation.
    pub checkout: CheckoutId,
    /// The store that serves it.
    pub store: StoreId,
    /// The order, if the caller has named it.
    pub order: Option<OrderRef>,
    /// How many of which.
    pub lines: Vec<(ProductId, PositiveQuantity)>,
}

/// Whether a confirmation was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfirmationAnswer {
    /// It is kept, and there is somebody to deliver it to.
    Taken,
    /// It is not, and never will be, with the reason for people.
    Refused(String),
}

/// The notification service, in this process or in others.
///
/// Each call may come again, however much later, and after a lost answer: it MUST be done once, and answered as the first time.
/// An error says that nobody knows whether it was done.
#[async_trait]
pub trait OrderConfirmations: Send + Sync {
    /// Keeps a confirmation on disk, and sends nothing. One that was dropped before MUST be refused.
    async fn prepare(&self, wanted: PreparedConfirmation) -> Result<ConfirmationAnswer, String>;

    /// Lets a confirmation that is kept go: it is delivered from now on.
    async fn commit(&self, id: CheckoutId, sale: TransactionRef) -> Result<(), String>;

    /// Drops a confirmation, also one that was never taken: none of this checkout is taken any more.
    async fn drop_prepared(&self, id: CheckoutId) -> Result<(), String>;
}
