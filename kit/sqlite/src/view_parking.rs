//! The streams that a view passes over, kept in its file: changed in the transaction that has its rows.

use kit_core::StreamId;
use kit_event_store::parking::{ParkedStream, ParkingChange};
use rusqlite::{Connection, Row};

use crate::columns::{number, position, version};

pub(crate) const TABLE: &str = "
CREATE TABLE IF NOT EXISTS parked_streams (
  stream   TEXT    PRIMARY KEY,
  applied  INTEGER NOT NULL, -- the version up to which the view has its events
  position INTEGER NOT NULL, -- of the event that cannot be read
  reason   TEXT    NOT NULL
) WITHOUT ROWID;";

/// The parked streams of a view.
pub fn parked_streams(file: &Connection) -> rusqlite::Result<Vec<ParkedStream>> {
    let mut stored =
        file.prepare("SELECT stream, applied, position, reason FROM parked_streams")?;
    let streams = stored.query_map([], parked_stream)?;
    streams.collect()
}

/// Notes what a batch changes about parked streams; to be called in the transaction that has the rows.
pub fn set_parking(file: &Connection, change: &ParkingChange) -> rusqlite::Result<()> {
    let mut note =
        file.prepare_cached("INSERT OR REPLACE INTO parked_streams VALUES (?1, ?2, ?3, ?4)")?;
    for ParkedStream { stream, applied, position, reason } in change.changed() {
        let (applied, position) = (number(applied.get()), number(position.get()));
        note.execute((stream.as_str(), applied, position, reason))?;
    }
    Ok(())
}

/// Notes that a stream is not parked any more.
pub fn release_stream(file: &Connection, stream: &StreamId) -> rusqlite::Result<()> {
    file.execute("DELETE FROM parked_streams WHERE stream = ?1", [stream.as_str()])?;
    Ok(())
}

fn parked_stream(row: &Row<'_>) -> rusqlite::Result<ParkedStream> {
    let name: String = row.get(0)?;
    let stream = StreamId::new(name).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
    })?;
    let (applied, position) = (version(row, 1)?, position(row, 2)?);
    Ok(ParkedStream { stream, applied, position, reason: row.get(3)? })
}
