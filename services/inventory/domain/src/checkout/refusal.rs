//! The refusals of a checkout.

use kit_core::Timestamp;

use super::CheckoutStatus;

/// A command that the rules of checkouts do not allow; the message says what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckoutRefusal {
    /// No checkout has this id.
    #[error("no such checkout is known: check the id")]
    Unknown,
    /// Another checkout has this id.
    #[error("this checkout has begun already")]
    Exists,
    /// What is wanted does not follow on what it is.
    #[error("a checkout that is {status} cannot be {wanted}")]
    NotNow {
        /// What it is.
        status: CheckoutStatus,
        /// What is wanted.
        wanted: &'static str,
    },
    /// It is still being accepted.
    #[error("it is still being accepted: try again when it is active")]
    Busy,
    /// Its deadline has passed.
    #[error("the deadline of the checkout was {expires_at}: begin another one")]
    Expired {
        /// The deadline.
        expires_at: Timestamp,
    },
}

impl CheckoutRefusal {
    /// The stable name of the refusal, for machines.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "not-found",
            Self::Exists | Self::NotNow { .. } => "checkout-state",
            Self::Busy => "checkout-busy",
            Self::Expired { .. } => "checkout-expired",
        }
    }
}
