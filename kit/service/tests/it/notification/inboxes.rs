//! The view: what each address was told, kept in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use kit_core::{Position, RecordedEvent};
use kit_event_store::projection::{Projection, ProjectionError};
use kit_executor::Codec;
use uuid::Uuid;

use super::rules::{Notified, Rules};

/// What each address was told; clones are the same view.
#[derive(Clone, Default)]
pub(super) struct Inboxes(Arc<Mutex<Contents>>);

#[derive(Default)]
struct Contents {
    checkpoint: Position,
    inboxes: HashMap<Uuid, Vec<String>>,
}

impl Inboxes {
    /// What an address was told, oldest first.
    pub(super) fn inbox(&self, address: Uuid) -> Option<Vec<String>> {
        self.contents().inboxes.get(&address).cloned()
    }

    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.0.lock().expect("nobody panics while holding the view")
    }
}

#[async_trait]
impl Projection for Inboxes {
    fn name(&self) -> &'static str {
        "inboxes"
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        Ok(self.contents().checkpoint)
    }

    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        let mut contents = self.contents();
        for recorded in events {
            let Notified { address, text, .. } = Rules.decode(&recorded)?;
            contents.inboxes.entry(address).or_default().push(text);
            contents.checkpoint = recorded.position;
        }
        Ok(())
    }
}
