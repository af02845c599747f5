//! Reads a log file from beside its writer, event by event with the claims, for a backup.

use std::io;
use std::path::{Path, PathBuf};

use kit_core::Position;
use kit_event_store::log_folder::LogFolderError;
use kit_event_store::{EventStoreError, LogMark, LogReader, LoggedEvent};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::columns::{limit, number, unsigned};
use crate::connection::open_reader;
use crate::log::{self, COLUMNS, decode_claims, read_event};
use crate::open::is_damage;
use crate::options::OpenError;

/// A log file, open for reading only. The process that writes it goes on.
#[derive(Debug)]
pub struct LogFileReader {
    path: PathBuf,
    file: Connection,
}

impl LogFileReader {
    /// Opens the log of a folder that has one. Neither takes nor needs the lock of the folder.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let path = folder.join("events.db");
        if !path.exists() {
            let missing = io::Error::from(io::ErrorKind::NotFound);
            return Err(LogFolderError::io("read", &path)(missing).into());
        }
        let failed = |source| OpenError::Sqlite { path: path.clone(), source };
        let file = open_reader(&path).map_err(failed)?;
        Ok(Self { path, file })
    }

    fn failed(&self, error: &rusqlite::Error) -> EventStoreError {
        let told = format!("{}: {error}", self.path.display());
        if is_damage(error) {
            EventStoreError::Corrupt(told)
        } else {
            EventStoreError::Unavailable(told)
        }
    }

    fn read_end(&self) -> rusqlite::Result<Option<LogMark>> {
        let last = "SELECT coalesce(max(position), 0) FROM events";
        let last = self.file.query_row(last, [], |row| unsigned(row, 0))?;
        let known = "SELECT value FROM meta WHERE name = 'incarnation'";
        let known: Option<String> = self.file.query_row(known, [], |row| row.get(0)).optional()?;
        let Some(known) = known.filter(|_| last > 0) else { return Ok(None) };
        let incarnation = known.parse().map_err(log::unreadable)?;
        Ok(Some(LogMark { incarnation, position: Position::new(last) }))
    }

    fn page(
        &self,
        after: Position,
        end: Position,
        at_most: usize,
    ) -> rusqlite::Result<Vec<LoggedEvent>> {
        let sql = format!(
            "SELECT {COLUMNS}, s.name FROM events e JOIN streams s ON s.id = e.stream \
             WHERE e.position > ?1 AND e.position <= ?2 ORDER BY e.position LIMIT ?3"
        );
        let mut statement = self.file.prepare_cached(&sql)?;
        let range = params![number(after.get()), number(end.get()), limit(at_most)];
        let rows = statement.query_map(range, |row| {
            let name: String = row.get(16)?;
            let event = read_event(row, &name)?.event;
            let claims = row.get_ref(14)?.as_str_or_null().map_err(log::unreadable)?;
            let claims = claims.map_or_else(|| Ok(Vec::new()), decode_claims)?;
            Ok(LoggedEvent { event, claims })
        })?;
        rows.collect()
    }
}

impl LogReader for LogFileReader {
    fn end(&mut self) -> Result<Option<LogMark>, EventStoreError> {
        let end = self.read_end().map_err(|error| self.failed(&error))?;
        // a killed process may have written events that it never synced
        log::sync(&self.path)
            .map_err(|error| EventStoreError::Unavailable(format!("cannot sync: {error}")))?;
        Ok(end)
    }

    fn read(
        &mut self,
        after: Position,
        end: Position,
        limit: usize,
    ) -> Result<Vec<LoggedEvent>, EventStoreError> {
        let events = self.page(after, end, limit).map_err(|error| self.failed(&error))?;
        let mut expected = after;
        for one in &events {
            expected = expected.next();
            if one.event.position != expected {
                let told =
                    format!("{}: the event at position {expected} is missing", self.path.display());
                return Err(EventStoreError::Corrupt(told));
            }
        }
        Ok(events)
    }
}
