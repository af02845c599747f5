//! What a checkout can be asked to do.

use super::Confirmation;
use crate::{
    Customer, OrderRef, PositiveQuantity, ProductId, Reason, RecordStep, StoreId, TimeToLive,
    TransactionRef,
};

/// A request to one checkout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckoutCommand {
    /// See [`BeginCheckout`].
    BeginCheckout(BeginCheckout),
    /// See [`CommitCheckout`].
    CommitCheckout(CommitCheckout),
    /// See [`CancelCheckout`].
    CancelCheckout(CancelCheckout),
    /// See [`ExpireCheckout`].
    ExpireCheckout(ExpireCheckout),
    /// See [`RecordStep`].
    RecordStep(RecordStep),
}

/// Have a basket accepted by all who take part, until a deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeginCheckout {
    /// The store that serves it.
    pub store: StoreId,
    /// How many of which, 1 to [`crate::BASKET_LINES_MAX`], each product once.
    pub lines: Vec<(ProductId, PositiveQuantity)>,
    /// Time from now until the deadline; the store says how long it may be.
    pub ttl: TimeToLive,
    /// The reason, as free text.
    pub reason: Option<Reason>,
    /// The order that it is for.
    pub order: Option<OrderRef>,
    /// The customer that it is for.
    pub customer: Option<Customer>,
    /// Whether the notification service takes part.
    pub confirmation: Confirmation,
}

/// The customer has paid: the units are sold, and the order is confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitCheckout {
    /// The sale.
    pub transaction: TransactionRef,
    /// The customer, if known; else the one that it began with.
    pub customer: Option<Customer>,
}

/// Nothing comes of it: all is rolled back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelCheckout {
    /// The reason, as free text.
    pub reason: Option<Reason>,
}

/// Its deadline has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpireCheckout;
