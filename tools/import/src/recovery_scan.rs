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
    /// was refused, and is not asked again, because the later ones may have changed the answer. `asks_again` says that
    /// this does not hold for the line.
    pub(super) fn recovered(
        &self,
        line: u64,
        movement: &Movement,
        asks_again: bool,
    ) -> Result<Recovered, Reject> {
        if self.lines.is_empty() {
            return Ok(Recovered::Nothing);
        }
        if let Some(before) = self.lines.get(&line) {
            return Ok(*before);
        }
        match self.levels.get(&stream_id(movement.product, movement.store)) {
            Some(last) if *last > line && !asks_again => {
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

#[cfg(test)]
mod tests {
    use gondola_inventory_domain::{AddStock, PositiveQuantity, ProductId, StoreId};
    use uuid::Uuid;

    use super::*;
    use crate::movement::Change;

    #[test]
    fn a_line_before_those_of_its_level_that_are_done_was_refused_unless_it_may_come_later() {
        let (store, product) =
            (StoreId::from_uuid(Uuid::from_u128(1)), ProductId::from_uuid(Uuid::from_u128(2)));
        let add = AddStock {
            quantity: PositiveQuantity::new(1).unwrap(),
            reason: None,
            reference: None,
            occurred_at: None,
        };
        let movement = Movement { store, product, change: Change::Added(add) };
        let scan = RecoveryScan {
            lines: [(7, Recovered::Applied)].into_iter().collect(),
            levels: [(stream_id(product, store), 7)].into_iter().collect(),
            last: 7,
        };
        let recovered = |line, asks_again| {
            scan.recovered(line, &movement, asks_again).map_err(|reject| reject.code)
        };
        assert_eq!(recovered(6, false), Err("refused-before"));
        assert_eq!(recovered(6, true), Ok(Recovered::Nothing));
        assert_eq!(recovered(8, false), Ok(Recovered::Nothing));
        for asks_again in [false, true] {
            assert_eq!(recovered(7, asks_again), Ok(Recovered::Applied), "never twice");
        }
    }
}
