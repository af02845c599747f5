//! What happened to one checkout.

use kit_core::Timestamp;

use crate::{
    Customer, EndCause, OrderRef, PositiveQuantity, ProductId, Reason, StoreId, TimeToLive,
    TransactionRef,
};

/// A change of one checkout; never altered once it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CheckoutEvent {
    /// It began; the store is to accept it.
    Requested {
        /// Version of what follows what.
        definition: u16,
        /// The store that serves it.
        store: StoreId,
        /// How many of which.
        lines: Vec<(ProductId, PositiveQuantity)>,
        /// Time from then until the deadline.
        ttl: TimeToLive,
        /// The deadline.
        expires_at: Timestamp,
        /// The reason, as free text.
        reason: Option<Reason>,
        /// The order that it is for.
        order: Option<OrderRef>,
        /// The customer that it is for.
        customer: Option<Customer>,
        /// Whether the notification service takes part.
        confirmation: Confirmation,
    },
    /// The store serves it; its units are to be held.
    StoreAccepted,
    /// The store does not serve it: the end.
    StoreRefused {
        /// Why, as a text for people.
        detail: String,
    },
    /// The store's units are held.
    StockReserved,
    /// The units are not to be had; all is to be rolled back.
    StockRefused {
        /// Why, as a text for people.
        detail: String,
    },
    /// The notification service keeps the order's confirmation, and sends it when it is told to.
    ConfirmationPrepared,
    /// The notification service does not take the confirmation; all is to be rolled back.
    ConfirmationRefused {
        /// Why, as a text for people.
        detail: String,
    },
    /// All is to be committed.
    CommitOrdered {
        /// The sale.
        transaction: TransactionRef,
        /// The customer.
        customer: Option<Customer>,
    },
    /// The units are sold.
    StockCommitted,
    /// The units were not held any more when they were to be sold; all is to be rolled back.
    StockRevoked {
        /// Why, as a text for people.
        detail: String,
    },
    /// The confirmation is let go.
    ConfirmationCommitted,
    /// All is to be rolled back.
    RollbackOrdered {
        /// Why.
        cause: EndCause,
        /// The reason, as free text.
        reason: Option<Reason>,
    },
    /// Nothing is held any more.
    StockReleased,
    /// The confirmation is dropped.
    ConfirmationDropped,
    /// The step that is ordered fails again and again.
    StepDelayed {
        /// How often it was tried.
        attempts: u32,
        /// What it fails of, as a text for people.
        detail: String,
    },
}

/// Whether the notification service takes part in a checkout; settled when it begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Confirmation {
    /// It does: without it there is no checkout.
    #[default]
    Asked,
    /// It does not, since this installation has none.
    NotServed,
    /// It does not, since nobody wants it to.
    NotWanted,
}

impl CheckoutEvent {
    /// The names that [`type_name`](Self::type_name) gives.
    pub const TYPE_NAMES: [&'static str; 15] = [
        "CheckoutRequestedEvent",
        "CheckoutStoreAcceptedEvent",
        "CheckoutStoreRefusedEvent",
        "CheckoutStockReservedEvent",
        "CheckoutStockRefusedEvent",
        "CheckoutConfirmationPreparedEvent",
        "CheckoutConfirmationRefusedEvent",
        "CheckoutCommitOrderedEvent",
        "CheckoutStockCommittedEvent",
        "CheckoutStockRevokedEvent",
        "CheckoutConfirmationCommittedEvent",
        "CheckoutRollbackOrderedEvent",
        "CheckoutStockReleasedEvent",
        "CheckoutConfirmationDroppedEvent",
        "CheckoutStepDelayedEvent",
    ];

    /// The event's name in the log.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        let place = match self {
            Self::Requested { .. } => 0,
            Self::StoreAccepted => 1,
            Self::StoreRefused { .. } => 2,
            Self::StockReserved => 3,
            Self::StockRefused { .. } => 4,
            Self::ConfirmationPrepared => 5,
            Self::ConfirmationRefused { .. } => 6,
            Self::CommitOrdered { .. } => 7,
            Self::StockCommitted => 8,
            Self::StockRevoked { .. } => 9,
            Self::ConfirmationCommitted => 10,
            Self::RollbackOrdered { .. } => 11,
            Self::StockReleased => 12,
            Self::ConfirmationDropped => 13,
            Self::StepDelayed { .. } => 14,
        };
        Self::TYPE_NAMES[place]
    }

    /// More about it, as a text for people, if there is more.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::StoreRefused { detail }
            | Self::StockRefused { detail }
            | Self::ConfirmationRefused { detail }
            | Self::StockRevoked { detail }
            | Self::StepDelayed { detail, .. } => Some(detail),
            Self::Requested { reason, .. } | Self::RollbackOrdered { reason, .. } => {
                reason.as_ref().map(Reason::as_str)
            }
            _ => None,
        }
    }
}
