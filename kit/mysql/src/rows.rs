//! How our numbers, ids and events stand in columns.

use std::borrow::Cow;
use std::sync::Arc;

use kit_core::{
    Actor, EncodedEvent, Metadata, Position, RecordedEvent, StreamId, Timestamp, Version,
};
use kit_event_store::EventStoreError;
use mysql_async::Row;
use mysql_async::prelude::FromValue;
use uuid::Uuid;

/// The columns of an event, for [`event`].
pub(crate) const COLUMNS: &str = "e.position, e.version, e.recorded_at, e.occurred_at, e.event_id, \
    e.correlation_id, e.causation_id, e.schema_version, e.event_type, e.actor, e.data, e.personal";

/// A count as the columns have it, which are signed; what is larger becomes the largest one.
pub(crate) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A `LIMIT`.
pub(crate) fn limit(at_most: usize) -> i64 {
    i64::try_from(at_most).unwrap_or(i64::MAX)
}

/// Takes a value out of a row; one of another type is data that this program has not written.
pub(crate) fn take<T: FromValue>(row: &mut Row, column: usize) -> Result<T, EventStoreError> {
    let value = row.take_opt(column).ok_or_else(|| corrupt(&"a column is missing"))?;
    value.map_err(|error| corrupt(&error))
}

/// Reads a position in the log.
pub(crate) fn position(row: &mut Row, column: usize) -> Result<Position, EventStoreError> {
    take(row, column).map(Position::new)
}

/// Reads the version of a stream.
pub(crate) fn version(row: &mut Row, column: usize) -> Result<Version, EventStoreError> {
    take(row, column).map(Version::new)
}

/// Reads a time, which is kept in milliseconds since 1970, UTC.
pub(crate) fn timestamp(row: &mut Row, column: usize) -> Result<Timestamp, EventStoreError> {
    take(row, column).map(Timestamp::from_millis)
}

/// Reads an id.
pub(crate) fn id(row: &mut Row, column: usize) -> Result<Uuid, EventStoreError> {
    let bytes: Vec<u8> = take(row, column)?;
    Uuid::from_slice(&bytes).map_err(|error| corrupt(&error))
}

/// Which of the things that were asked a row belongs to: `FOR ORDINALITY` counts from 1.
pub(crate) fn place(row: &mut Row) -> Result<usize, EventStoreError> {
    let ordinal: usize = take(row, 0)?;
    ordinal.checked_sub(1).ok_or_else(misplaced)
}

/// The database named something that it was not asked for.
pub(crate) fn misplaced() -> EventStoreError {
    corrupt(&"the database answered what was not asked")
}

/// Reads an event whose [`COLUMNS`] are the last ones of a row, from column `first` on.
pub(crate) fn event(
    row: &mut Row,
    first: usize,
    stream: StreamId,
) -> Result<Arc<RecordedEvent>, EventStoreError> {
    let column = |number: usize| first + number;
    let event = EncodedEvent {
        event_id: id(row, column(4))?,
        event_type: Cow::Owned(take(row, column(8))?),
        schema_version: take(row, column(7))?,
        occurred_at: timestamp(row, column(3))?,
        data: take::<String>(row, column(10))?.into(),
        personal: take::<Option<String>>(row, column(11))?.map(Into::into),
    };
    let metadata = Metadata {
        correlation_id: id(row, column(5))?,
        causation_id: id(row, column(6))?,
        actor: Actor::new(&take::<String>(row, column(9))?).map_err(|error| corrupt(&error))?,
        recorded_at: timestamp(row, column(2))?,
    };
    let (position, version) = (position(row, column(0))?, version(row, column(1))?);
    Ok(Arc::new(RecordedEvent { position, stream, version, event, metadata }))
}

/// What is stored is not what this program wrote.
pub(crate) fn corrupt(error: &impl ToString) -> EventStoreError {
    EventStoreError::Corrupt(error.to_string())
}
