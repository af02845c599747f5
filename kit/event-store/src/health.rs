//! What fails at present, for those who ask whether the log can be relied on.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A failed write says something about the disk for this long. Then it must be tried again, which only a server that
/// gets requests does.
const WRITE_FAILURE_TOLD: Duration = Duration::from_secs(10);

/// The last failures of a log's writer.
#[derive(Debug, Default)]
pub struct LogHealth {
    failing: Mutex<Failing>,
}

#[derive(Debug, Default)]
struct Failing {
    write: Option<(Instant, String)>,
    checkpoint: Option<String>,
}

impl LogHealth {
    /// Notes whether a write worked.
    pub fn note_write(&self, failure: Option<&str>) {
        let noted = failure.map(|reason| (Instant::now(), reason.to_owned()));
        self.failing().write = noted;
    }

    /// Notes whether a checkpoint worked.
    pub fn note_checkpoint(&self, failure: Option<&str>) {
        self.failing().checkpoint = failure.map(ToOwned::to_owned);
    }

    /// What fails, if anything.
    pub fn check(&self) -> Result<(), String> {
        let failing = self.failing();
        let recent = |(at, _): &&(Instant, String)| at.elapsed() < WRITE_FAILURE_TOLD;
        let write = failing.write.as_ref().filter(recent).map(|(_, reason)| reason);
        match failing.checkpoint.as_ref().or(write) {
            Some(reason) => Err(reason.clone()),
            None => Ok(()),
        }
    }

    fn failing(&self) -> MutexGuard<'_, Failing> {
        self.failing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_told_until_it_is_over() {
        let health = LogHealth::default();
        assert_eq!(health.check(), Ok(()));
        health.note_write(Some("the disk is full"));
        assert_eq!(health.check(), Err("the disk is full".to_owned()));
        health.note_checkpoint(Some("the disk is broken"));
        health.note_write(None);
        assert_eq!(health.check(), Err("the disk is broken".to_owned()));
        health.note_checkpoint(None);
        assert_eq!(health.check(), Ok(()));
    }
}
