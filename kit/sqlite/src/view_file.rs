//! The file of a view: its schema, its checkpoint, and whether it belongs to its log.
//!
//! A view is derived from a log. A file of another schema, or one that is ahead of its log, is removed and built again.

use std::io;
use std::path::{Path, PathBuf};

use kit_core::Position;
use rusqlite::{Connection, OptionalExtension};

use crate::columns::{number, position};
use crate::connection::open_view;

const CHECKPOINT: &str = "
CREATE TABLE IF NOT EXISTS checkpoint (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL
);";

/// The tables of a view beside its checkpoint.
#[derive(Clone, Copy, Debug)]
pub struct ViewSchema<'a> {
    /// Raised when a table or the meaning of a row changes.
    pub version: i64,
    /// The SQL that makes those tables that are missing.
    pub tables: &'a str,
}

impl ViewSchema<'_> {
    /// Opens a file for its one writer; what is missing is made.
    pub fn open(&self, path: &Path) -> rusqlite::Result<Connection> {
        let file = open_view(path)?;
        file.execute_batch(CHECKPOINT)?;
        file.execute_batch(self.tables)?;
        file.pragma_update(None, "user_version", self.version)?;
        Ok(file)
    }

    /// Removes a file that has another version, cannot be read, or is ahead of its log, which ends at `head`.
    ///
    /// Nobody may have it open. Says whether there was such a file.
    pub fn remove_unusable(&self, path: &Path, head: Position) -> io::Result<bool> {
        let unusable = path.exists() && !self.is_usable(path, head);
        if unusable {
            remove_view(path)?;
        }
        Ok(unusable)
    }

    fn is_usable(&self, path: &Path, head: Position) -> bool {
        let state = Connection::open(path).and_then(|file| {
            let version: i64 = file.pragma_query_value(None, "user_version", |row| row.get(0))?;
            Ok((version, checkpoint(&file)?))
        });
        state.is_ok_and(|(version, at)| version == self.version && at <= head)
    }
}

/// Up to where a view has applied the log.
pub fn checkpoint(file: &Connection) -> rusqlite::Result<Position> {
    let mut stored = file.prepare_cached("SELECT position FROM checkpoint")?;
    let stored = stored.query_row([], |row| position(row, 0)).optional()?;
    Ok(stored.unwrap_or_default())
}

/// Notes up to where a view has applied the log; to be called in the transaction that has the rows.
pub fn set_checkpoint(file: &Connection, applied: Position) -> rusqlite::Result<()> {
    let mut note = file.prepare_cached("INSERT OR REPLACE INTO checkpoint VALUES (1, ?1)")?;
    note.execute([number(applied.get())])?;
    Ok(())
}

/// Removes the file of a view and what SQLite keeps beside it; a file that is not there is as good as removed.
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
