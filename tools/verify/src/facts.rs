//! The physical facts of a stock level, sorted by when they happened and added up: what on hand and shortfall must be.
//!
//! Written to be seen through: a list, a sort by insertion and a loop. What a count has seen is dropped, because nothing
//! that happened before the latest count can matter any more.

/// What a physical fact says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fact {
    /// So many units came, or went.
    By(i64),
    /// So many units lay there.
    To(i64),
}

/// Units on hand, and units that were taken beyond those.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) on_hand: i64,
    pub(super) shortfall: i64,
}

impl Numbers {
    fn after(mut self, change: i64) -> Self {
        self.on_hand = self.on_hand.saturating_add(change);
        if self.on_hand < 0 {
            self.shortfall = self.shortfall.saturating_sub(self.on_hand);
            self.on_hand = 0;
        }
        self
    }
}

/// The latest count, what happened after it, and what that adds up to.
#[derive(Default)]
pub(super) struct Facts {
    counted_at: Option<i64>,
    counted: i64,
    /// When and how many units came or went; those of one moment in the order of recording.
    since: Vec<(i64, i64)>,
    pub(super) numbers: Numbers,
}

impl Facts {
    /// When the latest count was taken.
    pub(super) fn counted_at(&self) -> Option<i64> {
        self.counted_at
    }

    /// The count that has seen what happened at this moment, by its time.
    pub(super) fn seen_by(&self, at: i64) -> Option<i64> {
        self.counted_at.filter(|counted_at| at < *counted_at)
    }

    /// Takes in a fact that no count has seen.
    pub(super) fn add(&mut self, at: i64, fact: Fact) {
        match fact {
            Fact::By(change) => {
                let place = self.since.partition_point(|(earlier, _)| *earlier <= at);
                self.since.insert(place, (at, change));
                if place + 1 == self.since.len() {
                    self.numbers = self.numbers.after(change);
                    return;
                }
            }
            Fact::To(units) => {
                self.since.retain(|(when, _)| *when > at);
                (self.counted_at, self.counted) = (Some(at), units);
            }
        }
        let begin = Numbers { on_hand: self.counted, shortfall: 0 };
        self.numbers = self.since.iter().fold(begin, |before, (_, change)| before.after(*change));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(facts: &[(i64, Fact)]) -> (i64, i64) {
        let mut all = Facts::default();
        for (at, fact) in facts {
            all.add(*at, *fact);
        }
        (all.numbers.on_hand, all.numbers.shortfall)
    }

    #[test]
    fn facts_add_up_in_the_order_in_which_they_happened() {
        use Fact::{By, To};
        assert_eq!(numbers(&[(1, By(5)), (3, By(-7)), (4, By(1))]), (1, 2));
        assert_eq!(numbers(&[(1, By(5)), (3, By(-7)), (4, By(1)), (2, By(1))]), (1, 1));
        assert_eq!(numbers(&[(1, By(5)), (3, By(-7)), (4, By(1)), (4, By(1))]), (2, 2));
        assert_eq!(numbers(&[(1, By(5)), (3, By(-7)), (4, By(1)), (3, To(9))]), (10, 0));
        assert_eq!(numbers(&[(3, To(9)), (3, By(1))]), (10, 0));
    }
}
