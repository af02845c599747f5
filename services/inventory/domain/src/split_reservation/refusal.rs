//! The refusals of a split reservation.

use kit_core::Timestamp;

use super::{PARTS_MAX, SPLIT_SECONDS_MAX, SplitStatus};
use crate::StoreId;

/// A command that the rules of split reservations do not allow; the message says what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitRefusal {
    /// No split reservation has this id.
    #[error("no such split reservation is known: check the id")]
    Unknown,
    /// Another split reservation has this id.
    #[error("this split reservation has begun already")]
    Exists,
    /// What is wanted does not follow on what it is.
    #[error("a split reservation that is {status} cannot be {wanted}")]
    NotNow {
        /// What it is.
        status: SplitStatus,
        /// What is wanted.
        wanted: &'static str,
    },
    /// Its parts are still being held.
    #[error("its parts are still being held: try again when it is active")]
    Busy,
    /// Its deadline has passed.
    #[error("the deadline of the split reservation was {expires_at}: reserve again")]
    Expired {
        /// The deadline.
        expires_at: Timestamp,
    },
    /// Too many parts, or none.
    #[error("a split reservation has 1 to {PARTS_MAX} parts, not {0}")]
    PartCount(usize),
    /// A store has two parts.
    #[error("store {0} comes twice: name each store once, with all of its lines")]
    Twice(StoreId),
    /// The deadline is too far away.
    #[error("a split reservation lasts at most {SPLIT_SECONDS_MAX} seconds, not {0}")]
    TooLong(u32),
}

impl SplitRefusal {
    /// The stable name of the refusal, for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "not-found",
            Self::Exists | Self::NotNow { .. } => "split-reservation-state",
            Self::Busy => "split-reservation-busy",
            Self::Expired { .. } => "reservation-expired",
            Self::PartCount(_) | Self::Twice(_) | Self::TooLong(_) => "invalid-split-reservation",
        }
    }
}
