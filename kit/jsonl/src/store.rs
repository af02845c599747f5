//! The event store over a journal: opens the files and owns the threads.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use kit_event_store::group::Job;
use kit_event_store::log_folder::LogFolder;
use kit_event_store::{Incarnation, SnapshotCache};
use kit_process::critical_thread;
use parking_lot::Mutex;
use tokio::sync::mpsc;

use crate::checkpoints::CheckpointFile;
use crate::journal::{self, OpenFile};
use crate::options::{JsonlOptions, OnFatal, OpenError};
use crate::state::Shared;
use crate::writer::Writer;
use crate::{open, stream_files};

/// An event store in a folder.
///
/// Dropping it finishes what has been accepted, brings the stream files up to date and frees the lock.
pub struct JsonlStore {
    pub(crate) shared: Arc<Shared>,
    pub(crate) incarnation: Incarnation,
    pub(crate) journal_dir: PathBuf,
    pub(crate) streams_dir: PathBuf,
    pub(crate) jobs: Option<mpsc::Sender<Job>>,
    pub(crate) snapshots: Mutex<SnapshotCache>,
    pub(crate) checkpoints: Arc<CheckpointFile>,
    writer: Option<JoinHandle<()>>,
    stream_file_writer: Option<JoinHandle<()>>,
    _folder: LogFolder,
}

impl JsonlStore {
    /// Opens the store, repairs what a crash may have left behind, and starts its two threads.
    ///
    /// Blocks for as long as it takes to read everything stored.
    pub fn open(options: JsonlOptions) -> Result<Self, OpenError> {
        Self::open_on(options, journal::on_disk())
    }

    pub(crate) fn open_on(options: JsonlOptions, open_file: OpenFile) -> Result<Self, OpenError> {
        let files = open::open(&options, open_file)?;
        let shared = Arc::new(Shared::new(files.state));
        let (jobs, waiting) = mpsc::channel(options.waiting_calls_max);
        let writer = Writer {
            jobs: waiting,
            journal: files.journal,
            shared: Arc::clone(&shared),
            backlog_bytes_max: options.backlog_bytes_max,
            on_fatal: Arc::clone(&options.on_fatal),
        };
        let (kept, dir) = (Arc::clone(&shared), options.streams_dir.clone());
        let writer = start("journal-writer", &options.on_fatal, move || writer.run())?;
        let stream_file_writer =
            start("stream-files", &options.on_fatal, move || stream_files::run(&kept, &dir))?;
        Ok(Self {
            shared,
            incarnation: files.incarnation,
            journal_dir: files.journal_dir,
            streams_dir: options.streams_dir,
            jobs: Some(jobs),
            snapshots: Mutex::default(),
            checkpoints: Arc::new(files.checkpoints),
            writer: Some(writer),
            stream_file_writer: Some(stream_file_writer),
            _folder: files.folder,
        })
    }
}

impl Drop for JsonlStore {
    fn drop(&mut self) {
        self.jobs = None;
        // A thread that panicked has already said so; there is nothing left to do about it here.
        self.writer.take().map(JoinHandle::join);
        self.shared.lock().unwritten.closing = true;
        self.shared.changed.notify_all();
        self.stream_file_writer.take().map(JoinHandle::join);
    }
}

fn start(
    name: &'static str,
    on_fatal: &OnFatal,
    run: impl FnOnce() + Send + 'static,
) -> Result<JoinHandle<()>, OpenError> {
    let on_fatal = Arc::clone(on_fatal);
    let started = critical_thread(name, move |why| on_fatal(why), run);
    started.map_err(OpenError::io("start the thread", Path::new(name)))
}
