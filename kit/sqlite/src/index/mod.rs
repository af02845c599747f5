//! The index file: stream heads and marks, claims, snapshots and checkpoints, all derived from the log or worth less than it.

mod flush;
mod marks;
mod max_keys;
mod snapshots;

use std::path::Path;

use kit_core::{Epoch, Position, StreamId, Timestamp};
use kit_event_store::{ClaimKey, FoundClaim, Incarnation, SavedCheckpoint};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

pub(crate) use flush::{PurgeCursor, catch_up, write};
pub(crate) use marks::mark;
pub(crate) use max_keys::MaxKeys;
pub(crate) use snapshots::{snapshot, write_snapshots};

use crate::columns::{number, position, version};
use crate::connection::{Durability, is_sound, open_writer};
use crate::stream_head::{StreamHead, StreamKey};

/// Raised when a table changes; an index of another version is deleted and rebuilt from the log.
const SCHEMA_VERSION: &str = "2";

const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS heads (
  key      BLOB PRIMARY KEY, -- 128 bits of SHA-256 of the stream's name
  stream   INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  position INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS marks (
  key      BLOB    NOT NULL, -- as in heads
  version  INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (key, version)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claims (
  namespace  TEXT NOT NULL,
  key        TEXT NOT NULL,
  value      TEXT NOT NULL,
  expires_at INTEGER,
  position   INTEGER NOT NULL,
  PRIMARY KEY (namespace, key)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS snapshots (
  key            BLOB NOT NULL,
  schema_version INTEGER NOT NULL,
  version        INTEGER NOT NULL,
  position       INTEGER NOT NULL,
  recorded_at    INTEGER NOT NULL,
  state          TEXT NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS snapshots_by_stream ON snapshots (key, schema_version, version);
CREATE TABLE IF NOT EXISTS checkpoints (
  subscriber TEXT PRIMARY KEY,
  position   INTEGER NOT NULL
) WITHOUT ROWID;
-- a table of its own: an index without it is still of this version
CREATE TABLE IF NOT EXISTS checkpoint_epochs (
  subscriber TEXT PRIMARY KEY,
  epoch      INTEGER NOT NULL -- of the holder of a lease that saved the checkpoint
) WITHOUT ROWID;";

/// Opens or makes the index of a log.
pub(crate) fn open(path: &Path, incarnation: Incarnation) -> rusqlite::Result<Connection> {
    let index = open_writer(path, Durability::Derived)?;
    index.execute_batch(SCHEMA)?;
    for (name, value) in [("incarnation", &*incarnation.to_string()), ("schema", SCHEMA_VERSION)] {
        index.execute("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", params![name, value])?;
    }
    Ok(index)
}

/// Up to which position an index was made from this log, partly at least; `None` when it is missing, damaged, of another
/// log or of another schema.
pub(crate) fn follows(path: &Path, incarnation: Incarnation) -> rusqlite::Result<Option<Position>> {
    if !path.exists() {
        return Ok(None);
    }
    let index = open_writer(path, Durability::Derived)?;
    index.execute_batch(SCHEMA)?;
    let ours = is_sound(&index)?
        && meta(&index, "incarnation")?.as_deref() == Some(&*incarnation.to_string())
        && meta(&index, "schema")?.as_deref() == Some(SCHEMA_VERSION);
    if ours { furthest(&index).map(Some) } else { Ok(None) }
}

/// Up to which position an index knows events, whatever log it belongs to and if it can be read.
pub(crate) fn last_known(path: &Path) -> Option<Position> {
    let index = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    furthest(&index).ok()
}

/// The last event that anything in an index was made from.
fn furthest(index: &Connection) -> rusqlite::Result<Position> {
    let checkpoints = "SELECT coalesce(max(position), 0) FROM checkpoints";
    let checkpoint = index.query_row(checkpoints, [], |row| position(row, 0))?;
    Ok(indexed_until(index)?.max(begun_until(index)?).max(checkpoint))
}

fn meta(index: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    index.query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get(0)).optional()
}

/// The last position that the index covers.
pub(crate) fn indexed_until(index: &Connection) -> rusqlite::Result<Position> {
    noted(index, "indexed_until")
}

/// The last position of which it may have something: a flush that was broken off has left part of its rows.
fn begun_until(index: &Connection) -> rusqlite::Result<Position> {
    noted(index, "begun_until")
}

fn noted(index: &Connection, name: &str) -> rusqlite::Result<Position> {
    let text = meta(index, name)?;
    Ok(Position::new(text.and_then(|text| text.parse().ok()).unwrap_or(0)))
}

fn note(index: &Connection, name: &str, at: Position) -> rusqlite::Result<()> {
    let mut insert = index.prepare_cached("INSERT OR REPLACE INTO meta VALUES (?1, ?2)")?;
    insert.execute(params![name, at.to_string()]).map(drop)
}

/// A stream's head as the index knows it.
pub(crate) fn head(index: &Connection, stream: &StreamId) -> rusqlite::Result<Option<StreamHead>> {
    index
        .prepare_cached("SELECT stream, version, position FROM heads WHERE key = ?1")?
        .query_row([StreamKey::of(stream).as_bytes()], |row| {
            Ok(StreamHead {
                stream: position(row, 0)?,
                version: version(row, 1)?,
                position: position(row, 2)?,
            })
        })
        .optional()
}

/// A claim as the index knows it, expired or not.
pub(crate) fn claim(index: &Connection, key: &ClaimKey) -> rusqlite::Result<Option<FoundClaim>> {
    index
        .prepare_cached(
            "SELECT value, expires_at, position FROM claims WHERE namespace = ?1 AND key = ?2",
        )?
        .query_row(params![key.namespace.as_ref(), key.key.as_ref()], |row| {
            let expires_at: Option<i64> = row.get(1)?;
            Ok(FoundClaim {
                value: row.get(0)?,
                expires_at: expires_at.map(Timestamp::from_millis),
                position: position(row, 2)?,
            })
        })
        .optional()
}

/// The position a subscriber has dealt with.
pub(crate) fn checkpoint(index: &Connection, subscriber: &str) -> rusqlite::Result<Position> {
    index
        .query_row("SELECT position FROM checkpoints WHERE subscriber = ?1", [subscriber], |row| {
            position(row, 0)
        })
        .optional()
        .map(Option::unwrap_or_default)
}

/// Notes the position a subscriber has dealt with, unless one with a greater epoch has.
pub(crate) fn write_checkpoint(
    index: &mut Connection,
    subscriber: &str,
    at: Position,
    epoch: Epoch,
) -> rusqlite::Result<SavedCheckpoint> {
    let change = index.transaction()?;
    let sql = "SELECT epoch FROM checkpoint_epochs WHERE subscriber = ?1";
    let by = change.query_row(sql, [subscriber], |row| position(row, 0)).optional()?;
    let by = Epoch::new(by.map_or(0, Position::get));
    if by > epoch {
        return Ok(SavedCheckpoint::Superseded { by });
    }
    for (table, number) in [("checkpoints", at.get()), ("checkpoint_epochs", epoch.get())] {
        let sql = format!("INSERT OR REPLACE INTO {table} VALUES (?1, ?2)");
        change.execute(&sql, params![subscriber, self::number(number)])?;
    }
    change.commit()?;
    Ok(SavedCheckpoint::Saved)
}
