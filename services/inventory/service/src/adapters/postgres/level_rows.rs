//! Writing stock levels, and reading those back that a batch goes on with.

use std::collections::HashMap;

use foldhash::fast::RandomState;
use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::Timestamp;
use kit_event_store::projection::ProjectionError;
use kit_postgres::{Connections, Transaction};
use tokio_postgres::Error;
use uuid::Uuid;

use super::columns::{level, number};
use super::tables::Tables;
use crate::adapters::fold::{Changes, LevelKey};
use crate::use_cases::StockLevel;

/// A row each, for those that are there; the planner is to look each up, however many it expects.
const FIND: &str = "SELECT level.*, 0::bigint AS lapsed \
    FROM unnest($1::uuid[], $2::uuid[]) AS wanted(store_id, product_id) \
    CROSS JOIN LATERAL (SELECT * FROM {levels} WHERE store_id = wanted.store_id AND product_id = wanted.product_id \
      OFFSET 0) AS level";

/// Never writes an older version over a newer one. Earliest deadlines that moved are looked for in the lines, which must have
/// been written.
const PUT: &str = "INSERT INTO {levels} AS level (store_id, product_id, on_hand, reserved, safety_stock, reorder_point, \
      version, position, shortfall, counted_at, next_deadline) \
    SELECT now.store_id, now.product_id, on_hand, reserved, safety_stock, reorder_point, version, position, shortfall, \
      counted_at, CASE WHEN NOT moved THEN next_deadline WHEN reserved > 0 THEN \
        (SELECT min(line.expires_at) FROM {lines} AS line WHERE line.store_id = now.store_id \
          AND line.product_id = now.product_id AND line.status = 0) END \
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], \
        $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::boolean[]) \
      AS now(store_id, product_id, on_hand, reserved, safety_stock, reorder_point, version, position, shortfall, \
        counted_at, next_deadline, moved) \
    ON CONFLICT (store_id, product_id) DO UPDATE SET (on_hand, reserved, safety_stock, reorder_point, version, position, \
        shortfall, counted_at, next_deadline) = (excluded.on_hand, excluded.reserved, excluded.safety_stock, \
        excluded.reorder_point, excluded.version, excluded.position, excluded.shortfall, excluded.counted_at, \
        excluded.next_deadline) \
      WHERE excluded.version > level.version \
    RETURNING store_id, product_id, next_deadline";

/// Stock levels in columns.
#[derive(Default)]
pub(super) struct LevelRows {
    stores: Vec<Uuid>,
    products: Vec<Uuid>,
    on_hand: Vec<i64>,
    reserved: Vec<i64>,
    safety_stock: Vec<i64>,
    reorder_points: Vec<i64>,
    versions: Vec<i64>,
    positions: Vec<i64>,
    shortfalls: Vec<i64>,
    counted: Vec<Option<i64>>,
    deadlines: Vec<Option<i64>>,
    moved: Vec<bool>,
}

impl LevelRows {
    /// The levels that a batch has changed, in the order of the table.
    pub(super) fn of(changes: &Changes) -> Self {
        let mut levels: Vec<&StockLevel> = changes.levels.values().collect();
        levels.sort_unstable_by_key(|level| (level.store, level.product));
        let mut rows = Self::default();
        for level in levels {
            let moved = changes.deadlines_moved.contains(&(level.store, level.product));
            rows.push(level, moved);
        }
        rows
    }

    fn push(&mut self, level: &StockLevel, moved: bool) {
        self.stores.push(level.store.as_uuid());
        self.products.push(level.product.as_uuid());
        self.on_hand.push(level.on_hand.into());
        self.reserved.push(level.reserved.into());
        self.safety_stock.push(level.safety_stock.into());
        self.reorder_points.push(level.reorder_point.into());
        self.versions.push(number(level.version.get()));
        self.positions.push(number(level.position.get()));
        self.shortfalls.push(level.shortfall.into());
        self.counted.push(level.counted_at.map(Timestamp::as_millis));
        self.deadlines.push(level.next_deadline.map(Timestamp::as_millis));
        self.moved.push(moved);
    }

    /// Writes them; the answer is the earliest deadline of each.
    pub(super) async fn write(
        &self,
        change: &Transaction<'_>,
        tables: Tables,
    ) -> Result<Vec<(LevelKey, Option<Timestamp>)>, Error> {
        if self.stores.is_empty() {
            return Ok(Vec::new());
        }
        let put = change.prepare_cached(&tables.sql(PUT)).await?;
        let rows = change
            .query(
                &put,
                &[
                    &self.stores,
                    &self.products,
                    &self.on_hand,
                    &self.reserved,
                    &self.safety_stock,
                    &self.reorder_points,
                    &self.versions,
                    &self.positions,
                    &self.shortfalls,
                    &self.counted,
                    &self.deadlines,
                    &self.moved,
                ],
            )
            .await?;
        let written = rows.iter().map(|row| {
            let key = (StoreId::from_uuid(row.try_get(0)?), ProductId::from_uuid(row.try_get(1)?));
            Ok((key, row.try_get::<_, Option<i64>>(2)?.map(Timestamp::from_millis)))
        });
        written.collect()
    }
}

/// The rows of some levels as the events made them, without those that are not there.
pub(super) async fn find(
    connections: &Connections,
    tables: Tables,
    keys: &[LevelKey],
) -> Result<HashMap<LevelKey, StockLevel, RandomState>, ProjectionError> {
    let mut found = HashMap::default();
    if keys.is_empty() {
        return Ok(found);
    }
    let (stores, products): (Vec<Uuid>, Vec<Uuid>) =
        keys.iter().map(|(store, product)| (store.as_uuid(), product.as_uuid())).unzip();
    for row in connections.query(&tables.sql(FIND), &[&stores, &products]).await? {
        // at the beginning of time no deadline has passed: the numbers are those of the events
        let level = level(&row, Timestamp::default());
        let level = level.map_err(|error| ProjectionError::View(error.to_string()))?;
        found.insert((level.store, level.product), level);
    }
    Ok(found)
}
