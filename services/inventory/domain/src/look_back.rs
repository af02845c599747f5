//! What a stock level's history says about a moment that its state no longer remembers.

use kit_core::Timestamp;

use crate::balance::{Balance, Run, Told};

/// The posted facts of a stock level, summed up around a moment: those at or before it, and those after it.
///
/// Made by folding the history in business order. It holds for the facts that were recorded by then; a decision joins it
/// with those that the state remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LookBack {
    at: Timestamp,
    posted: u32,
    latest: Option<Timestamp>,
    before: Balance,
    after: Run,
}

impl LookBack {
    /// Looks at this moment; nothing has been seen yet.
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        let (before, after) = (Balance::default(), Run::default());
        Self { at, posted: 0, latest: None, before, after }
    }

    /// Sees the next posted fact. They come in the order of their business times, those of one moment as recorded.
    pub fn see(&mut self, occurred_at: Timestamp, told: Told) {
        self.posted = self.posted.saturating_add(1);
        self.latest = self.latest.max(Some(occurred_at));
        match told {
            Told::Changed(change) if occurred_at > self.at => {
                self.after = self.after.then(change.get());
            }
            // a count after the moment makes it moot: it includes whatever happened then
            _ => self.before = self.before.after(told),
        }
    }

    /// The moment.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// On hand and shortfall at that moment.
    #[must_use]
    pub const fn balance(&self) -> Balance {
        self.before
    }

    /// How many posted facts it has seen.
    pub(crate) const fn posted(&self) -> u32 {
        self.posted
    }

    /// The latest business time it has seen.
    #[must_use]
    pub const fn latest(&self) -> Option<Timestamp> {
        self.latest
    }

    /// The balance in the end, with one more fact at that moment.
    pub(crate) fn with(&self, told: Told) -> Balance {
        self.before.after(told).after_run(self.after)
    }
}
