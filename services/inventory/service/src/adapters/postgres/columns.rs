//! How our numbers, ids and times stand in columns, which are found by their names.

use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::{Position, Timestamp, Version};
use kit_event_store::projection::ViewReadError;
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;
use uuid::Uuid;

use crate::use_cases::StockLevel;

/// A count as PostgreSQL stores it, which knows signed numbers only; what is larger becomes the largest one.
pub(super) fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A `LIMIT`.
pub(super) fn limit(at_most: usize) -> i64 {
    i64::try_from(at_most).unwrap_or(i64::MAX)
}

/// Reads a value; one of another type is data that this program has not written.
pub(super) fn get<'a, T: FromSql<'a>>(row: &'a Row, column: &str) -> Result<T, ViewReadError> {
    row.try_get(column).map_err(|error| ViewReadError::Failed(error.to_string()))
}

/// Reads a count.
pub(super) fn unsigned(row: &Row, column: &str) -> Result<u64, ViewReadError> {
    let value: i64 = get(row, column)?;
    u64::try_from(value).map_err(|_| ViewReadError::Failed(format!("{value} is no {column}")))
}

/// Reads units.
pub(super) fn units(row: &Row, column: &str) -> Result<u32, ViewReadError> {
    let value = unsigned(row, column)?;
    u32::try_from(value).map_err(|_| ViewReadError::Failed(format!("{value} is no {column}")))
}

/// Reads a position in the log.
pub(super) fn position(row: &Row, column: &str) -> Result<Position, ViewReadError> {
    unsigned(row, column).map(Position::new)
}

/// Reads a time.
pub(super) fn timestamp(row: &Row, column: &str) -> Result<Timestamp, ViewReadError> {
    get(row, column).map(Timestamp::from_millis)
}

/// Reads a time that need not be there.
pub(super) fn timestamp_if(row: &Row, column: &str) -> Result<Option<Timestamp>, ViewReadError> {
    Ok(get::<Option<i64>>(row, column)?.map(Timestamp::from_millis))
}

/// Reads the key of a stock level.
pub(super) fn level_key(row: &Row) -> Result<(StoreId, ProductId), ViewReadError> {
    let id = |column| get::<Uuid>(row, column);
    Ok((StoreId::from_uuid(id("store_id")?), ProductId::from_uuid(id("product_id")?)))
}

/// Reads a stock level as it is at a moment.
pub(super) fn level(row: &Row, as_of: Timestamp) -> Result<StockLevel, ViewReadError> {
    let (store, product) = level_key(row)?;
    Ok(StockLevel {
        store,
        product,
        on_hand: units(row, "on_hand")?,
        shortfall: units(row, "shortfall")?,
        counted_at: timestamp_if(row, "counted_at")?,
        reserved: units(row, "reserved")?,
        lapsed: units(row, "lapsed")?,
        next_deadline: timestamp_if(row, "next_deadline")?,
        safety_stock: units(row, "safety_stock")?,
        reorder_point: units(row, "reorder_point")?,
        version: Version::new(unsigned(row, "version")?),
        position: position(row, "position")?,
        as_of,
    })
}
