//! Repeated requests do no harm.

use http::Method;
use serde_json::{Value, json};

use crate::app::{Answer, App};

async fn keyed(app: &App, method: Method, uri: &str, key: &str, body: Value) -> Answer {
    app.send(method, uri, &[("idempotency-key", key)], Some(body)).await
}

#[tokio::test]
async fn a_repeated_registration_gets_the_first_answer() {
    let app = App::start().await;
    let body =
        json!({"sku": "A1", "name": "First", "unitPrice": {"minorUnits": 5, "currency": "BRL"}});
    let post = |key, body| keyed(&app, Method::POST, "/api/v1/products", key, body);
    let first = post("k1", body.clone()).await.expect(201);
    assert_eq!(first.header("idempotency-replayed"), "");
    let again = post("k1", body.clone()).await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.header("etag"), first.header("etag"));

    // spelt otherwise, the same request
    let spelt =
        format!("{{ \"name\":\"First\",\n \"unitPrice\":{}, \"sku\":\"A1\" }}", body["unitPrice"]);
    let request = http::Request::post("/api/v1/products")
        .header("content-type", "application/json")
        .header("idempotency-key", "k1");
    let answer = app.call(request.body(spelt.into()).unwrap()).await.expect(201);
    assert_eq!(answer.body, first.body);
    // without the key it is a request of its own
    app.post("/api/v1/products", body).await.problem(409, "product-already-registered");
}

#[tokio::test]
async fn a_key_used_for_something_else_is_refused() {
    let app = App::start().await;
    let post = |uri, body| keyed(&app, Method::POST, uri, "k1", body);
    post("/api/v1/products", json!({"sku": "A1", "name": "First"})).await.expect(201);
    let other_body = post("/api/v1/products", json!({"sku": "A2", "name": "First"})).await;
    other_body.problem(422, "idempotency-key-reused");
    let other_path =
        post("/api/v1/stores", json!({"code": "A1", "name": "First", "region": "R"})).await;
    other_path.problem(422, "idempotency-key-reused");
    app.get("/api/v1/products/A2").await.problem(404, "product-not-found");
}

#[tokio::test]
async fn a_repeated_update_is_told_its_own_result() {
    let app = App::start().await;
    app.post("/api/v1/products", json!({"sku": "A1", "name": "First"})).await.expect(201);
    let patch = |key, body| keyed(&app, Method::PATCH, "/api/v1/products/A1", key, body);
    let second = patch("k1", json!({"name": "Second"})).await.expect(200);
    patch("k2", json!({"name": "Third"})).await.expect(200);
    let again = patch("k1", json!({"name": "Second"})).await.expect(200);
    assert_eq!(
        (again.body, again.headers["idempotency-replayed"].to_str().unwrap()),
        (second.body, "true")
    );
    assert_eq!(app.get("/api/v1/products/A1").await.body["name"], "Third");
    // null and absent are different requests
    patch("k3", json!({"brand": null, "name": "Fourth"})).await.expect(200);
    patch("k3", json!({"name": "Fourth"})).await.problem(422, "idempotency-key-reused");
}

#[tokio::test]
async fn an_unusable_key_is_refused() {
    let app = App::start().await;
    let long = "k".repeat(256);
    for key in ["", "two words", &long] {
        let body = json!({"sku": "A1", "name": "First"});
        keyed(&app, Method::POST, "/api/v1/products", key, body).await.problem(400, "bad-request");
    }
}
