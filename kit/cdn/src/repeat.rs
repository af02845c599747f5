//! What was purged once and is to be purged once more.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use kit_core::Position;
use parking_lot::Mutex;
use tokio::time::Instant;

/// Time until a key is purged once more. By then every process shows the change, and an answer of before that was on its way
/// when the key was purged first has arrived.
pub(crate) const REPEAT_AFTER: Duration = Duration::from_secs(2);

/// Keys whose changes go up to a position.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Purged {
    pub(crate) keys: HashSet<String>,
    pub(crate) up_to: Position,
}

/// Purges to be repeated, the oldest first.
#[derive(Default)]
pub(crate) struct Repeats(Mutex<VecDeque<(Instant, Purged)>>);

impl Repeats {
    /// Notes what has been purged now.
    pub(crate) fn push(&self, purged: Purged) {
        self.0.lock().push_back((Instant::now() + REPEAT_AFTER, purged));
    }

    /// All that is due, together; `None` when nothing is.
    pub(crate) fn take_due(&self) -> Option<Purged> {
        let (mut waiting, now) = (self.0.lock(), Instant::now());
        let due = waiting.partition_point(|(due, _)| *due <= now);
        let due = waiting.drain(..due).map(|(_, purged)| purged);
        due.reduce(|mut all, next| {
            all.keys.extend(next.keys);
            Purged { up_to: next.up_to, ..all }
        })
    }
}
