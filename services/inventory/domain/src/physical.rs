//! The physical stock of one level: the fold of its facts in the order of their business times.
//!
//! The rule: on hand is the fold of receipts, sales, adjustments and counts by business time, those of one moment in the
//! order in which they were recorded. A count sets what is on hand; what was told after it and happened before it moves
//! nothing. So only the facts since the latest count matter, and of those the newest few are kept: a fact of now, or a
//! late one among them, is decided from this state alone. An older one asks for a [`LookBack`].

use std::collections::VecDeque;

use kit_core::Timestamp;

use crate::balance::{Balance, Run, Told};
use crate::{LookBack, PhysicalParts, Posting, StockQuantity};

/// How many of the newest facts a stock level keeps.
pub(crate) const RECENT_MAX: usize = 64;

/// A change of the units on hand at its business time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecentFact {
    /// When it happened.
    pub at: Timestamp,
    /// Units that came, or went; within the bounds of a [`crate::StockDelta`].
    pub change: i32,
    /// Its number among all posted facts of the stock level, from 1 on, in the order of recording.
    pub number: u32,
}

/// A fact that happened before everything that the state remembers: the decision needs a [`LookBack`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HistoryNeeded;

/// On hand and shortfall of one stock level, and what is needed to place a late fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhysicalStock {
    present: Balance,
    counted_at: Option<Timestamp>,
    /// Facts that were posted, which those are not that a count includes.
    posted: u32,
    /// The balance before the first recent fact.
    base: Balance,
    /// The latest business time of the facts since the count that are only in `base`.
    settled_until: Option<Timestamp>,
    /// The newest facts since the count, in the order of their business times.
    recent: VecDeque<RecentFact>,
    recent_max: usize,
}

impl Default for PhysicalStock {
    fn default() -> Self {
        Self::remembering(RECENT_MAX)
    }
}

impl PhysicalStock {
    /// No stock, and room for `recent_max` facts, at least one: with less room more decisions ask for a look back, and
    /// all come out the same.
    #[must_use]
    pub fn remembering(recent_max: usize) -> Self {
        Self {
            present: Balance::default(),
            counted_at: None,
            posted: 0,
            base: Balance::default(),
            settled_until: None,
            recent: VecDeque::new(),
            recent_max: recent_max.max(1),
        }
    }

    /// Units on hand.
    #[must_use]
    pub fn on_hand(&self) -> StockQuantity {
        StockQuantity::saturating_new(u64::try_from(self.present.on_hand).unwrap_or(0))
    }

    /// Units that were taken beyond what the books had, since the latest count.
    #[must_use]
    pub fn shortfall(&self) -> StockQuantity {
        StockQuantity::saturating_new(u64::try_from(self.present.shortfall).unwrap_or(0))
    }

    /// Business time of the latest count.
    #[must_use]
    pub fn counted_at(&self) -> Option<Timestamp> {
        self.counted_at
    }

    /// The business time of the count that had seen a fact of this moment.
    pub(crate) fn including_count(&self, at: Timestamp) -> Option<Timestamp> {
        self.counted_at.filter(|counted_at| at < *counted_at)
    }

    pub(crate) fn present(&self) -> Balance {
        self.present
    }

    /// The balance after a fact that no count includes, in business order.
    pub(crate) fn balance_with(
        &self,
        at: Timestamp,
        told: Told,
        look_back: Option<&LookBack>,
    ) -> Result<Balance, HistoryNeeded> {
        if self.remembers(at) {
            return Ok(self.balance_with_recent(at, told));
        }
        match told {
            // nothing was ever missing, and with more units nothing will be
            Told::Changed(more) if more.get() > 0 && self.present.shortfall == 0 => {
                Ok(self.present.after(told))
            }
            _ => look_back.and_then(|past| self.connect(past, at, told)).ok_or(HistoryNeeded),
        }
    }

    /// Whether all facts after this moment are among the recent ones.
    fn remembers(&self, at: Timestamp) -> bool {
        self.settled_until.is_none_or(|settled| settled <= at)
    }

    fn balance_with_recent(&self, at: Timestamp, told: Told) -> Balance {
        let place = self.place_after(at);
        if place == self.recent.len() {
            return self.present.after(told);
        }
        let change = |before: Balance, fact: &RecentFact| before.changed(fact.change.into());
        let then = self.recent.iter().take(place).fold(self.base, change);
        self.recent.iter().skip(place).fold(then.after(told), change)
    }

    /// Joins a look back and the facts that were recorded since. They must all be remembered and have happened after what
    /// the look back has seen.
    fn connect(&self, past: &LookBack, at: Timestamp, told: Told) -> Option<Balance> {
        let newer = || self.recent.iter().filter(|fact| fact.number > past.posted());
        let missing = self.posted.checked_sub(past.posted())?;
        let all_remembered = u32::try_from(newer().count()) == Ok(missing);
        let in_order = newer().all(|fact| past.latest().is_none_or(|latest| latest <= fact.at));
        let connects = past.at() == at && all_remembered && in_order;
        let run = newer().fold(Run::default(), |run, fact| run.then(fact.change.into()));
        connects.then(|| past.with(told).after_run(run))
    }

    /// Place of a fact of this moment among the recent ones: behind those of the same moment.
    fn place_after(&self, at: Timestamp) -> usize {
        // nearly every fact is the newest, and a search would touch the whole ring in memory
        if self.recent.back().is_none_or(|newest| newest.at <= at) {
            return self.recent.len();
        }
        self.recent.partition_point(|fact| fact.at <= at)
    }

    /// Takes in a fact that was recorded with this effect. Total: whatever the log says becomes the present balance.
    pub(crate) fn post(&mut self, told: Told, posting: &Posting) {
        if posting.included_in_count_of.is_some() {
            return;
        }
        let before = self.present;
        self.present = Balance {
            on_hand: before.on_hand.saturating_add(posting.on_hand.get()).max(0),
            shortfall: before.shortfall.saturating_add(posting.shortfall.get()).max(0),
        };
        self.posted = self.posted.saturating_add(1);
        match told {
            Told::Changed(change) => {
                // within the bounds of a change of stock
                let change = i32::try_from(change.get()).unwrap_or(0);
                let fact = RecentFact { at: posting.occurred_at, change, number: self.posted };
                self.remember(before, fact);
            }
            Told::Counted(_) | Told::CountedNow(_) => self.count(posting.occurred_at),
        }
        while self.recent.len() > self.recent_max {
            self.settle_first();
        }
    }

    fn remember(&mut self, before: Balance, fact: RecentFact) {
        if !self.remembers(fact.at) {
            return self.rebase();
        }
        let place = self.place_after(fact.at);
        let is_newest = place == self.recent.len();
        self.recent.insert(place, fact);
        let consistent = if is_newest {
            before.changed(fact.change.into()) == self.present
        } else {
            self.balance_of(self.base) == self.present
        };
        if !consistent {
            self.settle();
        }
    }

    fn count(&mut self, at: Timestamp) {
        self.counted_at = self.counted_at.max(Some(at));
        if self.remembers(at) {
            let before = self.place_after(at);
            self.recent.drain(..before);
            self.settled_until = None;
        }
        self.rebase();
    }

    /// Finds the base from which the recent facts lead to the present balance. Where a shortfall hides it, they are given
    /// up: then the next late fact looks back.
    fn rebase(&mut self) {
        if self.recent.is_empty() {
            self.base = self.present;
            return;
        }
        let run = self.recent.iter().fold(Run::default(), |run, fact| run.then(fact.change.into()));
        let base = Balance::counted(self.present.on_hand.saturating_sub(run.sum()));
        if base.on_hand >= 0 && base.after_run(run) == self.present {
            self.base = base;
        } else {
            self.settle();
        }
    }

    /// Keeps the present balance only.
    fn settle(&mut self) {
        let latest = self.recent.back().map(|fact| fact.at);
        self.settled_until = self.settled_until.max(latest);
        self.recent.clear();
        self.base = self.present;
    }

    fn settle_first(&mut self) {
        if let Some(fact) = self.recent.pop_front() {
            self.base = self.base.changed(fact.change.into());
            self.settled_until = Some(fact.at);
        }
    }

    /// Takes the state apart; [`PhysicalStock::restore`] gives an equal one back.
    pub(crate) fn parts(&self) -> PhysicalParts {
        PhysicalParts {
            present: self.present,
            counted_at: self.counted_at,
            posted: self.posted,
            base: self.base,
            settled_until: self.settled_until,
            recent: self.recent.iter().copied().collect(),
        }
    }

    /// Puts a state together; `None` for parts that no history leads to.
    pub(crate) fn restore(parts: PhysicalParts) -> Option<Self> {
        let PhysicalParts { present, counted_at, posted, base, settled_until, recent } = parts;
        let stock = Self {
            present,
            counted_at,
            posted,
            base,
            settled_until,
            recent: recent.into(),
            recent_max: RECENT_MAX,
        };
        let facts = &stock.recent;
        let possible = facts.len() <= RECENT_MAX
            && facts.iter().all(|fact| (1..=posted).contains(&fact.number))
            && facts.iter().is_sorted_by_key(|fact| fact.at)
            && [present, base].iter().all(|balance| balance.on_hand >= 0 && balance.shortfall >= 0)
            && stock.balance_of(base) == present;
        possible.then_some(stock)
    }

    fn balance_of(&self, base: Balance) -> Balance {
        self.recent.iter().fold(base, |before, fact| before.changed(fact.change.into()))
    }
}

#[cfg(test)]
mod tests;
