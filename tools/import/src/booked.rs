//! What an import has booked so far: by its progress, and by what the log has beyond that.

use std::sync::Arc;

use kit_core::Position;
use kit_event_store::EventStore;

use super::baskets::Fates;
use super::checkpoint::State;
use super::deterministic_ids::{DeterministicIds, Part};
use super::line_ledger::{Entry, Fate, LineLedger};
use super::recovery_scan::{Recovered, RecoveryScan};

/// An import with all that is known of its lines.
pub(super) struct Booked {
    pub(super) ledger: LineLedger,
    through_line: u64,
    /// What it has in the log behind that line.
    recovered: Arc<RecoveryScan>,
}

impl Booked {
    /// Finds out what imports have booked so far, in one look at the log for all of them.
    pub(super) async fn find(
        log: &dyn EventStore,
        imports: Vec<(LineLedger, State)>,
    ) -> anyhow::Result<Vec<Self>> {
        let lines = |state: &State| {
            // all lines of one that is done are dealt with
            let after = if state.done { log.end().position } else { Position::new(state.position) };
            (after, DeterministicIds::new(state.begun_at, &state.sha256, Part::Lines))
        };
        let wanted: Vec<_> = imports.iter().map(|(_, state)| lines(state)).collect();
        let recovered = RecoveryScan::read_all(log, &wanted).await?;
        let found = imports.into_iter().zip(recovered.into_iter().map(Arc::new));
        Ok(found.map(|((ledger, state), recovered)| Self::new(ledger, &state, recovered)).collect())
    }

    /// An import with what it has in the log behind its progress.
    pub(super) fn new(ledger: LineLedger, state: &State, recovered: Arc<RecoveryScan>) -> Self {
        let through_line = if state.part == Part::Lines { state.through_line } else { 0 };
        Self { ledger, through_line, recovered }
    }

    /// What became of a line of its ledger, if it is dealt with.
    pub(super) fn dealt_with(&self, line: u64, entry: Entry) -> Option<Fate> {
        if self.recovered.of_line(line) == Recovered::Applied {
            return Some(Fate::Own);
        }
        (line <= self.through_line).then_some(entry.fate)
    }

    /// Leaves out the lines that it has booked, and those only.
    pub(super) fn leave_out(&self, fates: &mut Fates) -> anyhow::Result<()> {
        (0..=self.through_line).for_each(|line| fates.set(line, Fate::Before));
        self.ledger.scan(|line, entry| {
            if matches!(self.dealt_with(line, entry), Some(Fate::Rejected | Fate::BasketChanged)) {
                fates.set(line, Fate::Own);
            }
        })?;
        self.recovered.applied().for_each(|line| fates.set(line, Fate::Before));
        Ok(())
    }

    /// Notes in the ledger what becomes of the lines that are not dealt with.
    pub(super) fn note(&self, fates: &Fates) -> anyhow::Result<()> {
        let mut outdated = Vec::new();
        // a run that was broken off may have noted more than it has kept
        self.ledger.scan(|line, entry| {
            let fate = self.dealt_with(line, entry).unwrap_or_else(|| fates.of(line));
            if fate == Fate::Own && entry.fate != fate {
                outdated.push(line);
            }
        })?;
        for line in outdated {
            self.ledger.mark(line, Fate::Own)?;
        }
        for (line, fate) in fates.decided() {
            self.ledger.mark(line, fate)?;
        }
        Ok(())
    }
}
