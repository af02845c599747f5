//! How our numbers, ids and events stand in columns.

use std::borrow::Cow;
use std::sync::Arc;

use kit_core::{
    Actor, EncodedEvent, Epoch, Metadata, Position, RecordedEvent, StreamId, Timestamp, Version,
};
use kit_event_store::EventStoreError;
use tokio_postgres::Row;

/// The columns of an event, for [`event`].
pub(crate) const COLUMNS: &str = "e.position, e.version, e.recorded_at, e.occurred_at, e.event_id, \
    e.correlation_id, e.causation_id, e.schema_version, e.event_type, e.actor, e.data, e.personal";

/// A count as PostgreSQL stores it, which knows signed numbers only; what is larger becomes the largest one.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A `LIMIT`.
pub(crate) fn limit(at_most: usize) -> i64 {
    i64::try_from(at_most).unwrap_or(i64::MAX)
}

/// Reads what [`number`] has stored.
fn unsigned(row: &Row, column: usize) -> Result<u64, EventStoreError> {
    let value: i64 = get(row, column)?;
    u64::try_from(value).map_err(|_| EventStoreError::Corrupt(format!("{value} is no count")))
}

/// Reads a position in the log.
pub(crate) fn position(row: &Row, column: usize) -> Result<Position, EventStoreError> {
    unsigned(row, column).map(Position::new)
}

/// Reads the version of a stream.
pub(crate) fn version(row: &Row, column: usize) -> Result<Version, EventStoreError> {
    unsigned(row, column).map(Version::new)
}

/// Reads the epoch of a lease.
pub(crate) fn epoch(row: &Row, column: usize) -> Result<Epoch, EventStoreError> {
    unsigned(row, column).map(Epoch::new)
}

/// Reads a time, which is kept in milliseconds since 1970, UTC.
pub(crate) fn timestamp(row: &Row, column: usize) -> Result<Timestamp, EventStoreError> {
    get(row, column).map(Timestamp::from_millis)
}

/// Reads a value; one of another type is data that this program has not written.
pub(crate) fn get<'a, T: tokio_postgres::types::FromSql<'a>>(
    row: &'a Row,
    column: usize,
) -> Result<T, EventStoreError> {
    row.try_get(column).map_err(|error| EventStoreError::Corrupt(crate::errors::told(&error)))
}

/// Reads an event whose [`COLUMNS`] are the last ones of a row, from column `first` on.
pub(crate) fn event(
    row: &Row,
    first: usize,
    stream: StreamId,
) -> Result<Arc<RecordedEvent>, EventStoreError> {
    let column = |number: usize| first + number;
    let schema_version: i32 = get(row, column(7))?;
    let actor: &str = get(row, column(9))?;
    let event = EncodedEvent {
        event_id: get(row, column(4))?,
        event_type: Cow::Owned(get(row, column(8))?),
        schema_version: u16::try_from(schema_version).map_err(|error| corrupt(&error))?,
        occurred_at: timestamp(row, column(3))?,
        data: get::<String>(row, column(10))?.into(),
        personal: get::<Option<String>>(row, column(11))?.map(Into::into),
    };
    let metadata = Metadata {
        correlation_id: get(row, column(5))?,
        causation_id: get(row, column(6))?,
        actor: Actor::new(actor).map_err(|error| corrupt(&error))?,
        recorded_at: timestamp(row, column(2))?,
    };
    let (position, version) = (position(row, column(0))?, version(row, column(1))?);
    Ok(Arc::new(RecordedEvent { position, stream, version, event, metadata }))
}

/// What is stored is not what this program wrote.
pub(crate) fn corrupt(error: &impl ToString) -> EventStoreError {
    EventStoreError::Corrupt(error.to_string())
}
