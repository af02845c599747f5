//! The streams that a view passes over: changed in the transaction that has its rows.

use deadpool_postgres::Transaction;
use kit_core::{Position, StreamId, Version};
use kit_event_store::parking::{ParkedStream, ParkingChange};
use tokio_postgres::{Client, Error, Row};

use crate::connections::{Connections, QueryError};
use crate::rows::number;

/// The parked streams of a view.
pub async fn parked_streams(
    connections: &Connections,
    view: &str,
) -> Result<Vec<ParkedStream>, QueryError> {
    let sql = "SELECT stream, applied, position, reason FROM parked_streams WHERE view = $1";
    let rows = connections.query(sql, &[&view]).await?;
    Ok(rows.iter().filter_map(|row| parked_stream(row).transpose()).collect::<Result<_, _>>()?)
}

/// `None` for a name that no stream has.
fn parked_stream(row: &Row) -> Result<Option<ParkedStream>, Error> {
    let count = |column| row.try_get(column).map(|value: i64| u64::try_from(value).unwrap_or(0));
    let Ok(stream) = StreamId::new(row.try_get::<_, &str>(0)?) else { return Ok(None) };
    let (applied, position) = (Version::new(count(1)?), Position::new(count(2)?));
    Ok(Some(ParkedStream { stream, applied, position, reason: row.try_get(3)? }))
}

/// Notes what a batch changes about parked streams.
pub async fn set_parking(
    change: &Transaction<'_>,
    view: &str,
    parking: &ParkingChange,
) -> Result<(), Error> {
    let sql = "INSERT INTO parked_streams (view, stream, applied, position, reason) VALUES ($1, $2, $3, $4, $5) \
        ON CONFLICT (view, stream) DO UPDATE SET applied = excluded.applied, position = excluded.position, \
          reason = excluded.reason";
    for ParkedStream { stream, applied, position, reason } in parking.changed() {
        let (applied, position) = (number(applied.get()), number(position.get()));
        // of the text of an event that cannot be read anything may be told
        let reason = reason.replace('\0', "\u{fffd}");
        change.execute(sql, &[&view, &stream.as_str(), &applied, &position, &reason]).await?;
    }
    Ok(())
}

/// Notes that a stream is not parked any more.
pub async fn release_stream(client: &Client, view: &str, stream: &StreamId) -> Result<(), Error> {
    let sql = "DELETE FROM parked_streams WHERE view = $1 AND stream = $2";
    client.execute(sql, &[&view, &stream.as_str()]).await?;
    Ok(())
}

/// Makes the parked streams of one view those of another.
pub async fn move_parking(change: &Transaction<'_>, from: &str, to: &str) -> Result<(), Error> {
    change.execute("DELETE FROM parked_streams WHERE view = $1", &[&to]).await?;
    change.execute("UPDATE parked_streams SET view = $2 WHERE view = $1", &[&from, &to]).await?;
    Ok(())
}
