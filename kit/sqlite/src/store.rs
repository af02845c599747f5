//! The event store over SQLite: opens the files, owns the threads, implements the port.

use std::fs::File;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{
    Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, RwLock, RwLockReadGuard,
    RwLockWriteGuard,
};
use std::thread::JoinHandle;
use std::time::Duration;

use async_trait::async_trait;
use kit_core::{Clock, Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{
    Bookmark, Checkpoints, ClaimKey, EventLog, FoundClaim, Loaded, Outcome, Snapshot, StoreError,
    Streams, Transaction,
};
use rusqlite::Connection;
use tokio::sync::{oneshot, watch};
use uuid::Uuid;

use crate::background::Turns;
use crate::connection::{Durability, ReadPool, open_writer};
use crate::index::{self, PurgeCursor, Watermarks};
use crate::indexer::{IndexJob, Indexer};
use crate::log;
use crate::read::Reader;
use crate::tail::{Generation, Tail};
use crate::writer::{Job, Writer, unreadable};

/// Append calls that may wait for the writer; beyond that a call is refused as unavailable.
const APPEND_QUEUE: usize = 1_024;

/// Index jobs that may wait for the indexer.
const INDEX_QUEUE: usize = 256;

/// Where and how to open a store.
pub struct SqliteOptions {
    /// Folder of `events.db` and `index.db`; created when missing.
    pub folder: PathBuf,
    /// Tells when claims have expired and may be forgotten.
    pub clock: Arc<dyn Clock>,
    /// Names the log when it is new.
    pub new_id: Uuid,
    /// Shared with the other background threads of the process: the index is written in a turn of its own.
    pub turns: Turns,
    /// Called once, from the writer, when the log can no longer be trusted to keep what it is given. The process
    /// should end soon after: only a restart finds out what is on disk.
    pub on_fatal: Arc<dyn Fn(&str) + Send + Sync>,
}

/// The store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("{0} is in use by another gondola process; stop it first, or use another data folder")]
    InUse(PathBuf),
    /// A file or folder could not be used.
    #[error("cannot use {path}")]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// SQLite refused a file.
    #[error("cannot open {path}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: rusqlite::Error,
    },
}

/// What the threads and the readers share.
pub(crate) struct Shared {
    tail: RwLock<Tail>,
    watermarks: RwLock<Watermarks>,
    pub(crate) head: watch::Sender<Position>,
    flushing: Mutex<bool>,
    flush_ended: Condvar,
    stopped: OnceLock<String>,
    /// Nobody uses the store any more.
    closing: AtomicBool,
    on_fatal: Arc<dyn Fn(&str) + Send + Sync>,
}

impl Shared {
    pub(crate) fn tail(&self) -> RwLockReadGuard<'_, Tail> {
        self.tail.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tail_mut(&self) -> RwLockWriteGuard<'_, Tail> {
        self.tail.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn watermarks(&self) -> RwLockReadGuard<'_, Watermarks> {
        self.watermarks.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the active generation, if none is being written, and notes that one is now.
    pub(crate) fn begin_flush(&self) -> Option<Arc<Generation>> {
        let mut flushing = self.flushing();
        let closed = self.tail_mut().begin_flush()?;
        *flushing = true;
        Some(closed)
    }

    /// A generation is in the index: lookups may go there, and the tail may forget it.
    pub(crate) fn flushed(&self, generation: Arc<Generation>) {
        {
            let mut marks = self.watermarks.write().unwrap_or_else(PoisonError::into_inner);
            generation.claims.keys().for_each(|key| marks.raise(key));
        }
        {
            let mut flushing = self.flushing();
            self.tail_mut().end_flush();
            *flushing = false;
        }
        self.flush_ended.notify_all();
        // when nobody waits any more: it takes milliseconds
        if let Some(emptied) = Arc::into_inner(generation).map(Generation::emptied) {
            self.tail_mut().reuse(emptied);
        }
    }

    /// Waits for the flush that runs, if any; false when it took longer than `at_most`.
    pub(crate) fn wait_for_flush(&self, at_most: Duration) -> bool {
        let flushing = self.flushing();
        let waited = self.flush_ended.wait_timeout_while(flushing, at_most, |flushing| *flushing);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    /// Whether a flush runs. Locked before the tail, never after it.
    fn flushing(&self) -> MutexGuard<'_, bool> {
        self.flushing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the index may stay behind the log: nobody asks it any more, and the next start brings it up to date.
    pub(crate) fn may_leave_index(&self) -> bool {
        self.stopped.get().is_some() || self.closing.load(Ordering::Relaxed)
    }

    pub(crate) fn refuse_when_stopped(&self) -> Result<(), StoreError> {
        self.stopped.get().map_or(Ok(()), |why| Err(StoreError::Stopped(why.clone())))
    }

    /// Stops the store for good: the state of the log on disk is not known any more.
    pub(crate) fn stop(&self, why: &str) {
        if self.stopped.set(why.to_owned()).is_ok() {
            (self.on_fatal)(why);
        }
    }
}

/// An event store in two SQLite files.
pub struct SqliteStore {
    reader: Reader,
    jobs: Option<SyncSender<Job>>,
    index_jobs: Option<SyncSender<IndexJob>>,
    threads: Vec<JoinHandle<()>>,
    last_recorded_at: Timestamp,
    _lock: File,
}

impl SqliteStore {
    /// Opens or creates the store, brings the index up to the log, and starts the writer.
    ///
    /// Blocks: for moments after a clean stop, for the length of the log when the index is missing.
    pub fn open(options: SqliteOptions) -> Result<Self, OpenError> {
        let SqliteOptions { folder, clock, new_id, turns, on_fatal } = options;
        let lock = take_lock(&folder)?;
        let log_path = folder.join("events.db");
        let index_path = folder.join("index.db");
        let in_log = |source| OpenError::Sqlite { path: log_path.clone(), source };
        let in_index = |source| OpenError::Sqlite { path: index_path.clone(), source };

        let log = open_writer(&log_path, Durability::EveryCommit).map_err(in_log)?;
        let incarnation = log::prepare(&log, new_id).map_err(in_log)?;
        log::sync(&log_path)
            .map_err(|source| OpenError::Folder { path: log_path.clone(), source })?;
        let end = log::end(&log).map_err(in_log)?;
        let mut index = index::open(&index_path, &incarnation, end.position).map_err(in_index)?;
        index::catch_up(&mut index, &log).map_err(in_index)?;
        let watermarks = Watermarks::load(&index).map_err(in_index)?;

        let shared = Arc::new(Shared {
            tail: RwLock::default(),
            watermarks: RwLock::new(watermarks),
            head: watch::Sender::new(end.position),
            flushing: Mutex::new(false),
            flush_ended: Condvar::new(),
            stopped: OnceLock::new(),
            closing: AtomicBool::new(false),
            on_fatal,
        });
        let index_reader = open_writer(&index_path, Durability::Derived).map_err(in_index)?;
        let reader = Reader {
            shared: Arc::clone(&shared),
            log: Arc::new(ReadPool::new(log_path)),
            index: Arc::new(ReadPool::new(index_path)),
        };
        let purge = PurgeCursor::default();
        let indexer = Indexer { index, shared: Arc::clone(&shared), clock, turns, purge };
        let mut store = Self {
            reader,
            jobs: None,
            index_jobs: None,
            threads: Vec::new(),
            last_recorded_at: end.recorded_at,
            _lock: lock,
        };
        store.start(log, index_reader, indexer, &folder)?;
        Ok(store)
    }

    fn start(
        &mut self,
        log: Connection,
        index: Connection,
        indexer: Indexer,
        folder: &std::path::Path,
    ) -> Result<(), OpenError> {
        let (jobs, waiting) = sync_channel(APPEND_QUEUE);
        let (index_jobs, index_waiting) = sync_channel(INDEX_QUEUE);
        let shared = Arc::clone(&self.reader.shared);
        let writer = Writer::new(log, index, shared, index_jobs.clone());
        let no_thread = |source| OpenError::Folder { path: folder.to_owned(), source };
        let named = |name: &str| std::thread::Builder::new().name(name.to_owned());
        // the writer first: it is joined first and lets go of the indexer
        self.threads
            .push(named("log-writer").spawn(move || writer.run(&waiting)).map_err(no_thread)?);
        self.threads.push(
            named("log-indexer").spawn(move || indexer.run(&index_waiting)).map_err(no_thread)?,
        );
        self.jobs = Some(jobs);
        self.index_jobs = Some(index_jobs);
        Ok(())
    }

    /// Has the indexer write something and waits for it.
    async fn index(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<(), StoreError>>) -> IndexJob,
    ) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        let jobs = self.index_jobs.as_ref().ok_or_else(closed)?;
        jobs.try_send(job(reply))
            .map_err(|_| StoreError::Unavailable("the index queue is full".into()))?;
        answer.await.map_err(|_| closed())?
    }

    /// Runs a query on a blocking task.
    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Reader) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let reader = self.reader.clone();
        tokio::task::spawn_blocking(move || query(&reader))
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))?
            .map_err(|error| unreadable(&error))
    }
}

impl Drop for SqliteStore {
    /// Lets the writer finish what it took and leaves the index complete, unless that cannot be written.
    fn drop(&mut self) {
        self.reader.shared.closing.store(true, Ordering::Relaxed);
        self.jobs = None;
        self.index_jobs = None;
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("event_store_thread_panicked");
            }
        }
    }
}

fn take_lock(folder: &std::path::Path) -> Result<File, OpenError> {
    let failed = |source| OpenError::Folder { path: folder.to_owned(), source };
    std::fs::create_dir_all(folder).map_err(failed)?;
    let lock = File::create(folder.join("lock")).map_err(failed)?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(std::fs::TryLockError::WouldBlock) => Err(OpenError::InUse(folder.to_owned())),
        Err(std::fs::TryLockError::Error(source)) => Err(failed(source)),
    }
}

#[async_trait]
impl EventLog for SqliteStore {
    async fn append(&self, transactions: Vec<Transaction>) -> Result<Vec<Outcome>, StoreError> {
        let (reply, answer) = oneshot::channel();
        let jobs = self.jobs.as_ref().ok_or_else(closed)?;
        jobs.try_send(Job { transactions, reply }).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Unavailable("the append queue is full".into()),
            TrySendError::Disconnected(_) => closed(),
        })?;
        // the writer only goes away with an answer owed when it panics in the middle of a commit
        let after = *self.reader.shared.head.borrow();
        let lost = |_| StoreError::Unknown { reason: "the log writer went away".into(), after };
        answer.await.map_err(lost)?
    }

    async fn read_all(
        &self,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, StoreError> {
        if after >= *self.reader.shared.head.borrow() {
            return Ok(Vec::new());
        }
        if let Some(events) = self.reader.shared.tail().events_after(after, limit) {
            return Ok(events);
        }
        self.read(move |reader| reader.log.with(|log| log::events_after(log, after, limit))).await
    }

    async fn find_claims(
        &self,
        keys: &[ClaimKey],
        now: Timestamp,
    ) -> Result<Vec<Option<FoundClaim>>, StoreError> {
        let mut found = Vec::with_capacity(keys.len());
        let mut missing = Vec::new();
        {
            // marks before tail: a claim leaves the tail only after the marks cover it
            let tail = self.reader.shared.tail();
            let marks = self.reader.shared.watermarks();
            for (place, key) in keys.iter().enumerate() {
                let claim = tail.claim(key);
                if claim.is_none() && !marks.rule_out(key) {
                    missing.push((place, key.clone()));
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
                            .map(|(place, key)| Ok((place, index::claim(connection, &key)?)))
                            .collect::<rusqlite::Result<Vec<_>>>()
                    })
                })
                .await?;
            for (place, claim) in stored {
                found[place] = claim;
            }
        }
        Ok(found.into_iter().map(|claim| claim.filter(|one| one.holds_at(now))).collect())
    }

    async fn versions(&self, streams: &[StreamId]) -> Result<Vec<Version>, StoreError> {
        let streams = streams.to_vec();
        self.read(move |reader| {
            let version =
                |stream| Ok(reader.head(stream)?.map_or(Version::ZERO, |head| head.version));
            streams.iter().map(version).collect()
        })
        .await
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

    fn bookmark(&self) -> Bookmark {
        self.reader.shared.tail_mut().bookmark()
    }
}

#[async_trait]
impl Streams for SqliteStore {
    async fn load(
        &self,
        streams: &[StreamId],
        schema_version: u16,
    ) -> Result<Vec<Loaded>, StoreError> {
        let streams = streams.to_vec();
        self.read(move |reader| {
            streams.iter().map(|stream| reader.load(stream, schema_version)).collect()
        })
        .await
    }

    async fn load_at(
        &self,
        stream: &StreamId,
        at: Timestamp,
        schema_version: u16,
    ) -> Result<Loaded, StoreError> {
        let stream = stream.clone();
        self.read(move |reader| reader.load_at(&stream, at, schema_version)).await
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, StoreError> {
        let stream = stream.clone();
        self.read(move |reader| reader.read_stream(&stream, after, limit)).await
    }

    async fn read_back(
        &self,
        stream: &StreamId,
        before: Option<Position>,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, StoreError> {
        let stream = stream.clone();
        self.read(move |reader| reader.read_back(&stream, before, limit)).await
    }

    async fn save_snapshots(&self, snapshots: Vec<Snapshot>) -> Result<(), StoreError> {
        self.index(|reply| IndexJob::Snapshots { snapshots, reply }).await
    }
}

#[async_trait]
impl Checkpoints for SqliteStore {
    async fn load_checkpoint(&self, subscriber: &str) -> Result<Position, StoreError> {
        let subscriber = subscriber.to_owned();
        self.read(move |reader| reader.index.with(|index| index::checkpoint(index, &subscriber)))
            .await
    }

    async fn save_checkpoint(&self, subscriber: &str, at: Position) -> Result<(), StoreError> {
        let subscriber = subscriber.to_owned();
        self.index(|reply| IndexJob::Checkpoint { subscriber, at, reply }).await
    }
}

fn closed() -> StoreError {
    StoreError::Stopped("the event store is closed".into())
}
