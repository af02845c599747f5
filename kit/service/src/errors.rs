//! What can go wrong with a command or a question besides the rules of a domain.

use kit_core::Position;
use kit_event_store::EventStoreError;
use kit_event_store::projection::ViewReadError;
use kit_executor::Rejection;

/// A command that was not executed, though no rule refused it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CommandError {
    /// The idempotency key was used for another command.
    #[error("the idempotency key was used for another request; use a new key for a new request")]
    KeyReused,
    /// Others kept changing the same thing.
    #[error("others changed the same thing at the same time, {tries} times in a row; try again")]
    Conflict {
        /// How often it was tried.
        tries: u32,
    },
    /// Too many commands wait.
    #[error("too many commands wait; try again shortly")]
    Overloaded,
    /// The log failed.
    #[error(transparent)]
    EventStore(#[from] EventStoreError),
}

impl CommandError {
    /// Tells what a domain refused from what failed: `Ok` is the refusal.
    pub fn or_refusal<R>(rejection: Rejection<R>) -> Result<R, Self> {
        match rejection {
            Rejection::Refused { refusal, .. } => Ok(refusal),
            Rejection::KeyReused => Err(Self::KeyReused),
            Rejection::Conflict { tries } => Err(Self::Conflict { tries }),
            Rejection::Overloaded => Err(Self::Overloaded),
            Rejection::EventStore(error) => Err(Self::EventStore(error)),
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
    /// A position beyond the end of the log.
    #[error(
        "position {wanted} lies beyond the end of the log, {end}; give a position from an earlier answer"
    )]
    BeyondEnd {
        /// The requested position.
        wanted: Position,
        /// The end of the log.
        end: Position,
    },
    /// Too many commands wait before the question.
    #[error("too many commands wait; try again shortly")]
    Overloaded,
    /// Too many expensive reads run.
    #[error("too many reads of histories and past states are under way; try again shortly")]
    Busy,
    /// The log failed.
    #[error(transparent)]
    EventStore(#[from] EventStoreError),
    /// The view could not be read.
    #[error(transparent)]
    View(#[from] ViewReadError),
}

impl<R> From<Rejection<R>> for ReadError {
    /// What the executor says to a question: it has no rules to refuse it.
    fn from(rejection: Rejection<R>) -> Self {
        match rejection {
            Rejection::EventStore(error) => Self::EventStore(error),
            _ => Self::Overloaded,
        }
    }
}
