//! What must hold beside the rules of stock for a command to be executed.

use std::sync::Arc;

use kit_core::Version;

/// Conditions that the decision checks, so that a repetition still gets its first answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Conditions {
    /// The version that the caller has seen of the command's first stock level.
    pub(super) expected: Option<Version>,
    /// Why units cannot be reserved here, or not for so long, if so.
    pub(super) not_reservable: Option<NotReservable>,
}

/// What the catalogue says against a reservation, or against its extension.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReservable {
    /// The catalogue says that the store is closed.
    #[error(
        "store {0} is closed: nothing is reserved from it; ask another store, or open it in the catalogue"
    )]
    StoreClosed(Arc<str>),
    /// The catalogue says that the product is discontinued.
    #[error(
        "product {0} is discontinued: nothing of it is reserved; offer another, or make it active in the catalogue"
    )]
    ProductDiscontinued(Arc<str>),
    /// The store does not allow reservations to hold for so long.
    #[error(
        "{asked} seconds are more than the {allowed} that this store allows: ask for less and extend in time, \
         or raise longestHoldSeconds of the store in the catalogue"
    )]
    HeldTooLong {
        /// The time that was asked for, in seconds.
        asked: u32,
        /// The longest time, in seconds.
        allowed: u32,
    },
}

/// A condition that does not hold; nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmet {
    /// The stock level has another version than the caller has seen.
    #[error(
        "the stock level is at version {present}, not {expected}; read it again and decide anew"
    )]
    Changed {
        /// The version that the caller has seen.
        expected: Version,
        /// The present version.
        present: Version,
    },
    /// Units cannot be reserved here, or not for so long.
    #[error(transparent)]
    NotReservable(#[from] NotReservable),
}

impl Conditions {
    /// Checks them against the present version of the command's first stock level.
    pub(super) fn check(&self, present: Version) -> Result<(), Unmet> {
        if let Some(expected) = self.expected.filter(|expected| *expected != present) {
            return Err(Unmet::Changed { expected, present });
        }
        self.not_reservable.clone().map_or(Ok(()), |why| Err(why.into()))
    }
}
