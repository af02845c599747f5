//! The OpenAPI document: the services' parts, and what they share.

use gondola_gateway::document;
use kit_http::{Problem, Problems};
use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::get;

/// What a service contributes.
#[derive(OpenApi)]
#[openapi(paths(answer), components(schemas(Problem)), tags((name = "Stock"), (name = "Till")))]
struct Service;

#[utoipa::path(
    get, path = "/api/v1/answer", tag = "Stock", responses((status = 200, body = u64), Problems)
)]
#[expect(dead_code, reason = "stands for a service's handler; only its documentation counts")]
fn answer() {}

fn merged() -> Value {
    serde_json::to_value(document([Service::openapi()])).unwrap()
}

#[test]
fn the_document_holds_the_parts_and_what_they_share() {
    let document = merged();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["info"]["title"], "Gondola");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(document["info"]["license"], json!({ "name": "MIT", "identifier": "MIT" }));
    assert_eq!(document["servers"][0]["url"], "/");
    for path in ["/api/v1/answer", "/health", "/health/live", "/health/ready"] {
        assert!(document["paths"][path]["get"].is_object(), "{path} is missing");
    }
}

#[test]
fn every_tag_stands_once_and_in_reading_order() {
    let document = merged();
    let tags = document["tags"].as_array().unwrap();
    let names: Vec<&str> = tags.iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    let ours = [
        "Stock",
        "Reservations",
        "Split reservations",
        "Checkouts",
        "Order confirmations",
        "Transfers",
        "Stocktakes",
        "Tills",
        "Events",
        "Stores",
        "Products",
        "Categories",
        "Suppliers",
        "Files",
        "Sagas",
        "Alerts",
        "Subscriptions",
        "Webhooks",
        "Privacy",
        "Operations",
        "Health",
    ];
    let (known, others) = names.split_at(ours.len());
    assert_eq!(known, ours);
    assert_eq!(others, ["Till"], "a service may bring tags of its own");
    assert!(tags[..ours.len()].iter().all(|tag| tag["description"].is_string()));
}

#[test]
fn every_reference_leads_somewhere() {
    fn check(part: &Value, document: &Value) {
        match part {
            Value::Object(fields) => {
                if let Some(Value::String(target)) = fields.get("$ref") {
                    let target = target.strip_prefix('#').unwrap();
                    assert!(document.pointer(target).is_some(), "{target} does not exist");
                }
                fields.values().for_each(|field| check(field, document));
            }
            Value::Array(items) => items.iter().for_each(|item| check(item, document)),
            _ => {}
        }
    }
    let document = merged();
    check(&document, &document);
    assert!(document["components"]["schemas"]["Problem"].is_object());
}

#[test]
fn health_is_documented_as_it_answers() {
    let document = merged();
    let ready = &document["paths"]["/health/ready"]["get"]["responses"];
    assert!(ready["200"].is_object() && ready["503"].is_object());
    let live = &document["paths"]["/health/live"]["get"]["responses"];
    assert!(live["503"].is_null(), "alive is all it tells");
    let health = &document["components"]["schemas"]["Health"]["properties"];
    assert_eq!(health["status"]["enum"], json!(["UP", "DEGRADED", "DOWN", "OUT_OF_SERVICE"]));
    let component = &health["components"]["additionalProperties"];
    assert_eq!(component["$ref"], "#/components/schemas/HealthComponent");
}

#[tokio::test]
async fn it_is_served_as_it_is() {
    let served = get("/openapi.json").await.body;
    assert_eq!(served, serde_json::to_value(document([])).unwrap());
}

#[tokio::test]
async fn the_same_is_served_as_yaml() {
    let served = get("/openapi.yaml").await;
    assert_eq!(served.header("content-type"), "application/yaml");
    assert!(served.text.starts_with("openapi: 3.1.0\n"), "{}", &served.text[..40]);
    let read: Value = yaml_serde::from_str(&served.text).unwrap();
    assert_eq!(read, serde_json::to_value(document([])).unwrap());
}
