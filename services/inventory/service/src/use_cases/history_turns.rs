//! Reading histories in turns: a few at a time, and a turn lasts as long as anything that was begun in it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kit_core::{Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{EventStore, EventStoreError, Loaded, Snapshot, Streams};
use kit_service::{ReadError, holding};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Histories that are read at a time: however many ask, they take the memory of so many, and leave threads to the rest.
const READS_MAX: usize = 4;

/// Longest wait for a turn.
const WAIT: Duration = Duration::from_secs(2);

/// The log, for those who wait for their turn.
pub(super) struct HistoryTurns {
    log: Arc<dyn EventStore>,
    free: Arc<Semaphore>,
}

impl HistoryTurns {
    pub(super) fn new(log: Arc<dyn EventStore>) -> Self {
        Self { log, free: Arc::new(Semaphore::new(READS_MAX)) }
    }

    /// Waits for a turn, at most two seconds.
    pub(super) async fn next(&self) -> Result<HistoryTurn, ReadError> {
        match tokio::time::timeout(WAIT, Arc::clone(&self.free).acquire_owned()).await {
            Ok(Ok(permit)) => {
                Ok(HistoryTurn { log: Arc::clone(&self.log), permit: Arc::new(permit) })
            }
            // it is never closed, so that nobody reads without a turn
            Ok(Err(_)) | Err(_) => Err(ReadError::Busy),
        }
    }
}

/// The streams of the log, for the one whose turn it is.
///
/// Each read has the turn as well as the caller: when that leaves, the turn ends with the read.
pub(super) struct HistoryTurn {
    log: Arc<dyn EventStore>,
    permit: Arc<OwnedSemaphorePermit>,
}

impl HistoryTurn {
    /// Does what takes long, as reading the snapshot of a level with very many holds does, on a thread for that.
    pub(super) async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, EventStoreError> {
        let computed = holding(Arc::clone(&self.permit), tokio::task::spawn_blocking(work)).await;
        computed.map_err(|error| EventStoreError::Unavailable(error.to_string()))
    }

    async fn read<T, F>(
        &self,
        read: impl FnOnce(Arc<dyn EventStore>) -> F,
    ) -> Result<T, EventStoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, EventStoreError>> + Send + 'static,
    {
        holding(Arc::clone(&self.permit), read(Arc::clone(&self.log))).await
    }
}

#[async_trait]
impl Streams for HistoryTurn {
    async fn load(
        &self,
        streams: &[StreamId],
        schema_version: u16,
    ) -> Result<Vec<Loaded>, EventStoreError> {
        let streams = streams.to_vec();
        self.read(|log| async move { log.load(&streams, schema_version).await }).await
    }

    async fn load_at(
        &self,
        stream: &StreamId,
        at: Timestamp,
        schema_version: u16,
    ) -> Result<Loaded, EventStoreError> {
        let stream = stream.clone();
        self.read(|log| async move { log.load_at(&stream, at, schema_version).await }).await
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let stream = stream.clone();
        self.read(|log| async move { log.read_stream(&stream, after, limit).await }).await
    }

    async fn read_back(
        &self,
        stream: &StreamId,
        before: Option<Position>,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let stream = stream.clone();
        self.read(|log| async move { log.read_back(&stream, before, limit).await }).await
    }

    async fn save_snapshots(&self, snapshots: Vec<Snapshot>) -> Result<(), EventStoreError> {
        self.log.save_snapshots(snapshots).await
    }
}
