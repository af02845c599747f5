//! Reading stock levels: the queries and how their rows are read.

use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::Timestamp;
use kit_event_store::projection::ViewReadError;
use uuid::Uuid;

use super::columns::{level, limit, unsigned};
use super::source::{Question, Source};
use crate::adapters::fold::LevelKey;
use crate::use_cases::{LevelSort, LowStock, ProductTotals, StockLevel, StoreStock};

/// The stock levels that meet a condition, at the moment `$1`: the units of lines that have run out by then are free.
///
/// What has run out is only looked for where the earliest deadline says that there is something.
pub(super) fn levels(condition: &str) -> String {
    format!(
        "SELECT level.store_id, level.product_id, on_hand, greatest(reserved - out.units, 0) AS reserved, \
           least(reserved, out.units) AS lapsed, safety_stock, reorder_point, version, level.position, shortfall, \
           counted_at, CASE WHEN next_deadline <= $1 THEN (SELECT min(line.expires_at) FROM {{lines}} AS line \
               WHERE line.store_id = level.store_id AND line.product_id = level.product_id AND line.status = 0 \
                 AND line.expires_at > $1) \
             ELSE next_deadline END AS next_deadline \
         FROM {{levels}} AS level CROSS JOIN LATERAL (SELECT CASE WHEN next_deadline <= $1 THEN \
             (SELECT coalesce(sum(line.held), 0)::bigint FROM {{lines}} AS line \
               WHERE line.store_id = level.store_id AND line.product_id = level.product_id AND line.status = 0 \
                 AND line.expires_at <= $1) \
           ELSE 0 END AS units) AS out WHERE {condition}"
    )
}

pub(super) async fn one(
    source: &Source,
    (store, product): LevelKey,
    as_of: Timestamp,
) -> Result<Option<StockLevel>, ViewReadError> {
    let rows = levels("level.store_id = $2 AND level.product_id = $3");
    let question = Question { rows: &rows, order: "store_id" };
    let (store, product) = (store.as_uuid(), product.as_uuid());
    let found = source.read(question, &[&as_of.as_millis(), &store, &product]).await?;
    found.first().map(|row| level(row, as_of)).transpose()
}

pub(super) async fn store_stock(
    source: &Source,
    wanted: &StoreStock,
    as_of: Timestamp,
) -> Result<Vec<StockLevel>, ViewReadError> {
    // every sort order is a number and a product, so that one cursor fits all
    let key = match wanted.sort {
        LevelSort::Product => "0::bigint",
        LevelSort::Available => "on_hand - reserved",
        LevelSort::AvailableDescending => "4294967295 - (on_hand - reserved)",
        LevelSort::OnHandDescending => "4294967295 - on_hand",
    };
    let of_store = levels("level.store_id = $2");
    let rows = format!(
        "SELECT *, {key} AS sorted_by FROM ({of_store}) AS level WHERE on_hand - reserved BETWEEN $3 AND $4 \
           AND (NOT $5::boolean OR on_hand - reserved <= reorder_point) AND ({key}, product_id) > ($6::bigint, $7::uuid) \
         ORDER BY sorted_by, product_id LIMIT $8"
    );
    let question = Question { rows: &rows, order: "sorted_by, product_id" };
    // a number before all others needs no first product
    let after = wanted.after.map(|(number, product)| (i64::from(number), product.as_uuid()));
    let (number_after, product_after) = after.unwrap_or((-1, Uuid::nil()));
    let filter = &wanted.filter;
    let found = source
        .read(
            question,
            &[
                &as_of.as_millis(),
                &wanted.store.as_uuid(),
                &i64::from(filter.available_min.unwrap_or(0)),
                &i64::from(filter.available_max.unwrap_or(u32::MAX)),
                &filter.low_stock,
                &number_after,
                &product_after,
                &limit(wanted.limit),
            ],
        )
        .await?;
    found.iter().map(|row| level(row, as_of)).collect()
}

pub(super) async fn product_stock(
    source: &Source,
    product: ProductId,
    after: Option<StoreId>,
    at_most: usize,
    as_of: Timestamp,
) -> Result<Vec<StockLevel>, ViewReadError> {
    let condition = "level.product_id = $2 AND ($3::uuid IS NULL OR level.store_id > $3)";
    let rows = format!("{} ORDER BY level.store_id LIMIT $4", levels(condition));
    let question = Question { rows: &rows, order: "store_id" };
    let (product, after) = (product.as_uuid(), after.map(|store| store.as_uuid()));
    let found =
        source.read(question, &[&as_of.as_millis(), &product, &after, &limit(at_most)]).await?;
    found.iter().map(|row| level(row, as_of)).collect()
}

pub(super) async fn low_stock(
    source: &Source,
    wanted: &LowStock,
    as_of: Timestamp,
) -> Result<Vec<StockLevel>, ViewReadError> {
    // what is reserved by now is no more than what was recorded: the plain columns leave most levels out early
    let condition = "reorder_point > 0 AND ($2::uuid[] IS NULL OR level.store_id = ANY($2)) \
         AND ($3::uuid IS NULL OR (level.store_id, level.product_id) > ($3, $4))";
    let rows = format!(
        "SELECT * FROM ({}) AS level WHERE on_hand - reserved <= reorder_point \
         ORDER BY store_id, product_id LIMIT $5",
        levels(condition)
    );
    let question = Question { rows: &rows, order: "store_id, product_id" };
    let stores = wanted.stores.as_ref();
    let stores: Option<Vec<Uuid>> =
        stores.map(|stores| stores.iter().map(StoreId::as_uuid).collect());
    let (store_after, product_after) = match wanted.after {
        Some((store, product)) => (Some(store.as_uuid()), product.as_uuid()),
        None => (None, Uuid::nil()),
    };
    let place = limit(wanted.limit);
    let found = source
        .read(question, &[&as_of.as_millis(), &stores, &store_after, &product_after, &place])
        .await?;
    found.iter().map(|row| level(row, as_of)).collect()
}

pub(super) async fn product_totals(
    source: &Source,
    product: ProductId,
    as_of: Timestamp,
) -> Result<ProductTotals, ViewReadError> {
    let rows = format!(
        "SELECT count(*) AS stores, coalesce(sum(on_hand), 0)::bigint AS on_hand, \
           coalesce(sum(reserved), 0)::bigint AS reserved, \
           coalesce(sum(greatest(on_hand - reserved - safety_stock, 0)), 0)::bigint AS offered FROM ({}) AS level",
        levels("level.product_id = $2")
    );
    let question = Question { rows: &rows, order: "stores" };
    let found = source.read(question, &[&as_of.as_millis(), &product.as_uuid()]).await?;
    let totals = found.first().map(|row| {
        Ok(ProductTotals {
            stores: unsigned(row, "stores")?,
            on_hand: unsigned(row, "on_hand")?,
            reserved: unsigned(row, "reserved")?,
            offered: unsigned(row, "offered")?,
        })
    });
    totals.transpose().map(Option::unwrap_or_default)
}
