//! The topics of integration events: each event type is a topic of its own, under the type's name.

/// A store joined the chain.
pub const STORE_REGISTERED: &str = "gondola.store.store-registered.v1";

/// Something about a store changed.
pub const STORE_UPDATED: &str = "gondola.store.store-updated.v1";

/// A product joined the catalogue.
pub const PRODUCT_REGISTERED: &str = "gondola.store.product-registered.v1";

/// Something about a product changed.
pub const PRODUCT_UPDATED: &str = "gondola.store.product-updated.v1";

/// A stock level changed.
pub const INVENTORY_UPDATED: &str = "gondola.inventory.inventory-updated.v1";

/// An order was confirmed. It is told to webhooks, and not published on a bus.
pub const ORDER_CONFIRMED: &str = "gondola.notification.order-confirmed.v1";

/// All that the store context publishes: the catalogue of stores and products.
pub const CATALOGUE: &[&str] =
    &[STORE_REGISTERED, STORE_UPDATED, PRODUCT_REGISTERED, PRODUCT_UPDATED];

/// All that the inventory context publishes.
pub const INVENTORY: &[&str] = &[INVENTORY_UPDATED];

/// An alert opened.
pub const ALERT_OPENED: &str = "gondola.notification.alert-opened.v1";

/// Somebody sees to an alert.
pub const ALERT_ACKNOWLEDGED: &str = "gondola.notification.alert-acknowledged.v1";

/// An alert is over.
pub const ALERT_RESOLVED: &str = "gondola.notification.alert-resolved.v1";

/// All that the notification context publishes, to webhooks only: no other context follows it on the bus.
pub const ALERTS: &[&str] = &[ALERT_OPENED, ALERT_ACKNOWLEDGED, ALERT_RESOLVED];

/// Those whose events each carry the whole state of their subject: the last one of each tells all.
pub const OF_WHOLE_STATES: &[&str] =
    &[STORE_REGISTERED, STORE_UPDATED, PRODUCT_REGISTERED, PRODUCT_UPDATED, INVENTORY_UPDATED];
