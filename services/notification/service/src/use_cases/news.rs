//! What there is to tell: integration events, from the logs that they are made of.

use std::sync::Arc;

use gondola_contracts::{CloudEvent, IntegrationEvent};
use gondola_notification_domain::StoreId;
use kit_event_bus::Message;
use kit_event_store::EventStore;
use kit_relay::Translate;
use uuid::Uuid;

/// A log that webhooks are told of, with the translation that its own context publishes by.
pub struct NewsSource {
    /// Name of its follower, the same for ever.
    pub name: &'static str,
    /// The log.
    pub log: Arc<dyn EventStore>,
    /// What of it others are told.
    pub translation: Box<dyn Translate>,
    /// The event types that the translation makes.
    pub event_types: &'static [&'static str],
}

/// An integration event, ready to be sent.
#[derive(Clone, Debug)]
pub struct News {
    /// Its id: that of the message to every receiver.
    pub event_id: Uuid,
    /// Its type.
    pub event_type: Arc<str>,
    /// What it is about.
    pub subject: Arc<str>,
    /// The store that it is about, if it is about one.
    pub store: Option<StoreId>,
    /// The event as JSON.
    pub payload: Arc<str>,
}

impl News {
    /// Reads what a translation has made; the error says what is wrong with it.
    pub fn read(message: &Message) -> Result<Self, String> {
        let told = CloudEvent::from_json(&message.payload).map_err(|error| error.to_string())?;
        Ok(Self {
            event_id: told.id,
            event_type: Arc::clone(&message.topic),
            subject: Arc::clone(&message.key),
            store: store_of(&told.event),
            payload: Arc::clone(&message.payload),
        })
    }
}

const fn store_of(event: &IntegrationEvent) -> Option<StoreId> {
    match event {
        IntegrationEvent::StoreRegistered(store) | IntegrationEvent::StoreUpdated(store) => {
            Some(StoreId::from_uuid(store.store_id))
        }
        IntegrationEvent::InventoryUpdated(level) => Some(StoreId::from_uuid(level.store_id)),
        IntegrationEvent::OrderConfirmed(order) => Some(StoreId::from_uuid(order.store_id)),
        IntegrationEvent::AlertOpened(alert)
        | IntegrationEvent::AlertAcknowledged(alert)
        | IntegrationEvent::AlertResolved(alert) => match alert.store_id {
            Some(store) => Some(StoreId::from_uuid(store)),
            None => None,
        },
        IntegrationEvent::ProductRegistered(_) | IntegrationEvent::ProductUpdated(_) => None,
    }
}
