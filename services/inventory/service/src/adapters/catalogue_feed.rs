//! Feeds this context's replica of the catalogue from the bus.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_contracts::{CloudEvent, IntegrationEvent, ProductStatus, StoreStatus, topics};
use gondola_inventory_domain::{ProductId, StoreId, TimeToLive};
use kit_core::Version;
use kit_event_bus::{BusError, Consumer, EventBus, HandleError, Handler, Message};

use crate::use_cases::{Catalogue, Named};

/// Name of this consumer on the bus.
const GROUP: &str = "inventory.catalogue";

/// Joins the feed; from here on nothing that is published is missed.
pub(crate) async fn join(bus: Arc<dyn EventBus>) -> Result<Consumer, BusError> {
    Consumer::join(bus, GROUP, topics::CATALOGUE).await
}

/// Notes stores and products in the replica, which drops what it has seen already.
pub(crate) struct CatalogueFeed(pub(crate) Arc<Catalogue>);

#[async_trait]
impl Handler for CatalogueFeed {
    async fn handle(&mut self, message: &Message) -> Result<(), HandleError> {
        let Self(catalogue) = self;
        let event = CloudEvent::from_json(&message.payload);
        match event.map_err(|error| HandleError::Poison(error.to_string()))?.event {
            IntegrationEvent::StoreRegistered(store) | IntegrationEvent::StoreUpdated(store) => {
                let id = StoreId::from_uuid(store.store_id);
                let active = store.status == StoreStatus::Active;
                let named = Named {
                    code: store.code.into(),
                    name: store.name.into(),
                    active,
                    longest_hold: store.longest_hold_seconds.and_then(longest_hold),
                };
                catalogue.note_store(id, named, Version::new(store.version));
            }
            IntegrationEvent::ProductRegistered(product)
            | IntegrationEvent::ProductUpdated(product) => {
                let id = ProductId::from_uuid(product.product_id);
                let active = product.status == ProductStatus::Active;
                let named = Named {
                    code: product.sku.into(),
                    name: product.name.into(),
                    active,
                    longest_hold: None,
                };
                catalogue.note_product(id, named, Version::new(product.version));
            }
            IntegrationEvent::InventoryUpdated(_) => {}
        }
        Ok(())
    }
}

/// More than this context can do is as much as it can.
fn longest_hold(seconds: u32) -> Option<TimeToLive> {
    TimeToLive::from_seconds(seconds.min(TimeToLive::SECONDS_MAX).into()).ok()
}
