//! What the API accepts it obeys: versions that callers have seen, and what the catalogue says of stores and products.

use gondola_inventory::use_cases::Named;
use http::Method;
use kit_core::Version;
use serde_json::{Value, json};

use crate::app::{App, STORE, about, ndjson, on_each_store, product, reservation};

/// Bodies of every operation that is about one stock level, and their paths.
fn level_writes() -> [(&'static str, Value); 5] {
    [
        ("/stock", json!({"quantity": 1})),
        ("/adjust", json!({"delta": 1, "reason": "found"})),
        ("/count", json!({"counted": 7})),
        ("/policy", json!({"safetyStock": 1})),
        ("/reserve", json!({"quantity": 1})),
    ]
}

async fn version(app: &App) -> u64 {
    let level = app.get(&format!("/stores/{STORE}/products/{}", product(1))).await.expect(200);
    level.body["version"].as_u64().unwrap()
}

#[tokio::test]
async fn a_write_on_another_version_than_the_caller_has_seen_is_not_done() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        for (path, body) in level_writes() {
            let seen = version(app).await;
            let send = async |tag: String, body: Value| {
                app.send(Method::POST, path, &[("if-match", &tag)], Some(about(1, body))).await
            };
            let stale = send(format!("\"{}\"", seen + 1), body.clone()).await;
            let problem = stale.problem(412, "precondition-failed");
            assert_eq!(problem["version"], seen, "{path}");
            let stale = send(format!("W/\"{}\"", seen + 1), body.clone()).await;
            stale.problem(412, "precondition-failed");
            send("seven".into(), body.clone()).await.problem(400, "bad-request");
            let mut stale = body.clone();
            stale["expectedVersion"] = json!(seen - 1);
            app.post(path, about(1, stale.clone())).await.problem(412, "precondition-failed");
            let both = send(format!("\"{seen}\""), stale).await.problem(422, "invalid");
            assert_eq!(both["field"], "expectedVersion");
            assert_eq!(version(app).await, seen, "{path}");
            let done = send(format!("\"{seen}\""), body).await;
            assert!(done.status.is_success(), "{path}: {}", done.text);
            assert_eq!(done.body["version"], seen + 1);
        }
    })
    .await;
}

#[tokio::test]
async fn the_tag_of_a_read_is_sent_back_as_it_is() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        app.hold(1, 1, 1).await.expect(201);
        for (path, body) in level_writes() {
            for query in ["", "?consistency=strong"] {
                let level = format!("/stores/{STORE}/products/{}{query}", product(1));
                let tag = app.get(&level).await.expect(200).header("etag").to_owned();
                let send = async |body: Value| {
                    app.send(Method::POST, path, &[("if-match", &tag)], Some(body)).await
                };
                let done = send(about(1, body.clone())).await;
                assert!(done.status.is_success(), "{path}{query}: {}", done.text);
                if done.body["version"] != json!(tag_version(&tag)) {
                    send(about(1, body.clone())).await.problem(412, "precondition-failed");
                }
            }
        }
    })
    .await;
}

/// The version that a tag stands for.
fn tag_version(tag: &str) -> u64 {
    tag.trim_matches(|other: char| !other.is_ascii_digit()).parse().unwrap()
}

#[tokio::test]
async fn a_line_of_a_bulk_write_may_name_the_version_it_is_meant_for() {
    on_each_store(async |app| {
        let line = |version: u64| {
            about(1, json!({"op": "stock", "quantity": 1, "expectedVersion": version}))
        };
        let answers = app.batch(ndjson(&[line(0), line(0), line(1)])).await.expect(200);
        let answers: Vec<Value> =
            answers.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let statuses: Vec<_> = answers.iter().map(|answer| answer["status"].clone()).collect();
        assert_eq!(statuses, [json!(201), json!(412), json!(201)]);
        assert_eq!(answers[1]["problem"]["version"], 1);
    })
    .await;
}

#[tokio::test]
async fn a_repetition_gets_its_first_answer_though_the_version_is_another_now() {
    on_each_store(async |app| {
        let headers = [("if-match", "\"0\""), ("idempotency-key", "K")];
        for replayed in [false, true] {
            let body = about(1, json!({"quantity": 1}));
            let answer = app.send(Method::POST, "/stock", &headers, Some(body)).await.expect(201);
            assert_eq!(answer.is_replayed(), replayed);
        }
    })
    .await;
}

#[tokio::test]
async fn a_version_where_none_can_be_meant_is_refused() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        app.hold(1, 1, 1).await.expect(201);
        let id = reservation(1);
        let basket = json!({"storeId": STORE, "lines": [{"productId": product(1), "quantity": 1}]});
        for (path, body) in [
            ("/reservations", basket),
            ("/extend", json!({"reservationId": id, "ttlSeconds": 60})),
            ("/commit", json!({"reservationId": id, "transactionId": "T"})),
            ("/release", json!({"reservationId": id})),
        ] {
            let answer = app.send(Method::POST, path, &[("if-match", "\"2\"")], Some(body)).await;
            answer.problem(400, "bad-request");
        }
        assert_eq!(app.status(1).await, "active");
    })
    .await;
}

fn named(code: &str, active: bool) -> Named {
    Named::product(code, "Somewhere", active)
}

/// Reserves one unit in both ways, each refused with this code; all else goes on.
async fn nothing_new_is_promised(app: &App, code: &str) {
    let reserve = about(1, json!({"quantity": 1}));
    app.post("/reserve", reserve).await.problem(409, code);
    let lines =
        json!([{"productId": product(2), "quantity": 1}, {"productId": product(1), "quantity": 1}]);
    app.post("/reservations", json!({"storeId": STORE, "lines": lines})).await.problem(409, code);
    let asked = app.get(&format!("/availability?product={}&minPosition=3", product(1))).await;
    let asked = asked.expect(200).body;
    assert_eq!(
        (&asked["available"], &asked["totalOffered"]),
        (&json!(false), &json!(0)),
        "{asked}"
    );
    assert_eq!((&asked["stores"], &asked["partial"]), (&json!([]), &json!([])), "{asked}");
    // what was promised is kept, the same request gets the same answer, and goods come and go
    assert!(app.hold(1, 1, 1).await.expect(201).is_replayed());
    app.commit(1, "T").await.expect(200);
    app.release(2).await.expect(200);
    app.add(1, 1).await;
    app.post("/count", about(1, json!({"counted": 9}))).await.expect(200);
}

#[tokio::test]
async fn a_closed_store_promises_nothing_new() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        app.hold(1, 1, 1).await.expect(201);
        app.hold(1, 2, 1).await.expect(201);
        let store = STORE.parse().unwrap();
        app.context.catalogue.note_store(store, named("S", false), Version::new(1));
        nothing_new_is_promised(app, "store-closed").await;
        app.context.catalogue.note_store(store, named("S", true), Version::new(2));
        app.hold(1, 3, 1).await.expect(201);
    })
    .await;
}

#[tokio::test]
async fn nothing_new_of_a_discontinued_product_is_promised() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        app.hold(1, 1, 1).await.expect(201);
        app.hold(1, 2, 1).await.expect(201);
        let id = product(1).parse().unwrap();
        app.context.catalogue.note_product(id, named("P", false), Version::new(1));
        nothing_new_is_promised(app, "product-discontinued").await;
    })
    .await;
}

#[tokio::test]
async fn an_unknown_name_is_told_as_what_it_is() {
    on_each_store(async |app| {
        app.name_store(STORE, "2106");
        app.name_product(1, "SKU-1");
        let level =
            |store: &str, sku: &str| json!({"storeCode": store, "productSku": sku, "quantity": 1});
        app.post("/stock", level("none", "SKU-1")).await.problem(404, "store-not-found");
        app.post("/stock", level("2106", "none")).await.problem(404, "product-not-found");
        app.get("/stores/none/products").await.problem(404, "store-not-found");
        app.get("/products/none").await.problem(404, "product-not-found");
        app.get("/stores/2106/products/none").await.problem(404, "product-not-found");
        app.get("/stores/2106/products/SKU-1").await.problem(404, "not-found");
        app.post("/stock", level("2106", "sku-1")).await.expect(201);
    })
    .await;
}
