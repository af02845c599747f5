//! Codes with spaces and slashes, and barcodes, in every path: asked of a process itself, and through a gateway.

use serde_json::{Value, json};

use crate::access::Answer;
use crate::roles::{Server, send};

/// The chain's own names, and the barcode of the product.
const STORE: &str = "S/P 1";
const SKU: &str = "A/B 12";
const GTIN: &str = "890355001094";

fn ask(server: &Server, method: &str, path: &str, body: &Value) -> Answer {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    Answer::read(&send(&server.address, method, path, &body))
}

/// Asks for what must be done; gives the body.
#[track_caller]
fn done(server: &Server, method: &str, path: &str, body: &Value) -> Value {
    let answer = ask(server, method, path, body);
    assert!([200, 201].contains(&answer.status), "{method} {path}: {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

/// A code as a segment of a path.
fn segment(code: &str) -> String {
    code.replace('/', "%2F").replace(' ', "%20")
}

/// Every operation of the document whose path has a store or a product.
fn operations(server: &Server) -> Vec<(String, String)> {
    let document = done(server, "GET", "/openapi.json", &Value::Null);
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        if path.contains("{store}") || path.contains("{product}") {
            all.extend(
                item.as_object().unwrap().keys().map(|it| (it.to_uppercase(), path.clone())),
            );
        }
    }
    // what is withdrawn is not there for the others
    all.sort_by_key(|(method, _)| {
        ["PUT", "GET", "PATCH", "DELETE"].iter().position(|it| it == method)
    });
    all
}

#[test]
fn names_with_spaces_and_slashes_and_barcodes_serve_in_every_path_also_through_a_gateway() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(&folder, "store", &["--role", "inventory"]);
    let url = format!("http://{}", server.address);
    let more = ["--store-url", &url, "--inventory-url", &url];
    let gateway = Server::start_with(&folder, "gateway", &more);
    let store = json!({"code": STORE, "name": "S", "region": "R"});
    let store = done(&gateway, "POST", "/api/v1/stores", &store)["storeId"].clone();
    let product = json!({"sku": SKU, "name": "P", "gtin": GTIN});
    let product = done(&gateway, "POST", "/api/v1/products", &product)["productId"].clone();
    done(&gateway, "POST", "/api/v1/suppliers", &json!({"code": "ACME", "name": "Acme"}));
    let add = json!({"storeCode": STORE, "productSku": SKU, "quantity": 5});
    done(&gateway, "POST", "/api/v1/inventory/stock", &add);
    let add = json!({"storeCode": STORE, "productGtin": format!("0{GTIN}"), "quantity": 5});
    let level = done(&gateway, "POST", "/api/v1/inventory/stock", &add);
    assert_eq!((&level["productId"], &level["onHand"]), (&product, &json!(10)));
    let sold = "2026-11-27T08:15:00Z";
    let line = json!({"productSku": SKU, "quantity": 1, "occurredAt": sold, "transactionId": "T"});
    let batch = json!({"storeCode": STORE, "tillId": "T-1", "sequence": 1, "lines": [line]});
    done(&gateway, "POST", "/api/v1/inventory/pos-batches", &batch);

    let operations = operations(&server);
    assert!(operations.len() >= 14, "{operations:?}");
    for process in [&server, &gateway] {
        for named in [SKU, GTIN] {
            for (method, path) in &operations {
                let body = match (method.as_str(), path.as_str()) {
                    ("PUT", _) => json!({"leadTimeDays": 3}),
                    ("PATCH", path) if path.contains("{supplier}") => json!({"leadTimeDays": 4}),
                    ("PATCH", _) => json!({"name": "Renamed"}),
                    _ => Value::Null,
                };
                let path = path
                    .replace("{store}", &segment(STORE))
                    .replace("{product}", &segment(named))
                    .replace("{supplier}", "ACME")
                    .replace("{till}", "T-1");
                let told = done(process, method, &path, &body).to_string();
                let is_about = |id: &Value| told.contains(id.as_str().unwrap());
                // the copy of stock follows on its own time, and movements do not name the level that was asked for
                let tells_no_id = path.ends_with("/stock") || path.ends_with("/history");
                assert!(tells_no_id || is_about(&store) || is_about(&product), "{path}: {told}");
            }
        }
        let wrong = format!("/api/v1/inventory/products/{}", segment("A/B/12"));
        assert_eq!(ask(process, "GET", &wrong, &Value::Null).status, 404);
    }
}
