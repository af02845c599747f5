//! Failures as problems; a domain's refusals are the context's own business.

use std::time::Duration;

use kit_event_store::EventStoreError;
use kit_event_store::projection::ViewReadError;
use kit_http::Problem;

use crate::{CommandError, ReadError};

/// When to try again after a context was too busy.
const RETRY_AFTER: Duration = Duration::from_secs(1);

impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Self {
        let detail = error.to_string();
        match error {
            CommandError::KeyReused => Self::idempotency_key_reused(detail),
            CommandError::Conflict { .. } => Self::concurrency_conflict(detail),
            CommandError::Overloaded => Self::unavailable(detail, RETRY_AFTER),
            CommandError::EventStore(error) => event_store(&error),
        }
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Behind { .. }
            | ReadError::Overloaded
            | ReadError::Busy
            | ReadError::View(ViewReadError::Unavailable(_)) => {
                Self::unavailable(error.to_string(), RETRY_AFTER)
            }
            ReadError::BeyondEnd { .. } => Self::invalid("minPosition", error.to_string()),
            ReadError::EventStore(error) => event_store(&error),
            ReadError::View(ViewReadError::Failed(_)) => Self::internal(error),
        }
    }
}

/// An unknown outcome has a code of its own: the caller must not take it for a failure.
fn event_store(error: &EventStoreError) -> Problem {
    match error {
        EventStoreError::Unavailable(_) | EventStoreError::Stopped(_) => {
            Problem::unavailable("nothing can be changed or read here now", RETRY_AFTER)
                .caused_by(error)
        }
        EventStoreError::Unknown { .. } => Problem::outcome_unknown(RETRY_AFTER).caused_by(error),
        EventStoreError::Corrupt(_) => Problem::internal(error),
    }
}

#[cfg(test)]
mod tests {
    use kit_core::Position;

    use super::*;

    #[test]
    fn why_the_log_failed_is_for_our_log_only() {
        let text = || "disk full".to_owned();
        for error in [
            EventStoreError::Unavailable(text()),
            EventStoreError::Stopped(text()),
            EventStoreError::Unknown { reason: text(), after: Position::ZERO },
            EventStoreError::Corrupt(text()),
        ] {
            let problem = Problem::from(CommandError::EventStore(error));
            assert!(!serde_json::to_string(&problem).unwrap().contains("disk full"), "{problem}");
            assert!(format!("{problem:?}").contains("disk full"), "{problem} has lost its cause");
        }
    }
}
