//! Where the events come from: `events.db` or a journal, each read by code of our own.

use std::path::Path;

use super::entry::Each;
use super::failure::Failure;
use super::index::Index;
use super::journal::Journal;
use super::sqlite_log::SqliteLog;

/// What kind of log a data folder has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogKind {
    /// A file `events.db` per context.
    Sqlite,
    /// A folder `journal` per context.
    Jsonl,
}

/// A log that can be read from its beginning.
pub(super) enum Source {
    Sqlite(SqliteLog),
    Jsonl(Journal),
}

impl Source {
    /// Opens the log in the folder of a context.
    pub(super) fn open(kind: LogKind, folder: &Path) -> anyhow::Result<Self> {
        Ok(match kind {
            LogKind::Sqlite => Self::Sqlite(SqliteLog::open(folder)?),
            LogKind::Jsonl => Self::Jsonl(Journal::open(&folder.join("journal"))?),
        })
    }

    /// The index beside the log, where the kind of log has one in a file.
    pub(super) fn index(&self, folder: &Path) -> anyhow::Result<Option<Index>> {
        match self {
            Self::Sqlite(log) => Index::open(folder, &log.incarnation()?),
            Self::Jsonl(_) => Ok(None),
        }
    }

    /// The position of the last event at this moment.
    pub(super) fn end(&self) -> anyhow::Result<u64> {
        match self {
            Self::Sqlite(log) => log.end(),
            Self::Jsonl(log) => Ok(log.end()),
        }
    }

    /// Hands over the events after `after`, which is where the last walk ended, up to `last`, in the order of the log.
    pub(super) fn walk(&mut self, after: u64, last: u64, each: Each<'_>) -> Result<(), Failure> {
        match self {
            Self::Sqlite(log) => log.walk(after, last, each),
            Self::Jsonl(log) => log.walk(last, each),
        }
    }
}
