//! What fails at present, for those who ask whether the log can be relied on.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// A failed write says something about the disk for this long. Then it must be tried again, which only a server that
/// gets requests does.
const WRITE_FAILURE_TOLD: Duration = Duration::from_secs(10);

/// The last failures of a log's writer.
#[derive(Debug, Default)]
pub(crate) struct Health {
    failing: Mutex<Failing>,
}

#[derive(Debug, Default)]
struct Failing {
    write: Option<(Instant, String)>,
    checkpoint: Option<String>,
}

impl Health {
    /// Notes whether a write worked.
    pub(crate) fn note_write(&self, failure: Option<&str>) {
        let noted = failure.map(|reason| (Instant::now(), reason.to_owned()));
        self.failing.lock().write = noted;
    }

    /// Notes whether a checkpoint worked.
    pub(crate) fn note_checkpoint(&self, failure: Option<&str>) {
        self.failing.lock().checkpoint = failure.map(ToOwned::to_owned);
    }

    /// What fails, if anything.
    pub(crate) fn check(&self) -> Result<(), String> {
        let failing = self.failing.lock();
        let recent = |(at, _): &&(Instant, String)| at.elapsed() < WRITE_FAILURE_TOLD;
        let write = failing.write.as_ref().filter(recent).map(|(_, reason)| reason);
        match failing.checkpoint.as_ref().or(write) {
            Some(reason) => Err(reason.clone()),
            None => Ok(()),
        }
    }
}
