//! The stock levels that this process has answered for and the read model does not show yet.
//!
//! A caller that has been told of its change reads it at once: the answer to the command is the level itself, so it is
//! kept until the read model has reached its position. Nobody waits, and a level that nobody has just changed is read as
//! ever.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::fast::RandomState;
use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::Position;

use super::stock_level::StockLevel;

/// Changes kept at once. Beyond it, read models that far behind are not asked: the stock levels themselves are.
const CHANGES_MAX: usize = 100_000;

type LevelKey = (StoreId, ProductId);

/// What is known of a stock level beside the read model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recent {
    /// Nothing that the read model does not show.
    Shown,
    /// The level after the newest change that was answered.
    Changed(StockLevel),
    /// It may have been changed; only the stock level itself knows.
    Unknown,
}

/// Answered changes up to [`CHANGES_MAX`], the oldest first.
#[derive(Default)]
pub(super) struct RecentWrites(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    levels: HashMap<LevelKey, StockLevel, RandomState>,
    order: VecDeque<(Position, LevelKey)>,
    /// Up to here changes were answered that are not kept.
    unknown_up_to: Position,
}

impl RecentWrites {
    /// Keeps the levels of an answer whose last event is at `position`; `shown` is where the read model is.
    pub(super) fn note(
        &self,
        levels: impl IntoIterator<Item = StockLevel>,
        position: Position,
        shown: Position,
    ) {
        let mut kept = self.kept();
        kept.forget_up_to(shown);
        if position <= shown {
            return;
        }
        for level in levels {
            kept.put(StockLevel { position, ..level });
        }
        while kept.order.len() > CHANGES_MAX {
            kept.give_up_oldest();
        }
    }

    /// Notes that a change up to `position` was answered whose levels are not known.
    pub(super) fn note_unknown(&self, position: Position) {
        let mut kept = self.kept();
        kept.unknown_up_to = kept.unknown_up_to.max(position);
    }

    /// What is known of a level beyond a read model that is at `shown`.
    pub(super) fn find(&self, key: LevelKey, shown: Position) -> Recent {
        let kept = self.kept();
        match kept.levels.get(&key) {
            Some(level) if level.position > shown => Recent::Changed(*level),
            _ if kept.unknown_up_to > shown => Recent::Unknown,
            _ => Recent::Shown,
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn put(&mut self, level: StockLevel) {
        let key = (level.store, level.product);
        match self.levels.entry(key) {
            Entry::Occupied(mut known) if known.get().version <= level.version => {
                known.insert(level);
            }
            // answers are given in any order
            Entry::Occupied(_) => return,
            Entry::Vacant(unknown) => {
                unknown.insert(level);
            }
        }
        self.order.push_back((level.position, key));
    }

    fn forget_up_to(&mut self, shown: Position) {
        while self.order.front().is_some_and(|(position, _)| *position <= shown) {
            self.drop_oldest();
        }
    }

    fn give_up_oldest(&mut self) {
        if let Some(position) = self.drop_oldest() {
            self.unknown_up_to = self.unknown_up_to.max(position);
        }
    }

    /// Forgets the oldest change; its level stays where a newer change of it is kept.
    fn drop_oldest(&mut self) -> Option<Position> {
        let (position, key) = self.order.pop_front()?;
        if self.levels.get(&key).is_some_and(|level| level.position <= position) {
            self.levels.remove(&key);
        }
        Some(position)
    }
}

#[cfg(test)]
mod tests {
    use kit_core::Version;
    use uuid::Uuid;

    use super::*;

    fn at(position: u64) -> Position {
        Position::new(position)
    }

    fn level(product: usize, version: u64) -> StockLevel {
        let store = StoreId::from_uuid(Uuid::nil());
        let product = ProductId::from_uuid(Uuid::from_u128(product as u128));
        StockLevel { version: Version::new(version), ..StockLevel::unrecorded(store, product) }
    }

    fn found(recent: &RecentWrites, product: usize, shown: u64) -> Result<u64, Recent> {
        let level = level(product, 0);
        match recent.find((level.store, level.product), at(shown)) {
            Recent::Changed(level) => Ok(level.version.get()),
            other => Err(other),
        }
    }

    #[test]
    fn a_change_is_found_until_the_read_model_shows_it() {
        let recent = RecentWrites::default();
        recent.note([level(1, 1)], at(5), at(0));
        assert_eq!(found(&recent, 1, 4), Ok(1));
        assert_eq!(found(&recent, 1, 5), Err(Recent::Shown));
        assert_eq!(found(&recent, 2, 0), Err(Recent::Shown), "nobody has changed it");
        recent.note([level(2, 1)], at(6), at(5));
        assert_eq!(recent.kept().levels.len(), 1, "what is shown is forgotten");
    }

    #[test]
    fn answers_in_another_order_than_the_log_leave_the_newest() {
        let recent = RecentWrites::default();
        recent.note([level(1, 2)], at(6), at(0));
        recent.note([level(1, 1)], at(5), at(0));
        assert_eq!(found(&recent, 1, 0), Ok(2));
        recent.note([], at(5), at(5));
        assert_eq!(found(&recent, 1, 5), Ok(2), "the read model shows only the first");
    }

    #[test]
    fn what_is_too_much_to_keep_is_asked_of_the_level_itself() {
        let recent = RecentWrites::default();
        let levels = (0..=CHANGES_MAX).map(|product| level(product, 1));
        for (position, level) in (1..).zip(levels) {
            recent.note([level], at(position), at(0));
        }
        assert_eq!(found(&recent, 0, 0), Err(Recent::Unknown));
        assert_eq!(found(&recent, 0, 1), Err(Recent::Shown));
        assert_eq!(found(&recent, 1, 1), Ok(1));
        recent.note_unknown(at(9_000_000));
        assert_eq!(found(&recent, 0, 8_999_999), Err(Recent::Unknown));
    }
}
