//! The event store over SQLite: opens the files, owns the threads, implements the port.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use async_trait::async_trait;
use kit_core::{Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::group::Job;
use kit_event_store::log_folder::LogFolder;
use kit_event_store::{
    Checkpoints, ClaimKey, EventLog, EventStoreError, FoundClaim, Incarnation, Loaded, Outcome,
    Snapshot, Streams, Transaction,
};
use kit_process::critical_thread;
use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use crate::connection::{Durability, ReadPool, open_writer};
use crate::index::{self, PurgeCursor};
use crate::indexer::{IndexJob, Indexer};
use crate::open::{Files, LogFile};
use crate::options::{OpenError, SqliteOptions};
use crate::read::Reader;
use crate::shared::Shared;
use crate::writer::{Writer, unreadable};
use crate::{log, open};

/// Append calls that may wait for the writer; beyond that a call is refused as unavailable.
const APPEND_QUEUE: usize = 1_024;

/// Index jobs that may wait for the indexer.
const INDEX_QUEUE: usize = 256;

/// An event store in two SQLite files.
pub struct SqliteStore {
    reader: Reader,
    jobs: Option<SyncSender<Job>>,
    index_jobs: Option<SyncSender<IndexJob>>,
    threads: Vec<JoinHandle<()>>,
    last_recorded_at: Timestamp,
    incarnation: Incarnation,
    folder: LogFolder,
}

impl SqliteStore {
    /// Opens or creates the store, brings the index up to the log, and starts the writer.
    ///
    /// Blocks: for moments after a clean stop, for the length of the log when the index is missing.
    pub fn open(options: SqliteOptions) -> Result<Self, OpenError> {
        let SqliteOptions { folder, clock, new_id, on_fatal } = options;
        let Files { folder, log, index } = open::open(&folder, new_id)?;
        let (end, incarnation) = (log.end, log.incarnation);
        let in_index = |source| OpenError::Sqlite { path: index.path.clone(), source };
        let index_reader = open_writer(&index.path, Durability::Derived).map_err(in_index)?;
        let shared = Arc::new(Shared::new(end.position, index.max_keys, on_fatal));
        let reader = Reader {
            shared: Arc::clone(&shared),
            log: Arc::new(ReadPool::new(log.path.clone())),
            index: Arc::new(ReadPool::new(index.path)),
        };
        let indexer =
            Indexer { index: index.connection, shared, clock, purge: PurgeCursor::default() };
        let mut store = Self {
            reader,
            jobs: None,
            index_jobs: None,
            threads: Vec::new(),
            last_recorded_at: end.recorded_at,
            incarnation,
            folder,
        };
        store.start(log, index_reader, indexer)?;
        Ok(store)
    }

    fn start(
        &mut self,
        log: LogFile,
        index: Connection,
        indexer: Indexer,
    ) -> Result<(), OpenError> {
        let (jobs, waiting) = sync_channel(APPEND_QUEUE);
        let (index_jobs, index_waiting) = sync_channel(INDEX_QUEUE);
        let shared = Arc::clone(&self.reader.shared);
        let path = log.path.clone();
        let writer = Writer::new(log, index, shared, index_jobs.clone())
            .map_err(|source| OpenError::Sqlite { path, source })?;
        let no_thread = |source| OpenError::Folder { path: self.folder.path().to_owned(), source };
        let shared = &self.reader.shared;
        // the writer first: it is joined first and ends the indexer
        self.threads = vec![
            critical_thread("log-writer", shared.stopper(), move || writer.run(&waiting))
                .map_err(no_thread)?,
            critical_thread("log-indexer", shared.stopper(), move || indexer.run(&index_waiting))
                .map_err(no_thread)?,
        ];
        self.jobs = Some(jobs);
        self.index_jobs = Some(index_jobs);
        Ok(())
    }

    /// Has the indexer write something and waits for it.
    async fn index(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<(), EventStoreError>>) -> IndexJob,
    ) -> Result<(), EventStoreError> {
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

impl Drop for SqliteStore {
    /// Waits until the writer has finished the groups it took and has flushed the index, if the index can be written.
    fn drop(&mut self) {
        self.reader.shared.close();
        self.jobs = None;
        self.index_jobs = None;
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("event_store_thread_panicked");
            }
        }
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
        jobs.try_send(Job { transactions, reply }).map_err(|error| match error {
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

    async fn save_checkpoint(&self, subscriber: &str, at: Position) -> Result<(), EventStoreError> {
        let subscriber = subscriber.to_owned();
        self.index(|reply| IndexJob::Checkpoint { subscriber, at, reply }).await
    }
}

fn closed() -> EventStoreError {
    EventStoreError::Stopped("the event store is closed".into())
}
