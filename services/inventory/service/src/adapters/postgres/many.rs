//! Reading many stock levels in one statement: some that are named, or those that have changed since a position.

use gondola_inventory_domain::StoreId;
use kit_core::Timestamp;
use kit_event_store::projection::ViewReadError;
use uuid::Uuid;

use super::columns::{level, limit, number};
use super::levels;
use super::source::{Question, Source};
use crate::adapters::fold::LevelKey;
use crate::use_cases::{ChangedLevels, StockLevel};

/// The planner is to look each of the named levels up, however many it expects.
pub(super) async fn named(
    source: &Source,
    named: &[LevelKey],
    as_of: Timestamp,
) -> Result<Vec<StockLevel>, ViewReadError> {
    let one = levels::levels(
        "level.store_id = named.store_id AND level.product_id = named.product_id OFFSET 0",
    );
    let rows = format!(
        "SELECT one.* FROM unnest($2::uuid[], $3::uuid[]) AS named(store_id, product_id) \
         CROSS JOIN LATERAL ({one}) AS one"
    );
    let question = Question { rows: &rows, order: "found.store_id, found.product_id" };
    let (stores, products): (Vec<Uuid>, Vec<Uuid>) =
        named.iter().map(|(store, product)| (store.as_uuid(), product.as_uuid())).unzip();
    let found = source.read(question, &[&as_of.as_millis(), &stores, &products]).await?;
    found.iter().map(|row| level(row, as_of)).collect()
}

/// A walk along the positions of the last events.
pub(super) async fn changed(
    source: &Source,
    wanted: &ChangedLevels,
    as_of: Timestamp,
) -> Result<Vec<StockLevel>, ViewReadError> {
    let condition = "level.position > $2 AND ($3::uuid[] IS NULL OR level.store_id = ANY($3))";
    let rows = format!("{} ORDER BY level.position LIMIT $4", levels::levels(condition));
    let question = Question { rows: &rows, order: "found.position" };
    let stores = wanted.stores.as_ref();
    let stores: Option<Vec<Uuid>> =
        stores.map(|stores| stores.iter().map(StoreId::as_uuid).collect());
    let (after, at_most) = (number(wanted.after.get()), limit(wanted.limit));
    let found = source.read(question, &[&as_of.as_millis(), &after, &stores, &at_most]).await?;
    found.iter().map(|row| level(row, as_of)).collect()
}
