//! Snapshots of busy streams: drafted when a batch is decided, kept when it is durable, never waited for.

use std::sync::Arc;

use kit_core::{RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::Snapshot;

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

/// Drafts a snapshot of a stream if enough happened since its last one: `every` events, more for a large state.
pub(crate) fn draft<D: Codec>(
    decider: &D,
    live: &mut Live<D>,
    stream: &StreamId,
    every: u64,
) -> Option<Draft> {
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
pub(crate) fn committed<D: Codec>(
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
