//! A clock that stands still until a test moves it, so that deadlines pass without waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kit_core::{Clock, Timestamp};

/// Time as a test sets it; copies show the same time.
#[derive(Clone, Debug)]
pub(crate) struct SimClock(Arc<AtomicI64>);

impl SimClock {
    /// Midnight of Black Friday.
    pub(crate) fn new() -> Self {
        let start: Timestamp = "2026-11-27T00:00:00Z".parse().unwrap();
        Self(Arc::new(AtomicI64::new(start.as_millis())))
    }

    /// Lets time pass; it goes back when the number is negative.
    pub(crate) fn move_millis(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    pub(crate) fn move_seconds(&self, seconds: i64) {
        self.move_millis(seconds * 1_000);
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}
