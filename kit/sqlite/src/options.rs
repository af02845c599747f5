//! Where and how a store is opened, and why that may fail.

use std::path::PathBuf;
use std::sync::Arc;

use kit_core::Clock;
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
        /// The error of the file system.
        #[source]
        source: std::io::Error,
    },
    /// A later version of this program has written the log.
    #[error(
        "{path} has version {found} of its tables and this program knows versions up to {known}; \
         use the program that wrote it, or a later one"
    )]
    NewerLog {
        /// The log file.
        path: PathBuf,
        /// The version that it has.
        found: usize,
        /// The newest version that this program knows.
        known: usize,
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
