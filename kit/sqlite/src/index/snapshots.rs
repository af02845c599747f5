//! Snapshots of streams in the index.

use kit_core::{StreamId, Timestamp};
use kit_event_store::Snapshot;
use rusqlite::{Connection, OptionalExtension, params};

use crate::columns::{number, position, timestamp, version};
use crate::stream_head::StreamKey;

/// Writes snapshots to the index.
pub(crate) fn write_snapshots(
    index: &mut Connection,
    snapshots: &[Snapshot],
) -> rusqlite::Result<()> {
    let change = index.transaction()?;
    {
        let mut insert = change
            .prepare_cached("INSERT OR REPLACE INTO snapshots VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
        for one in snapshots {
            insert.execute(params![
                StreamKey::of(&one.stream).as_bytes(),
                one.schema_version,
                number(one.version.get()),
                number(one.position.get()),
                one.recorded_at.as_millis(),
                one.state.as_ref(),
            ])?;
        }
    }
    change.commit()
}

/// The newest snapshot of a stream that was recorded at or before a moment.
pub(crate) fn snapshot(
    index: &Connection,
    stream: &StreamId,
    schema_version: u16,
    at: Timestamp,
) -> rusqlite::Result<Option<Snapshot>> {
    let sql = "SELECT version, position, recorded_at, state FROM snapshots \
        WHERE key = ?1 AND schema_version = ?2 AND recorded_at <= ?3 ORDER BY version DESC LIMIT 1";
    let key = StreamKey::of(stream);
    index
        .prepare_cached(sql)?
        .query_row(params![key.as_bytes(), schema_version, at.as_millis()], |row| {
            Ok(Snapshot {
                stream: stream.clone(),
                version: version(row, 0)?,
                position: position(row, 1)?,
                recorded_at: timestamp(row, 2)?,
                schema_version,
                state: row.get(3)?,
            })
        })
        .optional()
}
