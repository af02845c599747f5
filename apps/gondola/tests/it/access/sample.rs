//! A request for every operation of the document, about one store.

use serde_json::json;

use super::chain::{PRODUCT, Place};

/// What an operation is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    /// One store, which its path or body names.
    Store,
    /// All stores: an answer leaves out those that the caller may not see.
    AllStores,
    /// No store.
    Nothing,
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
    let level = |more: serde_json::Value| {
        let mut body = json!({ "storeId": place.id, "productId": PRODUCT });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let reservation = |more: serde_json::Value| {
        let mut body = json!({ "reservationId": place.reservation });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let inventory = path.strip_prefix("/api/v1/inventory/");
    let (about, query, body) = match (method, inventory.unwrap_or(path)) {
        ("GET", "availability") => (About::AllStores, format!("?product={PRODUCT}"), None),
        ("GET", "events" | "reservations" | "products/{product}") => {
            (About::AllStores, String::new(), None)
        }
        ("GET", "/api/v1/stores") => (About::AllStores, String::new(), None),
        (
            "GET",
            "/api/v1/products"
            | "/api/v1/products/{product}"
            | "/api/v1/categories"
            | "/api/v1/categories/{category}",
        ) => (About::Nothing, String::new(), None),
        ("GET", path) if path.contains("{store}") || path.contains("{reservationId}") => {
            (About::Store, String::new(), None)
        }
        ("POST", "stock" | "reserve") => {
            (About::Store, String::new(), Some(level(json!({ "quantity": 1 }))))
        }
        ("POST", "adjust") => {
            (About::Store, String::new(), Some(level(json!({ "delta": 1, "reason": "found" }))))
        }
        ("POST", "count") => (About::Store, String::new(), Some(level(json!({ "counted": 1000 })))),
        ("POST", "policy") => {
            (About::Store, String::new(), Some(level(json!({ "safetyStock": 0 }))))
        }
        ("POST", "reservations") => {
            let lines = json!([{ "productId": PRODUCT, "quantity": 1 }]);
            (About::Store, String::new(), Some(json!({ "storeId": place.id, "lines": lines })))
        }
        ("POST", "extend") => {
            (About::Store, String::new(), Some(reservation(json!({ "ttlSeconds": 3600 }))))
        }
        // their conflicts come after the question whether the reservation is there
        ("POST", "commit") => {
            let nothing_fits = json!({ "transactionId": "T-1", "quantity": 1_000_000 });
            (About::Store, String::new(), Some(reservation(nothing_fits)))
        }
        ("POST", "release") => {
            (About::Store, String::new(), Some(reservation(json!({ "quantity": 1_000_000 }))))
        }
        ("POST", "sourcing") => {
            let lines = json!([{ "productId": PRODUCT, "quantity": 1500 }]);
            (About::AllStores, String::new(), Some(json!({ "lines": lines })))
        }
        ("POST", "batch") => {
            let mut line = level(json!({ "quantity": 1 }));
            line["op"] = json!("reserve");
            (About::AllStores, String::new(), Some(line))
        }
        ("POST", "names/drain" | "views/rebuild" | "/api/v1/stock-copy/drain") => {
            (About::Nothing, String::new(), None)
        }
        ("POST", "/api/v1/catalogue/look-up") => {
            (About::Nothing, String::new(), Some(json!({ "stores": [place.code] })))
        }
        ("POST", "/api/v1/stores" | "/api/v1/products" | "/api/v1/categories") => {
            (About::Nothing, String::new(), Some(json!({})))
        }
        (
            "PATCH",
            "/api/v1/stores/{store}"
            | "/api/v1/products/{product}"
            | "/api/v1/categories/{category}",
        ) => (About::Nothing, String::new(), Some(json!({ "name": "New" }))),
        other => panic!("{other:?} has no sample: say what it is about"),
    };
    let path = path
        .replace("{store}", place.id)
        .replace("{product}", PRODUCT)
        .replace("{category}", "FROZEN")
        .replace("{reservationId}", &place.reservation);
    Sample {
        path: path + &query,
        body: body.map(|body| body.to_string()).unwrap_or_default(),
        about,
    }
}
