//! The index file: stream heads, claims, snapshots and checkpoints, all derived from the log or worth less than it.

mod flush;
mod max_keys;
mod snapshots;

use std::path::Path;

use kit_core::{Position, StreamId, Timestamp};
use kit_event_store::{ClaimKey, FoundClaim};
use rusqlite::{Connection, OptionalExtension, params};

pub(crate) use flush::{PurgeCursor, catch_up, write};
pub(crate) use max_keys::MaxKeys;
pub(crate) use snapshots::{Pick, snapshot, write_snapshots};

use crate::columns::{number, position, version};
use crate::connection::{Durability, open_writer};
use crate::stream_head::{StreamHead, StreamKey};

/// Raised when a table changes; an index of another version is deleted and rebuilt from the log.
const SCHEMA_VERSION: &str = "1";

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
) WITHOUT ROWID;";

/// Opens the index of a log, throwing it away when it belongs to another log, another schema, or a longer past.
pub(crate) fn open(
    path: &Path,
    incarnation: &str,
    log_end: Position,
) -> rusqlite::Result<Connection> {
    let index = open_writer(path, Durability::Derived)?;
    index.execute_batch(SCHEMA)?;
    let belongs = meta(&index, "incarnation")?.as_deref() == Some(incarnation)
        && meta(&index, "schema")?.as_deref() == Some(SCHEMA_VERSION)
        && indexed_until(&index)?.max(begun_until(&index)?) <= log_end;
    if !belongs {
        index.execute_batch(
            "DELETE FROM heads; DELETE FROM claims; DELETE FROM snapshots; \
             DELETE FROM checkpoints; DELETE FROM meta;",
        )?;
        for (name, value) in [("incarnation", incarnation), ("schema", SCHEMA_VERSION)] {
            index.execute("INSERT INTO meta VALUES (?1, ?2)", params![name, value])?;
        }
    }
    Ok(index)
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

/// Notes the position a subscriber has dealt with.
pub(crate) fn write_checkpoint(
    index: &Connection,
    subscriber: &str,
    at: Position,
) -> rusqlite::Result<()> {
    index
        .execute(
            "INSERT OR REPLACE INTO checkpoints VALUES (?1, ?2)",
            params![subscriber, number(at.get())],
        )
        .map(drop)
}
