//! What a run that was broken off left in the log after its last checkpoint.
//!
//! It reads the log rather than idempotency keys: those expire, and the log does not.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use gondola_inventory::use_cases::decode_event;
use gondola_inventory_domain::{Event, stream_id};
use kit_core::{Position, RecordedEvent, StreamId};
use kit_event_store::{EventStore, EventStoreError};

use super::deterministic_ids::DeterministicIds;
use super::movement::Movement;
use super::reject::Reject;

/// Events per read of the log.
const PAGE: usize = 10_000;

/// Lines that an earlier run has dealt with; usually a few chunks.
#[derive(Debug, Default)]
pub(super) struct RecoveryScan {
    lines: HashMap<u64, Recovered, RandomState>,
    /// The last line that is in the log, by stock level.
    levels: HashMap<StreamId, u64, RandomState>,
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
        let mut recovery = Self::default();
        let mut after = after;
        loop {
            let page = log.read_all(after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(recovery) };
            after = last.position;
            for event in &page {
                recovery.note(event, ids)?;
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
        let before = match decode_event(recorded)? {
            Event::StockReserved { reservation_id, .. } => {
                let number = ids.read(reservation_id.as_uuid()).map_or(0, |(_, number)| number);
                Recovered::Reserved(number)
            }
            Event::StockCommitted { .. }
            | Event::StockAdded { .. }
            | Event::StockAdjusted { .. } => Recovered::Applied,
            // the overdue reservation of another caller, ended to make room
            Event::StockReleased { .. }
            | Event::ReservationExtended { .. }
            | Event::StockPolicyChanged { .. } => return Ok(()),
        };
        self.lines.insert(line, before);
        let last = self.levels.entry(recorded.stream.clone()).or_default();
        *last = line.max(*last);
        self.last = line.max(self.last);
        Ok(())
    }

    /// What is in the log of a line, or that the line was refused.
    ///
    /// The lines of one stock level are decided in their order: a line that is not in the log while a later one is
    /// was refused, and is not asked again, because the later ones may have changed the answer.
    pub(super) fn recovered(&self, line: u64, movement: &Movement) -> Result<Recovered, Reject> {
        if self.lines.is_empty() {
            return Ok(Recovered::Nothing);
        }
        if let Some(before) = self.lines.get(&line) {
            return Ok(*before);
        }
        match self.levels.get(&stream_id(movement.product, movement.store)) {
            Some(last) if *last > line => {
                let reason = "the stock level refused it before the import was broken off, and later lines are done";
                Err(Reject::new("refused-before", reason))
            }
            _ => Ok(Recovered::Nothing),
        }
    }

    /// What is in the log of a line.
    pub(super) fn of_line(&self, line: u64) -> Recovered {
        self.lines.get(&line).copied().unwrap_or(Recovered::Nothing)
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
