//! The stock of stores, as the catalogue shows it: from the inventory in the same process, else as the bus tells it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gondola_inventory::InventoryContext;
use gondola_inventory::use_cases::{self as inventory, Freshness, LevelFilter, LevelSort, Queries};
use gondola_inventory_domain::{ProductId, StoreId};
use gondola_store::StockSource;
use gondola_store::use_cases::{KnownStock, StockLevel, StockQuery, StoreStock};
use kit_core::Position;
use kit_event_store::projection::ViewReadError;
use kit_service::{ReadError, Slice};

use super::event_bus::EventBusUrl;

/// Where a process knows the stock of stores from.
pub(crate) fn source(inventory: Option<&InventoryContext>, bus: &EventBusUrl) -> StockSource {
    match inventory {
        Some(inventory) => StockSource::Here(Arc::new(Here(Arc::clone(&inventory.queries)))),
        None if bus.is_shared() => StockSource::Bus,
        None => StockSource::Nowhere,
    }
}

/// The inventory's own views.
struct Here(Arc<Queries>);

#[async_trait]
impl StoreStock for Here {
    async fn stock(&self, wanted: StockQuery) -> Result<KnownStock, ReadError> {
        // before the levels are read, so that they are not older than it says
        let (head, lag) = (self.0.head().get(), self.0.freshness().lag());
        let store = StoreId::from_uuid(wanted.store.as_uuid());
        let after = wanted.after.map(|product| ProductId::from_uuid(product.as_uuid()));
        let levels = match wanted.product {
            Some(product) => {
                let product = ProductId::from_uuid(product.as_uuid());
                let level = self.0.level(store, product, Freshness::AtLeast(Position::default()));
                let found = level
                    .await
                    .map_err(failed)?
                    .filter(|_| after.is_none_or(|after| after < product));
                Slice { items: found.into_iter().collect(), next: None }
            }
            None => self.page(store, after, wanted.limit).await?,
        };
        let Slice { items, next } = levels;
        let levels = Slice {
            items: items.iter().map(shown).collect(),
            next: next.map(|product| product.as_uuid().into()),
        };
        let as_of = Position::new(head.saturating_sub(lag));
        Ok(KnownStock { levels, as_of, age: (lag == 0).then_some(Duration::ZERO) })
    }
}

impl Here {
    async fn page(
        &self,
        store: StoreId,
        after: Option<ProductId>,
        limit: usize,
    ) -> Result<Slice<inventory::StockLevel, ProductId>, ReadError> {
        let (filter, sort) = (LevelFilter::default(), LevelSort::Product);
        let after = after.map(|product| (0, product));
        let wanted = inventory::StoreStock { store, filter, sort, after, limit };
        let Slice { items, next } = self.0.store_stock(wanted).await?;
        Ok(Slice { items, next: next.map(|(_, product)| product) })
    }
}

fn failed(error: inventory::ReadError) -> ReadError {
    match error {
        inventory::ReadError::Failed(error) => error,
        // about moments, which were not asked for
        error => ViewReadError::Failed(error.to_string()).into(),
    }
}

fn shown(level: &inventory::StockLevel) -> StockLevel {
    StockLevel {
        product: level.product.as_uuid().into(),
        on_hand: level.on_hand.into(),
        reserved: level.reserved.into(),
        available: level.available().into(),
        version: level.version,
        position: level.position,
    }
}
