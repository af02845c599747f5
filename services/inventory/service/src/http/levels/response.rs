//! A stock level on the wire.

use std::sync::Arc;

use kit_core::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::use_cases::{Catalogue, StockLevel};

/// One product in one store.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StockLevel)]
pub(crate) struct StockLevelBody {
    /// The store.
    store_id: Uuid,
    /// Its code, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    store_code: Option<Arc<str>>,
    /// Its name, in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    store_name: Option<Arc<str>>,
    /// The product.
    product_id: Uuid,
    /// Its SKU, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_sku: Option<Arc<str>>,
    /// Its name, in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_name: Option<Arc<str>>,
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

impl StockLevelBody {
    /// A level in a list: with the names of store and product for people.
    pub(crate) fn listed(level: StockLevel, catalogue: &Catalogue) -> Self {
        let store_name = catalogue.of_store(level.store).map(|store| store.name);
        let product_name = catalogue.of_product(level.product).map(|product| product.name);
        Self { store_name, product_name, ..Self::of(level, catalogue) }
    }

    /// A level by itself.
    pub(crate) fn of(level: StockLevel, catalogue: &Catalogue) -> Self {
        Self {
            store_code: catalogue.of_store(level.store).map(|store| store.code),
            store_name: None,
            product_sku: catalogue.of_product(level.product).map(|product| product.code),
            product_name: None,
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
