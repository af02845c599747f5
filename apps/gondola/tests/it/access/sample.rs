//! A request for every operation of the document, about one store.

use serde_json::{Value, json};

use super::chain::{PRODUCT, Place, THIRD};

/// No supplier has this code.
const NO_SUPPLIER: &str = "NOBODY";

/// No webhook, no subscription, no alert rule and nothing that they were told has this id.
const NO_WEBHOOK: &str = "77777777-7777-7777-7777-777777777777";

/// What an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// One store, which its path or body names.
    Store,
    /// All stores: an answer leaves out those that the caller may not see.
    AllStores,
    /// No store.
    Nothing,
    /// A webhook, a subscription, an alert rule or an offer that there is not: those who may come in are told so.
    NoWebhook,
}

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) about: About,
}

/// The request for an operation. An operation without a sample fails its test: say here what it is about.
pub(crate) fn sample(method: &str, path: &str, place: &Place) -> Sample {
    let what = path.strip_prefix("/api/v1/").unwrap_or(path);
    let (about, body) = match method {
        "GET" => (question(what), None),
        "DELETE" => (About::NoWebhook, None),
        _ => change(what, place),
    };
    let query = if method == "GET" && what.ends_with("availability") {
        format!("?product={PRODUCT}")
    } else {
        String::new()
    };
    let path = path
        .replace("{store}", place.id)
        .replace("{product}", PRODUCT)
        .replace("{till}", "T-1")
        .replace("{posBatchId}", &place.pos_batch)
        .replace("{stocktakeId}", &place.stocktake)
        .replace("{category}", "FROZEN")
        // what is deleted would not be there for the next caller
        .replace("{supplier}", if method == "DELETE" { NO_SUPPLIER } else { "ACME" })
        .replace("{reservationId}", &place.reservation)
        .replace("{alertId}", &place.alert)
        .replace("{ruleId}", NO_WEBHOOK)
        .replace("{webhookId}", NO_WEBHOOK)
        .replace("{deliveryId}", NO_WEBHOOK)
        .replace("{subscriptionId}", NO_WEBHOOK)
        .replace("{notificationId}", NO_WEBHOOK)
        .replace("{splitReservationId}", &place.split)
        .replace("{checkoutId}", &place.checkout)
        .replace("{transferId}/receive", &format!("{}/receive", place.incoming))
        .replace("{transferId}", &place.outgoing)
        .replace("{sagaId}", &place.outgoing)
        .replace("{importId}", &place.import)
        .replace("catalogue/imports/{kind}", "catalogue/imports/stores")
        .replace("catalogue/exports/{kind}", "catalogue/exports/stores")
        .replace("{kind}", "stock");
    let body = match what {
        "catalogue/imports/{kind}" => "code,name\nS-NEW,New\n".to_owned(),
        "inventory/imports/{kind}" => {
            format!("store_code,sku,quantity\n{},SKU-1,1\n", place.code)
        }
        _ => body.map(|body| body.to_string()).unwrap_or_default(),
    };
    Sample { path: path + &query, body, about }
}

/// Whether an operation is about one webhook, subscription or notification.
fn is_of_nobody(what: &str) -> bool {
    ["webhooks/", "subscriptions/", "notifications/"].iter().any(|room| what.starts_with(room))
}

fn question(what: &str) -> About {
    match what {
        "alerts"
        | "catalogue/exports/{kind}"
        | "imports"
        | "inventory/exports/{kind}"
        | "inventory/availability"
        | "inventory/events"
        | "inventory/replenishment"
        | "inventory/reservations"
        | "inventory/split-reservations"
        | "inventory/stocktakes"
        | "inventory/tills"
        | "inventory/transfers"
        | "inventory/products/{product}"
        | "stores" => About::AllStores,
        "products"
        | "products/{product}"
        | "categories"
        | "categories/{category}"
        | "suppliers"
        | "suppliers/{supplier}"
        | "suppliers/{supplier}/products"
        | "products/{product}/suppliers"
        | "products/{product}/suppliers/{supplier}"
        // without saying how it is to come, it does not; what it shows is tested in live.rs
        | "live"
        | "sagas"
        | "sagas/{sagaId}"
        | "alert-rules"
        | "notifications"
        | "notifications/figures"
        | "subscriptions"
        | "webhooks" => About::Nothing,
        "alert-rules/{ruleId}" => About::NoWebhook,
        _ if is_of_nobody(what) => About::NoWebhook,
        _ if STORE_IDS.iter().any(|id| what.contains(id)) => About::Store,
        _ => panic!("GET {what} has no sample: say what it is about"),
    }
}

/// What names a store in a path, by itself or through what is in it.
const STORE_IDS: [&str; 9] = [
    "{store}",
    "{alertId}",
    "{reservationId}",
    "{splitReservationId}",
    "{checkoutId}",
    "{posBatchId}",
    "{stocktakeId}",
    "{transferId}",
    "{importId}",
];

/// The body of a `POST` or `PATCH`.
fn change(what: &str, place: &Place) -> (About, Option<Value>) {
    let with = |mut body: Value, more: Value| {
        let (Some(members), Value::Object(more)) = (body.as_object_mut(), more) else {
            panic!("objects")
        };
        members.extend(more);
        Some(body)
    };
    let level = |more| with(json!({ "storeId": place.id, "productId": PRODUCT }), more);
    let reservation = |more| with(json!({ "reservationId": place.reservation }), more);
    let lines = |quantity: u32| json!([{ "productId": PRODUCT, "quantity": quantity }]);
    let about_store = match what {
        "inventory/batch" => {
            return (About::AllStores, level(json!({ "op": "reserve", "quantity": 1 })));
        }
        "inventory/availability" | "inventory/sourcing" => {
            return (About::AllStores, Some(json!({ "lines": lines(1500) })));
        }
        "inventory/levels/query" => return (About::AllStores, Some(json!({ "changedAfter": 0 }))),
        "inventory/stock" | "inventory/reserve" => level(json!({ "quantity": 1 })),
        "inventory/adjust" => level(json!({ "delta": 1, "reason": "found" })),
        "inventory/count" => level(json!({ "counted": 1000 })),
        "inventory/policy" => level(json!({ "safetyStock": 0 })),
        "inventory/reservations" => Some(json!({ "storeId": place.id, "lines": lines(1) })),
        "inventory/extend" => reservation(json!({ "ttlSeconds": 3600 })),
        // more than there is: the reservation stays for the next caller
        "inventory/commit" => reservation(json!({ "transactionId": "T-1", "quantity": 1_000_000 })),
        "inventory/release" => reservation(json!({ "quantity": 1_000_000 })),
        "inventory/split-reservations" => {
            Some(json!({ "parts": [{ "storeId": place.id, "lines": lines(1) }] }))
        }
        "inventory/split-reservations/{splitReservationId}/commit"
        | "checkouts/{checkoutId}/commit" => Some(json!({ "transactionId": "T-1" })),
        "inventory/split-reservations/{splitReservationId}/release"
        | "checkouts/{checkoutId}/cancel" => Some(json!({})),
        "checkouts" => Some(json!({
            "storeId": place.id, "lines": lines(1), "confirmation": "notWanted"
        })),
        _ if what.starts_with("alerts/{alertId}/") => Some(json!({ "note": "seen" })),
        // no line: nothing comes of it
        "inventory/pos-batches" => {
            Some(json!({ "storeId": place.id, "tillId": "T-1", "sequence": 2, "lines": [] }))
        }
        "inventory/stocktakes" => Some(json!({ "storeId": place.id })),
        "inventory/stocktakes/{stocktakeId}/compare" => return (About::Store, None),
        "inventory/stocktakes/{stocktakeId}/counts" => {
            Some(json!({ "counts": [{ "productId": PRODUCT, "counted": 1000 }] }))
        }
        // of a line that there is not: the stocktake stays for the next caller
        _ if what.starts_with("inventory/stocktakes/") && !what.ends_with("/cancel") => {
            Some(json!({ "products": [{ "productId": THIRD }] }))
        }
        _ if what.starts_with("inventory/stocktakes/") => Some(json!({})),
        "inventory/transfers" => Some(json!({
            "sourceStoreId": place.id, "destinationStoreId": THIRD, "lines": lines(1)
        })),
        "inventory/transfers/{transferId}/receive" => {
            Some(json!({ "lines": [{ "productId": PRODUCT, "received": 1 }] }))
        }
        _ if what.starts_with("inventory/transfers/") => Some(json!({})),
        _ => None,
    };
    match about_store {
        Some(body) => (About::Store, Some(body)),
        None => change_of_chain(what, place),
    }
}

/// The same of what is about no store.
fn change_of_chain(what: &str, place: &Place) -> (About, Option<Value>) {
    match what {
        "privacy/export" | "privacy/forget" => {
            (About::Nothing, Some(json!({ "customerId": "nobody" })))
        }
        "catalogue/imports/{kind}"
        | "inventory/imports/{kind}"
        | "inventory/names/drain"
        | "inventory/views/rebuild"
        | "inventory/views/reconcile"
        | "stock-copy/drain" => (About::Nothing, None),
        "catalogue/look-up" => (About::Nothing, Some(json!({ "stores": [place.code] }))),
        "stores"
        | "products"
        | "categories"
        | "suppliers"
        | "products/{product}/suppliers/{supplier}"
        | "alert-rules"
        | "subscriptions"
        | "webhooks"
        | "notifications/replay"
        | "order-confirmations/prepare"
        | "order-confirmations/commit"
        | "order-confirmations/drop"
        | "sagas/{sagaId}/cancel"
        | "sagas/{sagaId}/retry" => (About::Nothing, Some(json!({}))),
        "alert-rules/{ruleId}" => (About::NoWebhook, Some(json!({}))),
        _ if is_of_nobody(what) => (About::NoWebhook, Some(json!({}))),
        "stores/{store}"
        | "products/{product}"
        | "categories/{category}"
        | "suppliers/{supplier}" => (About::Nothing, Some(json!({ "name": "New" }))),
        _ => panic!("{what} has no sample: say what it is about"),
    }
}
