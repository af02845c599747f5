//! Events that are given as those of a version that nobody reads.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use kit_core::{Position, RecordedEvent};

/// The positions of such events.
#[derive(Debug, Default)]
pub(crate) struct Unreadable(Mutex<HashSet<Position>>);

impl Unreadable {
    pub(crate) fn add(&self, position: Position) {
        self.0.lock().expect("no test panics with it").insert(position);
    }

    /// Some events of the log as they are to be given.
    pub(crate) fn given(&self, mut events: Vec<Arc<RecordedEvent>>) -> Vec<Arc<RecordedEvent>> {
        let unreadable = self.0.lock().expect("no test panics with it");
        for event in events.iter_mut().filter(|event| unreadable.contains(&event.position)) {
            Arc::make_mut(event).event.schema_version = u16::MAX;
        }
        events
    }
}
