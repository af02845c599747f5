//! Why a backup was not made, or cannot be restored.

use std::io;
use std::path::{Path, PathBuf};

use kit_core::Position;
use kit_event_store::EventStoreError;
use kit_event_store::log_folder::LogFolderError;

/// A backup was not made, or cannot be restored. The backup that was there before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The operating system refused something.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// The error of the file system.
        #[source]
        source: io::Error,
    },
    /// A place on another machine refused something, or did not answer.
    #[error("cannot {action} {what}: {reason}")]
    Elsewhere {
        /// What was tried.
        action: &'static str,
        /// With which file or place.
        what: String,
        /// Why it failed, and what to do.
        reason: String,
    },
    /// Another process has made a backup in the place since this one was begun.
    #[error("another backup was made in {0} meanwhile: let one process alone back up to a place")]
    Overtaken(String),
    /// Another process writes this backup, or restores from it.
    #[error("{} is in use by another backup or restore; wait for its end, or give another folder", .0.display())]
    InUse(PathBuf),
    /// There is no backup.
    #[error("there is no backup in {0}: it has no manifest.json")]
    Missing(String),
    /// A file of the backup is missing, or not what was written.
    #[error(
        "{file} of the backup is damaged: {reason}; restore from another copy of the backup, or make a new one in an empty \
         folder while the data is there"
    )]
    Damaged {
        /// The file, from the place of the backup.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A later version of this program made the backup.
    #[error(
        "the backup was made by a newer version of this program (format {found}, this one knows {known}); use that version"
    )]
    Newer {
        /// Its format.
        found: u16,
        /// The newest format that this program knows.
        known: u16,
    },
    /// What the backup has is not the beginning of the log.
    #[error(
        "the backup has the {context} log up to position {at}, and that is not the log here: {reason}. One backup is of one \
         log: give an empty folder, and keep this one for as long as you may need it"
    )]
    OtherLog {
        /// The context.
        context: String,
        /// How far the backup has it.
        at: Position,
        /// How they differ.
        reason: String,
    },
    /// The log could not be read or written.
    #[error("the {context} log: {source}")]
    Log {
        /// The context.
        context: String,
        /// The error of its store.
        #[source]
        source: EventStoreError,
    },
    /// What was restored is not what the backup has.
    #[error(
        "the {context} log would not be the same at position {at}: {reason}; delete the new folder and report this"
    )]
    NotTheSame {
        /// The context.
        context: String,
        /// The first event that differs.
        at: Position,
        /// How.
        reason: String,
    },
    /// A file beside the logs could not be copied.
    #[error("cannot copy {name}: {reason}")]
    State {
        /// The file.
        name: String,
        /// Why.
        reason: String,
    },
}

impl BackupError {
    /// Says what was tried with which file or folder when the operating system refused it.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }

    pub(crate) fn damaged(file: &str, reason: &(impl ToString + ?Sized)) -> Self {
        Self::Damaged { file: file.to_owned(), reason: reason.to_string() }
    }

    pub(crate) fn log(context: &str) -> impl FnOnce(EventStoreError) -> Self {
        move |source| Self::Log { context: context.to_owned(), source }
    }
}

impl From<LogFolderError> for BackupError {
    fn from(error: LogFolderError) -> Self {
        match error {
            LogFolderError::InUse(path) => Self::InUse(path),
            LogFolderError::Io { action, path, source } => Self::Io { action, path, source },
            other => Self::State { name: "lock".to_owned(), reason: other.to_string() },
        }
    }
}
