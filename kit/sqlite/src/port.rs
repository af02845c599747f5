//! The port, implemented: appends go to the writer, reads to a blocking task, what is derived to the indexer.

use std::sync::Arc;
use std::sync::mpsc::TrySendError;

use async_trait::async_trait;
use kit_core::{Epoch, Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::group::Job;
use kit_event_store::{
    Checkpoints, ClaimKey, EventLog, EventStoreError, FoundClaim, Incarnation, Loaded, Outcome,
    SavedCheckpoint, Snapshot, Streams, Transaction,
};
use tokio::sync::{oneshot, watch};

use crate::indexer::IndexJob;
use crate::read::Reader;
use crate::read_failure::unreadable;
use crate::store::SqliteStore;
use crate::{index, log};

impl SqliteStore {
    /// Has the indexer write something and waits for it.
    async fn index<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, EventStoreError>>) -> IndexJob,
    ) -> Result<T, EventStoreError> {
        let (reply, answer) = oneshot::channel();
        let jobs = self.index_jobs.as_ref().ok_or_else(closed)?;
        jobs.try_send(job(reply))
            .map_err(|_| EventStoreError::Unavailable("the index queue is full".into()))?;
        answer.await.map_err(|_| closed())?
    }

    /// Runs a query on a blocking task.
    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Reader) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, EventStoreError> {
        let reader = self.reader.clone();
        tokio::task::spawn_blocking(move || query(&reader))
            .await
            .map_err(|error| EventStoreError::Unavailable(error.to_string()))?
            .map_err(|error| unreadable(&error))
    }
}

#[async_trait]
impl EventLog for SqliteStore {
    async fn append(
        &self,
        transactions: Vec<Transaction>,
    ) -> Result<Vec<Outcome>, EventStoreError> {
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or_else(closed)?;
        let after = *self.reader.shared.head.borrow();
        jobs.try_send(Job::new(transactions, reply)).map_err(|error| match error {
            TrySendError::Full(_) => {
                EventStoreError::Unavailable("the append queue is full".into())
            }
            TrySendError::Disconnected(_) => closed(),
        })?;
        // the writer only drops a reply when it panics during a commit
        let lost =
            |_| EventStoreError::Unknown { reason: "the log writer went away".into(), after };
        answer.await.map_err(lost)?
    }

    async fn read_all(
        &self,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        // the file may have more already: the writer publishes a group after its commit
        let end = *self.reader.shared.head.borrow();
        if after >= end {
            return Ok(Vec::new());
        }
        if let Some(events) = self.reader.shared.recent().after(after, limit) {
            return Ok(events);
        }
        self.read(move |reader| reader.log.with(|log| log::events_after(log, after, end, limit)))
            .await
    }

    async fn find_claims(
        &self,
        keys: &[ClaimKey],
        now: Timestamp,
    ) -> Result<Vec<Option<FoundClaim>>, EventStoreError> {
        let mut found = Vec::with_capacity(keys.len());
        let mut missing = Vec::new();
        {
            // under one lock: a claim leaves the memtables only after the greatest keys cover it
            let memtables = self.reader.shared.memtables();
            let max_keys = self.reader.shared.max_keys();
            for (index, key) in keys.iter().enumerate() {
                let claim = memtables.claim(key);
                if claim.is_none() && !max_keys.rule_out(key) {
                    missing.push((index, key.clone()));
                }
                found.push(claim);
            }
        }
        if !missing.is_empty() {
            let stored = self
                .read(move |reader| {
                    reader.index.with(|connection| {
                        missing
                            .into_iter()
                            .map(|(at, key)| Ok((at, index::claim(connection, &key)?)))
                            .collect::<rusqlite::Result<Vec<_>>>()
                    })
                })
                .await?;
            for (index, claim) in stored {
                found[index] = claim;
            }
        }
        Ok(found.into_iter().map(|claim| claim.filter(|one| one.holds_at(now))).collect())
    }

    fn refuse_when_stopped(&self) -> Result<(), EventStoreError> {
        self.reader.shared.refuse_when_stopped()
    }

    async fn versions(&self, streams: &[StreamId]) -> Result<Vec<Version>, EventStoreError> {
        let streams = streams.to_vec();
        self.read(move |reader| {
            let version =
                |stream| Ok(reader.head(stream)?.map_or(Version::ZERO, |head| head.version));
            streams.iter().map(version).collect()
        })
        .await
    }

    fn incarnation(&self) -> Incarnation {
        self.incarnation
    }

    fn health(&self) -> Result<(), String> {
        self.reader.shared.check_health()
    }

    fn head(&self) -> watch::Receiver<Position> {
        self.reader.shared.head.subscribe()
    }

    fn last_recorded_at(&self) -> Timestamp {
        self.last_recorded_at
    }

    fn is_exclusive(&self) -> bool {
        true
    }
}

#[async_trait]
impl Streams for SqliteStore {
    async fn load(
        &self,
        streams: &[StreamId],
        schema_version: u16,
    ) -> Result<Vec<Loaded>, EventStoreError> {
        let streams = streams.to_vec();
        self.read(move |reader| {
            let load = |stream| reader.load(stream, schema_version, Timestamp::MAX);
            streams.iter().map(load).collect()
        })
        .await
    }

    async fn load_at(
        &self,
        stream: &StreamId,
        at: Timestamp,
        schema_version: u16,
    ) -> Result<Loaded, EventStoreError> {
        let stream = stream.clone();
        self.read(move |reader| reader.load(&stream, schema_version, at)).await
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let stream = stream.clone();
        self.read(move |reader| reader.read_stream(&stream, after, limit)).await
    }

    async fn read_back(
        &self,
        stream: &StreamId,
        before: Option<Position>,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let stream = stream.clone();
        self.read(move |reader| reader.read_back(&stream, before, limit)).await
    }

    async fn save_snapshots(&self, snapshots: Vec<Snapshot>) -> Result<(), EventStoreError> {
        self.index(|reply| IndexJob::Snapshots { snapshots, reply }).await
    }
}

#[async_trait]
impl Checkpoints for SqliteStore {
    async fn load_checkpoint(&self, subscriber: &str) -> Result<Position, EventStoreError> {
        let subscriber = subscriber.to_owned();
        self.read(move |reader| reader.index.with(|index| index::checkpoint(index, &subscriber)))
            .await
    }

    async fn save_checkpoint(
        &self,
        subscriber: &str,
        at: Position,
        epoch: Epoch,
    ) -> Result<SavedCheckpoint, EventStoreError> {
        let subscriber = subscriber.to_owned();
        self.index(|reply| IndexJob::Checkpoint { subscriber, at, epoch, reply }).await
    }
}

fn closed() -> EventStoreError {
    EventStoreError::Stopped("the event store is closed".into())
}
