//! What a stock level said to a line that an earlier run has sent, and that is not in the log.
//!
//! Answers are not kept beside the log. But what a line was decided on is: the stock level as it was before the next line
//! that it took. So it is decided again, on that.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use gondola_inventory::use_cases::decode_event;
use gondola_inventory_domain::{Command, Inventory, Refusal, decide, evolve};
use kit_core::{StreamId, Timestamp, Version};
use kit_event_store::{EventStore, EventStoreError};

/// Events of a stock level per read.
const PAGE: u64 = 1_000;

/// Stock levels as they were when lines were decided. Lines come in their order, so each goes on from moment to moment and
/// is read once.
#[derive(Default)]
pub(super) struct PastDecisions {
    levels: HashMap<StreamId, Level, RandomState>,
}

/// A stock level at a moment of its past.
#[derive(Default)]
struct Level {
    version: Version,
    inventory: Inventory,
    /// When the event after it was recorded.
    until: Timestamp,
}

impl PastDecisions {
    /// The refusal of a command by a stock level that was about to get a version; `None` when it was not refused for good:
    /// a fact from before what the level remembers is decided after the rest of its group.
    pub(super) async fn refusal(
        &mut self,
        log: &dyn EventStore,
        stream: &StreamId,
        next: Version,
        command: &Command,
    ) -> Result<Option<Refusal>, EventStoreError> {
        let level = self.levels.entry(stream.clone()).or_default();
        level.go_on(log, stream, next).await?;
        let decided = decide(&level.inventory, command, level.until);
        Ok(decided.err().filter(|refusal| !matches!(refusal, Refusal::HistoryNeeded { .. })))
    }
}

impl Level {
    /// Moves on to the moment before the event of version `next`.
    async fn go_on(
        &mut self,
        log: &dyn EventStore,
        stream: &StreamId,
        next: Version,
    ) -> Result<(), EventStoreError> {
        while self.version < next {
            // the event of that version is read for its time
            let missing = next.get() - self.version.get();
            let limit = usize::try_from(missing.min(PAGE)).unwrap_or(usize::MAX);
            let page = log.read_stream(stream, self.version, limit).await?;
            if page.is_empty() {
                return Ok(());
            }
            for recorded in page {
                self.until = recorded.metadata.recorded_at;
                if recorded.version == next {
                    return Ok(());
                }
                self.version = recorded.version;
                let inventory = std::mem::take(&mut self.inventory);
                self.inventory = evolve(inventory, &decode_event(&recorded)?);
            }
        }
        Ok(())
    }
}
