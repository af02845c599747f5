//! How a JSONL store is opened, and why that may fail.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kit_core::Position;
use kit_event_store::LostEvents;
use kit_event_store::log_folder::LogFolderError;
use uuid::Uuid;

/// Told once when the journal can no longer be trusted.
pub type OnFatal = Arc<dyn Fn(&str) + Send + Sync>;

/// Where a store keeps its files, and its limits.
#[derive(Clone)]
pub struct JsonlOptions {
    /// Folder of the lock, the description and, in `journal`, the journal and the checkpoints; made when it is not there.
    /// Its loss is the loss of all.
    pub folder: PathBuf,
    /// Folder of the readable files, one per stream; made when it is not there. Rebuilt from the journal.
    pub streams_dir: PathBuf,
    /// Names the log when it is new.
    pub new_id: Uuid,
    /// Size in bytes from which on a journal file is followed by another; 64 MiB by default.
    pub segment_bytes_max: u64,
    /// Calls of `append` that may wait, at least 1, and that one write takes at most; 1,024 by default.
    pub waiting_calls_max: usize,
    /// Memory in bytes for the newest events, to feed readers near the end; 32 MiB by default.
    pub recent_bytes_max: usize,
    /// Memory in bytes for events that the stream files lag behind, before appends wait; 64 MiB by default.
    pub backlog_bytes_max: usize,
    /// Called from the writer's thread after the callers in flight have been answered. It should end the process:
    /// the store takes no more appends, and only a restart finds out what is on the disk.
    pub on_fatal: OnFatal,
}

impl JsonlOptions {
    /// Options with the default limits, and an `on_fatal` that only logs.
    pub fn new(folder: impl Into<PathBuf>, streams_dir: impl Into<PathBuf>, new_id: Uuid) -> Self {
        Self {
            folder: folder.into(),
            streams_dir: streams_dir.into(),
            new_id,
            segment_bytes_max: 64 << 20,
            waiting_calls_max: 1_024,
            recent_bytes_max: 32 << 20,
            backlog_bytes_max: 64 << 20,
            on_fatal: Arc::new(|reason| {
                tracing::error!(reason, "journal_has_failed");
            }),
        }
    }
}

impl fmt::Debug for JsonlOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonlOptions")
            .field("folder", &self.folder)
            .field("streams_dir", &self.streams_dir)
            .finish_non_exhaustive()
    }
}

/// The store cannot be opened; no event of the journal has been changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder is in use or one of another kind of store, or the operating system refused something.
    #[error(transparent)]
    LogFolder(#[from] LogFolderError),
    /// The journal is shorter than what was made from it.
    #[error(transparent)]
    EventsLost(#[from] LostEvents),
    /// The journal is whole, but not in a way that this program knows.
    #[error(
        "{} was written by a newer version of this program (at byte {offset}: {what}); use that version",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Where that shows.
        offset: u64,
        /// What is not known.
        what: String,
    },
    /// The journal is damaged in a way that no interrupted write explains.
    #[error(
        "the journal is damaged in {} at byte {offset}: {what}; \
         restore the file from a backup, do not delete it: acknowledged events are in it",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where the damage begins.
        offset: u64,
        /// What is wrong.
        what: String,
    },
    /// There was a journal, and it is missing or empty.
    #[error(
        "the journal in {} is missing or empty, but a log was kept in this folder{known}; put the journal back from the \
         newest copy, or move {} and its stream files away to begin with an empty log",
        journal_dir.display(),
        journal_dir.display(),
        known = known_up_to(derived.as_ref())
    )]
    JournalLost {
        /// The journal's folder.
        journal_dir: PathBuf,
        /// Up to which position stream files were made from it, if there are any.
        derived: Option<Position>,
    },
    /// A stream file has more than the journal, and not as events.
    #[error(
        "{} is longer than the journal says, by what are no events; look into it, and move it away to have it built anew",
        path.display()
    )]
    StreamFileLonger {
        /// The file.
        path: PathBuf,
    },
    /// The checkpoints cannot be read.
    #[error(
        "cannot read the checkpoints in {}; delete the file to let every subscriber begin anew",
        path.display()
    )]
    Checkpoints {
        /// The file.
        path: PathBuf,
        /// The error of the file system.
        #[source]
        source: io::Error,
    },
}

impl OpenError {
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let told = LogFolderError::io(action, path);
        move |source| told(source).into()
    }

    pub(crate) fn newer(path: &Path, offset: u64, what: impl Into<String>) -> Self {
        Self::Newer { path: path.to_owned(), offset, what: what.into() }
    }

    pub(crate) fn damaged(path: &Path, offset: u64, what: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), offset, what: what.into() }
    }
}

/// What is known of a journal that is gone.
fn known_up_to(derived: Option<&Position>) -> String {
    derived.map_or_else(String::new, |at| {
        format!(", and the stream files have its events up to position {at}")
    })
}
