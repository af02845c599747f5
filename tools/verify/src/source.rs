//! Where the events come from: `events.db`, a journal, PostgreSQL or MySQL, each read by code of our own.

use std::path::PathBuf;

use super::entry::Each;
use super::failure::Failure;
use super::index::Index;
use super::journal::Journal;
#[cfg(feature = "mysql")]
use super::mysql_log::MysqlLog;
#[cfg(feature = "postgres")]
use super::postgres_log::PostgresLog;
use super::sqlite_log::SqliteLog;

/// Where the logs of the contexts are.
#[derive(Clone)]
pub enum Logs {
    /// Below this folder is one for each context, with a file `events.db`.
    Sqlite(PathBuf),
    /// Below this folder is one for each context, with a folder `journal`.
    Jsonl(PathBuf),
    /// The database at this address has a schema for each context; `{context}` in it stands for the context's name.
    #[cfg(feature = "postgres")]
    Postgres(String),
    /// The same, but each context has a database of its own.
    #[cfg(feature = "mysql")]
    Mysql(String),
}

/// A log that can be read from its beginning.
pub(super) enum Source {
    Sqlite(SqliteLog, PathBuf),
    Jsonl(Journal),
    #[cfg(feature = "postgres")]
    Postgres(PostgresLog),
    #[cfg(feature = "mysql")]
    Mysql(MysqlLog),
}

impl Logs {
    /// Opens the log of a context, if it has one.
    pub(super) fn open_if_there(&self, context: &str) -> anyhow::Result<Option<Source>> {
        let is_there = match self {
            Self::Sqlite(folder) | Self::Jsonl(folder) => folder.join(context).exists(),
            #[cfg(feature = "postgres")]
            Self::Postgres(url) => PostgresLog::is_there(url, context)?,
            #[cfg(feature = "mysql")]
            Self::Mysql(url) => MysqlLog::is_there(url, context)?,
        };
        is_there.then(|| self.open(context)).transpose()
    }

    /// Opens the log of a context.
    pub(super) fn open(&self, context: &str) -> anyhow::Result<Source> {
        Ok(match self {
            Self::Sqlite(folder) => {
                let folder = folder.join(context);
                Source::Sqlite(SqliteLog::open(&folder)?, folder)
            }
            Self::Jsonl(folder) => {
                Source::Jsonl(Journal::open(&folder.join(context).join("journal"))?)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(url) => Source::Postgres(PostgresLog::open(url, context)?),
            #[cfg(feature = "mysql")]
            Self::Mysql(url) => Source::Mysql(MysqlLog::open(url, context)?),
        })
    }
}

impl Source {
    /// The index beside the log, where the kind of log has one in a file.
    pub(super) fn index(&self) -> anyhow::Result<Option<Index>> {
        match self {
            Self::Sqlite(log, folder) => Index::open(folder, &log.incarnation()?),
            Self::Jsonl(_) => Ok(None),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(None),
            #[cfg(feature = "mysql")]
            Self::Mysql(_) => Ok(None),
        }
    }

    /// The position of the last event at this moment.
    pub(super) fn end(&mut self) -> anyhow::Result<u64> {
        match self {
            Self::Sqlite(log, _) => log.end(),
            Self::Jsonl(log) => Ok(log.end()),
            #[cfg(feature = "postgres")]
            Self::Postgres(log) => log.end(),
            #[cfg(feature = "mysql")]
            Self::Mysql(log) => log.end(),
        }
    }

    /// Hands over the events after `after`, which is where the last walk ended, up to `last`, in the order of the log.
    pub(super) fn walk(&mut self, after: u64, last: u64, each: Each<'_>) -> Result<(), Failure> {
        match self {
            Self::Sqlite(log, _) => log.walk(after, last, each),
            Self::Jsonl(log) => log.walk(last, each),
            #[cfg(feature = "postgres")]
            Self::Postgres(log) => log.walk(after, last, each),
            #[cfg(feature = "mysql")]
            Self::Mysql(log) => log.walk(after, last, each),
        }
    }
}
