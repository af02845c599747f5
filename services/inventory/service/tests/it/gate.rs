//! An event store in memory whose appends wait until they are let through.

use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::memory::MemoryStore;
use kit_event_store::{
    Checkpoints, ClaimKey, EventLog, EventStoreError, FoundClaim, Loaded, Outcome, Snapshot,
    Streams, Transaction,
};
use tokio::sync::{Semaphore, watch};

/// The store; each pass lets one append through.
pub(crate) struct Gate {
    store: MemoryStore,
    pub(crate) passes: Semaphore,
}

impl Gate {
    /// An empty store whose first `passes` appends go through.
    pub(crate) fn new(passes: usize) -> Self {
        Self { store: MemoryStore::new(), passes: Semaphore::new(passes) }
    }
}

#[async_trait]
impl EventLog for Gate {
    async fn append(
        &self,
        transactions: Vec<Transaction>,
    ) -> Result<Vec<Outcome>, EventStoreError> {
        self.passes.acquire().await.unwrap().forget();
        self.store.append(transactions).await
    }

    async fn read_all(
        &self,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        self.store.read_all(after, limit).await
    }

    async fn find_claims(
        &self,
        keys: &[ClaimKey],
        now: Timestamp,
    ) -> Result<Vec<Option<FoundClaim>>, EventStoreError> {
        self.store.find_claims(keys, now).await
    }

    async fn versions(&self, streams: &[StreamId]) -> Result<Vec<Version>, EventStoreError> {
        self.store.versions(streams).await
    }

    fn head(&self) -> watch::Receiver<Position> {
        self.store.head()
    }

    fn last_recorded_at(&self) -> Timestamp {
        self.store.last_recorded_at()
    }

    fn is_exclusive(&self) -> bool {
        true
    }
}

#[async_trait]
impl Streams for Gate {
    async fn load(
        &self,
        streams: &[StreamId],
        schema_version: u16,
    ) -> Result<Vec<Loaded>, EventStoreError> {
        self.store.load(streams, schema_version).await
    }

    async fn load_at(
        &self,
        stream: &StreamId,
        at: Timestamp,
        schema_version: u16,
    ) -> Result<Loaded, EventStoreError> {
        self.store.load_at(stream, at, schema_version).await
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        self.store.read_stream(stream, after, limit).await
    }

    async fn read_back(
        &self,
        stream: &StreamId,
        before: Option<Position>,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        self.store.read_back(stream, before, limit).await
    }

    async fn save_snapshots(&self, snapshots: Vec<Snapshot>) -> Result<(), EventStoreError> {
        self.store.save_snapshots(snapshots).await
    }
}

#[async_trait]
impl Checkpoints for Gate {
    async fn load_checkpoint(&self, subscriber: &str) -> Result<Position, EventStoreError> {
        self.store.load_checkpoint(subscriber).await
    }

    async fn save_checkpoint(&self, subscriber: &str, at: Position) -> Result<(), EventStoreError> {
        self.store.save_checkpoint(subscriber, at).await
    }
}
