//! The state of a limit by key, bounded: the key that was unused for longest is forgotten, and its bucket is full again.

use std::num::NonZeroUsize;
use std::sync::Arc;

use governor::nanos::Nanos;
use governor::state::StateStore;
use lru::LruCache;
use parking_lot::Mutex;

use crate::key::Key;

/// When each key's bucket is full again; clones are of the same state.
#[derive(Clone, Debug)]
pub(crate) struct Kept(Arc<Mutex<LruCache<Key, Nanos>>>);

impl Kept {
    pub(crate) fn at_most(keys: NonZeroUsize) -> Self {
        Self(Arc::new(Mutex::new(LruCache::new(keys))))
    }

    /// What is kept of a key, without counting as a use of it.
    pub(crate) fn peek(&self, key: &Key) -> Option<Nanos> {
        self.0.lock().peek(key).copied()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.lock().len()
    }
}

impl StateStore for Kept {
    type Key = Key;

    fn measure_and_replace<T, F, E>(&self, key: &Key, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut kept = self.0.lock();
        if let Some(present) = kept.get_mut(key) {
            let (outcome, next) = decide(Some(*present))?;
            *present = next;
            return Ok(outcome);
        }
        let (outcome, next) = decide(None)?;
        kept.put(key.clone(), next);
        Ok(outcome)
    }
}
