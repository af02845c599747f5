//! The changes of stock levels that this process has seen, to tell whether what others keep of a level is outdated.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};

use foldhash::fast::RandomState;
use kit_core::Position;
use parking_lot::Mutex;

use crate::adapters::fold::LevelKey;

/// Changes that are remembered. Of older ones only the position of the last is, so that what is older still is not used.
const CHANGES_MAX: usize = 100_000;

/// The newest change of each level, complete from some position on.
#[derive(Default)]
pub(super) struct SeenChanges {
    seen: Mutex<Seen>,
    /// How often something was noted.
    count: AtomicU64,
}

#[derive(Default)]
struct Seen {
    latest: HashMap<LevelKey, Position, RandomState>,
    order: VecDeque<(Position, LevelKey)>,
    /// All changes beyond it are remembered; `None` when it is not known what was seen.
    complete_since: Option<Position>,
}

impl SeenChanges {
    /// Notes the positions of changes.
    pub(super) fn note(&self, changes: &[(LevelKey, Position)]) {
        let mut seen = self.seen.lock();
        self.count.fetch_add(1, Ordering::SeqCst);
        for (key, position) in changes {
            seen.note(*key, *position);
        }
    }

    /// Forgets everything: something was missed, or what was seen was not right.
    pub(super) fn forget(&self) {
        let mut seen = self.seen.lock();
        self.count.fetch_add(1, Ordering::SeqCst);
        *seen = Seen::default();
    }

    /// Begins to remember changes where it has not: from here on, where a read model is at `shown`, every change is noted
    /// before its position moves beyond it.
    pub(super) fn begin(&self, shown: Position) {
        self.seen.lock().complete_since.get_or_insert(shown.next());
    }

    /// How often something was noted: while it is the same, nothing was.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::SeqCst)
    }

    /// Whether a level that was changed last at `position`, and was the present one up to `current_at`, is what a read model
    /// answers that is at `shown`: neither older nor newer.
    pub(super) fn admits(
        &self,
        key: LevelKey,
        position: Position,
        current_at: Position,
        shown: Position,
    ) -> bool {
        let seen = self.seen.lock();
        let Some(complete_since) = seen.complete_since else { return false };
        let is_latest = seen.latest.get(&key).is_none_or(|latest| *latest <= position);
        is_latest && complete_since <= current_at && position <= shown
    }
}

impl Seen {
    fn note(&mut self, key: LevelKey, position: Position) {
        let latest = self.latest.entry(key).or_default();
        *latest = position.max(*latest);
        self.order.push_back((position, key));
        while self.order.len() > CHANGES_MAX {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        let Some((position, key)) = self.order.pop_front() else { return };
        if self.latest.get(&key) == Some(&position) {
            self.latest.remove(&key);
        }
        self.complete_since = self.complete_since.map(|since| since.max(position));
    }
}

#[cfg(test)]
mod tests {
    use gondola_inventory_domain::{ProductId, StoreId};
    use uuid::Uuid;

    use super::*;

    fn key(product: usize) -> LevelKey {
        let product = Uuid::from_u128(product as u128);
        (StoreId::from_uuid(Uuid::nil()), ProductId::from_uuid(product))
    }

    fn at(position: u64) -> Position {
        Position::new(position)
    }

    /// Whether a level of product 1 is admitted.
    fn admits(seen: &SeenChanges, position: u64, current_at: u64, shown: u64) -> bool {
        seen.begin(at(shown));
        seen.admits(key(1), at(position), at(current_at), at(shown))
    }

    #[test]
    fn what_was_kept_before_this_process_watched_is_not_used() {
        let seen = SeenChanges::default();
        assert!(!admits(&seen, 3, 10, 10), "it has only begun");
        assert!(!admits(&seen, 3, 10, 20), "and may have been changed at 9");
        assert!(admits(&seen, 3, 11, 20));
    }

    #[test]
    fn neither_older_nor_newer_than_the_read_model() {
        let seen = SeenChanges::default();
        assert!(!admits(&seen, 0, 0, 10));
        seen.note(&[(key(1), at(15)), (key(2), at(16))]);
        assert!(!admits(&seen, 12, 14, 16), "it was changed at 15");
        assert!(admits(&seen, 15, 15, 16));
        assert!(!admits(&seen, 17, 17, 16), "the read model has not got there");
        seen.note(&[(key(1), at(14))]);
        assert!(!admits(&seen, 14, 30, 30), "changes may be told in any order");
    }

    #[test]
    fn what_is_forgotten_is_not_used_any_more() {
        let seen = SeenChanges::default();
        assert!(!admits(&seen, 0, 0, 0));
        seen.note(&[(key(1), at(1))]);
        for position in 2..2 + CHANGES_MAX as u64 {
            seen.note(&[(key(2), at(position))]);
        }
        assert!(!admits(&seen, 0, 0, 200_000), "the change at 1 is not remembered");
        let count = seen.count();
        seen.forget();
        assert!(seen.count() > count);
        assert!(!admits(&seen, 1, 200_000, 200_000));
        assert!(admits(&seen, 1, 200_001, 200_001));
    }
}
