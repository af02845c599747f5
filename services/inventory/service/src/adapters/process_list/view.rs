//! The writing side: one row for each process, with its events, and when it is next to be driven.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kit_core::{RecordedEvent, Timestamp};
use kit_event_store::LogMark;
use kit_event_store::parking::ParkingChange;
use kit_event_store::projection::ProjectionError;
use kit_process_manager::Reaction;
use kit_sqlite::columns::number;
use kit_sqlite::{FollowedView, OpenViewError, ViewSchema, unwritable, view_path, yielding};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::json;
use uuid::Uuid;

use crate::adapters::process_history as history;
use crate::process_managers::process_list::{Listed, is_progress};
use crate::process_managers::stored::StoredEvent as _;

/// Raised when a table or the meaning of a row changes; a change of the stored shapes counts by itself.
const TABLES_VERSION: i64 = 3;

/// `due_at` is 0 while a step is to be done, else the moment that is waited for, in milliseconds since 1970.
/// `since` is when it last got on. `stores` is JSON, and NULL for any store. `history` has an event a line.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS processes (
  id         TEXT    PRIMARY KEY,
  status     TEXT    NOT NULL,
  stores     TEXT,
  is_ended   INTEGER NOT NULL,
  is_delayed INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  since      INTEGER NOT NULL,
  due_at     INTEGER,
  version    INTEGER NOT NULL,
  history    TEXT    NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS processes_by_status ON processes (status, id);
CREATE INDEX IF NOT EXISTS processes_due ON processes (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS processes_unfinished ON processes (created_at) WHERE is_ended = 0;
CREATE INDEX IF NOT EXISTS processes_delayed ON processes (id, since) WHERE is_delayed = 1;";

const UPSERT: &str = "INSERT INTO processes VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
    ON CONFLICT (id) DO UPDATE SET status = ?2, stores = ?3, is_ended = ?4, is_delayed = ?5, since = ?7, due_at = ?8, \
    version = ?9, history = ?10";

/// A process as a batch leaves it.
struct Row<S> {
    state: S,
    created_at: i64,
    since: i64,
    version: u64,
    history: String,
}

/// Opens the list of a kind in a folder for the log with this end, and says where its file is.
pub(crate) fn open_process_list<K: Listed>(
    folder: &Path,
    log: LogMark,
) -> Result<(FollowedView, PathBuf), OpenViewError> {
    let path = view_path(folder, K::FILE)?;
    let version = TABLES_VERSION * 1_000 + i64::from(K::Event::VERSION);
    let schema = ViewSchema { version, tables: TABLES };
    Ok((FollowedView::open(K::NAME, &path, schema, log, write_rows::<K>)?, path))
}

fn write_rows<K: Listed>(
    change: &Transaction<'_>,
    parking: &mut ParkingChange,
    events: &[Arc<RecordedEvent>],
) -> Result<bool, ProjectionError> {
    let rules = K::default();
    let mut rows = BTreeMap::new();
    for recorded in yielding(events) {
        let Some(id) = K::id_of(&recorded.stream) else { continue };
        let Some(event) = parking.admit(recorded, |event| rules.decode(event))? else { continue };
        let mut row = match rows.remove(&id) {
            Some(row) => row,
            None => read::<K>(change, id, recorded)?,
        };
        row.state = rules.evolve(row.state, &event);
        row.version = recorded.version.get();
        if is_progress(recorded) {
            row.since = recorded.metadata.recorded_at.as_millis();
        }
        history::append(&mut row.history, recorded);
        rows.insert(id, row);
    }
    for (id, row) in &rows {
        write::<K>(change, *id, row).map_err(|error| unwritable(&error))?;
    }
    Ok(!rows.is_empty())
}

/// A process as the list has it, or before its first event.
fn read<K: Listed>(
    file: &Connection,
    id: Uuid,
    first: &RecordedEvent,
) -> Result<Row<K::State>, ProjectionError> {
    let found = || {
        let select = "SELECT created_at, since, history FROM processes WHERE id = ?1";
        let mut select = file.prepare_cached(select)?;
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        select.query_row([id.to_string()], row).optional()
    };
    let found: Option<(i64, i64, String)> = found().map_err(|error| unwritable(&error))?;
    let began = first.metadata.recorded_at.as_millis();
    let (created_at, since, history) = found.unwrap_or((began, began, String::new()));
    let state = fold::<K>(&history).map_err(ProjectionError::View)?;
    Ok(Row { state, created_at, since, version: 0, history })
}

fn write<K: Listed>(file: &Connection, id: Uuid, row: &Row<K::State>) -> rusqlite::Result<()> {
    let Row { state, created_at, since, version, history } = row;
    // what waits for people alone is not at its end
    let (due_at, is_ended) = match K::default().react(state) {
        Reaction::Perform { .. } => (Some(0), false),
        Reaction::Wait { until } => (until.map(Timestamp::as_millis), false),
        Reaction::Ended => (None, true),
    };
    file.prepare_cached(UPSERT)?.execute(params![
        id.to_string(),
        K::status(state),
        K::stores(state).map(|stores| json!(stores).to_string()),
        is_ended,
        K::delayed(state).is_some(),
        created_at,
        since,
        due_at,
        number(*version),
        history,
    ])?;
    Ok(())
}

/// The process that the events of a row lead to.
pub(super) fn fold<K: Listed>(history: &str) -> Result<K::State, String> {
    let rules = K::default();
    history::fold(history, |state, name, version, data| {
        Ok(rules.evolve(state, &K::Event::read_version(name, version, data)?))
    })
}
