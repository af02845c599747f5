//! Parked streams: a follower that cannot read an event passes over its stream from there on, and goes on with the others.
//!
//! What comes later in that stream would be applied out of order, so it waits. At its next start the follower is offered
//! the stream again from the event that stopped it: a newer version of the program may read it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use kit_core::{Position, RecordedEvent, StreamId, Version};

use crate::port::EventStoreError;
use crate::projection::ProjectionError;

#[cfg(test)]
mod tests;

/// Most streams that a follower parks. Beyond it the fault is not in the events: it stands still and reports it.
pub const PARKED_STREAMS_MAX: usize = 10_000;

/// A stream that a follower passes over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParkedStream {
    /// The stream.
    pub stream: StreamId,
    /// The version up to which its events are applied.
    pub applied: Version,
    /// Position of the event that cannot be read.
    pub position: Position,
    /// Why it cannot.
    pub reason: String,
}

type Streams = BTreeMap<StreamId, ParkedStream>;

/// The parked streams of one follower; clones are the same ones.
#[derive(Clone, Debug)]
pub struct Parking {
    follower: &'static str,
    streams: Arc<RwLock<Arc<Streams>>>,
}

impl Parking {
    /// The parking of a follower, which goes by this name in the log, with the streams that it has parked before.
    pub fn new(follower: &'static str, parked: impl IntoIterator<Item = ParkedStream>) -> Self {
        let streams = parked.into_iter().map(|parked| (parked.stream.clone(), parked)).collect();
        Self { follower, streams: Arc::new(RwLock::new(Arc::new(streams))) }
    }

    /// The parked streams, in the order of their names.
    #[must_use]
    pub fn streams(&self) -> Vec<ParkedStream> {
        self.now().values().cloned().collect()
    }

    /// The one with this name, if it is parked.
    #[must_use]
    pub fn find(&self, stream: &StreamId) -> Option<ParkedStream> {
        self.now().get(stream).cloned()
    }

    /// Whether no stream is parked, as is usual.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.now().is_empty()
    }

    /// Begins a change of what is parked, to be committed together with what the follower applies.
    #[must_use]
    pub fn begin(&self) -> ParkingChange {
        let streams = self.now();
        ParkingChange { parking: self.clone(), streams, changed: BTreeSet::new() }
    }

    /// Takes over what another process has parked that follows the log for the same view.
    pub fn replace(&self, parked: impl IntoIterator<Item = ParkedStream>) {
        let Self { streams, .. } = Self::new(self.follower, parked);
        let found = streams.read().unwrap_or_else(PoisonError::into_inner);
        *self.streams.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&found);
    }

    /// Forgets a stream that has been applied to the end.
    pub fn release(&self, stream: &StreamId) {
        let mut streams = self.streams.write().unwrap_or_else(PoisonError::into_inner);
        if Arc::make_mut(&mut streams).remove(stream).is_some() {
            tracing::info!(follower = self.follower, %stream, "stream_taken_up_again");
        }
    }

    fn now(&self) -> Arc<Streams> {
        Arc::clone(&self.streams.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for Parking {
    /// Of a follower that parks nothing.
    fn default() -> Self {
        Self::new("follower", [])
    }
}

/// What a batch of events changes about parked streams. Dropped without a commit, it changes nothing.
#[derive(Debug)]
pub struct ParkingChange {
    parking: Parking,
    streams: Arc<Streams>,
    changed: BTreeSet<StreamId>,
}

impl ParkingChange {
    /// Whether an event is passed over, because one before it in its stream was not applied.
    #[must_use]
    pub fn passes_over(&self, recorded: &RecordedEvent) -> bool {
        let parked = self.streams.get(&recorded.stream);
        parked.is_some_and(|parked| parked.applied.get() + 1 != recorded.version.get())
    }

    /// The event as `read` has it; `None` when it is passed over, or parks its stream because it cannot be read.
    pub fn admit<E>(
        &mut self,
        recorded: &RecordedEvent,
        read: impl FnOnce(&RecordedEvent) -> Result<E, EventStoreError>,
    ) -> Result<Option<E>, ProjectionError> {
        if self.passes_over(recorded) {
            return Ok(None);
        }
        match read(recorded) {
            Ok(event) => {
                self.note_applied(recorded);
                Ok(Some(event))
            }
            Err(EventStoreError::Corrupt(reason)) => {
                self.park(recorded, reason)?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The streams whose parking this batch has changed, as they are parked after it.
    pub fn changed(&self) -> impl Iterator<Item = &ParkedStream> {
        self.changed.iter().filter_map(|stream| self.streams.get(stream))
    }

    /// Makes the change; to be called once it is stored.
    pub fn commit(self) {
        for parked in self.changed() {
            let ParkedStream { stream, position, reason, .. } = parked;
            let known = self.parking.find(stream);
            if known.is_none_or(|known| known.position != *position) {
                let follower = self.parking.follower;
                tracing::error!(follower, %stream, %position, reason, "stream_parked");
            }
        }
        if !self.changed.is_empty() {
            let streams = &self.parking.streams;
            *streams.write().unwrap_or_else(PoisonError::into_inner) = self.streams;
        }
    }

    /// A stream that is taken up again has one event more.
    fn note_applied(&mut self, recorded: &RecordedEvent) {
        if self.streams.contains_key(&recorded.stream)
            && let Some(parked) = Arc::make_mut(&mut self.streams).get_mut(&recorded.stream)
        {
            parked.applied = recorded.version;
            self.changed.insert(recorded.stream.clone());
        }
    }

    fn park(&mut self, recorded: &RecordedEvent, reason: String) -> Result<(), ProjectionError> {
        let stream = recorded.stream.clone();
        if self.streams.len() >= PARKED_STREAMS_MAX && !self.streams.contains_key(&stream) {
            return Err(ProjectionError::TooManyParked { reason });
        }
        let applied = Version::new(recorded.version.get().saturating_sub(1));
        let position = recorded.position;
        let parked = ParkedStream { stream: stream.clone(), applied, position, reason };
        Arc::make_mut(&mut self.streams).insert(stream.clone(), parked);
        self.changed.insert(stream);
        Ok(())
    }
}
