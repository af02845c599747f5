//! A clock that stands still until a test moves it, so that deadlines pass without waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kit_core::{Clock, Timestamp};

use crate::event_store::noon;

/// Time as a test sets it; copies show the same time. A new one stands at [`noon`].
#[derive(Clone, Debug)]
pub struct SimClock(Arc<AtomicI64>);

impl SimClock {
    /// A clock that stands at a moment.
    #[must_use]
    pub fn at(moment: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(moment.as_millis())))
    }

    /// Lets time pass; it goes back when the number is negative.
    pub fn move_millis(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// As [`Self::move_millis`], in seconds.
    pub fn move_seconds(&self, seconds: i64) {
        self.move_millis(seconds.saturating_mul(1_000));
    }
}

impl Default for SimClock {
    fn default() -> Self {
        Self::at(noon())
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}
