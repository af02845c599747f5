//! The aggregates that a shard keeps in memory. They include events in flight, which the log does not have yet.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use kit_core::{Position, StreamId, Timestamp, Version};
use kit_event_store::{EventStore, EventStoreError, LOAD_STREAMS, Loaded, StreamReader};
use lru::LruCache;

use crate::aggregate::{Aggregate, Durable, EventMark};
use crate::{Codec, Versioned};

/// Streams that cannot be read, and why.
pub(crate) type Unreadable = HashMap<StreamId, EventStoreError, RandomState>;

/// The live aggregates of a shard, in the order of their use.
pub(crate) struct Live<D: Codec> {
    decider: Arc<D>,
    event_store: Arc<dyn EventStore>,
    aggregates: LruCache<StreamId, Aggregate<D::State>, RandomState>,
    /// Whether other processes write to the same log.
    shared: bool,
}

impl<D: Codec> Live<D> {
    pub(crate) fn new(decider: Arc<D>, event_store: Arc<dyn EventStore>) -> Self {
        let shared = !event_store.is_exclusive();
        // no bound in the map itself: all aggregates of a batch must stay in memory until it is durable
        let aggregates = LruCache::unbounded_with_hasher(RandomState::default());
        Self { decider, event_store, aggregates, shared }
    }

    /// Brings streams into memory, and replaces the given names by the shared ones in memory. Gives those that cannot be
    /// read, which concerns nobody else; fails when none can be read now.
    pub(crate) async fn load<'a>(
        &mut self,
        streams: impl Iterator<Item = &'a mut StreamId>,
    ) -> Result<Unreadable, EventStoreError> {
        let mut missing = Vec::new();
        let mut diverged = Vec::new();
        for stream in streams {
            match self.aggregates.get(stream) {
                Some(known) => {
                    *stream = known.stream.clone();
                    if known.durable.as_ref().is_some_and(|durable| durable.diverged) {
                        diverged.push(stream.clone());
                    }
                }
                None => missing.push(stream.clone()),
            }
        }
        let mut unreadable = Unreadable::default();
        for stream in diverged {
            let refreshed = self.refresh(&stream).await;
            note_unreadable(&mut unreadable, &stream, refreshed)?;
        }
        self.fetch(missing, &mut unreadable).await?;
        Ok(unreadable)
    }

    /// Reads one stream from the log into memory, including events of other writers. Nothing of it may be in flight.
    pub(crate) async fn load_current(&mut self, stream: &StreamId) -> Result<(), EventStoreError> {
        if self.shared && self.aggregates.contains(stream) {
            return self.refresh(stream).await;
        }
        let mut unreadable = self.load(std::iter::once(&mut stream.clone())).await?;
        unreadable.remove(stream).map_or(Ok(()), Err)
    }

    async fn fetch(
        &mut self,
        mut missing: Vec<StreamId>,
        unreadable: &mut Unreadable,
    ) -> Result<(), EventStoreError> {
        missing.sort_unstable();
        missing.dedup();
        for some in missing.chunks(LOAD_STREAMS) {
            match self.event_store.load(some, D::SNAPSHOT_SCHEMA).await {
                Ok(loaded) => {
                    for (stream, loaded) in some.iter().zip(loaded) {
                        let taken_in = self.take_in(stream, loaded).await;
                        note_unreadable(unreadable, stream, taken_in)?;
                    }
                }
                // a damaged row fails the whole call: find out whose it is
                Err(EventStoreError::Corrupt(_)) => {
                    for stream in some {
                        let taken_in = self.load_one(stream).await;
                        note_unreadable(unreadable, stream, taken_in)?;
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn load_one(&mut self, stream: &StreamId) -> Result<(), EventStoreError> {
        let one = std::slice::from_ref(stream);
        let loaded = self.event_store.load(one, D::SNAPSHOT_SCHEMA).await?.pop();
        self.take_in(stream, loaded.unwrap_or_default()).await
    }

    async fn take_in(&mut self, stream: &StreamId, loaded: Loaded) -> Result<(), EventStoreError> {
        let aggregate = self.fold(stream, loaded).await?;
        self.aggregates.put(stream.clone(), aggregate);
        Ok(())
    }

    async fn fold(
        &self,
        stream: &StreamId,
        loaded: Loaded,
    ) -> Result<Aggregate<D::State>, EventStoreError> {
        let (mut durable, snapshot_bytes, mut events) = self.begin(stream, loaded);
        let snapshot = durable.version;
        while let Some(event) = events.next().await? {
            durable.evolve(&*self.decider, &event)?;
        }
        let Durable { version, recorded_at, .. } = durable;
        let (state, durable) = if self.shared {
            (durable.state.clone(), Some(Box::new(durable)))
        } else {
            (durable.state, None)
        };
        let stream = stream.clone();
        Ok(Aggregate { stream, state, version, recorded_at, snapshot, snapshot_bytes, durable })
    }

    /// The state to begin with, the size of the snapshot that it is from, and the events after it.
    fn begin<'a>(
        &'a self,
        stream: &'a StreamId,
        loaded: Loaded,
    ) -> (Durable<D::State>, u64, StreamReader<'a>) {
        let log = &*self.event_store;
        let Some(kept) = &loaded.snapshot else {
            return (Durable::default(), 0, StreamReader::of(log, stream, loaded));
        };
        let Some(state) = self.decider.decode_state(&kept.state) else {
            // a snapshot that cannot be read is worth nothing: fold the whole stream
            tracing::warn!(%stream, "snapshot_unreadable");
            return (Durable::default(), 0, StreamReader::after(log, stream, Version::ZERO));
        };
        let bytes = u64::try_from(kept.state.len()).unwrap_or(u64::MAX);
        (Durable::of_snapshot(state, kept), bytes, StreamReader::of(log, stream, loaded))
    }

    /// Folds the events after the durable state, and rebuilds the live state from it where that is marked.
    async fn refresh(&mut self, stream: &StreamId) -> Result<(), EventStoreError> {
        let Some(aggregate) = self.aggregates.peek_mut(stream) else { return Ok(()) };
        let Some(durable) = &mut aggregate.durable else { return Ok(()) };
        let before = durable.version;
        let mut events = StreamReader::after(&*self.event_store, stream, before);
        while let Some(event) = events.next().await? {
            durable.evolve(&*self.decider, &event)?;
        }
        if durable.diverged || durable.version > before {
            durable.diverged = false;
            aggregate.state = durable.state.clone();
            aggregate.version = durable.version;
            aggregate.recorded_at = durable.recorded_at;
        }
        Ok(())
    }

    /// A stream's state, if it is in memory; `head` is the position reported with it where this process is the only
    /// writer.
    pub(crate) fn versioned(
        &self,
        stream: &StreamId,
        head: Position,
    ) -> Option<Versioned<'_, D::State>> {
        let Aggregate { state, version, durable, .. } = self.aggregates.peek(stream)?;
        let position = durable.as_ref().map_or(head, |durable| durable.position);
        Some(Versioned { state, version: *version, position })
    }

    /// The aggregate of a stream, if it is in memory.
    pub(crate) fn get_mut(&mut self, stream: &StreamId) -> Option<&mut Aggregate<D::State>> {
        self.aggregates.peek_mut(stream)
    }

    /// When the last event of any of these streams was recorded.
    pub(crate) fn recorded_at(&self, streams: &[StreamId]) -> Option<Timestamp> {
        let recorded = |stream| self.aggregates.peek(stream).map(|live| live.recorded_at);
        streams.iter().filter_map(recorded).max()
    }

    /// Folds a decided event into a live state and gives the aggregate after it; `None` when the stream is not in memory.
    pub(crate) fn apply(
        &mut self,
        stream: &StreamId,
        event: &D::Event,
        recorded_at: Timestamp,
    ) -> Option<&Aggregate<D::State>> {
        let live = self.aggregates.peek_mut(stream)?;
        live.state = self.decider.evolve(std::mem::take(&mut live.state), event);
        live.version = live.version.next();
        live.recorded_at = recorded_at;
        Some(live)
    }

    /// Folds an event into what the log has, once it is durable. Nothing to do where this process writes alone.
    pub(crate) fn note_durable(&mut self, stream: &StreamId, event: &D::Event, at: EventMark) {
        let Some(live) = self.aggregates.peek_mut(stream) else { return };
        let Some(durable) = &mut live.durable else { return };
        durable.state = self.decider.evolve(std::mem::take(&mut durable.state), event);
        durable.version = at.version;
        durable.position = at.position;
        durable.recorded_at = at.recorded_at;
    }

    /// Discards decided but unwritten events of some streams: the next load reads the log instead.
    pub(crate) fn roll_back<'a>(&mut self, streams: impl Iterator<Item = &'a StreamId>) {
        for stream in streams {
            let durable = self.aggregates.peek_mut(stream).and_then(|live| live.durable.as_mut());
            match durable {
                Some(durable) => durable.diverged = true,
                None => drop(self.aggregates.pop(stream)),
            }
        }
    }

    /// Makes an aggregate without events the first to be evicted: questions about what does not exist must not drive out
    /// what is in use.
    pub(crate) fn demote_unknown(&mut self, stream: &StreamId) {
        if self.aggregates.peek(stream).is_some_and(|live| live.version == Version::ZERO) {
            self.aggregates.demote(stream);
        }
    }

    /// Evicts the aggregates that were not used for the longest time, down to a number of them.
    pub(crate) fn evict(&mut self, keep: usize) {
        while self.aggregates.len() > keep {
            self.aggregates.pop_lru();
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.aggregates.len()
    }

    /// Whether other processes write to the same log.
    pub(crate) fn is_shared(&self) -> bool {
        self.shared
    }
}

/// Keeps what is wrong with a stream itself; any other error is the store's.
fn note_unreadable(
    unreadable: &mut Unreadable,
    stream: &StreamId,
    read: Result<(), EventStoreError>,
) -> Result<(), EventStoreError> {
    match read {
        Err(error @ EventStoreError::Corrupt(_)) => {
            tracing::error!(%stream, %error, "stream_unreadable");
            unreadable.insert(stream.clone(), error);
            Ok(())
        }
        other => other,
    }
}
