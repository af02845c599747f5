//! Feeds this context's replica of the catalogue from the bus.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_contracts::{
    CloudEvent, IntegrationEvent, Origin, ProductStatus, SourceLog, StoreStatus, topics,
};
use gondola_inventory_domain::{ProductId, StoreId, TimeToLive};
use kit_core::Version;
use kit_event_bus::{
    BusError, Consumer, Drained, EventBus, HandleError, Handler, Message, ParkedKeys, Place,
    Places, Unreadable,
};

use crate::use_cases::{Catalogue, CatalogueFeedEnded, DrainedNames, Named, ParkedNames};

/// Name of this consumer on the bus.
const READER: &str = "inventory.catalogue";

/// Begins to read the feed: all that the bus still has, since the replica is empty at each start, and then whatever is
/// published. Each process has a replica of its own and reads alone.
pub(crate) async fn replay(bus: Arc<dyn EventBus>) -> Result<Consumer, BusError> {
    Consumer::replay(bus, READER, topics::CATALOGUE, Places::new()).await
}

/// Notes that the replica is filled, once the catalogue has `told` all that it has and the feed has taken it.
pub(crate) async fn note_filled(
    catalogue: Arc<Catalogue>,
    bus: Arc<dyn EventBus>,
    told: impl Future<Output = ()>,
) {
    told.await;
    bus.worked_off(READER).await;
    catalogue.note_filled();
    tracing::info!("catalogue_names_read");
}

#[async_trait]
impl ParkedNames for ParkedKeys {
    async fn drain(&self, drop_unreadable: bool) -> Result<DrainedNames, CatalogueFeedEnded> {
        let unreadable = if drop_unreadable { Unreadable::Drop } else { Unreadable::Keep };
        let drained = Self::drain(self, unreadable).await.map_err(|_| CatalogueFeedEnded)?;
        let Drained { handled, dropped, parked } = drained;
        Ok(DrainedNames { handled, dropped, parked })
    }
}

/// Notes stores and products in the replica, which drops what it has seen already.
pub(crate) struct CatalogueFeed {
    catalogue: Arc<Catalogue>,
    source: SourceLog,
}

impl CatalogueFeed {
    pub(crate) fn new(catalogue: Arc<Catalogue>) -> Self {
        Self { catalogue, source: SourceLog::default() }
    }
}

#[async_trait]
impl Handler for CatalogueFeed {
    async fn handle(&mut self, message: &Message, _: Option<&Place>) -> Result<(), HandleError> {
        let told = CloudEvent::from_json(&message.payload);
        let told = told.map_err(|error| HandleError::Poison(error.to_string()))?;
        match self.source.origin(told.incarnation) {
            Origin::Present => {}
            Origin::New => {
                tracing::warn!(log = ?told.incarnation, "catalogue_is_read_from_another_log");
                self.catalogue.clear();
            }
            Origin::Former => return Ok(()),
        }
        note(&self.catalogue, told.event);
        Ok(())
    }
}

fn note(catalogue: &Catalogue, event: IntegrationEvent) {
    match event {
        IntegrationEvent::StoreRegistered(store) | IntegrationEvent::StoreUpdated(store) => {
            let id = StoreId::from_uuid(store.store_id);
            let named = Named {
                code: store.code.into(),
                name: store.name.into(),
                active: store.status == StoreStatus::Active,
                longest_hold: store.longest_hold_seconds.and_then(longest_hold),
            };
            catalogue.note_store(id, named, Version::new(store.version));
        }
        IntegrationEvent::ProductRegistered(product)
        | IntegrationEvent::ProductUpdated(product) => {
            let id = ProductId::from_uuid(product.product_id);
            let named = Named {
                code: product.sku.into(),
                name: product.name.into(),
                active: product.status == ProductStatus::Active,
                longest_hold: None,
            };
            catalogue.note_product(id, named, Version::new(product.version));
        }
        IntegrationEvent::InventoryUpdated(_) => {}
    }
}

/// More than this context can do is as much as it can.
fn longest_hold(seconds: u32) -> Option<TimeToLive> {
    TimeToLive::from_seconds(seconds.min(TimeToLive::SECONDS_MAX).into()).ok()
}
