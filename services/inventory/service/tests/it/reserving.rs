//! Promising units of one product.

use axum::body::Body;
use http::Request;
use serde_json::json;

use crate::app::{BASE, STORE, about, on_each_store, product, reservation};

/// The request bodies of the source documents, to the letter.
const RESERVE: &str = r#"{
  "storeId": "11111111-1111-1111-1111-111111111111",
  "productSku": "PROD123456",
  "quantity": 5,
  "reason": "Online order checkout"
}"#;
const COMMIT: &str = r#"{
  "reservationId": "uuid",
  "transactionId": "uuid",
  "customerId": "CUST12345"
}"#;

fn json_post(path: &str, body: String) -> Request<Body> {
    let request = Request::post(format!("{BASE}{path}")).header("content-type", "application/json");
    request.body(body.into()).unwrap()
}

#[tokio::test]
async fn the_requests_of_the_source_documents_work_as_printed() {
    on_each_store(async |app| {
        app.name_product(1, "PROD123456");
        app.add(1, 12).await;

        let reserved = app.call(json_post("/reserve", RESERVE.to_owned())).await.expect(201);
        assert_eq!(reserved.header("content-type"), "application/json");
        let body = &reserved.body;
        let reservation_id = body["reservationId"].as_str().unwrap();
        assert_eq!(
            *body,
            json!({"reservationId": reservation_id, "status": "active", "storeId": STORE,
                   "productId": product(1), "productSku": "PROD123456", "quantity": 5, "available": 7,
                   "version": 2,
                   "expiresAt": "2026-11-27T00:05:00.000Z", "position": 2})
        );

        let transaction_id = "8f6d4c9e-0f0f-4a4e-9d2b-0c5a3f1e2d4b";
        let commit = COMMIT.replacen("uuid", reservation_id, 1).replacen("uuid", transaction_id, 1);
        let committed = app.call(json_post("/commit", commit)).await.expect(200);
        assert_eq!(
            committed.body,
            json!({"reservationId": reservation_id, "status": "committed", "storeId": STORE,
                   "productId": product(1), "productSku": "PROD123456", "quantity": 5, "available": 7,
                   "version": 3, "position": 3})
        );
        assert_eq!(app.units(1).await, [7, 0, 7]);
    })
    .await;
}

#[tokio::test]
async fn units_are_promised_until_they_are_gone() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.hold(1, 1, 3).await.expect(201);
        let refused = app.hold(1, 2, 3).await.problem(409, "insufficient-stock");
        assert_eq!(
            refused["lines"],
            json!([{"line": 0, "productId": product(1), "code": "insufficient-stock",
                    "detail": refused["detail"], "requested": 3, "available": 2, "offered": 2, "version": 2}])
        );
        let told = ["storeId", "productId", "requested", "available", "offered"];
        assert_eq!(
            told.map(|field| refused[field].clone()),
            [json!(STORE), json!(product(1)), json!(3), json!(2), json!(2)]
        );
        let last = app.hold(1, 3, 2).await.expect(201);
        assert_eq!(last.body["available"], 0);
        app.hold(1, 4, 1).await.problem(409, "insufficient-stock");
        // a product that never had stock cannot be reserved
        app.hold(9, 5, 1).await.problem(409, "insufficient-stock");
        assert_eq!(app.units(1).await, [5, 5, 0]);
    })
    .await;
}

#[tokio::test]
async fn safety_stock_is_not_offered() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.post("/policy", about(1, json!({"safetyStock": 2}))).await.expect(200);
        let refused = app.hold(1, 1, 4).await.problem(409, "insufficient-stock");
        assert_eq!((&refused["available"], &refused["offered"]), (&json!(5), &json!(3)));
        let held = app.hold(1, 1, 3).await.expect(201);
        assert_eq!(held.body["available"], 2);
    })
    .await;
}

#[tokio::test]
async fn the_callers_own_id_makes_a_repetition_harmless() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        let first = app.hold(1, 1, 3).await.expect(201);
        assert!(!first.is_replayed());
        let again = app.hold(1, 1, 3).await.expect(201);
        assert!(again.is_replayed());
        assert_eq!(again.body, first.body);
        assert_eq!(app.units(1).await, [5, 3, 2]);
        // the same id for something else
        app.hold(1, 1, 2).await.problem(422, "idempotency-key-reused");

        // under a key of its own, the id is recognised all the same
        let body = about(1, json!({"quantity": 1, "reservationId": reservation(1)}));
        app.post_with_key("/reserve", "k", body.clone()).await.problem(409, "reservation-exists");
        app.release(1).await.expect(200);
        app.post_with_key("/reserve", "k", body).await.problem(409, "reservation-id-taken");
        // nor for another product, where the first one's stock level is not looked at
        let elsewhere = about(2, json!({"quantity": 1, "reservationId": reservation(1)}));
        app.add(2, 1).await;
        app.post_with_key("/reserve", "l", elsewhere).await.problem(409, "reservation-id-taken");
        assert_eq!(app.units(2).await, [1, 0, 1]);
    })
    .await;
}

#[tokio::test]
async fn the_server_makes_an_id_and_a_default_deadline() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        let body = about(1, json!({"quantity": 1}));
        let first = app.post("/reserve", body.clone()).await.expect(201);
        let second = app.post("/reserve", body).await.expect(201);
        assert_ne!(first.body["reservationId"], second.body["reservationId"]);
        assert!(!second.is_replayed());
        assert_eq!(first.body["expiresAt"], "2026-11-27T00:05:00.000Z");
        assert_eq!(app.units(1).await, [5, 2, 3]);
    })
    .await;
}

#[tokio::test]
async fn store_code_and_sku_name_the_same_stock_level_as_the_ids() {
    on_each_store(async |app| {
        app.name_store(STORE, "2106");
        app.name_product(1, "A 1/ã");
        let named = json!({"storeCode": "2106", "productSku": "A 1/ã", "quantity": 4});
        app.post("/stock", named.clone()).await.expect(201);
        let reserved = app.post("/reserve", named).await.expect(201);
        assert_eq!(reserved.body["storeId"], STORE);
        assert_eq!(reserved.body["productId"], product(1));
        let path = "/stores/2106/products/A%201%2F%C3%A3?consistency=strong";
        assert_eq!(app.get(path).await.expect(200).body["reserved"], 4);
    })
    .await;
}

#[tokio::test]
async fn customers_appear_only_where_they_are_asked_for() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        let body = json!({"quantity": 1, "reservationId": reservation(1), "customerId": "CUST-CANARY",
                          "orderId": "O-1"});
        let reserved = app.post("/reserve", about(1, body)).await.expect(201);
        let commit = json!({"reservationId": reservation(1), "transactionId": "T", "customerId": "CUST-CANARY"});
        let committed = app.post("/commit", commit).await.expect(200);
        let details = app.get(&format!("/reservations/{}", reservation(1))).await.expect(200);
        assert_eq!((&details.body["orderId"], &details.body["transactionId"]), (&json!("O-1"), &json!("T")));
        let feed = app.get("/events").await.expect(200);
        let history = app.get(&format!("/stores/{STORE}/products/{}/history", product(1))).await;
        for answer in [reserved, committed, details, feed, history.expect(200)] {
            assert!(!answer.text.contains("CANARY"), "{}", answer.text);
        }
    })
    .await;
}
