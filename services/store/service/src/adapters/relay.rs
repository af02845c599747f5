//! Publishes the catalogue to other contexts: its events as integration events with the full state.
//!
//! Consumers may keep their copy of the catalogue in memory, and a bus inside one process keeps nothing over a restart,
//! so the relay then publishes everything again at every start. Events carry a version: consumers drop those that they
//! have seen.

use std::sync::Arc;

use gondola_contracts as contracts;
use gondola_contracts::{CloudEvent, IntegrationEvent, topics};
use gondola_store_domain::{
    Event, LongestHold, Product, ProductStatus, Store, StoreKind, StoreStatus,
};
use kit_core::{RecordedEvent, Version};
use kit_event_bus::{EventBus, Message};
use kit_event_store::{EventStore, Incarnation};
use kit_relay::{Relay, RelayConfig, Told, Translate};

use crate::use_cases::{CatalogueEvent, decode_event};

const CONFIG: RelayConfig = RelayConfig { name: "catalogue-relay", topics: topics::CATALOGUE };

/// The relay of the catalogue, not yet running.
pub(crate) fn catalogue_relay(
    event_store: Arc<dyn EventStore>,
    bus: Arc<dyn EventBus>,
) -> Relay<impl Translate> {
    let log = event_store.incarnation();
    Relay::new(CONFIG, event_store, bus, move |recorded: &RecordedEvent| tell(recorded, log))
}

/// What others are told of a log of the catalogue, for those who follow the log itself.
#[must_use]
pub fn catalogue_news(log: &dyn EventStore) -> Box<dyn Translate> {
    let log = log.incarnation();
    Box::new(move |recorded: &RecordedEvent| tell(recorded, log))
}

/// Makes a message of an event of a log, if others are to know of it.
fn tell(recorded: &RecordedEvent, log: Incarnation) -> Told {
    let event = match decode_event(recorded)? {
        CatalogueEvent::Store(Event::Registered(store)) => {
            IntegrationEvent::StoreRegistered(store_state(&store, recorded.version))
        }
        CatalogueEvent::Store(Event::Updated(store)) => {
            IntegrationEvent::StoreUpdated(store_state(&store, recorded.version))
        }
        CatalogueEvent::Product(Event::Registered(product)) => {
            IntegrationEvent::ProductRegistered(product_state(&product, recorded.version))
        }
        CatalogueEvent::Product(Event::Updated(product)) => {
            IntegrationEvent::ProductUpdated(product_state(&product, recorded.version))
        }
        // no other context needs the tree, or who delivers on what terms
        CatalogueEvent::Category(_)
        | CatalogueEvent::Supplier(_)
        | CatalogueEvent::SupplierOffer(_) => return Ok(None),
    };
    let told = CloudEvent::of(recorded, log.as_uuid(), event);
    Ok(Some(Message {
        topic: told.event.event_type().into(),
        key: told.event.subject().into(),
        id: told.id,
        payload: told.to_json().into(),
        trace: None,
    }))
}

/// Readers that know the first kinds and statuses only take each store for what comes nearest.
fn store_state(store: &Store, version: Version) -> contracts::StoreState {
    let (kind, is_new_kind) = match store.kind {
        StoreKind::Shop => (contracts::StoreKind::Shop, false),
        StoreKind::PickUpPoint => (contracts::StoreKind::Shop, true),
        StoreKind::DistributionCentre => (contracts::StoreKind::DistributionCentre, false),
        StoreKind::Hub | StoreKind::CrossDocking => {
            (contracts::StoreKind::DistributionCentre, true)
        }
        StoreKind::DarkStore => (contracts::StoreKind::DarkStore, false),
    };
    let (status, is_new_status) = match store.status {
        StoreStatus::Active => (contracts::StoreStatus::Active, false),
        StoreStatus::Closed => (contracts::StoreStatus::Closed, false),
        StoreStatus::Maintenance => (contracts::StoreStatus::Closed, true),
    };
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
        kind,
        detailed_kind: is_new_kind.then(|| store.kind.to_string()),
        status,
        detailed_status: is_new_status.then(|| store.status.to_string()),
        status_reason: store.status_reason.as_ref().map(ToString::to_string),
        longest_hold_seconds: store.longest_hold.map(LongestHold::as_seconds),
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
