//! Snapshots of busy streams: drafted when a batch is decided, kept when it is durable, never waited for.

use std::sync::Arc;

use kit_core::{RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{EventStore, Snapshot};
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

use crate::Codec;
use crate::live::Live;

/// A snapshot of this many bytes puts the next one off by an event, so that the work of writing snapshots stays in
/// proportion to the events, however large a state grows.
const BYTES_PER_EVENT: u64 = 128;

/// A state as a batch will leave it, waiting for its last event to be recorded.
pub(crate) struct Draft {
    stream: StreamId,
    version: Version,
    recorded_at: Timestamp,
    state: Box<str>,
}

/// The snapshots of a shard: drafted where they are due, and written by one task at a time.
pub(crate) struct Snapshots {
    event_store: Arc<dyn EventStore>,
    tasks: TaskTracker,
    every: u64,
    /// Those that are being written.
    saving: Option<JoinHandle<()>>,
}

impl Snapshots {
    pub(crate) fn new(event_store: Arc<dyn EventStore>, tasks: TaskTracker, every: u64) -> Self {
        Self { event_store, tasks, every, saving: None }
    }

    /// Events of a stream between two of them, for a small state.
    pub(crate) fn every(&self) -> u64 {
        self.every
    }

    /// Drafts those of busy streams that are due; none while others are being written.
    pub(crate) fn draft<D: Codec>(
        &self,
        decider: &D,
        live: &mut Live<D>,
        busy: &[StreamId],
    ) -> Vec<Draft> {
        if self.saving.as_ref().is_some_and(|saving| !saving.is_finished()) {
            return Vec::new();
        }
        let draft = |stream| draft(decider, live, stream, self.every);
        busy.iter().filter_map(draft).collect()
    }

    /// Begins to write those whose last event was committed.
    pub(crate) fn keep<D: Codec>(
        &mut self,
        drafts: Vec<Draft>,
        committed: &[Vec<Arc<RecordedEvent>>],
    ) {
        let due = committed_of::<D>(drafts, committed);
        if due.is_empty() {
            return;
        }
        let event_store = Arc::clone(&self.event_store);
        self.saving = Some(self.tasks.spawn(async move {
            if let Err(error) = event_store.save_snapshots(due).await {
                tracing::warn!(%error, "snapshots_not_kept");
            }
        }));
    }
}

/// Drafts a snapshot of a stream if enough happened since its last one: `every` events, more for a large state.
fn draft<D: Codec>(
    decider: &D,
    live: &mut Live<D>,
    stream: &StreamId,
    every: u64,
) -> Option<Draft> {
    if D::SNAPSHOT_SCHEMA == 0 {
        return None;
    }
    let aggregate = live.get_mut(stream)?;
    if aggregate.since_snapshot() < every + aggregate.snapshot_bytes / BYTES_PER_EVENT {
        return None;
    }
    let state = decider.encode_state(&aggregate.state);
    aggregate.snapshot = aggregate.version;
    aggregate.snapshot_bytes = u64::try_from(state.len()).unwrap_or(u64::MAX);
    let (version, recorded_at) = (aggregate.version, aggregate.recorded_at);
    Some(Draft { stream: stream.clone(), version, recorded_at, state })
}

/// The snapshots of the drafts whose last event was committed.
fn committed_of<D: Codec>(
    drafts: Vec<Draft>,
    committed: &[Vec<Arc<RecordedEvent>>],
) -> Vec<Snapshot> {
    let recorded = |draft: Draft| {
        let mut events = committed.iter().flatten();
        let last =
            events.find(|event| event.version == draft.version && event.stream == draft.stream)?;
        Some(Snapshot {
            stream: draft.stream,
            version: draft.version,
            position: last.position,
            recorded_at: draft.recorded_at,
            schema_version: D::SNAPSHOT_SCHEMA,
            state: draft.state,
        })
    };
    drafts.into_iter().filter_map(recorded).collect()
}
