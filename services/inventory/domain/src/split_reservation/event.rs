//! What happened to one split reservation.

use kit_core::Timestamp;

use super::{PlannedPart, SplitBasket};
use crate::{Customer, EndCause, OrderRef, Reason, TimeToLive, TransactionRef};

/// A change of one split reservation; never altered once it is recorded. Parts are numbered from 0 over all plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SplitReservationEvent {
    /// It was asked for; its parts are to be held.
    Requested {
        /// Version of what follows what.
        definition: u16,
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
        /// The basket, if stores are to be found for it.
        basket: Option<SplitBasket>,
        /// The parts, if they were named; else none.
        parts: Vec<PlannedPart>,
    },
    /// Stores were found for its basket; their parts are to be held.
    Planned {
        /// The parts.
        parts: Vec<PlannedPart>,
    },
    /// The stores have not enough of its basket: the end.
    PlanRefused {
        /// What is missing, as a text for people.
        detail: String,
    },
    /// A store holds its part.
    PartHeld {
        /// Which.
        part: u32,
    },
    /// A store will not hold its part; those that are held are to be released.
    PartRefused {
        /// Which.
        part: u32,
        /// The refusal, as a text for people.
        detail: String,
    },
    /// All parts are to be sold.
    CommitOrdered {
        /// The sale.
        transaction: TransactionRef,
        /// The customer.
        customer: Option<Customer>,
    },
    /// A part is sold.
    PartCommitted {
        /// Which.
        part: u32,
    },
    /// A part could not be sold whole, since some of it had ended otherwise; what was sold is to be returned, and what is
    /// held released, the rest of this part too.
    PartRevoked {
        /// Which.
        part: u32,
        /// The refusal, as a text for people.
        detail: String,
    },
    /// All parts are to be released.
    ReleaseOrdered {
        /// Why.
        cause: EndCause,
        /// The reason, as free text.
        reason: Option<Reason>,
    },
    /// A part is not held any more.
    PartReleased {
        /// Which.
        part: u32,
    },
    /// The units of a part that was sold are back on the shelf.
    PartReturned {
        /// Which.
        part: u32,
    },
    /// The step that is ordered fails again and again.
    StepDelayed {
        /// How often it was tried.
        attempts: u32,
        /// What it fails of, as a text for people.
        detail: String,
    },
}

impl SplitReservationEvent {
    /// The names that [`type_name`](Self::type_name) gives.
    pub const TYPE_NAMES: [&'static str; 12] = [
        "SplitReservationRequestedEvent",
        "SplitReservationPlannedEvent",
        "SplitReservationPlanRefusedEvent",
        "SplitReservationPartHeldEvent",
        "SplitReservationPartRefusedEvent",
        "SplitReservationCommitOrderedEvent",
        "SplitReservationPartCommittedEvent",
        "SplitReservationPartRevokedEvent",
        "SplitReservationReleaseOrderedEvent",
        "SplitReservationPartReleasedEvent",
        "SplitReservationPartReturnedEvent",
        "SplitReservationStepDelayedEvent",
    ];

    /// The event's name in the log.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        let place = match self {
            Self::Requested { .. } => 0,
            Self::Planned { .. } => 1,
            Self::PlanRefused { .. } => 2,
            Self::PartHeld { .. } => 3,
            Self::PartRefused { .. } => 4,
            Self::CommitOrdered { .. } => 5,
            Self::PartCommitted { .. } => 6,
            Self::PartRevoked { .. } => 7,
            Self::ReleaseOrdered { .. } => 8,
            Self::PartReleased { .. } => 9,
            Self::PartReturned { .. } => 10,
            Self::StepDelayed { .. } => 11,
        };
        Self::TYPE_NAMES[place]
    }

    /// The part that it is about, if it is about one.
    #[must_use]
    pub const fn part(&self) -> Option<u32> {
        match self {
            Self::PartHeld { part }
            | Self::PartRefused { part, .. }
            | Self::PartCommitted { part }
            | Self::PartRevoked { part, .. }
            | Self::PartReleased { part }
            | Self::PartReturned { part } => Some(*part),
            _ => None,
        }
    }

    /// More about it, as a text for people, if there is more.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::PlanRefused { detail }
            | Self::PartRefused { detail, .. }
            | Self::PartRevoked { detail, .. }
            | Self::StepDelayed { detail, .. } => Some(detail),
            Self::Requested { reason, .. } | Self::ReleaseOrdered { reason, .. } => {
                reason.as_ref().map(Reason::as_str)
            }
            _ => None,
        }
    }
}
