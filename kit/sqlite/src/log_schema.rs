//! The tables of the log file, and how a file of an earlier version gets those of this one.
//!
//! Every table is written at its end only: `events` by position, `streams` by the position of the stream's first event.
//! `events.previous` chains a stream's events backwards, so finding a stream needs no more than its last position.
//!
//! The file's `user_version` counts the migrations that it has had. What is stored is for ever: a migration here is never
//! changed, a new shape is one more at the end.

use std::path::Path;

use kit_event_store::Incarnation;
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::columns::number;
use crate::log::unreadable;
use crate::options::OpenError;

/// The migrations, oldest first. The first one also takes files that were written before versions were counted: they
/// have version 0 and these tables already.
const MIGRATIONS: &[&str] = &[VERSION_1, VERSION_2];

const VERSION_1: &str = "
CREATE TABLE IF NOT EXISTS meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS streams (
  id   INTEGER PRIMARY KEY, -- position of the stream's first event
  name TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS events (
  position       INTEGER PRIMARY KEY,
  stream         INTEGER NOT NULL, -- streams.id
  version        INTEGER NOT NULL, -- from 1, without gaps within the stream
  previous       INTEGER NOT NULL, -- position of the stream's event before this one, 0 for the first
  event_id       BLOB    NOT NULL,
  event_type     TEXT    NOT NULL,
  schema_version INTEGER NOT NULL,
  occurred_at    INTEGER NOT NULL, -- milliseconds since 1970, UTC
  recorded_at    INTEGER NOT NULL,
  correlation_id BLOB    NOT NULL,
  causation_id   BLOB    NOT NULL, -- the command
  actor          TEXT    NOT NULL,
  data           TEXT    NOT NULL, -- JSON
  personal       TEXT,             -- JSON
  claims         TEXT              -- JSON, on the last event of a transaction that takes claims
);";

/// Events of before have no checksum: one that is computed later would only bless what the disk has made of them.
const VERSION_2: &str = "
ALTER TABLE events ADD COLUMN checksum INTEGER; -- CRC-32C of all that is stored of the event
ALTER TABLE events ADD COLUMN chain INTEGER;    -- CRC-32C of all checksums up to this one";

/// Brings the tables of a new or older log up to date, and refuses a log of a later program.
pub(crate) fn migrate(log: &mut Connection, path: &Path) -> Result<(), OpenError> {
    apply(log, path, MIGRATIONS)
}

/// Applies the migrations that a file has not had, all or none of them.
fn apply(log: &mut Connection, path: &Path, migrations: &[&str]) -> Result<(), OpenError> {
    let failed = |source| OpenError::Sqlite { path: path.to_owned(), source };
    let version = log.pragma_query_value(None, "user_version", |row| row.get::<_, u32>(0));
    let (found, known) = (version.map_err(failed)? as usize, migrations.len());
    if found == known {
        return Ok(());
    }
    let missing = migrations.get(found..).ok_or_else(|| OpenError::NewerLog {
        path: path.to_owned(),
        found,
        known,
    })?;
    let upgrade = |log: &mut Connection| {
        let change = log.transaction()?;
        missing.iter().try_for_each(|migration| change.execute_batch(migration))?;
        change.pragma_update(None, "user_version", number(known as u64))?;
        change.commit()
    };
    upgrade(log).map_err(failed)
}

/// Which log this is; a new log becomes the given one.
pub(crate) fn incarnation(log: &Connection, new_id: Uuid) -> rusqlite::Result<Incarnation> {
    log.execute(
        "INSERT OR IGNORE INTO meta (name, value) VALUES ('incarnation', ?1)",
        params![new_id.to_string()],
    )?;
    let sql = "SELECT value FROM meta WHERE name = 'incarnation'";
    let text: String = log.query_row(sql, [], |row| row.get(0))?;
    text.parse().map_err(unreadable)
}

/// Makes it another log from here on: nothing that was made from it before belongs to it any more.
pub(crate) fn renew_incarnation(log: &Connection, new_id: Uuid) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO meta (name, value) VALUES ('incarnation', ?1)";
    log.execute(sql, params![new_id.to_string()]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(log: &Connection) -> i64 {
        log.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_log_of_each_earlier_version_gets_what_is_new() {
        const NEXT: &str = "ALTER TABLE events ADD COLUMN trace TEXT";
        let path = Path::new("events.db");
        let mut versioned = Connection::open_in_memory().unwrap();
        migrate(&mut versioned, path).unwrap();
        assert_eq!(version(&versioned), 2);
        let unversioned = Connection::open_in_memory().unwrap();
        unversioned.execute_batch(VERSION_1).unwrap();
        for mut log in [versioned, unversioned] {
            apply(&mut log, path, &[VERSION_1, VERSION_2, NEXT]).unwrap();
            assert_eq!(version(&log), 3);
            log.execute_batch("SELECT trace FROM events").unwrap();
            crate::log::Inserts::prepare(&log).map(drop).unwrap();
            let refused = migrate(&mut log, path).unwrap_err();
            assert!(matches!(refused, OpenError::NewerLog { found: 3, known: 2, .. }));
        }
    }
}
