//! The relay: tells other contexts of the catalogue, as integration events on the bus.
//!
//! It reads this context's log from its first event at every start and then follows it. The bus inside one process
//! keeps nothing over a restart, and those who listen keep their copy of the catalogue in memory, so telling
//! everything again is what fills them. Events carry the full state and its version, so whoever has seen them
//! before drops them. Nothing is written down: there is no checkpoint that could be ahead of what was published.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_contracts as contracts;
use gondola_contracts::{CloudEvent, IntegrationEvent};
use gondola_store_domain::{
    Product, ProductEvent, ProductStatus, Store, StoreEvent, StoreKind, StoreStatus,
};
use kit_core::{Position, RecordedEvent, Version};
use kit_event_bus::{EventBus, Message};
use kit_event_store::StoreError;
use kit_event_store::projection::{Projection, ProjectionError};

use crate::use_cases::{CatalogueEvent, decode_event};

/// Publishes events in the order of the log; messages of one store or product stay in order.
pub(crate) struct Relay {
    bus: Arc<dyn EventBus>,
    published: Position,
}

impl Relay {
    /// A relay that has published nothing yet.
    pub(crate) fn new(bus: Arc<dyn EventBus>) -> Self {
        Self { bus, published: Position::ZERO }
    }
}

#[async_trait]
impl Projection for Relay {
    fn name(&self) -> &'static str {
        "catalogue-relay"
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        Ok(self.published)
    }

    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        let messages = events.iter().map(|recorded| message(recorded));
        let messages = messages.collect::<Result<Vec<_>, _>>()?;
        self.bus
            .publish(messages)
            .await
            .map_err(|error| ProjectionError::View(error.to_string()))?;
        if let Some(last) = events.last() {
            self.published = last.position;
        }
        Ok(())
    }
}

fn message(recorded: &RecordedEvent) -> Result<Message, StoreError> {
    let event = match decode_event(recorded)? {
        CatalogueEvent::Store(StoreEvent::StoreRegisteredEvent(store)) => {
            IntegrationEvent::StoreRegistered(store_state(&store, recorded.version))
        }
        CatalogueEvent::Store(StoreEvent::StoreUpdatedEvent(store)) => {
            IntegrationEvent::StoreUpdated(store_state(&store, recorded.version))
        }
        CatalogueEvent::Product(ProductEvent::ProductRegisteredEvent(product)) => {
            IntegrationEvent::ProductRegistered(product_state(&product, recorded.version))
        }
        CatalogueEvent::Product(ProductEvent::ProductUpdatedEvent(product)) => {
            IntegrationEvent::ProductUpdated(product_state(&product, recorded.version))
        }
    };
    let (topic, key) = (event.event_type(), event.subject());
    let told = CloudEvent {
        id: recorded.event.event_id,
        time: recorded.event.occurred_at,
        position: recorded.position,
        stream_version: recorded.version,
        correlation_id: recorded.metadata.correlation_id,
        event,
    };
    Ok(Message {
        topic: topic.into(),
        key: key.into(),
        id: told.id,
        payload: told.to_json().into(),
    })
}

fn store_state(store: &Store, version: Version) -> contracts::StoreState {
    contracts::StoreState {
        store_id: store.store_id.as_uuid(),
        code: store.code.to_string(),
        name: store.name.to_string(),
        region: store.region.to_string(),
        city: store.city.as_ref().map(ToString::to_string),
        address: store.address.as_ref().map(ToString::to_string),
        postal_code: store.postal_code.as_ref().map(ToString::to_string),
        location: store.location.map(|location| contracts::Location {
            latitude: location.latitude(),
            longitude: location.longitude(),
        }),
        kind: match store.kind {
            StoreKind::Shop => contracts::StoreKind::Shop,
            StoreKind::DistributionCentre => contracts::StoreKind::DistributionCentre,
            StoreKind::DarkStore => contracts::StoreKind::DarkStore,
        },
        status: match store.status {
            StoreStatus::Active => contracts::StoreStatus::Active,
            StoreStatus::Closed => contracts::StoreStatus::Closed,
        },
        version: version.get(),
    }
}

fn product_state(product: &Product, version: Version) -> contracts::ProductState {
    contracts::ProductState {
        product_id: product.product_id.as_uuid(),
        sku: product.sku.to_string(),
        name: product.name.to_string(),
        category: product.category.as_ref().map(ToString::to_string),
        brand: product.brand.as_ref().map(ToString::to_string),
        gtin: product.gtin.as_ref().map(ToString::to_string),
        unit_price: product.unit_price.map(|price| contracts::UnitPrice {
            minor_units: price.minor_units(),
            currency: price.currency().to_string(),
        }),
        status: match product.status {
            ProductStatus::Active => contracts::ProductStatus::Active,
            ProductStatus::Discontinued => contracts::ProductStatus::Discontinued,
        },
        version: version.get(),
    }
}
