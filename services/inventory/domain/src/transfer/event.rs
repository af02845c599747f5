//! What happened to one transfer.

use kit_core::Timestamp;

use super::Arrival;
use crate::{PositiveQuantity, ProductId, Reason, Reference, StoreId};

/// A change of one transfer; never altered once it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransferEvent {
    /// It was asked for; its units are to be held.
    Requested {
        /// Version of what follows what.
        definition: u16,
        /// Where the units are.
        source: StoreId,
        /// Where they go.
        destination: StoreId,
        /// How many of which.
        lines: Vec<(ProductId, PositiveQuantity)>,
        /// Until when they are held.
        hold_until: Timestamp,
        /// What those who asked call it.
        reference: Option<Reference>,
        /// The reason, as free text.
        reason: Option<Reason>,
    },
    /// The source holds its units.
    Held,
    /// The source does not have them to give: the end.
    HoldRefused {
        /// The refusal, as a text for people.
        detail: String,
    },
    /// The goods are to leave.
    DispatchOrdered {
        /// When they left, if told.
        occurred_at: Option<Timestamp>,
    },
    /// They have left the source: all units are in transit.
    Dispatched,
    /// What is held is to be released.
    CancelOrdered {
        /// Why.
        cause: CancelCause,
        /// More about it, as a text for people.
        detail: Option<String>,
    },
    /// Nothing is held any more: the end.
    Cancelled,
    /// Arrivals are to be booked at the destination.
    ReceiptOrdered {
        /// What was found.
        lines: Vec<Arrival>,
        /// Why something differs, as free text.
        reason: Option<Reason>,
        /// When they arrived, if told.
        occurred_at: Option<Timestamp>,
    },
    /// They are booked.
    Received,
    /// What is in transit is to be booked at the source again.
    ReturnOrdered {
        /// The reason, as free text.
        reason: Option<Reason>,
        /// When it was back, if told.
        occurred_at: Option<Timestamp>,
    },
    /// It is back: the end.
    Returned,
    /// The step that is ordered fails again and again; told again when the tries have doubled.
    StepDelayed {
        /// How often it was tried.
        attempts: u32,
        /// What it fails of, as a text for people.
        detail: String,
    },
}

/// Why a transfer is given up before anything has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CancelCause {
    /// Somebody wanted it.
    Requested,
    /// The goods had not left when the time of the hold was over.
    Expired,
    /// The source did not let them go.
    Refused,
}

impl TransferEvent {
    /// The names that [`type_name`](Self::type_name) gives.
    pub const TYPE_NAMES: [&'static str; 12] = [
        "TransferRequestedEvent",
        "TransferHeldEvent",
        "TransferHoldRefusedEvent",
        "TransferDispatchOrderedEvent",
        "TransferDispatchedEvent",
        "TransferCancelOrderedEvent",
        "TransferCancelledEvent",
        "TransferReceiptOrderedEvent",
        "TransferReceivedEvent",
        "TransferReturnOrderedEvent",
        "TransferReturnedEvent",
        "TransferStepDelayedEvent",
    ];

    /// The event's name in the log.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        let place = match self {
            Self::Requested { .. } => 0,
            Self::Held => 1,
            Self::HoldRefused { .. } => 2,
            Self::DispatchOrdered { .. } => 3,
            Self::Dispatched => 4,
            Self::CancelOrdered { .. } => 5,
            Self::Cancelled => 6,
            Self::ReceiptOrdered { .. } => 7,
            Self::Received => 8,
            Self::ReturnOrdered { .. } => 9,
            Self::Returned => 10,
            Self::StepDelayed { .. } => 11,
        };
        Self::TYPE_NAMES[place]
    }
}
