//! The writing side of the list of tills: their batches, and which numbers have come.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gondola_inventory_domain::{
    PosBatchEvent, PosBatchId, PosBatchTerms, RefusedLine, ShortLine, parse_pos_batch_stream_id,
};
use kit_core::{RecordedEvent, Timestamp};
use kit_event_store::LogMark;
use kit_event_store::parking::ParkingChange;
use kit_event_store::projection::ProjectionError;
use kit_sqlite::columns::{limit, number};
use kit_sqlite::{
    FollowedView, OpenViewError, ReadPool, ViewSchema, unwritable, view_path, yielding,
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::adapters::due_processes::DueRows;
use crate::process_managers::stored::StoredEvent as _;

/// Raised when a table or the meaning of a row changes; a change of the stored shapes counts by itself.
const TABLES_VERSION: i64 = 1;

/// Name in logs.
const NAME: &str = "tills";

/// `due_at` of a batch is 0 while it is to be merged. `since` is when it last got on: a try that fails is no progress.
/// `sequences` has the numbers that came, as ranges that neither touch nor overlap: what lies between two is missing.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS pos_batches (
  id         TEXT    PRIMARY KEY,
  store      TEXT    NOT NULL,
  till       TEXT    NOT NULL,
  is_ended   INTEGER NOT NULL,
  is_delayed INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  since      INTEGER NOT NULL,
  due_at     INTEGER
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pos_batches_due ON pos_batches (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS pos_batches_unfinished ON pos_batches (created_at) WHERE is_ended = 0;
CREATE INDEX IF NOT EXISTS pos_batches_delayed ON pos_batches (since) WHERE is_delayed = 1;
CREATE TABLE IF NOT EXISTS tills (
  store           TEXT    NOT NULL,
  till            TEXT    NOT NULL,
  batches         INTEGER NOT NULL,
  last_sequence   INTEGER NOT NULL,
  lines           INTEGER NOT NULL,
  shortfall_units INTEGER NOT NULL,
  refused_lines   INTEGER NOT NULL,
  unmerged        INTEGER NOT NULL,
  delayed         INTEGER NOT NULL,
  last_seen       INTEGER NOT NULL,
  last_sale_at    INTEGER NOT NULL,
  PRIMARY KEY (store, till)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sequences (
  store TEXT    NOT NULL,
  till  TEXT    NOT NULL,
  first INTEGER NOT NULL,
  last  INTEGER NOT NULL,
  PRIMARY KEY (store, till, first)
) WITHOUT ROWID;";

const ADD_BATCH: &str = "INSERT OR IGNORE INTO pos_batches VALUES (?1, ?2, ?3, 0, 0, ?4, ?4, 0)";

const ADD_TO_TILL: &str = "INSERT INTO tills VALUES (?1, ?2, 1, ?3, ?4, 0, 0, 1, 0, ?5, ?6) \
    ON CONFLICT (store, till) DO UPDATE SET batches = batches + 1, last_sequence = max(last_sequence, ?3), \
    lines = lines + ?4, unmerged = unmerged + 1, last_seen = max(last_seen, ?5), \
    last_sale_at = max(last_sale_at, ?6)";

const END_BATCH: &str = "UPDATE pos_batches SET is_ended = 1, due_at = NULL, since = ?2, is_delayed = 0 \
    WHERE id = ?1";

const END_OF_TILL: &str = "UPDATE tills SET unmerged = unmerged - 1, delayed = delayed - ?3, \
    shortfall_units = shortfall_units + ?4, refused_lines = refused_lines + ?5 WHERE store = ?1 AND till = ?2";

/// A batch whose row is to be changed.
struct Row {
    store: String,
    till: String,
    is_delayed: bool,
}

/// Opens the list in a folder for the log with this end, and says where its file is.
pub(crate) fn open_till_list(
    folder: &Path,
    log: LogMark,
) -> Result<(FollowedView, PathBuf), OpenViewError> {
    let path = view_path(folder, "tills.db")?;
    let version = TABLES_VERSION * 1_000 + i64::from(PosBatchEvent::VERSION);
    let schema = ViewSchema { version, tables: TABLES };
    Ok((FollowedView::open(NAME, &path, schema, log, write_rows)?, path))
}

/// Says which batches of the list in this file are to be driven.
pub(crate) fn due_pos_batches(path: PathBuf) -> DueRows {
    DueRows::of("pos_batches", Arc::new(ReadPool::new(path)))
}

fn write_rows(
    change: &Transaction<'_>,
    parking: &mut ParkingChange,
    events: &[Arc<RecordedEvent>],
) -> Result<bool, ProjectionError> {
    let mut has_rows = false;
    for recorded in yielding(events) {
        let Some(id) = parse_pos_batch_stream_id(&recorded.stream) else { continue };
        let Some(event) = parking.admit(recorded, PosBatchEvent::decode)? else { continue };
        let at = recorded.metadata.recorded_at;
        write(change, id, &event, at).map_err(|error| unwritable(&error))?;
        has_rows = true;
    }
    Ok(has_rows)
}

fn write(
    file: &Connection,
    id: PosBatchId,
    event: &PosBatchEvent,
    at: Timestamp,
) -> rusqlite::Result<()> {
    match event {
        PosBatchEvent::Received(terms) => received(file, id, terms, at),
        PosBatchEvent::Merged { shortfalls, refused } => merged(file, id, shortfalls, refused, at),
        PosBatchEvent::StepDelayed { .. } => delayed(file, id),
    }
}

fn received(
    file: &Connection,
    id: PosBatchId,
    terms: &PosBatchTerms,
    at: Timestamp,
) -> rusqlite::Result<()> {
    let (store, till) = (terms.store.to_string(), terms.till.as_str());
    let batch = params![id.to_string(), store, till, at.as_millis()];
    if file.prepare_cached(ADD_BATCH)?.execute(batch)? == 0 {
        return Ok(());
    }
    let latest = terms.lines.iter().map(|line| line.occurred_at).max().unwrap_or(at);
    file.prepare_cached(ADD_TO_TILL)?.execute(params![
        store,
        till,
        number(terms.sequence),
        limit(terms.lines.len()),
        at.as_millis(),
        latest.as_millis(),
    ])?;
    add_sequence(file, &store, till, number(terms.sequence))
}

/// Adds a number to the ranges that have come: it makes one of its own, or lets the ranges beside it grow together.
fn add_sequence(file: &Connection, store: &str, till: &str, sequence: i64) -> rusqlite::Result<()> {
    let mut before = file.prepare_cached(
        "SELECT first FROM sequences WHERE store = ?1 AND till = ?2 AND last = ?3 - 1 AND first < ?3",
    )?;
    let mut behind = file.prepare_cached(
        "DELETE FROM sequences WHERE store = ?1 AND till = ?2 AND first = ?3 + 1 RETURNING last",
    )?;
    let here = params![store, till, sequence];
    let first: Option<i64> = before.query_row(here, |row| row.get(0)).optional()?;
    let last: Option<i64> = behind.query_row(here, |row| row.get(0)).optional()?;
    let mut put =
        file.prepare_cached("INSERT OR REPLACE INTO sequences VALUES (?1, ?2, ?3, ?4)")?;
    put.execute(params![store, till, first.unwrap_or(sequence), last.unwrap_or(sequence)])?;
    Ok(())
}

fn merged(
    file: &Connection,
    id: PosBatchId,
    shortfalls: &[ShortLine],
    refused: &[RefusedLine],
    at: Timestamp,
) -> rusqlite::Result<()> {
    let Some(batch) = unmerged(file, id)? else { return Ok(()) };
    file.prepare_cached(END_BATCH)?.execute(params![id.to_string(), at.as_millis()])?;
    let missing: u64 = shortfalls.iter().map(|line| u64::from(line.units)).sum();
    file.prepare_cached(END_OF_TILL)?.execute(params![
        batch.store,
        batch.till,
        batch.is_delayed,
        number(missing),
        limit(refused.len()),
    ])?;
    Ok(())
}

fn delayed(file: &Connection, id: PosBatchId) -> rusqlite::Result<()> {
    let Some(batch) = unmerged(file, id)?.filter(|batch| !batch.is_delayed) else { return Ok(()) };
    let mark = "UPDATE pos_batches SET is_delayed = 1 WHERE id = ?1";
    file.prepare_cached(mark)?.execute([id.to_string()])?;
    let count = "UPDATE tills SET delayed = delayed + 1 WHERE store = ?1 AND till = ?2";
    file.prepare_cached(count)?.execute([&batch.store, &batch.till])?;
    Ok(())
}

/// A batch that is still to be merged.
fn unmerged(file: &Connection, id: PosBatchId) -> rusqlite::Result<Option<Row>> {
    let mut select = file.prepare_cached(
        "SELECT store, till, is_delayed FROM pos_batches WHERE id = ?1 AND is_ended = 0",
    )?;
    let row = |row: &rusqlite::Row<'_>| {
        Ok(Row { store: row.get(0)?, till: row.get(1)?, is_delayed: row.get(2)? })
    };
    select.query_row([id.to_string()], row).optional()
}
