//! Integration events of the inventory context: stock levels.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The stock level of one product in one store as it is after the event, in units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InventoryUpdatedEvent {
    /// Which product.
    pub product_id: Uuid,
    /// In which store.
    pub store_id: Uuid,
    /// Units physically in the store.
    pub on_hand: u64,
    /// Units held by active reservations.
    pub reserved: u64,
    /// Units that may still be reserved; never negative.
    pub available: u64,
    /// Reorder when at most this many units are available; 0 where nobody has said. `None` from publishers that did not tell
    /// it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reorder_point: Option<u64>,
    /// Units that were sold or moved though they were not there. `None` from publishers that did not tell it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<u64>,
    /// By how much the event corrected the units on hand, if it is a correction.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<i64>,
    /// How many events the stock level has had; of two states the one with the higher version is newer.
    pub version: u64,
    /// The event that led here, as the log calls it, such as `StockReservedEvent`.
    pub cause: String,
}
