//! One aggregate in memory: its state with everything decided, and where others write also the state that the log has.

use kit_core::{Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{EventStoreError, Snapshot};

use crate::Codec;

/// One aggregate: its state with everything decided, durable or not.
pub(crate) struct Aggregate<S> {
    /// Its name; all data about the aggregate shares this allocation.
    pub(crate) stream: StreamId,
    pub(crate) state: S,
    pub(crate) version: Version,
    /// When its last event was recorded: time does not go back inside a stream.
    pub(crate) recorded_at: Timestamp,
    /// Version of its newest snapshot.
    pub(crate) snapshot: Version,
    /// Size of that snapshot, zero when there is none.
    pub(crate) snapshot_bytes: u64,
    /// The durable state. Kept only where other processes write: only there a decision can be based on a stale state.
    pub(crate) durable: Option<Box<Durable<S>>>,
}

/// An aggregate as the log has it.
#[derive(Default)]
pub(crate) struct Durable<S> {
    pub(crate) state: S,
    pub(crate) version: Version,
    pub(crate) position: Position,
    pub(crate) recorded_at: Timestamp,
    /// Whether the live state must be rebuilt from this one, because an event in it was refused.
    pub(crate) diverged: bool,
}

impl<S> Aggregate<S> {
    /// Events since its newest snapshot.
    pub(crate) fn since_snapshot(&self) -> u64 {
        self.version.get().saturating_sub(self.snapshot.get())
    }
}

/// Where and when a durable event was recorded.
#[derive(Clone, Copy)]
pub(crate) struct EventMark {
    pub(crate) version: Version,
    pub(crate) position: Position,
    pub(crate) recorded_at: Timestamp,
}

impl<S: Default> Durable<S> {
    pub(crate) fn of_snapshot(state: S, kept: &Snapshot) -> Self {
        let Snapshot { version, position, recorded_at, .. } = *kept;
        Self { state, version, position, recorded_at, diverged: false }
    }

    pub(crate) fn evolve<D: Codec<State = S>>(
        &mut self,
        decider: &D,
        event: &RecordedEvent,
    ) -> Result<(), EventStoreError> {
        let decoded = decider.decode(event)?;
        self.state = decider.evolve(std::mem::take(&mut self.state), &decoded);
        self.version = event.version;
        self.position = event.position;
        self.recorded_at = event.metadata.recorded_at;
        Ok(())
    }
}
