//! Feeds this context's replica of the catalogue from the bus.

use std::convert::Infallible;
use std::sync::Arc;

use async_trait::async_trait;
use gondola_contracts::{CloudEvent, IntegrationEvent, ProductStatus, StoreStatus, topics};
use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::{Clock, Version};
use kit_event_bus::{
    BusError, Consumer, Drained, EventBus, HandleError, Handler, Message, ParkedKeys, Place,
    Places, Unreadable,
};
use kit_service::CopyAge;
use metrics::{describe_gauge, gauge};

use crate::use_cases::{Catalogue, CatalogueFeedEnded, DrainedNames, Named, ParkedNames};

/// Name of this consumer on the bus.
const READER: &str = "inventory.catalogue";

const AGE: &str = "inventory_names_age_seconds";

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

/// Measures how old the replica is, again and again.
pub(crate) async fn measure_age(clock: Arc<dyn Clock>, bus: Arc<dyn EventBus>) -> Infallible {
    describe_gauge!(
        AGE,
        "Time since the copy of stores' and products' names had all that the bus had then"
    );
    Arc::new(CopyAge::unknown(clock, gauge!(AGE))).measure(bus, READER).await
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
pub(crate) struct CatalogueFeed(Arc<Catalogue>);

impl CatalogueFeed {
    pub(crate) const fn new(catalogue: Arc<Catalogue>) -> Self {
        Self(catalogue)
    }
}

#[async_trait]
impl Handler for CatalogueFeed {
    async fn handle(&mut self, message: &Message, _: Option<&Place>) -> Result<(), HandleError> {
        let told = CloudEvent::from_json(&message.payload);
        let told = told.map_err(|error| HandleError::Poison(error.to_string()))?;
        self.0.note_from(told.incarnation, |copy| note(copy, told.event));
        Ok(())
    }
}

fn note(catalogue: &Catalogue, event: IntegrationEvent) {
    match event {
        IntegrationEvent::StoreRegistered(store) | IntegrationEvent::StoreUpdated(store) => {
            let id = StoreId::from_uuid(store.store_id);
            let active = store.status == StoreStatus::Active;
            let longest_hold = store.longest_hold_seconds;
            let named = Named::store(&store.code, &store.name, active, longest_hold);
            let named = named.at(store.location.as_ref());
            catalogue.note_store(id, named, Version::new(store.version));
        }
        IntegrationEvent::ProductRegistered(product)
        | IntegrationEvent::ProductUpdated(product) => {
            let id = ProductId::from_uuid(product.product_id);
            let active = product.status == ProductStatus::Active;
            let named = Named::product(&product.sku, &product.name, active);
            let named = named.with_gtin(product.gtin.as_deref());
            catalogue.note_product(id, named, Version::new(product.version));
        }
        IntegrationEvent::InventoryUpdated(_)
        | IntegrationEvent::OrderConfirmed(_)
        | IntegrationEvent::AlertOpened(_)
        | IntegrationEvent::AlertAcknowledged(_)
        | IntegrationEvent::AlertResolved(_) => {}
    }
}
