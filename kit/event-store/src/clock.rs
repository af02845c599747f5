//! A clock that never goes back, not even over a restart.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use kit_core::{Clock, Timestamp};

/// Time made monotonic by the log: the greater of the machine's clock and everything seen or recorded before.
///
/// A machine whose clock is set back can then only extend a deadline, never end it twice.
pub struct MonotonicClock {
    inner: Arc<dyn Clock>,
    latest: AtomicI64,
}

impl MonotonicClock {
    /// Wraps a clock; `recorded` is the latest time in the log.
    pub fn new(inner: Arc<dyn Clock>, recorded: Timestamp) -> Self {
        Self { inner, latest: AtomicI64::new(recorded.as_millis()) }
    }
}

impl Clock for MonotonicClock {
    fn now(&self) -> Timestamp {
        let now = self.inner.now().as_millis();
        let before = self.latest.fetch_max(now, Ordering::AcqRel);
        Timestamp::from_millis(now.max(before))
    }
}
