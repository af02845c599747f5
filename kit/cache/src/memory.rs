//! The reference adapter: a cache within one process, for tests.

use std::collections::HashMap;

use async_trait::async_trait;
use foldhash::fast::RandomState;
use parking_lot::Mutex;
use tokio::sync::broadcast;
use tokio::time::Instant;

use crate::port::{CacheError, Entry, Invalidation, SharedCache, Tell};

/// Invalidations that a receiver may be behind; one that is further behind is told of all of them at once.
const INVALIDATIONS_MAX: usize = 1_024;

/// Entries by key, with the moment at which each ends.
#[derive(Debug)]
pub struct MemoryCache {
    entries: Mutex<HashMap<String, (Entry, Instant), RandomState>>,
    invalidations: broadcast::Sender<Invalidation>,
}

impl Default for MemoryCache {
    fn default() -> Self {
        let invalidations = broadcast::Sender::new(INVALIDATIONS_MAX);
        Self { entries: Mutex::default(), invalidations }
    }
}

#[async_trait]
impl SharedCache for MemoryCache {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, CacheError> {
        let entries = self.entries.lock();
        let kept = entries.get(key).filter(|(_, ends_at)| Instant::now() < *ends_at);
        Ok(kept.map(|(entry, _)| entry.value.clone()))
    }

    async fn put_if_newer(&self, entry: Entry, tell: Tell) -> Result<bool, CacheError> {
        let (mut entries, now) = (self.entries.lock(), Instant::now());
        let present = entries.get(&entry.key).filter(|(_, ends_at)| now < *ends_at);
        let present = present.map(|(entry, _)| entry.version);
        if present.is_some_and(|present| present > entry.version) {
            return Ok(false);
        }
        let (key, version) = (entry.key.clone(), entry.version);
        let ends_at = now + entry.time_to_live;
        entries.insert(key.clone(), (entry, ends_at));
        if tell == Tell::Others && present != Some(version) {
            // nobody may listen
            drop(self.invalidations.send(Invalidation::Changed { key, version }));
        }
        Ok(true)
    }

    async fn invalidate_all(&self) -> Result<(), CacheError> {
        drop(self.invalidations.send(Invalidation::All));
        Ok(())
    }

    fn invalidations(&self) -> broadcast::Receiver<Invalidation> {
        self.invalidations.subscribe()
    }
}
