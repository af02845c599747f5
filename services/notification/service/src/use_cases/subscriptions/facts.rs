//! What a message may say of an event: plain values for the templates, read from the integration event.

use std::collections::HashMap;

use gondola_notification_domain::{Severity, local_text};
use kit_core::{TimeZone, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Notice, TEST_EVENT};

/// An event in words. What an event does not say is `None`.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Facts {
    /// What sort of event it is, such as `stock-level`; the type of one for which there are no words.
    kind: String,
    severity: &'static str,
    /// When it happened, by the clocks of the recipient's place.
    time: String,
    /// The store by its name, or by its id where nobody knows that.
    store: Option<String>,
    product: Option<String>,
    on_hand: Option<u64>,
    reserved: Option<u64>,
    available: Option<u64>,
    status: Option<String>,
    rule: Option<String>,
    quantity: Option<f64>,
    threshold: Option<f64>,
    detail: Option<String>,
    /// The order that was confirmed, as the shop calls it.
    order: Option<String>,
    /// Its sale.
    sale: Option<String>,
}

/// The part of an integration event that messages tell of.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Told {
    time: Option<Timestamp>,
    data: Data,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Data {
    store_id: Option<Uuid>,
    product_id: Option<Uuid>,
    name: Option<String>,
    code: Option<String>,
    sku: Option<String>,
    on_hand: Option<u64>,
    reserved: Option<u64>,
    available: Option<u64>,
    status: Option<String>,
    detailed_status: Option<String>,
    rule: Option<String>,
    quantity: Option<f64>,
    threshold: Option<f64>,
    detail: Option<String>,
    order_id: Option<String>,
    transaction_id: Option<String>,
}

impl Told {
    /// Reads an event; one that says something else than its type should says nothing here.
    pub(super) fn read(notice: &Notice) -> Self {
        serde_json::from_str(&notice.payload).unwrap_or_default()
    }

    /// The store that it names, if that is not the store's own event.
    pub(super) fn store(&self) -> Option<Uuid> {
        self.data.store_id.filter(|_| self.data.name.is_none())
    }

    /// The same of the product.
    pub(super) fn product(&self) -> Option<Uuid> {
        self.data.product_id.filter(|_| self.data.name.is_none())
    }

    /// What messages may say of it.
    pub(super) fn facts(
        self,
        notice: &Notice,
        names: &HashMap<Uuid, String>,
        zone: &TimeZone,
    ) -> Facts {
        let Data { store_id, product_id, name, code, sku, .. } = self.data;
        let own = |key: Option<String>| match (&name, key) {
            (Some(name), Some(key)) => Some(format!("{name} ({key})")),
            (name, key) => name.clone().or(key),
        };
        let known = |id: Uuid| names.get(&id).cloned().unwrap_or_else(|| id.to_string());
        let (own_store, own_product) = (own(code.clone()), own(sku.clone()));
        Facts {
            kind: kind(&notice.event_type).to_owned(),
            severity: Severity::as_str(notice.severity),
            time: self.time.map_or_else(String::new, |time| local_text(time, zone)),
            store: store_id
                .and_then(|id| own_store.filter(|_| code.is_some()).or_else(|| Some(known(id)))),
            product: product_id
                .and_then(|id| own_product.filter(|_| sku.is_some()).or_else(|| Some(known(id)))),
            on_hand: self.data.on_hand,
            reserved: self.data.reserved,
            available: self.data.available,
            status: self.data.detailed_status.or(self.data.status),
            rule: self.data.rule,
            quantity: self.data.quantity,
            threshold: self.data.threshold,
            detail: self.data.detail.filter(|detail| !detail.is_empty()),
            order: self.data.order_id,
            sale: self.data.transaction_id,
        }
    }
}

/// The word that templates know a type by: without context and version.
fn kind(event_type: &str) -> &str {
    match event_type {
        TEST_EVENT => "test",
        "gondola.inventory.inventory-updated.v1" => "stock-level",
        "gondola.store.store-registered.v1" => "store-registered",
        "gondola.store.store-updated.v1" => "store-updated",
        "gondola.store.product-registered.v1" => "product-registered",
        "gondola.store.product-updated.v1" => "product-updated",
        "gondola.notification.order-confirmed.v1" => "order-confirmed",
        "gondola.notification.alert-opened.v1" => "alert-opened",
        "gondola.notification.alert-acknowledged.v1" => "alert-acknowledged",
        "gondola.notification.alert-resolved.v1" => "alert-resolved",
        other => other,
    }
}
