//! Marks: where some events of a long stream are, so that a page of it is found without walking the chain from its end.

use kit_core::{Position, StreamId, Version};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::background::yielding;
use crate::columns::{number, position};
use crate::memtable::Mark;
use crate::stream_head::StreamKey;

/// Writes marks.
pub(super) fn write_marks(change: &Transaction<'_>, marks: &[Mark]) -> rusqlite::Result<()> {
    let mut insert = change.prepare_cached("INSERT OR REPLACE INTO marks VALUES (?1, ?2, ?3)")?;
    for ((stream, version), at) in yielding(marks) {
        let key = StreamKey::of(stream);
        insert.execute(params![key.as_bytes(), number(version.get()), number(at.get())])?;
    }
    Ok(())
}

/// The position of the first marked event of a stream from a version on.
pub(crate) fn mark(
    index: &Connection,
    stream: &StreamId,
    from: Version,
) -> rusqlite::Result<Option<Position>> {
    let sql =
        "SELECT position FROM marks WHERE key = ?1 AND version >= ?2 ORDER BY version LIMIT 1";
    let key = StreamKey::of(stream);
    index
        .prepare_cached(sql)?
        .query_row(params![key.as_bytes(), number(from.get())], |row| position(row, 0))
        .optional()
}
