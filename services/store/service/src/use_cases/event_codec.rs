//! The events of the catalogue as they are stored: JSON shapes with versions, and upcasters from older ones.
//!
//! Every shape ever written stays readable: `golden/` holds a sample of each version of each event, for ever. A new
//! version raises [`SCHEMA_VERSION`] and adds a step to `upcast`.

use std::borrow::Cow;

use gondola_store_domain::{Aggregate, Category, Event, Product, Store, Supplier, SupplierOffer};
use kit_core::{EncodedEvent, RecordedEvent, Timestamp};
use kit_event_store::EventStoreError;
use uuid::Uuid;

use super::stored::{Stored, Unreadable};

#[cfg(test)]
mod tests;

/// Version of the shapes that are written, of events and of what is derived from them.
pub const SCHEMA_VERSION: u16 = 1;

/// Any event of this context's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatalogueEvent {
    /// Of a store.
    Store(Event<Store>),
    /// Of a product.
    Product(Event<Product>),
    /// Of a category.
    Category(Event<Category>),
    /// Of a supplier.
    Supplier(Event<Supplier>),
    /// Of what a supplier offers.
    SupplierOffer(Event<SupplierOffer>),
}

/// Writes an event in the present shape: the whole entry after it.
#[must_use]
pub fn encode_event<A: Stored>(
    event: &Event<A>,
    event_id: Uuid,
    occurred_at: Timestamp,
) -> EncodedEvent {
    EncodedEvent {
        event_id,
        event_type: Cow::Borrowed(event.event_type()),
        schema_version: SCHEMA_VERSION,
        occurred_at,
        data: event.state().write(),
        personal: None,
    }
}

/// Reads any event of the catalogue, of any version that was ever written.
pub fn decode_event(recorded: &RecordedEvent) -> Result<CatalogueEvent, EventStoreError> {
    let name = &*recorded.event.event_type;
    if is_of::<Store>(name) {
        decode(recorded).map(CatalogueEvent::Store)
    } else if is_of::<Category>(name) {
        decode(recorded).map(CatalogueEvent::Category)
    } else if is_of::<Supplier>(name) {
        decode(recorded).map(CatalogueEvent::Supplier)
    } else if is_of::<SupplierOffer>(name) {
        decode(recorded).map(CatalogueEvent::SupplierOffer)
    } else {
        decode(recorded).map(CatalogueEvent::Product)
    }
}

fn is_of<A: Aggregate>(event_type: &str) -> bool {
    event_type == A::REGISTERED || event_type == A::UPDATED
}

/// Reads an event that must be one of this aggregate.
pub(super) fn decode<A: Stored>(recorded: &RecordedEvent) -> Result<Event<A>, EventStoreError> {
    let event = &recorded.event;
    let unreadable = |why: Unreadable| {
        EventStoreError::Corrupt(format!(
            "event {} ({} version {}) at position {}: {why}",
            event.event_id, event.event_type, event.schema_version, recorded.position
        ))
    };
    decode_data(event).map_err(unreadable)
}

fn decode_data<A: Stored>(event: &EncodedEvent) -> Result<Event<A>, Unreadable> {
    let wrap = match &*event.event_type {
        name if name == A::REGISTERED => Event::Registered,
        name if name == A::UPDATED => Event::Updated,
        other => return Err(format!("no event of a {} is called {other:?}", A::NOUN).into()),
    };
    A::read(&upcast(event)?).map(wrap)
}

/// Brings stored data to the present shape. There is one version so far; a step per older version goes here.
fn upcast(event: &EncodedEvent) -> Result<Cow<'_, str>, String> {
    match event.schema_version {
        SCHEMA_VERSION => Ok(Cow::Borrowed(&event.data)),
        other => Err(format!(
            "this program reads versions up to {SCHEMA_VERSION}, not {other}: use a newer one"
        )),
    }
}
