//! Reading stock levels: the queries and how their rows are read.

use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::Timestamp;
use kit_sqlite::columns::{limit, position, unsigned, uuid, version};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::json;

use crate::adapters::fold::LevelKey;
use crate::use_cases::{LevelSort, LowStock, ProductTotals, StockLevel, StoreStock};

/// The stock levels at the moment `?1`: the units of lines that have run out by then are free.
///
/// What has run out is only looked for where the earliest deadline says that there is something.
pub(super) const LEVELS: &str = "(SELECT store_id, product_id, on_hand, \
    max(reserved - (CASE WHEN next_deadline <= ?1 THEN (SELECT coalesce(sum(line.held), 0) \
        FROM reservation_lines AS line WHERE line.store_id = level.store_id \
        AND line.product_id = level.product_id AND line.status = 0 AND line.expires_at <= ?1) \
        ELSE 0 END), 0) AS reserved, \
    reserved AS recorded, safety_stock, reorder_point, version, position, shortfall, counted_at, \
    CASE WHEN next_deadline <= ?1 THEN (SELECT min(line.expires_at) \
        FROM reservation_lines AS line WHERE line.store_id = level.store_id \
        AND line.product_id = level.product_id AND line.status = 0 AND line.expires_at > ?1) \
        ELSE next_deadline END AS next_deadline \
    FROM stock_levels AS level)";

pub(super) const COLUMNS: &str = "store_id, product_id, on_hand, reserved, safety_stock, reorder_point, version, position, \
    shortfall, counted_at, recorded - reserved, next_deadline";

pub(super) fn level(
    file: &Connection,
    (store, product): LevelKey,
    as_of: Timestamp,
) -> rusqlite::Result<Option<StockLevel>> {
    let sql = format!("SELECT {COLUMNS} FROM {LEVELS} WHERE store_id = ?2 AND product_id = ?3");
    let (store, product) = (store.as_uuid(), product.as_uuid());
    let key = params![as_of.as_millis(), store.as_bytes(), product.as_bytes()];
    file.prepare_cached(&sql)?.query_row(key, |row| level_row(row, as_of)).optional()
}

pub(super) fn store_stock(
    file: &Connection,
    wanted: &StoreStock,
    as_of: Timestamp,
) -> rusqlite::Result<Vec<StockLevel>> {
    // every sort order is a number and a product, so that one cursor fits all
    let key = match wanted.sort {
        // an expression: a bare number would name a column of the result
        LevelSort::Product => "0 + 0",
        LevelSort::Available => "on_hand - reserved",
        LevelSort::AvailableDescending => "4294967295 - (on_hand - reserved)",
        LevelSort::OnHandDescending => "4294967295 - on_hand",
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM {LEVELS} WHERE store_id = ?2 \
         AND on_hand - reserved BETWEEN ?3 AND ?4 \
         AND (NOT ?5 OR on_hand - reserved <= reorder_point) \
         AND ({key}, product_id) > (?6, ?7) ORDER BY {key}, product_id LIMIT ?8"
    );
    let (number_after, product_after) = match wanted.after {
        Some((number, product)) => (i64::from(number), product.as_uuid().as_bytes().to_vec()),
        None => (-1, Vec::new()),
    };
    let mut statement = file.prepare_cached(&sql)?;
    let rows = statement.query_map(
        params![
            as_of.as_millis(),
            wanted.store.as_uuid().as_bytes(),
            wanted.filter.available_min.unwrap_or(0),
            wanted.filter.available_max.unwrap_or(u32::MAX),
            wanted.filter.low_stock,
            number_after,
            product_after,
            limit(wanted.limit),
        ],
        |row| level_row(row, as_of),
    )?;
    rows.collect()
}

pub(super) fn product_stock(
    file: &Connection,
    product: ProductId,
    after: Option<StoreId>,
    at_most: usize,
    as_of: Timestamp,
) -> rusqlite::Result<Vec<StockLevel>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM {LEVELS} WHERE product_id = ?2 AND store_id > ?3 \
         ORDER BY store_id LIMIT ?4"
    );
    let after = after.map_or_else(Vec::new, |store| store.as_uuid().as_bytes().to_vec());
    let mut statement = file.prepare_cached(&sql)?;
    let product = product.as_uuid();
    let of_product = params![as_of.as_millis(), product.as_bytes(), after, limit(at_most)];
    let rows = statement.query_map(of_product, |row| level_row(row, as_of))?;
    rows.collect()
}

pub(super) fn low_stock(
    file: &Connection,
    wanted: &LowStock,
    as_of: Timestamp,
) -> rusqlite::Result<Vec<StockLevel>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM {LEVELS} WHERE reorder_point > 0 AND on_hand - reserved <= reorder_point \
         AND (?2 IS NULL OR store_id IN (SELECT unhex(value) FROM json_each(?2))) \
         AND (store_id, product_id) > (?3, ?4) ORDER BY store_id, product_id LIMIT ?5"
    );
    let stores = wanted.stores.as_deref().map(list);
    let (store_after, product_after) = match wanted.after {
        Some((store, product)) => {
            (store.as_uuid().as_bytes().to_vec(), product.as_uuid().as_bytes().to_vec())
        }
        None => (Vec::new(), Vec::new()),
    };
    let mut statement = file.prepare_cached(&sql)?;
    let rows = statement.query_map(
        params![as_of.as_millis(), stores, store_after, product_after, limit(wanted.limit)],
        |row| level_row(row, as_of),
    )?;
    rows.collect()
}

/// Stores as the parameter of a statement, whose `json_each` has the id of each in hexadecimal digits.
pub(super) fn list(stores: &[StoreId]) -> String {
    let hex = |store: &StoreId| store.as_uuid().simple().to_string();
    json!(stores.iter().map(hex).collect::<Vec<_>>()).to_string()
}

pub(super) fn product_totals(
    file: &Connection,
    product: ProductId,
    as_of: Timestamp,
) -> rusqlite::Result<ProductTotals> {
    let sql = format!(
        "SELECT count(*), coalesce(sum(on_hand), 0), coalesce(sum(reserved), 0), \
         coalesce(sum(max(on_hand - reserved - safety_stock, 0)), 0) FROM {LEVELS} \
         WHERE product_id = ?2"
    );
    let product = product.as_uuid();
    let of_product = params![as_of.as_millis(), product.as_bytes()];
    file.prepare_cached(&sql)?.query_row(of_product, |row| {
        Ok(ProductTotals {
            stores: unsigned(row, 0)?,
            on_hand: unsigned(row, 1)?,
            reserved: unsigned(row, 2)?,
            offered: unsigned(row, 3)?,
        })
    })
}

pub(super) fn level_row(row: &Row<'_>, as_of: Timestamp) -> rusqlite::Result<StockLevel> {
    Ok(StockLevel {
        store: StoreId::from_uuid(uuid(row, 0)?),
        product: ProductId::from_uuid(uuid(row, 1)?),
        on_hand: row.get(2)?,
        reserved: row.get(3)?,
        safety_stock: row.get(4)?,
        reorder_point: row.get(5)?,
        version: version(row, 6)?,
        position: position(row, 7)?,
        shortfall: row.get(8)?,
        counted_at: row.get::<_, Option<i64>>(9)?.map(Timestamp::from_millis),
        lapsed: row.get(10)?,
        next_deadline: row.get::<_, Option<i64>>(11)?.map(Timestamp::from_millis),
        as_of,
    })
}
