//! What can go wrong with a command or a question.

use gondola_store_domain::Refusal;
use kit_core::{Position, Version};
use kit_event_store::EventStoreError;
use kit_executor::Rejection;

use super::decider::CatalogueRefusal;

/// A command that was not executed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WriteError {
    /// A rule of the domain.
    #[error(transparent)]
    Refused(Refusal),
    /// It has changed since the caller saw it.
    #[error(
        "version {expected} was expected, the present one is {actual}; read it again, then decide"
    )]
    Changed {
        /// The version that the caller has seen.
        expected: Version,
        /// The version it has.
        actual: Version,
    },
    /// The idempotency key was used for another command.
    #[error("the idempotency key was used for another request; use a new key for a new request")]
    KeyReused,
    /// Others kept changing the same thing.
    #[error("others changed the same entry at the same time, {0} times in a row; try again")]
    Conflict(u32),
    /// Too many commands wait.
    #[error("too many commands wait for the catalogue; try again shortly")]
    Overloaded,
    /// The log failed.
    #[error(transparent)]
    Store(EventStoreError),
}

impl From<Rejection<CatalogueRefusal>> for WriteError {
    fn from(rejection: Rejection<CatalogueRefusal>) -> Self {
        match rejection {
            Rejection::Refused { refusal: CatalogueRefusal::Rule(refusal), .. } => {
                Self::Refused(refusal)
            }
            Rejection::Refused {
                refusal: CatalogueRefusal::Changed { expected, actual }, ..
            } => Self::Changed { expected, actual },
            Rejection::KeyReused => Self::KeyReused,
            Rejection::Conflict { tries } => Self::Conflict(tries),
            Rejection::Overloaded => Self::Overloaded,
            Rejection::Store(error) => Self::Store(error),
        }
    }
}

/// A question that was not answered.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ReadError {
    /// The view has not reached the position in time.
    #[error("the view is at position {at} and did not reach {wanted} in time; try again")]
    Behind {
        /// Where it is.
        at: Position,
        /// Where the caller wants it.
        wanted: Position,
    },
    /// A position that no event has yet: nobody can have seen it.
    #[error(
        "position {wanted} lies beyond the end of the log, {end}; give a position from an earlier answer"
    )]
    BeyondEnd {
        /// The position.
        wanted: Position,
        /// The end of the log.
        end: Position,
    },
    /// Too many wait.
    #[error("too many commands wait for the catalogue; try again shortly")]
    Overloaded,
    /// The log failed.
    #[error(transparent)]
    Store(#[from] EventStoreError),
    /// The view failed.
    #[error("the catalogue's view cannot be read: {0}")]
    View(String),
}
