//! What a stock level's history says about moments that its state no longer remembers.

use kit_core::Timestamp;

use crate::balance::{Balance, Run, Told};

/// The posted facts of a stock level, summed up around a moment: those at or before it, and those after it.
///
/// It holds for the facts that were recorded by then; a decision joins it with those that the state remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookBack {
    at: Timestamp,
    posted: u32,
    latest: Option<Timestamp>,
    before: Balance,
    after: Run,
}

impl LookBack {
    /// The moment.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// How many posted facts it has seen.
    pub(crate) const fn posted(&self) -> u32 {
        self.posted
    }

    /// The latest business time it has seen.
    pub(crate) const fn latest(&self) -> Option<Timestamp> {
        self.latest
    }

    /// The balance in the end, with one more fact at that moment.
    pub(crate) fn with(&self, told: Told) -> Balance {
        self.before.after(told).after_run(self.after)
    }
}

/// Looks back to several moments of one stock level, by one fold of its history in business order.
///
/// Facts that are told of those moments meanwhile can be seen, too. So many late facts of a level cost one reading of its
/// history and then only what was recorded since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookBacks {
    posted: u32,
    latest: Option<Timestamp>,
    /// The balance at the first moment; in the end when there is none.
    first: Balance,
    /// The moments in their order, each with the changes after it, up to and at the next one.
    moments: Vec<(Timestamp, Run)>,
}

impl LookBacks {
    /// Looks back to these moments, which are in order; nothing has been seen yet.
    #[must_use]
    pub fn new(moments: impl IntoIterator<Item = Timestamp>) -> Self {
        let mut moments: Vec<_> = moments.into_iter().map(|at| (at, Run::default())).collect();
        moments.dedup_by_key(|(at, _)| *at);
        Self { posted: 0, latest: None, first: Balance::default(), moments }
    }

    /// Whether the next fact can be seen: it happened after all others or at one of the moments.
    #[must_use]
    pub fn fits(&self, occurred_at: Timestamp) -> bool {
        let is_last = self.latest.is_none_or(|latest| latest <= occurred_at);
        is_last || self.moments.binary_search_by_key(&occurred_at, |(at, _)| *at).is_ok()
    }

    /// Sees the next posted fact, which [fits](Self::fits). Those of one moment come as recorded.
    pub fn see(&mut self, occurred_at: Timestamp, told: Told) {
        self.posted = self.posted.saturating_add(1);
        self.latest = self.latest.max(Some(occurred_at));
        let earlier = self.moments.partition_point(|(at, _)| *at < occurred_at);
        match (told, earlier.checked_sub(1)) {
            (Told::Changed(change), Some(index)) => {
                if let Some((_, after)) = self.moments.get_mut(index) {
                    *after = after.then(change.get());
                }
            }
            (Told::Changed(_), None) => self.first = self.first.after(told),
            // a count includes whatever happened before it: nobody asks for those moments any more
            (Told::Counted(_) | Told::CountedNow(_), _) => {
                let passed = self.moments.drain(..earlier);
                let before = passed.fold(self.first, |balance, (_, run)| balance.after_run(run));
                self.first = before.after(told);
            }
        }
    }

    /// The look back to one of the moments; `None` for any other, or where a count after it includes it.
    #[must_use]
    pub fn to(&self, at: Timestamp) -> Option<LookBack> {
        let place = self.moments.binary_search_by_key(&at, |(moment, _)| *moment).ok()?;
        let (passed, coming) = self.moments.split_at(place);
        let before = passed.iter().fold(self.first, |balance, (_, run)| balance.after_run(*run));
        let after = coming.iter().fold(Run::default(), |run, (_, more)| run.and(*more));
        Some(LookBack { at, posted: self.posted, latest: self.latest, before, after })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, delta, quantity};

    fn changed(units: i64) -> Told {
        Told::Changed(delta(units))
    }

    fn counted(units: i64) -> Told {
        Told::Counted(quantity(units))
    }

    /// What one fold in business order gives for a moment.
    fn alone(moment: i64, facts: &[(i64, Told)]) -> LookBack {
        let mut past = LookBacks::new([at(moment)]);
        for (time, told) in facts {
            past.see(at(*time), *told);
        }
        past.to(at(moment)).unwrap()
    }

    #[test]
    fn several_moments_are_as_good_as_each_alone() {
        let facts = [
            (1, counted(9)),
            (2, changed(-4)),
            (3, changed(-7)),
            (3, changed(2)),
            (5, changed(6)),
            (9, changed(-1)),
        ];
        let moments = [2, 3, 4, 9, 12];
        let mut past = LookBacks::new(moments.map(at));
        for (time, told) in facts {
            assert!(past.fits(at(time)));
            past.see(at(time), told);
        }
        for moment in moments {
            assert_eq!(past.to(at(moment)), Some(alone(moment, &facts)), "{moment}");
        }
        assert_eq!(past.to(at(8)), None, "it was not asked for");
    }

    #[test]
    fn facts_that_are_told_of_its_moments_are_seen_in_their_place() {
        let mut facts = vec![(1, changed(5)), (4, changed(-7)), (6, changed(3))];
        let moments = [2, 4, 5];
        let mut past = LookBacks::new(moments.map(at));
        for (time, told) in &facts {
            past.see(at(*time), *told);
        }
        assert!(!past.fits(at(3)), "between the moments nobody knows what was first");
        for (time, told) in [(4, changed(-1)), (2, changed(1)), (5, changed(-2)), (6, changed(8))] {
            assert!(past.fits(at(time)));
            past.see(at(time), told);
            let place = facts.partition_point(|(known, _)| *known <= time);
            facts.insert(place, (time, told));
            for moment in moments {
                assert_eq!(past.to(at(moment)), Some(alone(moment, &facts)), "{moment} {facts:?}");
            }
        }
        // a count in between leaves what came after it
        past.see(at(4), counted(2));
        facts.insert(facts.partition_point(|(known, _)| *known <= 4), (4, counted(2)));
        assert_eq!(past.to(at(2)), None, "included");
        for moment in [4, 5] {
            assert_eq!(past.to(at(moment)), Some(alone(moment, &facts)), "{moment}");
        }
    }
}
