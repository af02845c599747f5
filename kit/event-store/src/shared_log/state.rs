//! What the tasks of an open store and its readers know of the log.

use std::sync::{Mutex, MutexGuard, PoisonError};

use kit_core::Position;
use tokio::sync::watch;

use crate::health::LogHealth;

/// The end of a log that others write too, and whether it can be relied on.
#[derive(Debug)]
pub struct LogState {
    head: watch::Sender<Position>,
    writes: LogHealth,
    /// Why the database cannot be reached at present.
    unreachable: Mutex<Option<String>>,
}

impl LogState {
    /// Of a log that ended here when it was opened.
    #[must_use]
    pub fn new(head: Position) -> Self {
        Self {
            head: watch::Sender::new(head),
            writes: LogHealth::default(),
            unreachable: Mutex::default(),
        }
    }

    /// The end of the log as far as this process knows.
    pub fn head(&self) -> Position {
        *self.head.borrow()
    }

    /// The same, and its changes.
    pub fn follow_head(&self) -> watch::Receiver<Position> {
        self.head.subscribe()
    }

    /// Moves the head to a position that was seen in the log, unless it is there already. What is seen was committed, and so
    /// was everything before it.
    pub fn saw(&self, position: Position) {
        self.head.send_if_modified(|head| {
            let is_new = position > *head;
            *head = position.max(*head);
            is_new
        });
    }

    /// Notes whether a write worked.
    pub fn note_write(&self, failure: Option<&str>) {
        self.writes.note_write(failure);
    }

    /// Notes whether the database can be reached.
    pub fn note_reachable(&self, failure: Option<&str>) {
        *self.unreachable() = failure.map(ToOwned::to_owned);
    }

    /// Whether the log can be relied on now.
    pub fn check_health(&self) -> Result<(), String> {
        match &*self.unreachable() {
            Some(reason) => Err(format!("the database cannot be reached: {reason}")),
            None => self.writes.check(),
        }
    }

    fn unreachable(&self) -> MutexGuard<'_, Option<String>> {
        self.unreachable.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
