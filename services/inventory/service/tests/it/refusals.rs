//! Bad input: each with its status and problem code.

use http::{Method, Request};
use serde_json::{Value, json};

use crate::app::{App, BASE, STORE, about, product, reservation};

#[tokio::test]
async fn a_field_that_is_not_acceptable_is_named() {
    let app = App::start("memory").await;
    app.add(1, 5).await;
    let long = "x".repeat(201);
    let end = |fields: Value| {
        let mut body = fields;
        body["reservationId"] = json!(reservation(1));
        body
    };
    let cases = [
        ("/stock", about(1, json!({"quantity": 0})), "quantity"),
        ("/stock", about(1, json!({"quantity": 1_000_000_001})), "quantity"),
        ("/stock", about(1, json!({"quantity": 9_223_372_036_854_775_808_u64})), "quantity"),
        ("/stock", about(1, json!({"quantity": 1.5})), "quantity"),
        ("/stock", about(1, json!({"quantity": "5"})), "quantity"),
        ("/stock", about(1, json!({"quantity": null})), "quantity"),
        ("/stock", about(1, json!({})), "quantity"),
        ("/stock", about(1, json!({"quantity": 1, "reason": long})), "reason"),
        ("/stock", about(1, json!({"quantity": 1, "reason": " "})), "reason"),
        ("/stock", about(1, json!({"quantity": 1, "reason": "a\nb"})), "reason"),
        ("/stock", about(1, json!({"quantity": 1, "reference": long})), "reference"),
        ("/stock", about(1, json!({"quantity": 1, "colour": "red"})), "colour"),
        ("/stock", json!({"productId": product(1), "quantity": 1}), "storeId"),
        (
            "/stock",
            json!({"storeId": STORE, "storeCode": "1", "productId": product(1), "quantity": 1}),
            "storeId",
        ),
        ("/stock", json!({"storeId": STORE, "quantity": 1}), "productId"),
        (
            "/stock",
            json!({"storeId": STORE, "productId": product(1), "productSku": "A", "quantity": 1}),
            "productId",
        ),
        ("/stock", json!({"storeId": "x", "productId": product(1), "quantity": 1}), "storeId"),
        ("/stock", json!({"storeId": STORE, "productSku": "", "quantity": 1}), "productSku"),
        (
            "/stock",
            json!({"storeId": STORE, "productSku": "x".repeat(65), "quantity": 1}),
            "productSku",
        ),
        ("/adjust", about(1, json!({"delta": 1})), "reason"),
        ("/adjust", about(1, json!({"delta": 2_000_000_000, "reason": "x"})), "delta"),
        ("/count", about(1, json!({"counted": -1})), "counted"),
        ("/count", about(1, json!({"counted": 1, "onShortage": "ignore"})), "onShortage"),
        ("/policy", about(1, json!({"safetyStock": -1})), "safetyStock"),
        ("/reserve", about(1, json!({"quantity": 1, "ttlSeconds": 0})), "ttlSeconds"),
        ("/reserve", about(1, json!({"quantity": 1, "ttlSeconds": 86_401})), "ttlSeconds"),
        ("/reserve", about(1, json!({"quantity": 1, "reservationId": "1"})), "reservationId"),
        ("/reserve", about(1, json!({"quantity": 1, "customerId": "x".repeat(101)})), "customerId"),
        ("/reserve", about(1, json!({"quantity": 1, "orderId": ""})), "orderId"),
        ("/reservations", json!({"storeId": STORE, "lines": {}}), "lines"),
        (
            "/reservations",
            json!({"storeId": STORE, "lines": [{"productId": product(1)}]}),
            "lines[0].quantity",
        ),
        ("/commit", end(json!({})), "transactionId"),
        ("/commit", end(json!({"transactionId": ""})), "transactionId"),
        ("/commit", json!({"transactionId": "T"}), "reservationId"),
        ("/extend", end(json!({})), "ttlSeconds"),
    ];
    for (path, body, field) in cases {
        eprintln!("{path} {body}");
        assert_eq!(app.post(path, body).await.problem(422, "invalid")["field"], field);
    }
    // nothing of all this had an effect
    assert_eq!(app.units(1).await, [5, 0, 5]);
    app.shut_down().await;
}

#[tokio::test]
async fn a_refusal_does_not_show_who_the_customer_is() {
    let app = App::start("memory").await;
    let customer = format!("CANARY{}", "x".repeat(100));
    let answer =
        app.post("/reserve", about(1, json!({"quantity": 1, "customerId": customer}))).await;
    assert!(!answer.text.contains("CANARY"), "{}", answer.text);
    answer.problem(422, "invalid");
    app.shut_down().await;
}

#[tokio::test]
async fn a_request_that_cannot_be_understood_is_malformed() {
    let app = App::start("memory").await;
    let post = async |path: &str, media_type: &str, body: &'static [u8]| {
        let request = Request::post(format!("{BASE}{path}")).header("content-type", media_type);
        app.call(request.body(body.into()).unwrap()).await
    };
    for body in [&b""[..], b"{", b"{\"quantity\": 1,}", b"{\"quantity\": 1e400}", b"\xff\xfe"] {
        post("/stock", "application/json", body).await.problem(400, "bad-request");
    }
    post("/stock", "text/plain", b"{}").await.problem(415, "unsupported-media-type");
    let twice = br#"{"quantity":1,"quantity":2,"storeId":"11111111-1111-1111-1111-111111111111"}"#;
    post("/stock", "application/json", twice).await.problem(422, "invalid");
    app.shut_down().await;
}

#[tokio::test]
async fn what_has_no_such_name_is_not_found() {
    let app = App::start("memory").await;
    let unknown_sku = json!({"storeId": STORE, "productSku": "NOPE", "quantity": 1});
    for path in ["/stock", "/reserve"] {
        let problem = app.post(path, unknown_sku.clone()).await.problem(404, "product-not-found");
        assert!(problem["detail"].as_str().unwrap().contains("NOPE"), "{problem}");
    }
    let unknown_store = json!({"storeCode": "NOPE", "productId": product(1), "quantity": 1});
    app.post("/stock", unknown_store).await.problem(404, "store-not-found");
    let basket = json!({"storeId": STORE, "lines": [{"productSku": "NOPE", "quantity": 1}]});
    app.post("/reservations", basket).await.problem(404, "product-not-found");
    app.get(&format!("/stores/{STORE}/products/NOPE")).await.problem(404, "product-not-found");
    app.get("/stores/NOPE/products").await.problem(404, "store-not-found");
    app.get("/products/NOPE").await.problem(404, "product-not-found");
    app.get("/reservations/NOPE").await.problem(422, "invalid");
    app.get("/nothing-here").await.problem(404, "not-found");
    app.get(&format!("/stores/{STORE}/products/%00")).await.problem(400, "bad-request");
    app.get(&format!("/stores/{STORE}/products/%FF")).await.problem(400, "bad-request");
    let wrong_method = app.send(Method::DELETE, "/stock", &[], None).await;
    assert_eq!(
        (wrong_method.status.as_u16(), wrong_method.header("content-type")),
        (405, "application/problem+json")
    );
    app.shut_down().await;
}
