//! How many stock levels of a copy are known to be wrong, for the alerts of drift.

use std::collections::HashSet;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use gondola_inventory_domain::{ProductId, StoreId};

use super::drift::{Drift, LevelCopy};

/// Wrong levels of a copy that are told apart; more are told as so many.
const LEVELS_MAX: usize = 10_000;

/// A figure that was found: so many levels of a copy are wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DriftFigure {
    /// Which copy.
    pub copy: LevelCopy,
    /// How many of its levels are known to be wrong, at most 10,000.
    pub levels: u64,
}

/// What is known of the copies of this process.
#[derive(Debug, Default)]
pub struct DriftFigures(Mutex<Figures>);

#[derive(Debug, Default)]
struct Figures {
    view: Known,
    cache: Known,
}

/// What is known of one copy.
#[derive(Debug, Default)]
struct Known {
    /// Wrong levels that were found since the present pass has begun.
    found: HashSet<(StoreId, ProductId)>,
    /// Levels that are wrong, as far as is known: until a pass has ended, those of the pass before count.
    wrong: u64,
    /// The most that it was since somebody has asked.
    peak: u64,
    /// Whether something was learnt since then.
    is_new: bool,
}

impl Known {
    fn found(&mut self, level: (StoreId, ProductId)) {
        if self.found.len() < LEVELS_MAX {
            self.found.insert(level);
        }
        self.wrong = self.wrong.max(self.found.len() as u64);
        self.peak = self.peak.max(self.wrong);
        self.is_new = true;
    }

    fn passed(&mut self) {
        self.wrong = self.found.len() as u64;
        self.is_new = true;
    }

    fn repaired(&mut self) {
        self.found.clear();
        self.passed();
    }

    /// The worst that it was, if it is better by now, and how it is.
    fn take(&mut self) -> impl Iterator<Item = u64> {
        let (is_new, peak) = (mem::take(&mut self.is_new), mem::take(&mut self.peak));
        let worst = (is_new && peak > self.wrong).then_some(peak);
        worst.into_iter().chain(is_new.then_some(self.wrong))
    }
}

impl DriftFigures {
    /// A level was found to be wrong.
    pub(super) fn found(&self, drift: &Drift) {
        self.known().of(drift.copy).found((drift.store, drift.product));
    }

    /// All levels are about to be looked at.
    pub(super) fn pass_begins(&self) {
        let mut known = self.known();
        known.view.found.clear();
        known.cache.found.clear();
    }

    /// All levels have been looked at: what was not found is right.
    pub(super) fn pass_ended(&self) {
        let mut known = self.known();
        known.view.passed();
        known.cache.passed();
    }

    /// All of a copy is right again.
    pub(crate) fn repaired(&self, copy: LevelCopy) {
        self.known().of(copy).repaired();
    }

    /// What was learnt since the last question, oldest first: how it is by now comes last, and before it the worst that it
    /// was in between.
    pub fn take(&self) -> Vec<DriftFigure> {
        let mut known = self.known();
        let Figures { view, cache } = &mut *known;
        let of = |copy| move |levels| DriftFigure { copy, levels };
        let view = view.take().map(of(LevelCopy::View));
        view.chain(cache.take().map(of(LevelCopy::Cache))).collect()
    }

    fn known(&self) -> MutexGuard<'_, Figures> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Figures {
    const fn of(&mut self, copy: LevelCopy) -> &mut Known {
        match copy {
            LevelCopy::View => &mut self.view,
            LevelCopy::Cache => &mut self.cache,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn wrong(copy: LevelCopy, product: u128) -> Drift {
        let store = StoreId::from_uuid(Uuid::nil());
        let product = ProductId::from_uuid(Uuid::from_u128(product));
        Drift { store, product, copy, fields: Vec::new() }
    }

    fn taken(figures: &DriftFigures) -> Vec<(LevelCopy, u64)> {
        figures.take().into_iter().map(|figure| (figure.copy, figure.levels)).collect()
    }

    #[test]
    fn what_is_wrong_and_right_again_between_two_questions_is_told_all_the_same() {
        let figures = DriftFigures::default();
        assert_eq!(taken(&figures), []);
        for product in [1, 2, 2] {
            figures.found(&wrong(LevelCopy::View, product));
        }
        figures.repaired(LevelCopy::View);
        assert_eq!(taken(&figures), [(LevelCopy::View, 2), (LevelCopy::View, 0)]);
        assert_eq!(taken(&figures), [], "nothing was learnt since");
    }

    #[test]
    fn what_a_pass_has_not_reached_yet_stays_as_it_was() {
        let figures = DriftFigures::default();
        for product in [1, 2, 3] {
            figures.found(&wrong(LevelCopy::View, product));
        }
        assert_eq!(taken(&figures), [(LevelCopy::View, 3)]);
        figures.pass_begins();
        figures.found(&wrong(LevelCopy::View, 3));
        assert_eq!(taken(&figures), [(LevelCopy::View, 3)], "two of them come later");
        figures.pass_ended();
        assert_eq!(taken(&figures), [(LevelCopy::View, 1), (LevelCopy::Cache, 0)]);
        figures.pass_begins();
        figures.pass_ended();
        assert_eq!(taken(&figures), [(LevelCopy::View, 0), (LevelCopy::Cache, 0)]);
    }
}
