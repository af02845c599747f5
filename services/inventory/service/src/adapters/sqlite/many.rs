//! Reading many stock levels in one statement: some that are named, or those that have changed since a position.

use kit_core::Timestamp;
use kit_sqlite::columns::{limit, number};
use rusqlite::{Connection, params};
use serde_json::json;

use super::read::{COLUMNS, LEVELS, level_row, list};
use crate::adapters::fold::LevelKey;
use crate::use_cases::{ChangedLevels, StockLevel};

/// Each of the named levels is one look into the primary key.
pub(super) fn levels(
    file: &Connection,
    named: &[LevelKey],
    as_of: Timestamp,
) -> rusqlite::Result<Vec<StockLevel>> {
    // of each the two ids in hexadecimal digits, one behind the other
    let sql = format!(
        "SELECT {COLUMNS} FROM json_each(?2) AS named CROSS JOIN {LEVELS} \
         WHERE store_id = unhex(substr(named.value, 1, 32)) AND product_id = unhex(substr(named.value, 33))"
    );
    let key = |(store, product): &LevelKey| {
        format!("{}{}", store.as_uuid().simple(), product.as_uuid().simple())
    };
    let named = json!(named.iter().map(key).collect::<Vec<_>>()).to_string();
    let mut statement = file.prepare_cached(&sql)?;
    let rows =
        statement.query_map(params![as_of.as_millis(), named], |row| level_row(row, as_of))?;
    rows.collect()
}

/// A walk along the positions of the last events, whose index has the stores as well.
pub(super) fn changed(
    file: &Connection,
    wanted: &ChangedLevels,
    as_of: Timestamp,
) -> rusqlite::Result<Vec<StockLevel>> {
    // an expression: no index of stores is to be walked instead, whose rows would all have to be sorted
    let sql = format!(
        "SELECT {COLUMNS} FROM {LEVELS} WHERE position > ?2 \
         AND (?3 IS NULL OR +store_id IN (SELECT unhex(value) FROM json_each(?3))) \
         ORDER BY position LIMIT ?4"
    );
    let stores = wanted.stores.as_deref().map(list);
    let after = number(wanted.after.get());
    let mut statement = file.prepare_cached(&sql)?;
    let rows = statement
        .query_map(params![as_of.as_millis(), after, stores, limit(wanted.limit)], |row| {
            level_row(row, as_of)
        })?;
    rows.collect()
}
