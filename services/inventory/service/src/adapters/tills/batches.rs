//! The reading side of the batches in the list of tills.

use gondola_inventory_domain::PosBatchId;
use kit_core::Timestamp;
use kit_sqlite::columns::{limit, timestamp};
use rusqlite::{Connection, params};
use serde_json::json;
use uuid::Uuid;

use crate::process_managers::pos_batches::{ListedPosBatch, PosBatchFilter};

/// Id, when it came, and when it last got on.
pub(super) type BatchRow = (String, [Timestamp; 2]);

/// The wanted rows, and one more: it says whether there is another page.
pub(super) fn batch_rows(
    file: &Connection,
    filter: &PosBatchFilter,
) -> rusqlite::Result<Vec<BatchRow>> {
    let mut sql = "SELECT id, created_at, since FROM pos_batches WHERE true".to_owned();
    if filter.after.is_some() {
        sql.push_str(" AND id < ?1");
    }
    if filter.scope.owners().is_some() {
        sql.push_str(" AND store IN (SELECT value FROM json_each(?2))");
    }
    if filter.unfinished {
        sql.push_str(" AND is_ended = 0");
    }
    if filter.delayed {
        sql.push_str(" AND is_delayed = 1");
    }
    sql.push_str(" ORDER BY id DESC LIMIT ?3");
    let mut statement = file.prepare_cached(&sql)?;
    let wanted = params![
        filter.after.map(|id| id.to_string()),
        filter.scope.owners().map(|stores| json!(stores).to_string()),
        // the last number: SQLite counts parameters by it
        limit(filter.limit + 1),
    ];
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, [timestamp(row, 1)?, timestamp(row, 2)?]));
    statement.query_map(wanted, row)?.collect()
}

/// A row as a batch.
pub(super) fn listed((id, [created_at, since]): BatchRow) -> Result<ListedPosBatch, String> {
    let parsed: Uuid = id.parse().map_err(|_| format!("{id:?} is no id"))?;
    Ok(ListedPosBatch { id: PosBatchId::from_uuid(parsed), created_at, since })
}
