//! The index file: stream heads, claims, snapshots and checkpoints, all derived from the log or worth less than it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use kit_core::{Position, StreamId, Timestamp};
use kit_event_store::{ClaimKey, FoundClaim, Snapshot};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::background::paced;
use crate::connection::{Durability, open_writer};
use crate::log::{self, number, position, timestamp, version};
use crate::tail::{Generation, Head, StreamKey};

/// Raised when a table changes; an index of another version is thrown away and rebuilt from the log.
const SCHEMA_VERSION: &str = "1";

/// Events between two commits while the index is rebuilt from the log.
const REBUILD_STEP_EVENTS: usize = 100_000;

/// Rows between two commits of a flush. Nothing interrupts a commit, so one for all would hold a core for milliseconds;
/// rows come in key order, so several write hardly a page more than one.
const STEP_ROWS: usize = 2_048;

/// Claims looked at for expiry with each flush.
const PURGE_STEP_CLAIMS: usize = 2_000;

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

/// Brings the index up to the end of the log: all of it after a loss, else the last moments before a stop.
pub(crate) fn catch_up(index: &mut Connection, log: &Connection) -> rusqlite::Result<()> {
    let mut generation = Generation::default();
    let after = indexed_until(index)?;
    log::index_entries(log, after, |entry| {
        let last = entry.head.position;
        generation.note_head(&entry.stream, entry.head);
        for claim in entry.claims {
            generation.note_claim(claim, last);
        }
        if generation.events >= REBUILD_STEP_EVENTS {
            write(index, &std::mem::take(&mut generation), None)?;
        }
        Ok(())
    })?;
    if generation.events > 0 {
        write(index, &generation, None)?;
    }
    Ok(())
}

/// Where the search for expired claims goes on.
pub(crate) type PurgeCursor = (String, String);

/// Writes one generation in key order, step by step, and looks at the next few claims for expiry.
///
/// Only the last step says that all is there. Broken off before, the rows are written again from the log; until then
/// each is right by itself, and whoever is alive finds the newer ones in the tail.
pub(crate) fn write(
    index: &mut Connection,
    generation: &Generation,
    purge: Option<(&mut PurgeCursor, Timestamp)>,
) -> rusqlite::Result<()> {
    note(index, "begun_until", generation.last)?;
    in_steps(index, &sorted_heads(generation), write_heads)?;
    in_steps(index, &sorted_claims(generation), write_claims)?;
    let change = index.transaction()?;
    note(&change, "indexed_until", generation.last)?;
    if let Some((cursor, now)) = purge {
        purge_claims(&change, cursor, now)?;
    }
    change.commit()
}

fn in_steps<T>(
    index: &mut Connection,
    rows: &[T],
    write: impl Fn(&Transaction<'_>, &[T]) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    for step in rows.chunks(STEP_ROWS) {
        let change = index.transaction()?;
        write(&change, step)?;
        change.commit()?;
    }
    Ok(())
}

fn sorted_heads(generation: &Generation) -> Vec<(StreamKey, Head)> {
    let keyed = |(stream, head): (&StreamId, &Head)| (StreamKey::of(stream), *head);
    let mut heads: Vec<_> = paced(&generation.heads).map(keyed).collect();
    heads.sort_unstable_by_key(|(key, _)| *key);
    heads
}

fn write_heads(change: &Transaction<'_>, heads: &[(StreamKey, Head)]) -> rusqlite::Result<()> {
    let mut insert =
        change.prepare_cached("INSERT OR REPLACE INTO heads VALUES (?1, ?2, ?3, ?4)")?;
    for (key, head) in paced(heads) {
        insert.execute(params![
            key.as_bytes(),
            number(head.stream.get()),
            number(head.version.get()),
            number(head.position.get()),
        ])?;
    }
    Ok(())
}

fn sorted_claims(generation: &Generation) -> Vec<(&ClaimKey, &FoundClaim)> {
    let mut claims: Vec<_> = generation.claims.iter().collect();
    // stable, because that sort is quick where most are in order already
    claims.sort_by_key(|(key, _)| *key);
    claims
}

fn write_claims(
    change: &Transaction<'_>,
    claims: &[(&ClaimKey, &FoundClaim)],
) -> rusqlite::Result<()> {
    let mut insert =
        change.prepare_cached("INSERT OR REPLACE INTO claims VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (key, found) in paced(claims) {
        insert.execute(params![
            key.namespace.as_ref(),
            key.key.as_ref(),
            found.value.as_ref(),
            found.expires_at.map(Timestamp::as_millis),
            number(found.position.get()),
        ])?;
    }
    Ok(())
}

fn purge_claims(
    change: &Transaction<'_>,
    cursor: &mut PurgeCursor,
    now: Timestamp,
) -> rusqlite::Result<()> {
    let mut select = change.prepare_cached(
        "SELECT namespace, key, expires_at FROM claims WHERE (namespace, key) > (?1, ?2) \
         ORDER BY namespace, key LIMIT ?3",
    )?;
    let step = i64::try_from(PURGE_STEP_CLAIMS).unwrap_or(i64::MAX);
    let rows: Vec<(String, String, Option<i64>)> = select
        .query_map(params![cursor.0, cursor.1, step], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?
        .collect::<Result<_, _>>()?;
    let mut delete =
        change.prepare_cached("DELETE FROM claims WHERE namespace = ?1 AND key = ?2")?;
    for (namespace, key, expires_at) in &rows {
        if expires_at.is_some_and(|end| end <= now.as_millis()) {
            delete.execute(params![namespace, key])?;
        }
    }
    *cursor = match rows.into_iter().nth(PURGE_STEP_CLAIMS - 1) {
        Some((namespace, key, _)) => (namespace, key),
        None => PurgeCursor::default(),
    };
    Ok(())
}

/// A stream's head as the index knows it.
pub(crate) fn head(index: &Connection, stream: &StreamId) -> rusqlite::Result<Option<Head>> {
    index
        .prepare_cached("SELECT stream, version, position FROM heads WHERE key = ?1")?
        .query_row([StreamKey::of(stream).as_bytes()], |row| {
            Ok(Head {
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

/// The greatest key of each namespace: no key above it is in the index.
///
/// Ids made by the server grow with time, so nearly all of their look-ups end here, without touching the file.
#[derive(Debug, Default)]
pub(crate) struct Watermarks(HashMap<Cow<'static, str>, Arc<str>>);

impl Watermarks {
    pub(crate) fn load(index: &Connection) -> rusqlite::Result<Self> {
        let mut marks = HashMap::new();
        let mut namespace = String::new();
        let next = "SELECT namespace FROM claims WHERE namespace > ?1 ORDER BY namespace LIMIT 1";
        let greatest = "SELECT key FROM claims WHERE namespace = ?1 ORDER BY key DESC LIMIT 1";
        while let Some(found) =
            index.query_row(next, [&namespace], |row| row.get::<_, String>(0)).optional()?
        {
            let key = index.query_row(greatest, [&found], |row| row.get(0))?;
            marks.insert(Cow::Owned(found.clone()), key);
            namespace = found;
        }
        Ok(Self(marks))
    }

    pub(crate) fn raise(&mut self, key: &ClaimKey) {
        match self.0.get_mut(&key.namespace) {
            Some(mark) if *mark >= key.key => {}
            Some(mark) => mark.clone_from(&key.key),
            None => {
                self.0.insert(key.namespace.clone(), key.key.clone());
            }
        }
    }

    pub(crate) fn rule_out(&self, key: &ClaimKey) -> bool {
        self.0.get(&key.namespace).is_none_or(|mark| key.key > *mark)
    }
}

/// Keeps snapshots.
pub(crate) fn write_snapshots(
    index: &mut Connection,
    snapshots: &[Snapshot],
) -> rusqlite::Result<()> {
    let change = index.transaction()?;
    {
        let mut insert = change
            .prepare_cached("INSERT OR REPLACE INTO snapshots VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
        for one in snapshots {
            insert.execute(params![
                StreamKey::of(&one.stream).as_bytes(),
                one.schema_version,
                number(one.version.get()),
                number(one.position.get()),
                one.recorded_at.as_millis(),
                one.state.as_ref(),
            ])?;
        }
    }
    change.commit()
}

/// Which snapshot of a stream to look for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pick {
    /// The newest one recorded at or before a moment.
    NewestAt(Timestamp),
    /// The oldest one recorded after a moment.
    OldestAfter(Timestamp),
}

/// A snapshot of a stream.
pub(crate) fn snapshot(
    index: &Connection,
    stream: &StreamId,
    schema_version: u16,
    pick: Pick,
) -> rusqlite::Result<Option<Snapshot>> {
    let (rule, moment) = match pick {
        Pick::NewestAt(moment) => ("recorded_at <= ?3 ORDER BY version DESC", moment),
        Pick::OldestAfter(moment) => ("recorded_at > ?3 ORDER BY version", moment),
    };
    let sql = format!(
        "SELECT version, position, recorded_at, state FROM snapshots \
         WHERE key = ?1 AND schema_version = ?2 AND {rule} LIMIT 1"
    );
    let key = StreamKey::of(stream);
    index
        .prepare_cached(&sql)?
        .query_row(params![key.as_bytes(), schema_version, moment.as_millis()], |row| {
            Ok(Snapshot {
                stream: stream.clone(),
                version: version(row, 0)?,
                position: position(row, 1)?,
                recorded_at: timestamp(row, 2)?,
                schema_version,
                state: row.get(3)?,
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

#[cfg(test)]
mod tests {
    use kit_core::Version;
    use kit_event_store::Claim;

    use super::*;

    fn stream(number: u64) -> StreamId {
        StreamId::new(format!("inventory-{number}")).unwrap()
    }

    fn generation(events: u64) -> Generation {
        let mut generation = Generation::default();
        for number in 1..=events {
            let position = Position::new(number);
            let head = Head { stream: position, version: Version::new(1), position };
            generation.note_head(&stream(number), head);
            let key = ClaimKey::new("reservation", number.to_string());
            generation.note_claim(Claim { key, value: "x".into(), expires_at: None }, position);
        }
        generation
    }

    #[test]
    fn a_generation_of_several_steps_is_written_whole() {
        let folder = tempfile::tempdir().unwrap();
        let events = 2 * STEP_ROWS as u64 + 1;
        let end = Position::new(events);
        let mut index = open(&folder.path().join("index.db"), "log", end).unwrap();
        write(&mut index, &generation(events), None).unwrap();
        assert_eq!(indexed_until(&index).unwrap(), end);
        for number in 1..=events {
            let at = Position::new(number);
            assert_eq!(head(&index, &stream(number)).unwrap().unwrap().position, at);
            let key = ClaimKey::new("reservation", number.to_string());
            assert_eq!(claim(&index, &key).unwrap().unwrap().position, at);
        }
    }

    #[test]
    fn rows_of_a_flush_that_was_broken_off_do_not_survive_an_older_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.db");
        let mut index = open(&path, "log", Position::new(9)).unwrap();
        note(&index, "begun_until", Position::new(9)).unwrap();
        let change = index.transaction().unwrap();
        write_heads(&change, &sorted_heads(&generation(9))).unwrap();
        change.commit().unwrap();
        drop(index);
        let position = |log_end| {
            let index = open(&path, "log", Position::new(log_end)).unwrap();
            head(&index, &stream(9)).unwrap().map(|head| head.position.get())
        };
        assert_eq!(position(9), Some(9), "the log it was made from is still there");
        assert_eq!(position(8), None, "a log that never had position 9 gets an index of its own");
    }
}
