//! Snapshots of busy streams: drawn when a batch is decided, kept when it is durable, never waited for.

use std::sync::Arc;

use kit_core::{RecordedEvent, StreamId, Timestamp, Version};

use super::shard::Shard;
use crate::Codec;
use kit_event_store::Snapshot;

/// A snapshot of this many bytes puts the next one off by an event, so that the work of writing snapshots stays in
/// proportion to the events, however large a state grows.
const SNAPSHOT_BYTES_PER_EVENT: u64 = 16;

/// A state as a batch will leave it, waiting for its last event to be recorded.
pub(super) struct Draft {
    stream: StreamId,
    version: Version,
    recorded_at: Timestamp,
    state: Box<str>,
}

impl<D: Codec> Shard<D> {
    /// Draws the streams on which enough happened since their last snapshot.
    pub(super) fn draft_snapshots(&mut self, now: Timestamp) -> Vec<Draft> {
        let due = std::mem::take(&mut self.due);
        if self.saving.as_ref().is_some_and(|saving| !saving.is_finished()) {
            return Vec::new();
        }
        due.iter().filter_map(|stream| self.draft(stream, now)).collect()
    }

    fn draft(&mut self, stream: &StreamId, now: Timestamp) -> Option<Draft> {
        let decider = &self.deps.decider;
        let live = self.live.peek_mut(stream)?;
        if live.since_snapshot()
            < self.snapshot_every + live.snapshot_bytes / SNAPSHOT_BYTES_PER_EVENT
        {
            return None;
        }
        live.snapshot = live.version;
        let state = decider.encode_state(&live.state);
        live.snapshot_bytes = u64::try_from(state.len()).unwrap_or(u64::MAX);
        Some(Draft { stream: stream.clone(), version: live.version, recorded_at: now, state })
    }

    /// Keeps the drafts whose last event was committed.
    pub(super) fn keep_snapshots(
        &mut self,
        drafts: Vec<Draft>,
        committed: &[Vec<Arc<RecordedEvent>>],
    ) {
        let recorded = |draft: Draft| {
            let mut events = committed.iter().flatten();
            let last = events
                .find(|event| event.version == draft.version && event.stream == draft.stream)?;
            Some(Snapshot {
                stream: draft.stream,
                version: draft.version,
                position: last.position,
                recorded_at: draft.recorded_at,
                schema_version: D::SNAPSHOT_SCHEMA,
                state: draft.state,
            })
        };
        let due: Vec<Snapshot> = drafts.into_iter().filter_map(recorded).collect();
        if due.is_empty() {
            return;
        }
        let store = Arc::clone(&self.deps.event_store);
        self.saving = Some(self.tasks.spawn(async move {
            if let Err(error) = store.save_snapshots(due).await {
                tracing::warn!(%error, "snapshots_not_kept");
            }
        }));
    }
}
