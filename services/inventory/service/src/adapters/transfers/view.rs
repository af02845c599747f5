//! The writing side of the list of transfers: one row each, with its events, and when it is next to be driven.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gondola_inventory_domain::{
    Reference, Transfer, TransferEvent, TransferId, evolve_transfer, parse_transfer_stream_id,
};
use kit_core::RecordedEvent;
use kit_event_store::LogMark;
use kit_event_store::parking::ParkingChange;
use kit_event_store::projection::ProjectionError;
use kit_sqlite::columns::number;
use kit_sqlite::{FollowedView, OpenViewError, ViewSchema, unwritable, view_path, yielding};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::adapters::due_processes::due_at;
use crate::adapters::process_history as history;
use crate::process_managers::process_list::is_progress;
use crate::process_managers::stored::StoredEvent as _;

/// Raised when a table or the meaning of a row changes; a change of the stored shapes counts by itself.
const TABLES_VERSION: i64 = 3;

/// Name in logs.
const NAME: &str = "transfers";

/// `due_at` is 0 while a step is to be done, else the moment that the transfer waits for, in milliseconds since 1970.
/// `since` is when it last got on: a step that fails is no progress. `history` has an event a line.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS transfers (
  id          TEXT    PRIMARY KEY,
  source      TEXT    NOT NULL,
  destination TEXT    NOT NULL,
  reference   TEXT,
  status      TEXT    NOT NULL,
  is_ended    INTEGER NOT NULL,
  is_delayed  INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  since       INTEGER NOT NULL,
  due_at      INTEGER,
  version     INTEGER NOT NULL,
  history     TEXT    NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS inbound (
  transfer    TEXT    NOT NULL,
  destination TEXT    NOT NULL,
  product     TEXT    NOT NULL,
  in_transit  INTEGER NOT NULL,
  on_order    INTEGER NOT NULL, -- asked for, and not sent yet
  PRIMARY KEY (transfer, product)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS inbound_by_level ON inbound (destination, product, in_transit, on_order);
CREATE INDEX IF NOT EXISTS transfers_by_source ON transfers (source, id);
CREATE INDEX IF NOT EXISTS transfers_by_destination ON transfers (destination, id);
CREATE INDEX IF NOT EXISTS transfers_by_reference ON transfers (reference, id) WHERE reference IS NOT NULL;
CREATE INDEX IF NOT EXISTS transfers_by_status ON transfers (status, id);
CREATE INDEX IF NOT EXISTS transfers_due ON transfers (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS transfers_unfinished ON transfers (created_at) WHERE is_ended = 0;
CREATE INDEX IF NOT EXISTS transfers_delayed ON transfers (id, since) WHERE is_delayed = 1;";

const UPSERT: &str = "INSERT INTO transfers VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
    ON CONFLICT (id) DO UPDATE SET status = ?5, is_ended = ?6, is_delayed = ?7, since = ?9, due_at = ?10, version = ?11, \
    history = ?12";

/// A transfer as a batch leaves it.
struct Row {
    transfer: Transfer,
    created_at: i64,
    since: i64,
    version: u64,
    history: String,
}

/// Opens the list in a folder for the log with this end, and says where its file is.
pub(crate) fn open_transfer_list(
    folder: &Path,
    log: LogMark,
) -> Result<(FollowedView, PathBuf), OpenViewError> {
    let path = view_path(folder, "transfers.db")?;
    let version = TABLES_VERSION * 1_000 + i64::from(TransferEvent::VERSION);
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
        let Some(id) = parse_transfer_stream_id(&recorded.stream) else { continue };
        let Some(event) = parking.admit(recorded, TransferEvent::decode)? else { continue };
        let mut row = match rows.remove(&id) {
            Some(row) => row,
            None => read(change, id, recorded)?,
        };
        row.transfer = evolve_transfer(row.transfer, &event);
        row.version = recorded.version.get();
        if is_progress(recorded) {
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

/// A transfer as the list has it, or before its first event.
fn read(file: &Connection, id: TransferId, first: &RecordedEvent) -> Result<Row, ProjectionError> {
    let found = || {
        let mut select =
            file.prepare_cached("SELECT created_at, since, history FROM transfers WHERE id = ?1")?;
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        select.query_row([id.to_string()], row).optional()
    };
    let found: Option<(i64, i64, String)> = found().map_err(|error| unwritable(&error))?;
    let began = first.metadata.recorded_at.as_millis();
    let (created_at, since, history) = found.unwrap_or((began, began, String::new()));
    let transfer = fold(&history).map_err(ProjectionError::View)?;
    Ok(Row { transfer, created_at, since, version: 0, history })
}

fn write(file: &Connection, id: TransferId, row: &Row) -> rusqlite::Result<()> {
    let Row { transfer, created_at, since, version, history } = row;
    let Some(terms) = transfer.terms() else { return Ok(()) };
    let due_at = due_at(&transfer.next_step());
    let status = transfer.status();
    file.prepare_cached(UPSERT)?.execute(params![
        id.to_string(),
        terms.source.to_string(),
        terms.destination.to_string(),
        terms.reference.as_ref().map(Reference::as_str),
        status.as_str(),
        due_at.is_none() && status.is_end(),
        transfer.delayed().is_some(),
        created_at,
        since,
        due_at,
        number(*version),
        history,
    ])?;
    write_inbound(file, id, row)
}

/// What it brings, as long as it is not at its end.
fn write_inbound(file: &Connection, id: TransferId, row: &Row) -> rusqlite::Result<()> {
    let id = id.to_string();
    file.prepare_cached("DELETE FROM inbound WHERE transfer = ?1")?.execute([&id])?;
    let Some(terms) = row.transfer.terms() else { return Ok(()) };
    let mut insert = file.prepare_cached("INSERT INTO inbound VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for line in row.transfer.lines() {
        let (in_transit, on_order) = (line.in_transit, row.transfer.on_order(line));
        if in_transit > 0 || on_order > 0 {
            let (to, product) = (terms.destination.to_string(), line.product.to_string());
            insert.execute(params![id, to, product, in_transit, on_order])?;
        }
    }
    Ok(())
}

/// The transfer that the events of a row lead to.
pub(super) fn fold(history: &str) -> Result<Transfer, String> {
    history::fold(history, |transfer, name, version, data| {
        Ok(evolve_transfer(transfer, &TransferEvent::read_version(name, version, data)?))
    })
}
