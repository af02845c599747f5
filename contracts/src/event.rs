//! The list of integration events: type names, topics and keys.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::asyncapi::Schemas;
use crate::{
    AlertChangedEvent, DecodeError, InventoryUpdatedEvent, OrderConfirmedEvent, ProductState,
    StoreState, topics,
};

/// An event type as its document describes it.
pub(crate) struct Described {
    /// Its name in this crate.
    pub(crate) name: &'static str,
    pub(crate) event_type: &'static str,
    pub(crate) summary: &'static str,
    /// The name of the shape of its data.
    pub(crate) data: String,
    /// That shape and those inside it, by name.
    pub(crate) schemas: Schemas,
}

impl Described {
    fn of<T: ToSchema>(
        name: &'static str,
        event_type: &'static str,
        summary: &'static str,
    ) -> Self {
        let data = T::name().into_owned();
        let mut schemas = vec![(data.clone(), T::schema())];
        T::schemas(&mut schemas);
        Self { name, event_type, summary: summary.trim(), data, schemas }
    }

    /// As [`IntegrationEvent::source`].
    pub(crate) fn source(&self) -> String {
        let context = self.event_type.split('.').nth(1).unwrap_or_default();
        format!("/gondola/{context}")
    }
}

/// Ties each event to its type name once, so that reading and writing cannot disagree.
macro_rules! events {
    ($(#[doc = $doc:literal] $event:ident($data:ty) = $event_type:path,)+) => {
        /// Something that other contexts may rely on.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum IntegrationEvent {
            $(#[doc = $doc] $event($data),)+
        }

        impl IntegrationEvent {
            /// Every type name there is.
            pub const TYPES: &'static [&'static str] = &[$($event_type),+];

            /// All types with their documentation.
            pub(crate) fn described() -> Vec<Described> {
                vec![$(Described::of::<$data>(stringify!($event), $event_type, $doc)),+]
            }

            /// The type name, with its version; also the topic that the event is published on.
            pub const fn event_type(&self) -> &'static str {
                match self {
                    $(Self::$event(_) => $event_type,)+
                }
            }

            pub(crate) fn decode(event_type: &str, data: &RawValue) -> Result<Self, DecodeError> {
                match event_type {
                    $($event_type => serde_json::from_str(data.get())
                        .map(Self::$event)
                        .map_err(|source| DecodeError::Data { event_type: $event_type, source }),)+
                    _ => Err(DecodeError::UnknownType { event_type: event_type.to_owned() }),
                }
            }
        }

        impl Serialize for IntegrationEvent {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$event(data) => data.serialize(to),)+
                }
            }
        }
    };
}

events! {
    /// A store joined the chain.
    StoreRegistered(StoreState) = topics::STORE_REGISTERED,
    /// Something about a store changed.
    StoreUpdated(StoreState) = topics::STORE_UPDATED,
    /// A product joined the catalogue.
    ProductRegistered(ProductState) = topics::PRODUCT_REGISTERED,
    /// Something about a product changed.
    ProductUpdated(ProductState) = topics::PRODUCT_UPDATED,
    /// A stock level changed.
    InventoryUpdated(InventoryUpdatedEvent) = topics::INVENTORY_UPDATED,
    /// An order was confirmed: its checkout is committed. Told to webhooks, and not published on a bus.
    OrderConfirmed(OrderConfirmedEvent) = topics::ORDER_CONFIRMED,
    /// An alert opened.
    AlertOpened(AlertChangedEvent) = topics::ALERT_OPENED,
    /// Somebody sees to an alert.
    AlertAcknowledged(AlertChangedEvent) = topics::ALERT_ACKNOWLEDGED,
    /// An alert is over.
    AlertResolved(AlertChangedEvent) = topics::ALERT_RESOLVED,
}

impl IntegrationEvent {
    /// The context that publishes it, as a `CloudEvents` source, such as `/gondola/store`.
    pub const fn source(&self) -> &'static str {
        match self {
            Self::StoreRegistered(_)
            | Self::StoreUpdated(_)
            | Self::ProductRegistered(_)
            | Self::ProductUpdated(_) => "/gondola/store",
            Self::InventoryUpdated(_) => "/gondola/inventory",
            Self::OrderConfirmed(_)
            | Self::AlertOpened(_)
            | Self::AlertAcknowledged(_)
            | Self::AlertResolved(_) => "/gondola/notification",
        }
    }

    /// What it is about: `{storeId}`, `{productId}`, `{storeId}/{productId}` for a stock level, `{checkoutId}` or `{alertId}`.
    ///
    /// Also the key that a bus keeps in order.
    pub fn subject(&self) -> String {
        match self {
            Self::StoreRegistered(store) | Self::StoreUpdated(store) => store.store_id.to_string(),
            Self::ProductRegistered(product) | Self::ProductUpdated(product) => {
                product.product_id.to_string()
            }
            Self::InventoryUpdated(level) => format!("{}/{}", level.store_id, level.product_id),
            Self::OrderConfirmed(order) => order.checkout_id.to_string(),
            Self::AlertOpened(alert)
            | Self::AlertAcknowledged(alert)
            | Self::AlertResolved(alert) => alert.alert_id.to_string(),
        }
    }
}
