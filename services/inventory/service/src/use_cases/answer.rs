//! What a caller is told after a command: the stock levels after it, and the reservation that it was about.

use gondola_inventory_domain::{ProductId, ReservationId, StoreId};
use kit_core::{Timestamp, Version};
use serde::{Deserialize, Serialize};

/// The result of a [`super::StoreCommand`]; kept under its idempotency key, so its shape only ever grows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The store.
    pub store: StoreId,
    /// The moment of the decision.
    pub as_of: Timestamp,
    /// The promise that was made, ended or extended.
    pub reservation: Option<ReservationId>,
    /// Its deadline, while it is active.
    pub expires_at: Option<Timestamp>,
    /// The stock levels, in the order of the command's lines.
    pub levels: Vec<LevelAnswer>,
}

/// One stock level after a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LevelAnswer {
    /// The product.
    pub product: ProductId,
    /// Units physically in the store.
    pub on_hand: u32,
    /// Units promised by active reservations.
    pub reserved: u32,
    /// On hand less reserved.
    pub available: u32,
    /// Available less safety stock.
    pub offered: u32,
    /// Units that are not offered.
    pub safety_stock: u32,
    /// Reorder at or below so many available units.
    pub reorder_point: u32,
    /// Version of the stock level.
    pub version: Version,
    /// Units of this line that the command promised, sold or released.
    pub quantity: u32,
}
