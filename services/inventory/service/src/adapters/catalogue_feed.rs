//! Feeds this context's replica of the catalogue from the bus.

use std::sync::Arc;

use gondola_contracts::{CloudEvent, IntegrationEvent};
use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::Version;
use kit_event_bus::{BusError, EventBus, Subscription};
use tokio_util::sync::CancellationToken;

use crate::use_cases::Catalogue;

/// Name of this consumer on the bus.
const GROUP: &str = "inventory.catalogue";

/// What it listens to.
const TOPICS: &[&str] = &[
    "gondola.store.store-registered.v1",
    "gondola.store.store-updated.v1",
    "gondola.store.product-registered.v1",
    "gondola.store.product-updated.v1",
];

/// Joins the feed; from here on nothing that is published is missed.
pub(crate) async fn join(bus: &dyn EventBus) -> Result<Box<dyn Subscription>, BusError> {
    bus.subscribe(GROUP, TOPICS).await
}

/// Notes what arrives until told to stop.
pub(crate) async fn feed_catalogue(
    mut subscription: Box<dyn Subscription>,
    catalogue: Arc<Catalogue>,
    stop: CancellationToken,
) {
    loop {
        let delivery = tokio::select! {
            () = stop.cancelled() => return,
            delivery = subscription.next() => delivery,
        };
        let acknowledged = match delivery {
            Ok(delivery) => {
                note(&catalogue, &delivery.message().payload);
                delivery.ack().await
            }
            Err(error) => Err(error),
        };
        if let Err(error) = acknowledged {
            tracing::warn!(%error, "catalogue_feed_interrupted");
            return;
        }
    }
}

/// An event that cannot be read names no product: it is reported and passed over.
fn note(catalogue: &Catalogue, payload: &str) {
    match CloudEvent::from_json(payload).map(|event| event.event) {
        Ok(IntegrationEvent::StoreRegistered(store) | IntegrationEvent::StoreUpdated(store)) => {
            let id = StoreId::from_uuid(store.store_id);
            catalogue.note_store(id, &store.code, Version::new(store.version));
        }
        Ok(
            IntegrationEvent::ProductRegistered(product)
            | IntegrationEvent::ProductUpdated(product),
        ) => {
            let id = ProductId::from_uuid(product.product_id);
            catalogue.note_product(id, &product.sku, Version::new(product.version));
        }
        Ok(IntegrationEvent::InventoryUpdated(_)) => {}
        Err(error) => tracing::error!(%error, "catalogue_event_unreadable"),
    }
}
