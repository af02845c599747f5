//! The writing side of the list of transfers: one row each, with its events, and when it is next to be driven.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use gondola_inventory_domain::{
    NextStep, Transfer, TransferId, evolve_transfer, parse_transfer_stream_id,
};
use kit_core::{Position, RecordedEvent, StreamId};
use kit_event_store::LogMark;
use kit_event_store::parking::Parking;
use kit_event_store::projection::{Projection, ProjectionError};
use kit_sqlite::columns::number;
use kit_sqlite::{
    Background, ViewFileError, ViewSchema, checkpoint, parked_streams, release_stream,
    set_checkpoint, set_parking, yielding,
};
use rusqlite::{Connection, OptionalExtension, params};

use super::read::history;
use crate::process_managers::transfers::{STORED_VERSION, decode_transfer_event};

/// Raised when a table or the meaning of a row changes; a change of the stored shapes counts by itself.
const TABLES_VERSION: i64 = 1;

/// Name in logs.
const NAME: &str = "transfers";

/// `due_at` is 0 while a step is to be done, else the moment that the transfer waits for, in milliseconds since 1970.
/// `history` has an event a line.
const TABLES: &str = "
CREATE TABLE IF NOT EXISTS transfers (
  id          TEXT    PRIMARY KEY,
  source      TEXT    NOT NULL,
  destination TEXT    NOT NULL,
  status      TEXT    NOT NULL,
  is_ended    INTEGER NOT NULL,
  is_delayed  INTEGER NOT NULL,
  created_at  INTEGER NOT NULL,
  due_at      INTEGER,
  version     INTEGER NOT NULL,
  history     TEXT    NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS transfers_by_source ON transfers (source, id);
CREATE INDEX IF NOT EXISTS transfers_by_destination ON transfers (destination, id);
CREATE INDEX IF NOT EXISTS transfers_by_status ON transfers (status, id);
CREATE INDEX IF NOT EXISTS transfers_due ON transfers (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS transfers_unfinished ON transfers (created_at) WHERE is_ended = 0;
CREATE INDEX IF NOT EXISTS transfers_delayed ON transfers (id) WHERE is_delayed = 1;";

const UPSERT: &str = "INSERT INTO transfers VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
    ON CONFLICT (id) DO UPDATE SET status = ?4, is_ended = ?5, is_delayed = ?6, due_at = ?8, version = ?9, history = ?10";

/// The list could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum TransferViewError {
    /// Its folder could not be made.
    #[error("cannot use {path}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The error of the file system.
        source: std::io::Error,
    },
    /// The file could not be opened, or is ahead of its log.
    #[error(transparent)]
    File(#[from] ViewFileError),
    /// Its thread could not be started.
    #[error("cannot start a thread")]
    Thread(#[source] std::io::Error),
}

/// Keeps the file in step with the log.
pub(crate) struct TransferView {
    connection: Background<Connection>,
    parking: Parking,
}

/// A transfer as a batch leaves it.
struct Row {
    transfer: Transfer,
    created_at: i64,
    version: u64,
    history: String,
}

impl TransferView {
    /// Opens the list in a folder for the log with this end; what is missing is made.
    pub(crate) fn open(folder: &Path, log: LogMark) -> Result<(Self, PathBuf), TransferViewError> {
        let made = std::fs::create_dir_all(folder);
        made.map_err(|source| TransferViewError::Folder { path: folder.to_owned(), source })?;
        let path = folder.join("transfers.db");
        let version = TABLES_VERSION * 1_000 + i64::from(STORED_VERSION);
        let connection = ViewSchema { version, tables: TABLES }.open(&path, log)?;
        let parked = parked_streams(&connection);
        let parked =
            parked.map_err(|source| ViewFileError::Sqlite { path: path.clone(), source })?;
        let parking = Parking::new(NAME, parked);
        let connection = Background::start(NAME, connection).map_err(TransferViewError::Thread)?;
        Ok((Self { connection, parking }, path))
    }
}

#[async_trait]
impl Projection for TransferView {
    fn name(&self) -> &'static str {
        NAME
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        self.connection.run(|connection| checkpoint(connection).map_err(|error| view(&error))).await
    }

    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        let parking = self.parking.clone();
        self.connection.run(move |connection| apply(connection, &parking, &events)).await
    }

    fn parking(&self) -> Parking {
        self.parking.clone()
    }

    async fn release(&mut self, stream: &StreamId) -> Result<(), ProjectionError> {
        let released = stream.clone();
        let release = move |connection: &mut Connection| {
            release_stream(connection, &released).map_err(|error| view(&error))
        };
        self.connection.run(release).await?;
        self.parking.release(stream);
        Ok(())
    }
}

fn apply(
    connection: &mut Connection,
    parking: &Parking,
    events: &[Arc<RecordedEvent>],
) -> Result<(), ProjectionError> {
    let Some(last) = events.last() else { return Ok(()) };
    let change = connection.transaction().map_err(|error| view(&error))?;
    let mut parking = parking.begin();
    let mut rows = BTreeMap::new();
    for recorded in yielding(events) {
        let Some(id) = parse_transfer_stream_id(&recorded.stream) else { continue };
        let Some(event) = parking.admit(recorded, decode_transfer_event)? else { continue };
        let mut row = match rows.remove(&id) {
            Some(row) => row,
            None => read(&change, id, recorded)?,
        };
        row.transfer = evolve_transfer(row.transfer, &event);
        row.version = recorded.version.get();
        history::append(&mut row.history, recorded);
        rows.insert(id, row);
    }
    for (id, row) in &rows {
        write(&change, *id, row).map_err(|error| view(&error))?;
    }
    set_parking(&change, &parking).map_err(|error| view(&error))?;
    set_checkpoint(&change, last.position).map_err(|error| view(&error))?;
    change.commit().map_err(|error| view(&error))?;
    parking.commit();
    Ok(())
}

/// A transfer as the list has it, or before its first event.
fn read(file: &Connection, id: TransferId, first: &RecordedEvent) -> Result<Row, ProjectionError> {
    let found = || {
        let mut select =
            file.prepare_cached("SELECT created_at, history FROM transfers WHERE id = ?1")?;
        select.query_row([id.to_string()], |row| Ok((row.get(0)?, row.get(1)?))).optional()
    };
    let found: Option<(i64, String)> = found().map_err(|error| view(&error))?;
    let (created_at, history) =
        found.unwrap_or_else(|| (first.metadata.recorded_at.as_millis(), String::new()));
    let transfer = history::fold(&history).map_err(ProjectionError::View)?;
    Ok(Row { transfer, created_at, version: 0, history })
}

fn write(file: &Connection, id: TransferId, row: &Row) -> rusqlite::Result<()> {
    let Row { transfer, created_at, version, history } = row;
    let Some(terms) = transfer.terms() else { return Ok(()) };
    let due_at = match transfer.next_step() {
        NextStep::Perform { .. } => Some(0),
        NextStep::Wait { until } => until.map(kit_core::Timestamp::as_millis),
        NextStep::Ended => None,
    };
    let status = transfer.status();
    file.prepare_cached(UPSERT)?.execute(params![
        id.to_string(),
        terms.source.to_string(),
        terms.destination.to_string(),
        status.as_str(),
        due_at.is_none() && status.is_end(),
        transfer.delayed().is_some(),
        created_at,
        due_at,
        number(*version),
        history,
    ])?;
    Ok(())
}

fn view(error: &rusqlite::Error) -> ProjectionError {
    ProjectionError::View(error.to_string())
}
