//! Opening the files of a store: what they say of each other, what is built anew, and what is refused.

use std::io;
use std::path::{Path, PathBuf};

use kit_event_store::log_folder::LogFolder;
use kit_event_store::{Incarnation, LogMark};
use rusqlite::{Connection, ErrorCode};
use uuid::Uuid;

use crate::connection::{Durability, open_writer};
use crate::index::{self, MaxKeys};
use crate::log_end::{self, EndError, LogEnd};
use crate::options::OpenError;
use crate::view_file::remove_view;
use crate::{log, log_schema};

/// The kind of store, in the description of its folder.
const KIND: &str = "sqlite";

/// The files of a store, open and in agreement.
pub(crate) struct Files {
    pub(crate) folder: LogFolder,
    pub(crate) log: LogFile,
    pub(crate) index: IndexFile,
}

/// The log, open for its writer.
pub(crate) struct LogFile {
    pub(crate) path: PathBuf,
    pub(crate) connection: Connection,
    pub(crate) incarnation: Incarnation,
    pub(crate) end: LogEnd,
}

/// The index, up to date, open for its writer.
pub(crate) struct IndexFile {
    pub(crate) path: PathBuf,
    pub(crate) connection: Connection,
    pub(crate) max_keys: MaxKeys,
}

impl LogFile {
    fn mark(&self) -> LogMark {
        LogMark { incarnation: self.incarnation, position: self.end.position }
    }
}

/// Opens the files of a folder, or makes them in a new one.
pub(crate) fn open(folder: &Path, new_id: Uuid) -> Result<Files, OpenError> {
    let mut folder = LogFolder::open(folder, KIND)?;
    let log = open_log(&folder, new_id)?;
    let index = open_index(folder.path(), &log)?;
    folder.describe(log.incarnation)?;
    Ok(Files { folder, log, index })
}

/// Accepts that the log of a folder is older than what was made from it: it gets a new incarnation, so that all of that is
/// built anew and every reader of the log can tell. The answer is the new end of the log.
pub fn accept_older_log(folder: &Path, new_id: Uuid) -> Result<LogMark, OpenError> {
    let mut folder = LogFolder::open(folder, KIND)?;
    let mut log = open_log(&folder, new_id)?;
    let renewed = log_schema::renew_incarnation(&log.connection, new_id);
    renewed.map_err(|source| OpenError::Sqlite { path: log.path.clone(), source })?;
    log.incarnation = Incarnation::new(new_id);
    folder.describe(log.incarnation)?;
    Ok(log.mark())
}

fn open_log(folder: &LogFolder, new_id: Uuid) -> Result<LogFile, OpenError> {
    let path = folder.path().join("events.db");
    refuse_lost_file(folder, &path)?;
    let failed = |source: rusqlite::Error| {
        if is_damage(&source) {
            return OpenError::Damaged { path: path.clone(), reason: source.to_string() };
        }
        OpenError::Sqlite { path: path.clone(), source }
    };
    let mut connection = open_writer(&path, Durability::EveryCommit).map_err(failed)?;
    log_schema::migrate(&mut connection, &path)?;
    log::sync(&path).map_err(|source| OpenError::Folder { path: path.clone(), source })?;
    let incarnation = log_schema::incarnation(&connection, new_id).map_err(failed)?;
    let end = log_end::read(&connection).map_err(|error| match error {
        EndError::Sqlite(error) => failed(error),
        EndError::Damaged(reason) => OpenError::Damaged { path: path.clone(), reason },
    })?;
    Ok(LogFile { path, connection, incarnation, end })
}

/// A log that is missing or empty where there was one is a loss, and no reason to begin a new one.
fn refuse_lost_file(folder: &LogFolder, log: &Path) -> Result<(), OpenError> {
    if size(log)? > 0 {
        return Ok(());
    }
    let index = folder.path().join("index.db");
    if folder.has_log() || index.exists() || size(&write_ahead(log))? > 0 {
        let derived = index::last_known(&index);
        return Err(OpenError::LogLost { path: log.to_owned(), derived });
    }
    Ok(())
}

/// The size of a file, 0 when it is missing.
fn size(path: &Path) -> Result<u64, OpenError> {
    match std::fs::metadata(path) {
        Ok(found) => Ok(found.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(source) => Err(OpenError::Folder { path: path.to_owned(), source }),
    }
}

/// The write-ahead log of a file.
pub(crate) fn write_ahead(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// Opens the index and brings it up to the log. One that cannot be read, or is of another log, is built anew; one that
/// is ahead of its log is refused.
fn open_index(folder: &Path, log: &LogFile) -> Result<IndexFile, OpenError> {
    let path = folder.join("index.db");
    let failed = |source| OpenError::Index { path: path.clone(), source };
    match index::follows(&path, log.incarnation) {
        Ok(Some(position)) => {
            let mark = LogMark { incarnation: log.incarnation, position };
            mark.belongs_to(log.mark(), &path.display().to_string())?;
        }
        Ok(None) => remove(&path)?,
        Err(error) if is_damage(&error) => {
            tracing::warn!(path = %path.display(), %error, "damaged_index_is_built_anew");
            remove(&path)?;
        }
        Err(error) => return Err(failed(error)),
    }
    build_index(&path, log).map_err(failed)
}

fn remove(index: &Path) -> Result<(), OpenError> {
    let removed = remove_view(index);
    removed.map_err(|source| OpenError::Folder { path: index.to_owned(), source })
}

fn build_index(path: &Path, log: &LogFile) -> rusqlite::Result<IndexFile> {
    let mut connection = index::open(path, log.incarnation)?;
    index::catch_up(&mut connection, &log.connection)?;
    let max_keys = MaxKeys::load(&connection)?;
    Ok(IndexFile { path: path.to_owned(), connection, max_keys })
}

/// Whether an error says that a file is not what SQLite, or this program, wrote.
pub(crate) fn is_damage(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
        || matches!(error, rusqlite::Error::FromSqlConversionFailure(..))
}
