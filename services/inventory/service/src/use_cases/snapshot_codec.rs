//! Stock levels as snapshots: compact JSON, discarded when its schema changes.

use gondola_inventory_domain::{
    Balance, Hold, Inventory, InventoryParts, PhysicalParts, PositiveQuantity, RecentFact,
    ReservationId, StockPolicy, StockQuantity,
};
use kit_core::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Version of the shape below.
pub(super) const SCHEMA: u16 = 2;

#[derive(Serialize, Deserialize)]
struct StoredLevel {
    /// On hand and shortfall: now, and before the first recent fact.
    present: (i64, i64),
    base: (i64, i64),
    counted_at: Option<i64>,
    settled_until: Option<i64>,
    posted: u32,
    /// Business time, change, number.
    recent: Vec<(i64, i32, u32)>,
    safety_stock: u32,
    reorder_point: u32,
    reservations_made: u64,
    /// Id, quantity, created at, expires at, sequence.
    holds: Vec<(Uuid, u32, i64, i64, u64)>,
}

pub(super) fn encode(level: &Inventory) -> Box<str> {
    let parts = level.parts();
    let hold = |hold: &Hold| {
        (
            hold.reservation_id.as_uuid(),
            hold.quantity.get(),
            hold.created_at.as_millis(),
            hold.expires_at.as_millis(),
            hold.sequence,
        )
    };
    let stock = &parts.stock;
    let recent = |fact: &RecentFact| (fact.at.as_millis(), fact.change, fact.number);
    let stored = StoredLevel {
        present: (stock.present.on_hand, stock.present.shortfall),
        base: (stock.base.on_hand, stock.base.shortfall),
        counted_at: stock.counted_at.map(Timestamp::as_millis),
        settled_until: stock.settled_until.map(Timestamp::as_millis),
        posted: stock.posted,
        recent: stock.recent.iter().map(recent).collect(),
        safety_stock: parts.policy.safety_stock.get(),
        reorder_point: parts.policy.reorder_point.get(),
        reservations_made: parts.reservations_made,
        holds: parts.holds.iter().map(hold).collect(),
    };
    serde_json::to_string(&stored).unwrap_or_default().into()
}

pub(super) fn decode(snapshot: &str) -> Option<Inventory> {
    let stored: StoredLevel = serde_json::from_str(snapshot).ok()?;
    let quantity = |units: u32| StockQuantity::new(i64::from(units)).ok();
    let hold = |(id, units, created_at, expires_at, sequence): (Uuid, u32, i64, i64, u64)| {
        Some(Hold {
            reservation_id: ReservationId::from_uuid(id),
            quantity: PositiveQuantity::new(i64::from(units)).ok()?,
            created_at: Timestamp::from_millis(created_at),
            expires_at: Timestamp::from_millis(expires_at),
            sequence,
        })
    };
    let balance = |(on_hand, shortfall)| Balance { on_hand, shortfall };
    let recent =
        |(at, change, number)| RecentFact { at: Timestamp::from_millis(at), change, number };
    let stock = PhysicalParts {
        present: balance(stored.present),
        base: balance(stored.base),
        counted_at: stored.counted_at.map(Timestamp::from_millis),
        settled_until: stored.settled_until.map(Timestamp::from_millis),
        posted: stored.posted,
        recent: stored.recent.into_iter().map(recent).collect(),
    };
    let parts = InventoryParts {
        stock,
        policy: StockPolicy {
            safety_stock: quantity(stored.safety_stock)?,
            reorder_point: quantity(stored.reorder_point)?,
        },
        holds: stored.holds.into_iter().map(hold).collect::<Option<_>>()?,
        reservations_made: stored.reservations_made,
    };
    Inventory::restore(parts).ok()
}
