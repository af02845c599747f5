//! What a run that was broken off left in the log after its last checkpoint.
//!
//! It reads the log rather than idempotency keys: those expire, and the log does not.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use gondola_inventory::use_cases::decode_event;
use gondola_inventory_domain::Event;
use kit_core::{Position, RecordedEvent, StreamId, Version};
use kit_event_store::{EventStore, EventStoreError};

use super::deterministic_ids::DeterministicIds;

/// Events per read of the log.
const PAGE: usize = 10_000;

/// Lines that an earlier run has dealt with; usually a few chunks.
#[derive(Debug, Default)]
pub(super) struct RecoveryScan {
    lines: HashMap<u64, Recovered, RandomState>,
    /// The lines of each stock level that are in the log, each with the version of its first event.
    levels: HashMap<StreamId, Vec<(u64, Version)>, RandomState>,
    /// The last line that is in the log.
    last: u64,
}

/// What is in the log of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Recovered {
    /// No event of the line is in the log.
    Nothing,
    /// All of it.
    Applied,
    /// The sale's reservation was made, in this try, but not the sale.
    Reserved(u16),
}

impl RecoveryScan {
    /// Reads the log after a position for events of an import.
    pub(super) async fn read(
        log: &dyn EventStore,
        after: Position,
        ids: DeterministicIds,
    ) -> Result<Self, EventStoreError> {
        Ok(Self::read_all(log, &[(after, ids)]).await?.pop().unwrap_or_default())
    }

    /// Reads the log once for events of several imports, each at least after its position.
    pub(super) async fn read_all(
        log: &dyn EventStore,
        imports: &[(Position, DeterministicIds)],
    ) -> Result<Vec<Self>, EventStoreError> {
        let mut scans: Vec<_> = imports.iter().map(|_| Self::default()).collect();
        let places = imports.iter().map(|(_, ids)| ids.family()).zip(0..);
        let places: HashMap<u128, usize, RandomState> = places.collect();
        let Some(mut after) = imports.iter().map(|(after, _)| *after).min() else {
            return Ok(scans);
        };
        loop {
            let page = log.read_all(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(scans) };
            after = last.position;
            for event in &page {
                let family = DeterministicIds::family_of(event.metadata.correlation_id);
                if let Some(place) = places.get(&family) {
                    scans[*place].note(event, imports[*place].1)?;
                }
            }
        }
    }

    fn note(
        &mut self,
        recorded: &RecordedEvent,
        ids: DeterministicIds,
    ) -> Result<(), EventStoreError> {
        let Some((line, _)) = ids.read(recorded.metadata.correlation_id) else {
            return Ok(());
        };
        let level = self.levels.entry(recorded.stream.clone()).or_default();
        if level.last().is_none_or(|(last, _)| *last != line) {
            level.push((line, recorded.version));
        }
        let before = match decode_event(recorded)? {
            Event::StockReserved { reservation_id, .. } => {
                let number = ids.read(reservation_id.as_uuid()).map_or(0, |(_, number)| number);
                Recovered::Reserved(number)
            }
            Event::StockCommitted { .. }
            | Event::StockAdded { .. }
            | Event::StockAdjusted { .. } => Recovered::Applied,
            // an import sends nothing to other stores, and the overdue reservation of another caller is ended to make room
            Event::StockReleased { .. }
            | Event::ReservationExtended { .. }
            | Event::StockPolicyChanged { .. }
            | Event::StockTransferredOut { .. }
            | Event::StockTransferredIn { .. } => return Ok(()),
        };
        self.lines.insert(line, before);
        self.last = line.max(self.last);
        Ok(())
    }

    /// What is in the log of a line.
    pub(super) fn of_line(&self, line: u64) -> Recovered {
        self.lines.get(&line).copied().unwrap_or(Recovered::Nothing)
    }

    /// The lines that are in the log with all that they are.
    pub(super) fn applied(&self) -> impl Iterator<Item = u64> {
        let applied = self.lines.iter().filter(|(_, found)| **found == Recovered::Applied);
        applied.map(|(line, _)| *line)
    }

    /// The version that a stock level got by the first of the lines after `line`; `None` when it has none of them.
    ///
    /// The lines of one stock level are decided in their order: `line` was decided by then.
    pub(super) fn decided_by(&self, line: u64, level: &StreamId) -> Option<Version> {
        let later = self.levels.get(level)?.iter().filter(|(other, _)| *other > line);
        later.map(|(_, version)| *version).min()
    }

    /// Whether no line after `line` is known from an earlier run.
    pub(super) fn ends_with(&self, line: u64) -> bool {
        self.last <= line
    }

    /// How many lines an earlier run has in the log after its last checkpoint.
    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }
}
