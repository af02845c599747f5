//! On hand and shortfall, and what changes make of them: the arithmetic of the one rule about physical stock.

use crate::{StockDelta, StockQuantity};

/// What physical facts add up to: units on hand, never below zero, and the shortfall, which is what they took beyond.
///
/// Wide numbers: on the way to a sum that is allowed, a history may pass one that is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Units on hand; at least zero.
    pub on_hand: i64,
    /// Units that were taken though the books did not have them; at least zero.
    pub shortfall: i64,
}

/// What a physical fact says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// So many units came or went.
    Changed(StockDelta),
    /// So many units lay there.
    Counted(StockQuantity),
    /// What lay there was counted at the moment of recording, and differed so much from what was on hand.
    CountedNow(StockDelta),
}

/// A run of changes in their order, summed up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    /// All changes together.
    sum: i64,
    /// The lowest sum of the first of them; at most zero, which is the sum of none.
    lowest: i64,
}

impl Balance {
    /// The balance after a count.
    pub(crate) const fn counted(units: i64) -> Self {
        Self { on_hand: units, shortfall: 0 }
    }

    /// The balance after units came or went.
    pub(crate) fn changed(self, change: i64) -> Self {
        self.after_run(Run::default().then(change))
    }

    /// The balance after a fact.
    #[must_use]
    pub fn after(self, told: Told) -> Self {
        match told {
            Told::Changed(change) => self.changed(change.get()),
            Told::Counted(units) => Self::counted(i64::from(units.get())),
            Told::CountedNow(change) => Self::counted(self.on_hand.saturating_add(change.get())),
        }
    }

    /// The balance after a run of changes: as after each of them, one by one.
    pub(crate) fn after_run(self, run: Run) -> Self {
        let missing = self.on_hand.saturating_add(run.lowest).saturating_neg().max(0);
        Self {
            on_hand: self.on_hand.saturating_add(run.sum).saturating_add(missing),
            shortfall: self.shortfall.saturating_add(missing),
        }
    }
}

impl Run {
    /// The run with one more change at its end.
    pub(crate) fn then(self, change: i64) -> Self {
        let sum = self.sum.saturating_add(change);
        Self { sum, lowest: self.lowest.min(sum) }
    }

    /// This run and then another one.
    pub(crate) fn and(self, next: Self) -> Self {
        let sum = self.sum.saturating_add(next.sum);
        Self { sum, lowest: self.lowest.min(self.sum.saturating_add(next.lowest)) }
    }

    /// All changes together.
    pub(crate) const fn sum(self) -> i64 {
        self.sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn balance(on_hand: i64, shortfall: i64) -> Balance {
        Balance { on_hand, shortfall }
    }

    #[test]
    fn what_is_taken_beyond_is_a_shortfall_that_later_arrivals_do_not_pay() {
        let empty = Balance::default();
        assert_eq!(empty.changed(5).changed(-7), balance(0, 2));
        assert_eq!(empty.changed(5).changed(-7).changed(4), balance(4, 2));
        assert_eq!(empty.changed(5).changed(-7).changed(4).changed(-5), balance(0, 3));
    }

    #[test]
    fn a_count_sets_what_is_on_hand_and_explains_the_shortfall() {
        let counted = Told::Counted(StockQuantity::new(9).unwrap());
        assert_eq!(balance(3, 2).after(counted), balance(9, 0));
        let counted = Told::CountedNow(StockDelta::new(-1).unwrap());
        assert_eq!(balance(3, 2).after(counted), balance(2, 0));
    }

    #[test]
    fn a_run_is_as_good_as_its_changes() {
        let runs: [&[i64]; 5] = [&[], &[3], &[-3, 3], &[2, -9, 4, -1], &[-1, -1, 9, -8]];
        for begin in [balance(0, 0), balance(1, 5), balance(6, 0)] {
            for changes in runs {
                let one_by_one =
                    changes.iter().fold(begin, |before, change| before.changed(*change));
                let run = changes.iter().fold(Run::default(), |run, change| run.then(*change));
                assert_eq!(begin.after_run(run), one_by_one, "{changes:?}");
            }
        }
    }
}
