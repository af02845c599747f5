//! Errors of questions about stock.

use kit_core::Timestamp;
use kit_event_store::EventStoreError;

/// A question that was not answered.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ReadError {
    /// A time in the future.
    #[error("{at} lies in the future, now is {now}; ask for a past moment")]
    Future {
        /// The parameter that says so.
        asked: &'static str,
        /// The requested time.
        at: Timestamp,
        /// The present time on the server's clock.
        now: Timestamp,
    },
    /// A time that is not over: what is recorded at it may still come.
    #[error("{at} is not over; ask for an earlier moment, or try again")]
    NotOver {
        /// The requested time.
        at: Timestamp,
    },
    /// Not answered for a reason that has nothing to do with the question.
    #[error(transparent)]
    Failed(#[from] kit_service::ReadError),
}

impl From<EventStoreError> for ReadError {
    fn from(error: EventStoreError) -> Self {
        Self::Failed(error.into())
    }
}
