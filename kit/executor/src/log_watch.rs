//! Whether the log answers: while it does not, nobody is made to wait for it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use kit_event_store::EventStoreError;
use tokio::time::Instant;

/// A log that owes an answer for so long is not given more to do.
const SILENCE_MAX: Duration = Duration::from_secs(5);

/// Nothing is asked of the log.
const IDLE: u64 = 0;

/// What one shard knows of the log.
///
/// A shard has its question open all the time while the log is silent, so that is what finds out when it answers again.
/// After a failure one command at a time does.
#[derive(Debug)]
pub(crate) struct LogWatch {
    began: Instant,
    /// Since when an answer is owed, in milliseconds after the beginning and one, or [`IDLE`].
    waits_since: AtomicU64,
    /// Whether the last answer was that it cannot be used.
    fails: AtomicBool,
}

impl LogWatch {
    pub(crate) fn new() -> Self {
        let (waits_since, fails) = (AtomicU64::new(IDLE), AtomicBool::new(false));
        Self { began: Instant::now(), waits_since, fails }
    }

    /// Why a command cannot be taken now, if it cannot.
    pub(crate) fn refusal(&self) -> Option<EventStoreError> {
        let since = self.waits_since.load(Ordering::Relaxed);
        if since == IDLE {
            return None;
        }
        if self.fails.load(Ordering::Relaxed) {
            return Some(EventStoreError::Unavailable("it has failed, and is being tried".into()));
        }
        let silent = self.now().saturating_sub(since);
        (u128::from(silent) >= SILENCE_MAX.as_millis()).then(|| {
            let seconds = silent / 1_000;
            EventStoreError::Unavailable(format!("it has not answered for {seconds} s"))
        })
    }

    /// An answer is owed from now on, if none was before.
    pub(crate) fn asks(&self) {
        if self.waits_since.load(Ordering::Relaxed) == IDLE {
            self.waits_since.store(self.now(), Ordering::Relaxed);
        }
    }

    /// It has answered, and owes another answer since.
    pub(crate) fn goes_on(&self) {
        self.waits_since.store(self.now(), Ordering::Relaxed);
    }

    /// It owes no answer.
    pub(crate) fn rests(&self) {
        self.waits_since.store(IDLE, Ordering::Relaxed);
    }

    /// Notes whether it can be used.
    pub(crate) fn note<T>(&self, answer: &Result<T, EventStoreError>) {
        let fails = |error: &EventStoreError| {
            matches!(error, EventStoreError::Unavailable(_) | EventStoreError::Unknown { .. })
        };
        self.fails.store(answer.as_ref().err().is_some_and(fails), Ordering::Relaxed);
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).map_or(u64::MAX, |millis| millis + 1)
    }
}
