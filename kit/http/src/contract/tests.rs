//! The walk of a refused request, by a document of one operation.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::post;
use kit_testkit::http::{Answer, TestClient};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::*;
use crate::{HttpConfig, Json, Path, Problem, Query, standard_layers};

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Basket {
    lines: Vec<Line>,
    reason: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    sku: String,
    quantity: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "it is only read")]
struct Options {
    limit: Option<u32>,
    deep: Option<bool>,
}

fn document() -> Value {
    json!({
        "paths": { "/shops/{shop}/baskets": { "post": {
            "parameters": [
                { "name": "shop", "in": "path", "required": true, "schema": { "type": "integer" } },
                { "name": "limit", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 200 } },
                { "name": "deep", "in": "query", "schema": { "type": "boolean" } }
            ],
            "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Basket" } } } }
        } } },
        "components": { "schemas": {
            "Basket": {
                "type": "object", "required": ["lines"], "additionalProperties": false,
                "properties": {
                    "lines": { "type": "array", "minItems": 1, "maxItems": 3, "items": { "$ref": "#/components/schemas/Line" } },
                    "reason": { "type": "string", "maxLength": 5 }
                }
            },
            "Line": {
                "type": "object", "required": ["sku", "quantity"], "additionalProperties": false,
                "properties": { "sku": { "type": "string" }, "quantity": { "type": "integer", "minimum": 1 } }
            }
        } }
    })
}

/// The handler knows something that no schema says: the third line is refused.
async fn handler(
    Path(_shop): Path<u32>,
    Query(_options): Query<Options>,
    Json(basket): Json<Basket>,
) -> Result<Json<Basket>, Problem> {
    for (index, line) in basket.lines.iter().enumerate() {
        if line.quantity < 1 || line.sku == "gone" {
            let refused = Problem::invalid("quantity", "quantity is not for us");
            return Err(refused.within(format_args!("lines[{index}]")));
        }
    }
    Ok(Json(basket))
}

async fn sent(path: &str, body: &str) -> Answer {
    let routes = Router::new().route("/shops/{shop}/baskets", post(handler));
    let contract = Some(std::sync::Arc::new(Contract::of(&document())));
    let app = standard_layers(routes, HttpConfig { contract, ..HttpConfig::default() });
    let request = http::Request::post(path).header("content-type", "application/json");
    let request = request.body(axum::body::Body::from(body.to_owned())).unwrap();
    TestClient::new(app, "").call(request).await
}

/// Where each fault is and of which kind.
fn faults(answer: &Answer) -> Vec<(&str, &str)> {
    let errors = answer.body["errors"].as_array().unwrap_or_else(|| panic!("{}", answer.text));
    let place = |error: &'_ Value| error.get("pointer").is_some();
    errors
        .iter()
        .map(|error| {
            let at = if place(error) { &error["pointer"] } else { &error["parameter"] };
            (at.as_str().unwrap(), error["code"].as_str().unwrap())
        })
        .collect()
}

#[tokio::test]
async fn a_body_is_told_all_its_faults() {
    let body = r#"{"lines":[{"sku":7,"quantity":"five"},{"quantity":0,"colour":"red"}],"reason":"too long"}"#;
    let answer = sent("/shops/1/baskets", body).await.expect(422);
    assert_eq!(
        faults(&answer),
        [
            ("/lines/0/quantity", "wrong-type"),
            ("/lines/0/sku", "wrong-type"),
            ("/lines/1/colour", "unknown"),
            ("/lines/1/quantity", "out-of-range"),
            ("/lines/1/sku", "missing"),
            ("/reason", "wrong-length"),
        ]
    );
    assert_eq!(
        answer.body["errors"][0]["detail"],
        "lines[0].quantity must be a whole number, 1 or more, but it is the text \"five\""
    );
    assert_eq!(answer.body["field"], "lines[0].quantity");
    assert_eq!(
        answer.body["detail"],
        "lines[0].quantity must be a whole number, 1 or more, but it is the text \"five\"; 5 more faults are in \"errors\""
    );
}

#[test]
fn of_several_names_exactly_one_is_wanted() {
    let document = json!({ "components": { "schemas": { "Line": {
        "type": "object", "additionalProperties": false, "x-exactly-one-of": [["id", "sku"]],
        "properties": { "id": { "type": "integer" }, "sku": { "type": "string" } }
    } } } });
    let contract = Contract::of(&document);
    let found = |line| {
        let found = contract.faults_of("Line", &line).unwrap();
        found.iter().map(|fault| fault.detail().to_owned()).collect::<Vec<_>>()
    };
    let wanted = "exactly one of id, sku must be there";
    assert_eq!(found(json!({})), [wanted]);
    assert_eq!(found(json!({ "id": null })), [wanted]);
    assert_eq!(found(json!({ "id": 7, "sku": "a" })), [wanted]);
    assert_eq!(found(json!({ "id": "x", "sku": "a" })).len(), 1, "of one place one thing is said");
    assert!(found(json!({ "sku": "a" })).is_empty());
}

#[tokio::test]
async fn what_only_the_handler_knows_is_among_them_in_its_words() {
    let body = r#"{"lines":[{"sku":"gone","quantity":1}],"reason":"too long"}"#;
    let answer = sent("/shops/1/baskets", body).await.expect(422);
    assert_eq!(faults(&answer), [("/lines/0/quantity", "invalid"), ("/reason", "wrong-length")]);
    assert_eq!(answer.body["errors"][0]["detail"], "quantity is not for us");
    let body = r#"{"lines":[{"sku":"a","quantity":0}]}"#;
    let answer = sent("/shops/1/baskets", body).await.expect(422);
    assert_eq!(faults(&answer), [("/lines/0/quantity", "invalid")], "told once");
}

#[tokio::test]
async fn what_only_the_parser_knows_is_among_them() {
    let body = r#"{"lines":[{"sku":"a","quantity":1,"quantity":2}],"reason":"too long"}"#;
    let answer = sent("/shops/1/baskets", body).await.expect(422);
    assert_eq!(faults(&answer), [("/lines/0/quantity", "duplicate"), ("/reason", "wrong-length")]);
}

#[tokio::test]
async fn parameters_are_told_together() {
    let answer = sent("/shops/x/baskets?limit=ten&deep=maybe&colour=red", "{}").await.expect(422);
    assert_eq!(
        faults(&answer),
        [
            ("shop", "wrong-type"),
            ("limit", "wrong-type"),
            ("deep", "wrong-type"),
            ("colour", "unknown"),
        ]
    );
    let answer = sent("/shops/1/baskets?limit=201&deep=true", "{}").await.expect(422);
    assert_eq!(faults(&answer), [("limit", "out-of-range"), ("/lines", "missing")]);
}

#[tokio::test]
async fn a_good_request_has_no_faults_and_many_faults_are_cut() {
    sent("/shops/1/baskets?limit=7", r#"{"lines":[{"sku":"a","quantity":1}],"reason":null}"#)
        .await
        .expect(200);
    let lines = vec![json!({ "sku": 1, "quantity": 0 }); 200];
    let answer = sent("/shops/1/baskets", &json!({ "lines": lines }).to_string()).await.expect(422);
    assert_eq!(answer.body["errors"].as_array().unwrap().len(), FAULTS_MAX);
}

/// How often bodies were read into their type.
static READ: AtomicUsize = AtomicUsize::new(0);

struct Counted;

impl<'de> Deserialize<'de> for Counted {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        READ.fetch_add(1, Ordering::Relaxed);
        Basket::deserialize(from).map(|_| Self)
    }
}

#[tokio::test]
async fn a_good_body_is_read_once_and_not_walked() {
    let echo = post(|Path(_): Path<u32>, Json(_): Json<Counted>| async {});
    let routes = Router::new().route("/shops/{shop}/baskets", echo);
    // what is walked finds a fault in everything
    let mut impossible = document();
    impossible["components"]["schemas"]["Basket"] = json!({ "type": "null" });
    let contract = Some(std::sync::Arc::new(Contract::of(&impossible)));
    let app = standard_layers(routes, HttpConfig { contract, ..HttpConfig::default() });
    let sent = async |body: &str| {
        let request = http::Request::post("/shops/1/baskets");
        let request = request.header("content-type", "application/json");
        let request = request.body(axum::body::Body::from(body.to_owned())).unwrap();
        TestClient::new(app.clone(), "").call(request).await
    };
    sent(r#"{"lines":[]}"#).await.expect(200);
    assert_eq!(READ.load(Ordering::Relaxed), 1);
    let refused = sent(r#"{"lines":7}"#).await.expect(422);
    assert_eq!(faults(&refused), [("/lines", "wrong-type"), ("", "wrong-type")]);
}
