//! Stock levels as snapshots: compact JSON, discarded when its schema changes.

use gondola_inventory_domain::{
    Hold, Inventory, InventoryParts, PositiveQuantity, StockPolicy, StockQuantity,
};
use kit_core::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Version of the shape below.
pub(super) const SCHEMA: u16 = 1;

#[derive(Serialize, Deserialize)]
struct StoredLevel {
    on_hand: u32,
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
    let stored = StoredLevel {
        on_hand: parts.on_hand.get(),
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
            reservation_id: gondola_inventory_domain::ReservationId::from_uuid(id),
            quantity: PositiveQuantity::new(i64::from(units)).ok()?,
            created_at: Timestamp::from_millis(created_at),
            expires_at: Timestamp::from_millis(expires_at),
            sequence,
        })
    };
    let parts = InventoryParts {
        on_hand: quantity(stored.on_hand)?,
        policy: StockPolicy {
            safety_stock: quantity(stored.safety_stock)?,
            reorder_point: quantity(stored.reorder_point)?,
        },
        holds: stored.holds.into_iter().map(hold).collect::<Option<_>>()?,
        reservations_made: stored.reservations_made,
    };
    Inventory::restore(parts).ok()
}
