//! How a stock level stands in the shared cache.

use std::time::Duration;

use gondola_inventory_domain::{ProductId, StoreId};
use kit_cache::{Entry, spread};
use kit_core::{Position, Timestamp, Version};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::adapters::fold::LevelKey;
use crate::use_cases::StockLevel;

/// How long a level is kept; it is renewed when it is changed, and when somebody needs it who cannot use the old one.
const TIME_TO_LIVE: Duration = Duration::from_mins(2);

/// Raised when a field changes its meaning; levels of another shape are not used.
const SHAPE: u8 = 1;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Stored {
    shape: u8,
    current_at: Position,
    store: Uuid,
    product: Uuid,
    on_hand: u32,
    shortfall: u32,
    counted_at: Option<i64>,
    reserved: u32,
    lapsed: u32,
    next_deadline: Option<i64>,
    safety_stock: u32,
    reorder_point: u32,
    version: Version,
    position: Position,
    as_of: i64,
}

/// A level that was the present one up to a position. Of two, the one with the later last change is newer.
pub(super) fn entry(key: String, level: &StockLevel, current_at: Position) -> Entry {
    let stored = Stored {
        shape: SHAPE,
        current_at,
        store: level.store.as_uuid(),
        product: level.product.as_uuid(),
        on_hand: level.on_hand,
        shortfall: level.shortfall,
        counted_at: level.counted_at.map(Timestamp::as_millis),
        reserved: level.reserved,
        lapsed: level.lapsed,
        next_deadline: level.next_deadline.map(Timestamp::as_millis),
        safety_stock: level.safety_stock,
        reorder_point: level.reorder_point,
        version: level.version,
        position: level.position,
        as_of: level.as_of.as_millis(),
    };
    let value = serde_json::to_vec(&stored).expect("numbers and ids are JSON");
    let time_to_live = spread(TIME_TO_LIVE, &key);
    Entry { key, version: level.position.get(), value, time_to_live }
}

/// A level, and up to which position it was the present one; `None` for what is no level of this key.
pub(super) fn decode(bytes: &[u8], (store, product): LevelKey) -> Option<(StockLevel, Position)> {
    let stored: Stored = serde_json::from_slice(bytes).ok()?;
    let level = StockLevel {
        store: StoreId::from_uuid(stored.store),
        product: ProductId::from_uuid(stored.product),
        on_hand: stored.on_hand,
        shortfall: stored.shortfall,
        counted_at: stored.counted_at.map(Timestamp::from_millis),
        reserved: stored.reserved,
        lapsed: stored.lapsed,
        next_deadline: stored.next_deadline.map(Timestamp::from_millis),
        safety_stock: stored.safety_stock,
        reorder_point: stored.reorder_point,
        version: stored.version,
        position: stored.position,
        as_of: Timestamp::from_millis(stored.as_of),
    };
    let is_good = stored.shape == SHAPE && (level.store, level.product) == (store, product);
    is_good.then_some((level, stored.current_at))
}
