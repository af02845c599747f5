//! The reference adapter: everything in memory, for tests and simulations.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use foldhash::fast::RandomState;
use kit_core::{
    Epoch, IdSource as _, Position, RandomIds, RecordedEvent, StreamId, Timestamp, Version,
};
use tokio::sync::watch;

use crate::admit::{self, Lookup};
use crate::incarnation::Incarnation;
use crate::port::{
    Checkpoints, EventLog, EventStoreError, LOAD_PAGE_EVENTS, Loaded, SavedCheckpoint, Snapshot,
    Streams,
};
use crate::snapshot_cache::SnapshotCache;
use crate::transaction::{ClaimKey, FoundClaim, Outcome, Transaction};

/// An event store that forgets everything with the process, and nothing before.
#[derive(Debug)]
pub struct MemoryStore {
    contents: Mutex<Contents>,
    head: watch::Sender<Position>,
    incarnation: Incarnation,
    exclusive: bool,
}

/// What is stored.
#[derive(Debug, Default)]
struct Contents {
    log: Vec<Arc<RecordedEvent>>,
    streams: HashMap<StreamId, Vec<Arc<RecordedEvent>>, RandomState>,
    claims: HashMap<ClaimKey, FoundClaim, RandomState>,
    latest: Timestamp,
    snapshots: SnapshotCache,
    checkpoints: HashMap<String, (Position, Epoch)>,
}

impl MemoryStore {
    /// An empty store with one writer.
    #[must_use]
    pub fn new() -> Self {
        Self {
            contents: Mutex::default(),
            head: watch::Sender::new(Position::ZERO),
            incarnation: Incarnation::new(RandomIds.next_id(Timestamp::default())),
            exclusive: true,
        }
    }

    /// An empty store that several writers share, so that none may trust the versions it remembers.
    #[must_use]
    pub fn shared() -> Self {
        Self { exclusive: false, ..Self::new() }
    }

    fn contents(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().expect("no thread panics while it holds the contents")
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl Lookup for Contents {
    fn version(&mut self, stream: &StreamId) -> Result<Version, EventStoreError> {
        Ok(self.events(stream).last().map_or(Version::ZERO, |event| event.version))
    }

    fn claim(&mut self, key: &ClaimKey) -> Result<Option<FoundClaim>, EventStoreError> {
        Ok(self.claims.get(key).cloned())
    }
}

impl Contents {
    fn events(&self, stream: &StreamId) -> &[Arc<RecordedEvent>] {
        self.streams.get(stream).map_or(&[], Vec::as_slice)
    }

    fn last(&self) -> Position {
        self.log.last().map_or(Position::ZERO, |event| event.position)
    }

    fn append(&mut self, transactions: Vec<Transaction>) -> Result<Vec<Outcome>, EventStoreError> {
        let last = self.last();
        let admitted = admit::admit(self, last, vec![transactions])?;
        for event in admitted.events() {
            self.latest = self.latest.max(event.metadata.recorded_at);
            self.log.push(Arc::clone(event));
            self.streams.entry(event.stream.clone()).or_default().push(Arc::clone(event));
        }
        for (claim, position) in admitted.claims {
            let found = FoundClaim { value: claim.value, expires_at: claim.expires_at, position };
            self.claims.insert(claim.key, found);
        }
        Ok(admitted.outcomes)
    }

    fn load(&mut self, stream: &StreamId, schema_version: u16, at: Option<Timestamp>) -> Loaded {
        let snapshot = self.snapshots.newest(stream, schema_version, at);
        let folded = snapshot.as_ref().map_or(Version::ZERO, |snapshot| snapshot.version);
        let loaded = Loaded { snapshot, events: self.page(stream, folded, LOAD_PAGE_EVENTS) };
        loaded.until(at.unwrap_or(Timestamp::MAX))
    }

    fn page(&self, stream: &StreamId, after: Version, limit: usize) -> Vec<Arc<RecordedEvent>> {
        let events = self.events(stream);
        let start = events.partition_point(|event| event.version <= after);
        events[start..].iter().take(limit).cloned().collect()
    }
}

#[async_trait]
impl EventLog for MemoryStore {
    async fn append(
        &self,
        transactions: Vec<Transaction>,
    ) -> Result<Vec<Outcome>, EventStoreError> {
        let mut contents = self.contents();
        let outcomes = contents.append(transactions)?;
        self.head.send_replace(contents.last());
        Ok(outcomes)
    }

    async fn read_all(
        &self,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let contents = self.contents();
        let start = contents.log.partition_point(|event| event.position <= after);
        Ok(contents.log[start..].iter().take(limit).cloned().collect())
    }

    async fn find_claims(
        &self,
        keys: &[ClaimKey],
        now: Timestamp,
    ) -> Result<Vec<Option<FoundClaim>>, EventStoreError> {
        let contents = self.contents();
        let holder = |key| contents.claims.get(key).filter(|claim| claim.holds_at(now)).cloned();
        Ok(keys.iter().map(holder).collect())
    }

    async fn versions(&self, streams: &[StreamId]) -> Result<Vec<Version>, EventStoreError> {
        let mut contents = self.contents();
        streams.iter().map(|stream| contents.version(stream)).collect()
    }

    fn incarnation(&self) -> Incarnation {
        self.incarnation
    }

    fn head(&self) -> watch::Receiver<Position> {
        self.head.subscribe()
    }

    fn last_recorded_at(&self) -> Timestamp {
        self.contents().latest
    }

    fn is_exclusive(&self) -> bool {
        self.exclusive
    }
}

#[async_trait]
impl Streams for MemoryStore {
    async fn load(
        &self,
        streams: &[StreamId],
        schema_version: u16,
    ) -> Result<Vec<Loaded>, EventStoreError> {
        let mut contents = self.contents();
        Ok(streams.iter().map(|stream| contents.load(stream, schema_version, None)).collect())
    }

    async fn load_at(
        &self,
        stream: &StreamId,
        at: Timestamp,
        schema_version: u16,
    ) -> Result<Loaded, EventStoreError> {
        Ok(self.contents().load(stream, schema_version, Some(at)))
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        Ok(self.contents().page(stream, after, limit))
    }

    async fn read_back(
        &self,
        stream: &StreamId,
        before: Option<Position>,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let contents = self.contents();
        let events = contents.events(stream);
        let end = match before {
            None => Ok(events.len()),
            Some(before) => events.binary_search_by_key(&before, |event| event.position),
        };
        let end = end.unwrap_or(0);
        Ok(events[..end].iter().rev().take(limit).cloned().collect())
    }

    async fn save_snapshots(&self, snapshots: Vec<Snapshot>) -> Result<(), EventStoreError> {
        let mut contents = self.contents();
        for snapshot in snapshots {
            contents.snapshots.save(snapshot);
        }
        Ok(())
    }
}

#[async_trait]
impl Checkpoints for MemoryStore {
    async fn load_checkpoint(&self, subscriber: &str) -> Result<Position, EventStoreError> {
        Ok(self.contents().checkpoints.get(subscriber).map_or(Position::ZERO, |(at, _)| *at))
    }

    async fn save_checkpoint(
        &self,
        subscriber: &str,
        at: Position,
        epoch: Epoch,
    ) -> Result<SavedCheckpoint, EventStoreError> {
        let checkpoints = &mut self.contents().checkpoints;
        match checkpoints.get(subscriber) {
            Some((_, by)) if *by > epoch => Ok(SavedCheckpoint::Superseded { by: *by }),
            _ => {
                checkpoints.insert(subscriber.to_owned(), (at, epoch));
                Ok(SavedCheckpoint::Saved)
            }
        }
    }
}
