//! Opening SQLite files with the settings that the product relies on.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kit_event_store::projection::ViewReadError;
use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags};

use crate::read_failure::is_machine_fault;

/// Most idle read connections that a pool keeps; more may be open at once under load.
const IDLE_CONNECTIONS_MAX: usize = 4;

/// Address space for reading a file without copying, in bytes.
const MMAP_BYTES: i64 = 1 << 31;

/// How hard a file holds on to its commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// Every commit is on disk when it returns: for the log.
    EveryCommit,
    /// The same, for what is written in all places: for state that is in no log.
    Kept,
    /// Commits may be lost in a power cut, in order: for what can be rebuilt.
    Derived,
}

/// How SQLite treats a file.
struct Settings {
    /// 2: a commit returns when it is on disk. 1: only a checkpoint waits for the disk.
    synchronous: i64,
    page_bytes: i64,
    /// Size of the write-ahead log, in bytes, at which SQLite makes a checkpoint; zero when our own code makes them.
    wal_bytes: i64,
    /// Pages kept in memory by the writer; readers have the operating system's cache.
    cache_bytes: i64,
}

impl Durability {
    fn settings(self) -> Settings {
        match self {
            // written at its end only: a group of events fills a few pages, larger ones need fewer writes
            Self::EveryCommit => Settings {
                synchronous: 2,
                page_bytes: 16 << 10,
                wal_bytes: 0,
                cache_bytes: 16 << 20,
            },
            Self::Kept => Settings {
                synchronous: 2,
                page_bytes: 4 << 10,
                wal_bytes: 8 << 20,
                cache_bytes: 8 << 20,
            },
            // written all over: a larger write-ahead log takes more changes of one page, a larger cache finds more
            Self::Derived => Settings {
                synchronous: 1,
                page_bytes: 4 << 10,
                wal_bytes: 8 << 20,
                cache_bytes: 32 << 20,
            },
        }
    }
}

/// The version of the SQLite library inside the binary.
#[must_use]
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// Opens (or creates) the file of a view for its one writer: commits may be lost in a power cut, never reordered.
pub(crate) fn open_view(path: &Path) -> rusqlite::Result<Connection> {
    open_writer(path, Durability::Derived)
}

/// Opens (or creates) a file for its one writer, in write-ahead mode, and checks that the settings took.
pub(crate) fn open_writer(path: &Path, durability: Durability) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    let Settings { synchronous, page_bytes, wal_bytes, cache_bytes } = durability.settings();
    connection.pragma_update(None, "page_size", page_bytes)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", synchronous)?;
    connection.pragma_update(None, "wal_autocheckpoint", wal_bytes / page_bytes)?;
    connection.pragma_update(None, "cache_size", -(cache_bytes >> 10))?;
    connection.pragma_update(None, "busy_timeout", 5_000)?;
    let journal: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    let level: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    if journal != "wal" || level != synchronous {
        return Err(rusqlite::Error::InvalidParameterName(format!(
            "{} has journal_mode={journal} synchronous={level} instead of wal and {synchronous}; is it on a network drive?",
            path.display()
        )));
    }
    Ok(connection)
}

/// Size up to which a derived file is checked whole when it is opened: it takes some 100 ms.
const CHECKED_PAGES_MAX: i64 = (64 << 20) / (4 << 10);

/// Whether a derived file is free of damage, as far as that can be told quickly: a large one is taken at its word.
pub(crate) fn is_sound(file: &Connection) -> rusqlite::Result<bool> {
    let pages: i64 = file.pragma_query_value(None, "page_count", |row| row.get(0))?;
    if pages > CHECKED_PAGES_MAX {
        return Ok(true);
    }
    let found: String = file.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    Ok(found == "ok")
}

/// Read-only connections to one file; each serves one caller at a time.
#[derive(Debug)]
pub struct ReadPool {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl ReadPool {
    /// A pool for a file that exists.
    #[must_use]
    pub fn new(path: PathBuf) -> Self {
        Self { path, idle: Mutex::new(Vec::new()) }
    }

    /// Runs a query on a connection, on a thread for what blocks. The query has the pool until it ends, even when nobody
    /// waits for it any more.
    pub async fn read<T: Send + 'static>(
        self: Arc<Self>,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ViewReadError> {
        let done = tokio::task::spawn_blocking(move || self.with(query)).await;
        match done.map_err(|panicked| ViewReadError::Failed(panicked.to_string()))? {
            Ok(answer) => Ok(answer),
            Err(error) if is_machine_fault(&error) => {
                Err(ViewReadError::Unavailable(error.to_string()))
            }
            Err(error) => Err(ViewReadError::Failed(error.to_string())),
        }
    }

    /// Runs a query on a connection. Blocks: call it from a blocking task.
    pub(crate) fn with<T>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        let reused = self.idle.lock().pop();
        let connection = reused.map_or_else(|| self.open(), Ok)?;
        let answer = query(&connection);
        let mut idle = self.idle.lock();
        if answer.is_ok() && idle.len() < IDLE_CONNECTIONS_MAX {
            idle.push(connection);
        }
        answer
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let connection = open_reader(&self.path)?;
        connection.pragma_update(None, "mmap_size", MMAP_BYTES)?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(connection)
    }
}

/// Opens a file that exists for reading only.
pub(crate) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.pragma_update(None, "busy_timeout", 5_000)?;
    Ok(connection)
}
