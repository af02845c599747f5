//! What the tasks of a store and its readers share.

use kit_core::Position;
use kit_event_store::LogHealth;
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::lost::LostBackends;

/// The state of an open store.
pub(crate) struct Shared {
    /// The end of the log as far as this process knows.
    pub(crate) head: watch::Sender<Position>,
    pub(crate) writes: LogHealth,
    /// Why the database cannot be reached at present.
    unreachable: Mutex<Option<String>>,
    pub(crate) lost: LostBackends,
}

impl Shared {
    pub(crate) fn new(head: Position) -> Self {
        Self {
            head: watch::Sender::new(head),
            writes: LogHealth::default(),
            unreachable: Mutex::default(),
            lost: LostBackends::default(),
        }
    }

    /// Moves the head to a position that was seen in the log, unless it is there already. What is seen was committed, and so
    /// was everything before it.
    pub(crate) fn saw(&self, position: Position) {
        self.head.send_if_modified(|head| {
            let is_new = position > *head;
            *head = position.max(*head);
            is_new
        });
    }

    /// Notes whether the database can be reached.
    pub(crate) fn note_reachable(&self, failure: Option<&str>) {
        *self.unreachable.lock() = failure.map(ToOwned::to_owned);
    }

    /// Whether the log can be relied on now.
    pub(crate) fn check_health(&self) -> Result<(), String> {
        match &*self.unreachable.lock() {
            Some(reason) => Err(format!("the database cannot be reached: {reason}")),
            None => self.writes.check(),
        }
    }
}
