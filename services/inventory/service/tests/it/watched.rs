//! An event store that counts what is loaded, and holds back looks into the past.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kit_core::{Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{
    Checkpoints, ClaimKey, EventLog, EventStore, EventStoreError, FoundClaim, Loaded, Outcome,
    Snapshot, Streams, Transaction,
};
use tokio::sync::watch;

/// Another store, watched.
pub(crate) struct Watched {
    pub(crate) store: Arc<dyn EventStore>,
    /// The streams that were loaded, in order.
    pub(crate) loaded: Mutex<Vec<StreamId>>,
    /// While set, every look into the past keeps a blocking thread.
    pub(crate) holds_back: Arc<AtomicBool>,
}

impl Watched {
    pub(crate) fn new(store: Arc<dyn EventStore>) -> Arc<Self> {
        Arc::new(Self { store, loaded: Mutex::default(), holds_back: Arc::default() })
    }

    pub(crate) fn loads(&self) -> usize {
        self.loaded.lock().unwrap().len()
    }
}

#[async_trait]
impl EventLog for Watched {
    async fn append(
        &self,
        transactions: Vec<Transaction>,
    ) -> Result<Vec<Outcome>, EventStoreError> {
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
        self.store.is_exclusive()
    }
}

#[async_trait]
impl Streams for Watched {
    async fn load(
        &self,
        streams: &[StreamId],
        schema_version: u16,
    ) -> Result<Vec<Loaded>, EventStoreError> {
        self.loaded.lock().unwrap().extend_from_slice(streams);
        self.store.load(streams, schema_version).await
    }

    async fn load_at(
        &self,
        stream: &StreamId,
        at: Timestamp,
        schema_version: u16,
    ) -> Result<Loaded, EventStoreError> {
        let held = Arc::clone(&self.holds_back);
        let wait = move || {
            while held.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(5));
            }
        };
        tokio::task::spawn_blocking(wait).await.unwrap();
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
impl Checkpoints for Watched {
    async fn load_checkpoint(&self, subscriber: &str) -> Result<Position, EventStoreError> {
        self.store.load_checkpoint(subscriber).await
    }

    async fn save_checkpoint(&self, subscriber: &str, at: Position) -> Result<(), EventStoreError> {
        self.store.save_checkpoint(subscriber, at).await
    }
}
