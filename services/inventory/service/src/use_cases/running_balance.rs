//! What is on record after each event of a stock level, for a history that is read from its end.

use std::ops::{Add, Sub};

use kit_core::Version;

use super::stock_level::StockLevel;

/// Version of a stock level's first event.
const FIRST: Version = Version::new(1);

/// The units of a stock level after one of its events: the sum of all changes that were recorded up to it.
///
/// Reserved are the holds on record, overdue ones included until their end is recorded, so that the numbers of two
/// neighbours always differ by the changes of the later one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnRecord {
    /// Units on hand.
    pub on_hand: i64,
    /// The shortfall.
    pub shortfall: i64,
    /// Units of all holds.
    pub reserved: i64,
}

impl OnRecord {
    const fn of(level: &StockLevel) -> Self {
        Self {
            on_hand: level.on_hand as i64,
            shortfall: level.shortfall as i64,
            reserved: level.reserved as i64 + level.lapsed as i64,
        }
    }
}

impl Add for OnRecord {
    type Output = Self;

    /// Never overflows: a cursor may come back with any number in it.
    fn add(self, change: Self) -> Self {
        Self {
            on_hand: self.on_hand.saturating_add(change.on_hand),
            shortfall: self.shortfall.saturating_add(change.shortfall),
            reserved: self.reserved.saturating_add(change.reserved),
        }
    }
}

impl Sub for OnRecord {
    type Output = Self;

    fn sub(self, change: Self) -> Self {
        Self {
            on_hand: self.on_hand.saturating_sub(change.on_hand),
            shortfall: self.shortfall.saturating_sub(change.shortfall),
            reserved: self.reserved.saturating_sub(change.reserved),
        }
    }
}

/// Walks from the end of a history towards its beginning.
///
/// The read model knows the balance at some version, which may lie behind the end. So what is learnt on the way is how
/// much was changed after each event; where the walk meets that version, it knows the balance at the end, and with it all.
#[derive(Debug)]
pub(super) struct RunningBalance {
    /// All changes of the events that were passed.
    passed: OnRecord,
    known: (Version, OnRecord),
    end: Option<OnRecord>,
}

impl RunningBalance {
    /// A walk from the end of a stock level's history, which the read model shows as it was at some version.
    pub(super) fn from_end(shown: Option<&StockLevel>) -> Self {
        let known = shown.map_or((Version::ZERO, OnRecord::default()), |level| {
            (level.version, OnRecord::of(level))
        });
        Self { passed: OnRecord::default(), known, end: None }
    }

    /// A walk from the middle of a history, where this is on record.
    pub(super) fn from_middle(on_record: OnRecord) -> Self {
        let known = (Version::ZERO, OnRecord::default());
        Self { passed: OnRecord::default(), known, end: Some(on_record) }
    }

    /// Passes the event that led to a version and changed so much; what was changed after it.
    pub(super) fn pass(&mut self, version: Version, change: OnRecord) -> OnRecord {
        let after = self.passed;
        self.passed = self.passed + change;
        let (known, on_record) = self.known;
        if version == known {
            self.end.get_or_insert(on_record + after);
        } else if version == FIRST {
            // before it nothing was on record
            self.end.get_or_insert(self.passed);
        }
        after
    }

    /// What is on record where the walk began, as soon as it is known.
    pub(super) const fn end(&self) -> Option<OnRecord> {
        self.end
    }
}

#[cfg(test)]
mod tests {
    use gondola_inventory_domain::{ProductId, StoreId};
    use uuid::Uuid;

    use super::*;

    fn received(units: i64) -> OnRecord {
        OnRecord { on_hand: units, ..OnRecord::default() }
    }

    /// What is on record after each of five receipts of 1, 2, 3, 4 and 5 units, the newest first.
    fn walked(mut balance: RunningBalance) -> Vec<i64> {
        let pass = |number: u32| balance.pass(Version::new(number.into()), received(number.into()));
        let changed_after: Vec<_> = (1..=5).rev().map(pass).collect();
        let end = balance.end().unwrap();
        changed_after.into_iter().map(|changed| (end - changed).on_hand).collect()
    }

    #[test]
    fn a_read_model_that_is_behind_is_good_enough() {
        for (version, on_hand) in [(5, 15), (4, 10), (1, 1), (0, 0)] {
            let (store, product) =
                (StoreId::from_uuid(Uuid::nil()), ProductId::from_uuid(Uuid::nil()));
            let shown = StockLevel {
                on_hand,
                version: Version::new(version),
                ..StockLevel::unrecorded(store, product)
            };
            assert_eq!(walked(RunningBalance::from_end(Some(&shown))), [15, 10, 6, 3, 1]);
        }
        assert_eq!(walked(RunningBalance::from_end(None)), [15, 10, 6, 3, 1]);
    }

    #[test]
    fn the_balance_is_not_known_before_the_read_model_is_met() {
        let mut balance = RunningBalance::from_end(None);
        balance.pass(Version::new(2), received(2));
        assert_eq!(balance.end(), None);
        balance.pass(FIRST, received(1));
        assert_eq!(balance.end(), Some(received(3)));
    }

    #[test]
    fn reservations_that_have_run_out_are_on_record_until_that_is_recorded() {
        let (store, product) = (StoreId::from_uuid(Uuid::nil()), ProductId::from_uuid(Uuid::nil()));
        let level = StockLevel { reserved: 3, lapsed: 2, ..StockLevel::unrecorded(store, product) };
        assert_eq!(OnRecord::of(&level).reserved, 5);
    }

    #[test]
    fn a_cursor_that_somebody_made_up_does_no_harm() {
        let mut balance = RunningBalance::from_middle(received(i64::MAX));
        let after = balance.pass(Version::new(9), received(-1));
        assert_eq!(balance.end().unwrap() - after, received(i64::MAX));
        assert_eq!(received(i64::MAX) - received(-1), received(i64::MAX));
    }
}
