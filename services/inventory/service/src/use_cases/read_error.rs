//! Errors of questions about stock.

use kit_core::Timestamp;
use kit_event_store::EventStoreError;

/// A question that was not answered.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ReadError {
    /// A time in the future.
    #[error("{at} lies in the future, now is {now}; ask for a past moment")]
    Future {
        /// The requested time.
        at: Timestamp,
        /// The present time on the server's clock.
        now: Timestamp,
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
