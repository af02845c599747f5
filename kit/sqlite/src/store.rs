//! The event store over SQLite: opens the files and owns the threads.

use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use kit_core::Timestamp;
use kit_event_store::Incarnation;
use kit_event_store::group::Job;
use kit_event_store::log_folder::LogFolder;
use kit_process::critical_thread;
use rusqlite::Connection;

use crate::connection::{Durability, ReadPool, open_writer};
use crate::index::PurgeCursor;
use crate::indexer::{IndexJob, Indexer};
use crate::open;
use crate::open::{Files, LogFile};
use crate::options::{OpenError, SqliteOptions};
use crate::read::Reader;
use crate::shared::Shared;
use crate::writer::Writer;

/// Append calls that may wait for the writer; beyond that a call is refused as unavailable.
const APPEND_QUEUE: usize = 1_024;

/// Index jobs that may wait for the indexer.
const INDEX_QUEUE: usize = 256;

/// An event store in two SQLite files.
pub struct SqliteStore {
    pub(crate) reader: Reader,
    pub(crate) jobs: Option<SyncSender<Job>>,
    pub(crate) index_jobs: Option<SyncSender<IndexJob>>,
    threads: Vec<JoinHandle<()>>,
    pub(crate) last_recorded_at: Timestamp,
    pub(crate) incarnation: Incarnation,
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
