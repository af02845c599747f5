//! What answers have told: which store a code means, and which store a reservation is in.

use std::num::NonZeroUsize;

use lru::LruCache;
use parking_lot::Mutex;

/// Codes and reservations that are remembered; the longest unused go first.
const REMEMBERED_MAX: NonZeroUsize = NonZeroUsize::new(131_072).expect("it is not 0");

/// Hashes of names, and the hashes of the stores that they mean. It may forget and even be wrong: then a request goes to another
/// process than the others about its store, which decides as rightly.
pub(super) struct Memory(Mutex<LruCache<u64, u64>>);

impl Default for Memory {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED_MAX)))
    }
}

impl Memory {
    /// The store that a name means, if an answer has told.
    pub(super) fn store_of(&self, name: u64) -> Option<u64> {
        self.0.lock().get(&name).copied()
    }

    /// Remembers what a name means.
    pub(super) fn remember(&self, name: u64, store: u64) {
        self.0.lock().put(name, store);
    }
}
