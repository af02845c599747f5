//! The stock of a store, as this context knows it: the inventory context decides about it, here it is only shown.

use std::time::Duration;

use async_trait::async_trait;
use gondola_store_domain::{ProductId, StoreId};
use kit_core::{Position, Version};
use kit_service::{ReadError, Slice};

/// The stock of one product in a store, in units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StockLevel {
    /// Which product.
    pub product: ProductId,
    /// Units physically in the store.
    pub on_hand: u64,
    /// Units held by active reservations.
    pub reserved: u64,
    /// Units that may still be reserved.
    pub available: u64,
    /// How many events the stock level has had.
    pub version: Version,
    /// Where the last of them is in the inventory's log.
    pub position: Position,
}

/// A part of a store's stock.
#[derive(Clone, Copy, Debug)]
pub struct StockQuery {
    /// The store.
    pub store: StoreId,
    /// Only this product.
    pub product: Option<ProductId>,
    /// Begin after this product.
    pub after: Option<ProductId>,
    /// Most levels of a page.
    pub limit: usize,
}

/// What is known of a store's stock, and how old that is.
#[derive(Clone, Debug)]
pub struct KnownStock {
    /// In the order of product ids.
    pub levels: Slice<StockLevel, ProductId>,
    /// The last position of the inventory's log of which anything is known here, of whatever store.
    pub as_of: Position,
    /// All that the inventory had told so long ago is known here; `None` when nobody can say yet.
    pub age: Option<Duration>,
}

/// The stock of stores.
#[async_trait]
pub trait StoreStock: Send + Sync {
    /// A part of a store's stock; a store without any has an empty one.
    async fn stock(&self, wanted: StockQuery) -> Result<KnownStock, ReadError>;
}
