//! A stock level on the wire.

use kit_core::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::use_cases::StockLevel;

/// One product in one store.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StockLevel)]
pub(crate) struct StockLevelBody {
    /// The store.
    store_id: Uuid,
    /// The product.
    product_id: Uuid,
    /// Units physically in the store.
    on_hand: u32,
    /// Units that were taken beyond what the books had, since the latest count: a late fact or a count explains them.
    shortfall: u32,
    /// Business time of the latest count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    counted_at: Option<Timestamp>,
    /// Units held by active reservations.
    reserved: u32,
    /// On hand less reserved.
    available: u32,
    /// Available less safety stock: what can be reserved.
    offered: u32,
    /// Units that are not offered.
    safety_stock: u32,
    /// Reorder at or below so many available units.
    reorder_point: u32,
    /// Version of the stock level: how many events it has.
    version: u64,
    /// Position of its last event known to this answer; a consistency token for `minPosition`.
    position: u64,
    /// The moment for which the answer holds.
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
}

impl From<StockLevel> for StockLevelBody {
    fn from(level: StockLevel) -> Self {
        Self {
            store_id: level.store.as_uuid(),
            product_id: level.product.as_uuid(),
            on_hand: level.on_hand,
            shortfall: level.shortfall,
            counted_at: level.counted_at,
            reserved: level.reserved,
            available: level.available(),
            offered: level.offered(),
            safety_stock: level.safety_stock,
            reorder_point: level.reorder_point,
            version: level.version.get(),
            position: level.position.get(),
            as_of: level.as_of,
        }
    }
}
