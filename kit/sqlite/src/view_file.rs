//! The file of a view: its schema, its checkpoint, and which log it was made from.
//!
//! A view is derived from a log. A file of another schema or another log, or one that is damaged, is removed and built
//! again. One that is ahead of its own log proves that the log has lost events.

use std::io;
use std::path::{Path, PathBuf};

use kit_core::Position;
use kit_event_store::projection::ProjectionError;
use kit_event_store::{LogMark, LostEvents};
use rusqlite::{Connection, ErrorCode, OptionalExtension};

use crate::columns::{number, position};
use crate::connection::{is_sound, open_view};
use crate::open::is_damage;
use crate::view_parking;

const CHECKPOINT: &str = "
CREATE TABLE IF NOT EXISTS checkpoint (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS followed_log (
  id          INTEGER PRIMARY KEY CHECK (id = 1),
  incarnation TEXT NOT NULL
);";

/// The tables of a view beside its checkpoint.
#[derive(Clone, Copy, Debug)]
pub struct ViewSchema<'a> {
    /// Raised when a table or the meaning of a row changes.
    pub version: i64,
    /// The SQL that makes those tables that are missing.
    pub tables: &'a str,
}

/// The file of a view cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ViewFileError {
    /// The view is ahead of its log.
    #[error(transparent)]
    LostEvents(#[from] LostEvents),
    /// A file that does not fit could not be removed.
    #[error("cannot remove {path}")]
    Remove {
        /// The file.
        path: PathBuf,
        /// The error of the file system.
        #[source]
        source: io::Error,
    },
    /// SQLite refused the file.
    #[error(
        "cannot open {path}: {source}; it is derived from the log, so it may be deleted while the product is stopped"
    )]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// The error of SQLite.
        source: rusqlite::Error,
    },
}

impl From<ViewFileError> for ProjectionError {
    fn from(error: ViewFileError) -> Self {
        match error {
            ViewFileError::LostEvents(lost) => Self::LostEvents(lost),
            error => Self::View(error.to_string()),
        }
    }
}

impl ViewSchema<'_> {
    /// Opens a file for its one writer, to follow the log with this end. What is missing is made; what does not fit is
    /// removed and begun anew, so nobody may have it open.
    pub fn open(&self, path: &Path, log: LogMark) -> Result<Connection, ViewFileError> {
        let fits = path.exists() && self.fits(path, log)?;
        self.open_unless_it_does_not_fit(path, fits, |file| {
            file.execute_batch(CHECKPOINT)?;
            file.execute_batch(view_parking::TABLE)?;
            let name = "INSERT OR REPLACE INTO followed_log VALUES (1, ?1)";
            file.execute(name, [log.incarnation.to_string()]).map(drop)
        })
    }

    /// Opens a file for its one writer that follows no log, but what another context tells of its own. What is missing is
    /// made; what has another schema is removed and begun anew, so nobody may have it open.
    pub fn open_copy(&self, path: &Path) -> Result<Connection, ViewFileError> {
        let fits = path.exists() && self.is_of_this_schema(path)?;
        self.open_unless_it_does_not_fit(path, fits, |_| Ok(()))
    }

    fn open_unless_it_does_not_fit(
        &self,
        path: &Path,
        fits: bool,
        prepare: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<Connection, ViewFileError> {
        if path.exists() && !fits {
            tracing::info!(path = %path.display(), "view_is_built_anew");
            let removed = remove_view(path);
            removed.map_err(|source| ViewFileError::Remove { path: path.to_owned(), source })?;
        }
        let open = || {
            let file = open_view(path)?;
            prepare(&file)?;
            file.execute_batch(self.tables)?;
            file.pragma_update(None, "user_version", self.version)?;
            Ok(file)
        };
        open().map_err(|source| ViewFileError::Sqlite { path: path.to_owned(), source })
    }

    /// Whether a file has this schema and is not damaged.
    fn is_of_this_schema(&self, path: &Path) -> Result<bool, ViewFileError> {
        match Connection::open(path).and_then(|file| self.is_sound(&file)) {
            Err(error) if is_no_view(&error) => Ok(false),
            found => {
                found.map_err(|source| ViewFileError::Sqlite { path: path.to_owned(), source })
            }
        }
    }

    /// Whether a file has this schema and can be continued from the log.
    fn fits(&self, path: &Path, log: LogMark) -> Result<bool, ViewFileError> {
        match self.mark(path) {
            Ok(Some(mark)) => Ok(mark.belongs_to(log, &path.display().to_string())?),
            Ok(None) => Ok(false),
            Err(error) if is_no_view(&error) => Ok(false),
            // it may be read another time, and prove that the log has lost events
            Err(source) => Err(ViewFileError::Sqlite { path: path.to_owned(), source }),
        }
    }

    fn is_sound(&self, file: &Connection) -> rusqlite::Result<bool> {
        let version: i64 = file.pragma_query_value(None, "user_version", |row| row.get(0))?;
        Ok(version == self.version && is_sound(file)?)
    }

    /// Up to where a file was made from which log; `None` when it has another schema, or is damaged.
    fn mark(&self, path: &Path) -> rusqlite::Result<Option<LogMark>> {
        let file = Connection::open(path)?;
        if !self.is_sound(&file)? {
            return Ok(None);
        }
        let name = "SELECT incarnation FROM followed_log";
        let name: String = file.query_row(name, [], |row| row.get(0))?;
        let position = checkpoint(&file)?;
        Ok(name.parse().ok().map(|incarnation| LogMark { incarnation, position }))
    }
}

/// Whether reading a file failed because of what is in it: damage, or other tables than those of a view.
fn is_no_view(error: &rusqlite::Error) -> bool {
    let other_tables = matches!(
        error,
        rusqlite::Error::QueryReturnedNoRows | rusqlite::Error::InvalidColumnType(..)
    );
    // SQLite has no code of its own for a table that is not there
    other_tables || is_damage(error) || error.sqlite_error_code() == Some(ErrorCode::Unknown)
}

/// Up to where a view has applied the log.
pub fn checkpoint(file: &Connection) -> rusqlite::Result<Position> {
    let mut stored = file.prepare_cached("SELECT position FROM checkpoint")?;
    let stored = stored.query_row([], |row| position(row, 0)).optional()?;
    Ok(stored.unwrap_or_default())
}

/// Notes up to where a view has applied the log, unless it is further; to be called in the transaction that has the rows.
pub fn set_checkpoint(file: &Connection, applied: Position) -> rusqlite::Result<()> {
    let mut note = file.prepare_cached(
        "INSERT INTO checkpoint VALUES (1, ?1) \
         ON CONFLICT (id) DO UPDATE SET position = max(position, excluded.position)",
    )?;
    note.execute([number(applied.get())])?;
    Ok(())
}

/// Removes a derived file and what SQLite keeps beside it; a file that is not there is as good as removed.
pub fn remove_view(path: &Path) -> io::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        match std::fs::remove_file(PathBuf::from(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
