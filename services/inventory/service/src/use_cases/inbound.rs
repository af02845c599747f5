//! The port to what transfers bring to stores.

use std::collections::HashMap;

use async_trait::async_trait;
use foldhash::fast::RandomState;
use gondola_inventory_domain::{ProductId, StoreId};
use kit_service::ReadError;

/// Units of one product that transfers bring to one store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inbound {
    /// On their way.
    pub in_transit: u64,
    /// Asked for, and not sent yet.
    pub on_order: u64,
}

/// What transfers bring, by store and product; nothing where there is no entry.
pub type InboundByLevel = HashMap<(StoreId, ProductId), Inbound, RandomState>;

/// Knows what transfers bring to stores.
#[async_trait]
pub trait InboundStock: Send + Sync {
    /// What transfers that are not at their end bring to these stock levels.
    async fn inbound(&self, levels: Vec<(StoreId, ProductId)>)
    -> Result<InboundByLevel, ReadError>;
}
