//! Which split reservations are to be driven, in SQLite: built from the log in a file of each process's own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gondola_inventory_domain::{
    SplitReservation, SplitReservationEvent, SplitReservationId, evolve_split,
    parse_split_stream_id,
};
use kit_core::RecordedEvent;
use kit_event_store::LogMark;
use kit_event_store::parking::ParkingChange;
use kit_event_store::projection::ProjectionError;
use kit_sqlite::{
    FollowedView, OpenViewError, ReadPool, ViewSchema, unwritable, view_path, yielding,
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::due_processes::{DueRows, due_at};
use super::process_history as history;
use crate::process_managers::split_reservations::{
    STORED_VERSION, decode_split_event, read_stored,
};

/// Raised when a table or the meaning of a row changes; a change of the stored shapes counts by itself.
const TABLES_VERSION: i64 = 1;

/// Name in logs.
const NAME: &str = "split-reservations";

/// `due_at` is 0 while a step is to be done, else the deadline that is waited for, in milliseconds since 1970.
/// `since` is when it last got on: a step that fails is no progress. `history` has an event a line.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS split_reservations (
  id         TEXT    PRIMARY KEY,
  is_ended   INTEGER NOT NULL,
  is_delayed INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  since      INTEGER NOT NULL,
  due_at     INTEGER,
  history    TEXT    NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS split_reservations_due ON split_reservations (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS split_reservations_unfinished ON split_reservations (created_at) WHERE is_ended = 0;
CREATE INDEX IF NOT EXISTS split_reservations_delayed ON split_reservations (since) WHERE is_delayed = 1;";

const UPSERT: &str = "INSERT INTO split_reservations VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
    ON CONFLICT (id) DO UPDATE SET is_ended = ?2, is_delayed = ?3, since = ?5, due_at = ?6, history = ?7";

/// A split reservation as a batch leaves it.
struct Row {
    split: SplitReservation,
    created_at: i64,
    since: i64,
    history: String,
}

/// Opens the list in a folder for the log with this end, and says where its file is.
pub(crate) fn open_split_list(
    folder: &Path,
    log: LogMark,
) -> Result<(FollowedView, PathBuf), OpenViewError> {
    let path = view_path(folder, "split-reservations.db")?;
    let version = TABLES_VERSION * 1_000 + i64::from(STORED_VERSION);
    let schema = ViewSchema { version, tables: TABLES };
    Ok((FollowedView::open(NAME, &path, schema, log, write_rows)?, path))
}

fn write_rows(
    change: &Transaction<'_>,
    parking: &mut ParkingChange,
    events: &[Arc<RecordedEvent>],
) -> Result<bool, ProjectionError> {
    let mut rows = BTreeMap::new();
    for recorded in yielding(events) {
        let Some(id) = parse_split_stream_id(&recorded.stream) else { continue };
        let Some(event) = parking.admit(recorded, decode_split_event)? else { continue };
        let mut row = match rows.remove(&id) {
            Some(row) => row,
            None => read(change, id, recorded)?,
        };
        row.split = evolve_split(row.split, &event);
        if !matches!(event, SplitReservationEvent::StepDelayed { .. }) {
            row.since = recorded.metadata.recorded_at.as_millis();
        }
        history::append(&mut row.history, recorded);
        rows.insert(id, row);
    }
    for (id, row) in &rows {
        write(change, *id, row).map_err(|error| unwritable(&error))?;
    }
    Ok(!rows.is_empty())
}

/// A split reservation as the list has it, or before its first event.
fn read(
    file: &Connection,
    id: SplitReservationId,
    first: &RecordedEvent,
) -> Result<Row, ProjectionError> {
    let found = || {
        let select = "SELECT created_at, since, history FROM split_reservations WHERE id = ?1";
        let mut select = file.prepare_cached(select)?;
        select
            .query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()
    };
    let found: Option<(i64, i64, String)> = found().map_err(|error| unwritable(&error))?;
    let began = first.metadata.recorded_at.as_millis();
    let (created_at, since, history) = found.unwrap_or((began, began, String::new()));
    let split = history::fold(&history, |split, name, version, data| {
        Ok(evolve_split(split, &read_stored(name, version, data)?))
    });
    Ok(Row { split: split.map_err(ProjectionError::View)?, created_at, since, history })
}

fn write(file: &Connection, id: SplitReservationId, row: &Row) -> rusqlite::Result<()> {
    let Row { split, created_at, since, history } = row;
    let due_at = due_at(&split.next_step());
    file.prepare_cached(UPSERT)?.execute(params![
        id.to_string(),
        due_at.is_none(),
        split.delayed().is_some(),
        created_at,
        since,
        due_at,
        history,
    ])?;
    Ok(())
}

/// Says which of the list in this file are to be driven.
pub(crate) fn due_split_reservations(path: PathBuf) -> DueRows {
    DueRows::of("split_reservations", Arc::new(ReadPool::new(path)))
}
