//! How our numbers, times and ids are kept in columns: for the event store and for views alike.

use kit_core::{Position, Timestamp, Version};
use rusqlite::Row;
use uuid::Uuid;

/// A count as SQLite stores it, which knows signed numbers only; what is larger becomes the largest one.
#[must_use]
pub fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A `LIMIT` as SQLite takes it.
#[must_use]
pub fn limit(at_most: usize) -> i64 {
    i64::try_from(at_most).unwrap_or(i64::MAX)
}

/// Reads what [`number`] has stored; fails for a negative number.
pub fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}

/// Reads a position in the log.
pub fn position(row: &Row<'_>, column: usize) -> rusqlite::Result<Position> {
    unsigned(row, column).map(Position::new)
}

/// Reads the version of a stream.
pub fn version(row: &Row<'_>, column: usize) -> rusqlite::Result<Version> {
    unsigned(row, column).map(Version::new)
}

/// Reads a time, which is kept in milliseconds since 1970, UTC.
pub fn timestamp(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp::from_millis)
}

/// Reads an id, which is kept as its 16 bytes.
pub fn uuid(row: &Row<'_>, column: usize) -> rusqlite::Result<Uuid> {
    row.get(column).map(Uuid::from_bytes)
}
