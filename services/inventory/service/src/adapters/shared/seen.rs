//! The changes of stock levels that this process has seen, to tell whether what others keep of a level is outdated.

use std::collections::{HashMap, VecDeque};

use foldhash::fast::RandomState;
use kit_core::Position;
use parking_lot::Mutex;

use crate::adapters::fold::LevelKey;

/// Changes that are remembered. Of older ones only the position of the last is, so that what is older still is not used.
const CHANGES_MAX: usize = 100_000;

/// The newest change of each level, complete from some position on: every change beyond it is noted before the read model
/// shows its position.
#[derive(Default)]
pub(super) struct SeenChanges(Mutex<Seen>);

/// What is known of a level: while it is the same, no change of it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Known {
    latest: Option<Position>,
    forgotten: u64,
}

#[derive(Default)]
struct Seen {
    latest: HashMap<LevelKey, Position, RandomState>,
    order: VecDeque<(Position, LevelKey)>,
    /// What was the present level here, or later, can be told from what is outdated.
    complete_since: Position,
    /// How often something was forgotten, or not noted.
    forgotten: u64,
}

impl SeenChanges {
    /// Notes changes; whether any of them is news.
    pub(super) fn note(&self, changes: &[(LevelKey, Position)]) -> bool {
        let mut seen = self.0.lock();
        let news = changes.iter().filter(|(key, position)| seen.note(*key, *position));
        news.count() > 0
    }

    /// The read model shows a position, and only changes beyond it are noted.
    pub(super) fn begin(&self, position: Position) {
        let mut seen = self.0.lock();
        seen.complete_since = seen.complete_since.max(position);
        seen.forgotten += 1;
    }

    /// Not all changes up to a position were noted, or what was read then is not right any more.
    pub(super) fn miss_until(&self, position: Position) {
        // also what was read at the position itself
        self.begin(position.next());
    }

    /// What is known of a level now.
    pub(super) fn known(&self, key: LevelKey) -> Known {
        let seen = self.0.lock();
        Known { latest: seen.latest.get(&key).copied(), forgotten: seen.forgotten }
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
        let seen = self.0.lock();
        let is_latest = seen.latest.get(&key).is_none_or(|latest| *latest <= position);
        is_latest && seen.complete_since <= current_at && position <= shown
    }
}

impl Seen {
    /// Whether it is news.
    fn note(&mut self, key: LevelKey, position: Position) -> bool {
        let latest = self.latest.entry(key).or_default();
        if *latest >= position {
            return false;
        }
        *latest = position;
        self.order.push_back((position, key));
        while self.order.len() > CHANGES_MAX {
            self.drop_oldest();
        }
        true
    }

    fn drop_oldest(&mut self) {
        let Some((position, key)) = self.order.pop_front() else { return };
        if self.latest.get(&key) == Some(&position) {
            self.latest.remove(&key);
            self.forgotten += 1;
        }
        self.complete_since = self.complete_since.max(position);
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
        seen.admits(key(1), at(position), at(current_at), at(shown))
    }

    #[test]
    fn what_was_kept_before_this_process_watched_is_not_used() {
        let seen = SeenChanges::default();
        seen.begin(at(10));
        assert!(!admits(&seen, 3, 9, 20), "it may have been changed at 10");
        assert!(admits(&seen, 3, 10, 20));
        seen.miss_until(at(15));
        assert!(!admits(&seen, 3, 15, 20), "it may be from before what is right now");
        assert!(admits(&seen, 3, 16, 20));
        seen.miss_until(at(5));
        assert!(admits(&seen, 3, 16, 20), "that was known");
    }

    #[test]
    fn neither_older_nor_newer_than_the_read_model() {
        let seen = SeenChanges::default();
        assert!(seen.note(&[(key(1), at(15)), (key(2), at(16))]));
        assert!(!admits(&seen, 12, 14, 16), "it was changed at 15");
        assert!(admits(&seen, 15, 15, 16));
        assert!(!admits(&seen, 17, 17, 16), "the read model has not got there");
        assert!(!seen.note(&[(key(1), at(14)), (key(2), at(16))]));
        assert!(!admits(&seen, 14, 30, 30), "changes may be told in any order");
    }

    #[test]
    fn what_is_forgotten_is_not_used_any_more() {
        let seen = SeenChanges::default();
        seen.note(&[(key(1), at(1))]);
        for position in 2..2 + CHANGES_MAX as u64 {
            seen.note(&[(key(2), at(position))]);
        }
        assert!(!admits(&seen, 0, 0, 200_000), "the change at 1 is not remembered");
        seen.miss_until(at(200_000));
        assert!(!admits(&seen, 1, 200_000, 200_000));
        assert!(admits(&seen, 1, 200_001, 200_001));
    }

    #[test]
    fn what_is_known_of_a_level_differs_after_each_change_of_it() {
        let seen = SeenChanges::default();
        let mut before = vec![seen.known(key(1))];
        let mut differs = |seen: &SeenChanges| {
            let known = seen.known(key(1));
            let is_new = !before.contains(&known);
            before.push(known);
            is_new
        };
        seen.note(&[(key(1), at(1))]);
        assert!(differs(&seen));
        seen.note(&[(key(2), at(2))]);
        assert!(!differs(&seen), "it is of another level");
        for position in 3..3 + CHANGES_MAX as u64 {
            seen.note(&[(key(2), at(position))]);
        }
        assert!(differs(&seen), "it is forgotten");
        for _ in 0..2 {
            seen.miss_until(at(1));
            assert!(differs(&seen));
        }
    }
}
