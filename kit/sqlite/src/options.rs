//! Where and how a store is opened, and why that may fail.

use std::path::PathBuf;
use std::sync::Arc;

use kit_core::{Clock, Position};
use kit_event_store::LostEvents;
use kit_event_store::log_folder::LogFolderError;
use uuid::Uuid;

/// Told once when the log can no longer be trusted.
pub type OnFatal = Arc<dyn Fn(&str) + Send + Sync>;

/// Where and how to open a store.
pub struct SqliteOptions {
    /// Folder of `events.db` and `index.db`; created when missing.
    pub folder: PathBuf,
    /// Tells when claims have expired and may be forgotten.
    pub clock: Arc<dyn Clock>,
    /// Names the log when it is new.
    pub new_id: Uuid,
    /// Called once, from the writer, when a write or sync failed and the state of the log on disk is unknown. The
    /// process should end soon after: only a restart can read what is on disk.
    pub on_fatal: OnFatal,
}

/// The store could not be opened; no event was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder is in use, or one of another kind of store.
    #[error(transparent)]
    LogFolder(#[from] LogFolderError),
    /// A file or folder could not be used.
    #[error("cannot use {path}")]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// The error of the file system.
        #[source]
        source: std::io::Error,
    },
    /// A later version of this program has written the log.
    #[error(
        "{path} was written by a newer version of this program (its tables have version {found}, this one knows {known}); \
         use that version"
    )]
    NewerLog {
        /// The log file.
        path: PathBuf,
        /// The version that it has.
        found: usize,
        /// The newest version that this program knows.
        known: usize,
    },
    /// The log file is gone or empty, though there was a log.
    #[error(
        "{path} is missing or empty, but a log was kept in this folder{known}; \
         put the file back from the newest copy, or move the folder away to begin with an empty log",
        known = told(derived.as_ref())
    )]
    LogLost {
        /// The log file.
        path: PathBuf,
        /// Up to which position something was made from it, if that is known.
        derived: Option<Position>,
    },
    /// The log is shorter than what was made from it.
    #[error(transparent)]
    EventsLost(#[from] LostEvents),
    /// The end of the log cannot be continued.
    #[error(
        "{path} is damaged: {reason}; \
         put the newest whole copy of it back, and do not delete it: acknowledged events are in it"
    )]
    Damaged {
        /// The log file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// SQLite refused the index.
    #[error(
        "cannot open {path}; it is derived from events.db, so it may be deleted while the product is stopped"
    )]
    Index {
        /// The index file.
        path: PathBuf,
        /// The error of SQLite.
        #[source]
        source: rusqlite::Error,
    },
    /// SQLite refused a file.
    #[error("cannot open {path}")]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// The error of SQLite.
        #[source]
        source: rusqlite::Error,
    },
}

/// What is known of a log that is gone.
fn told(derived: Option<&Position>) -> String {
    derived.map_or_else(String::new, |at| {
        format!(", and index.db knows its events up to position {at}")
    })
}
