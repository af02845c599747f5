//! Baskets: several products of one store, all or nothing.

use serde_json::{Value, json};

use crate::app::{Answer, App, STORE, about, ndjson, on_each_store, product, reservation};

fn lines(wanted: &[(u32, i64)]) -> Value {
    let line = |(number, quantity): &(u32, i64)| json!({"productId": product(*number), "quantity": quantity});
    wanted.iter().map(line).collect()
}

pub(crate) async fn reserve(app: &App, id: u32, wanted: &[(u32, i64)]) -> Answer {
    let body = json!({"storeId": STORE, "lines": lines(wanted), "reservationId": reservation(id),
                      "ttlSeconds": 60});
    app.post("/reservations", body).await
}

#[tokio::test]
async fn a_basket_is_promised_as_a_whole() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.add(2, 5).await;
        let held = reserve(app, 1, &[(2, 1), (1, 4)]).await.expect(201);
        assert_eq!(
            held.body,
            json!({"reservationId": reservation(1), "status": "active", "storeId": STORE,
                   "expiresAt": "2026-11-27T00:01:00.000Z", "position": held.body["position"],
                   "lines": [{"productId": product(2), "quantity": 1, "available": 4, "version": 2},
                             {"productId": product(1), "quantity": 4, "available": 1, "version": 2}]})
        );
        assert_eq!(app.units(1).await, [5, 4, 1]);
        assert_eq!(app.units(2).await, [5, 1, 4]);
        let sold = app.commit(1, "T-1").await.expect(200);
        assert_eq!(sold.body["status"], "committed");
        assert_eq!(app.units(1).await, [1, 0, 1]);
        assert_eq!(app.units(2).await, [4, 0, 4]);
        assert!(app.commit(1, "T-1").await.expect(200).is_replayed());
    })
    .await;
}

#[tokio::test]
async fn a_refusal_names_every_line_that_falls_short_and_changes_nothing() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.add(2, 1).await;
        app.add(3, 2).await;
        let refused = reserve(app, 1, &[(1, 5), (2, 2), (3, 3), (4, 1)])
            .await
            .problem(409, "insufficient-stock");
        let told = |line: &Value| {
            ["pointer", "productId", "requested", "available"].map(|field| line[field].clone())
        };
        let short: Vec<_> = refused["lines"].as_array().unwrap().iter().map(told).collect();
        assert_eq!(
            short,
            [
                [json!("/lines/1"), json!(product(2)), json!(2), json!(1)],
                [json!("/lines/2"), json!(product(3)), json!(3), json!(2)],
                [json!("/lines/3"), json!(product(4)), json!(1), json!(0)],
            ]
        );
        for number in 1..=3 {
            assert_eq!(app.units(number).await[1], 0);
        }
        // neither does it take the id
        reserve(app, 1, &[(1, 5), (2, 1)]).await.expect(201);
    })
    .await;
}

/// Of a basket, a split one, a transfer and a question: a caller who mends one line and sends it again would find the next.
#[tokio::test]
async fn all_lines_of_unknown_products_are_told_at_once() {
    let app = App::start("memory").await;
    let lines = json!([
        {"productId": product(1), "quantity": 1},
        {"productSku": "NONE-1", "quantity": 1},
        {"productSku": "NONE-2", "quantity": 1},
    ]);
    let to = "33333333-3333-3333-3333-333333333333";
    for (path, body, list) in [
        ("/reservations", json!({"storeId": STORE, "lines": lines}), "/lines"),
        (
            "/commit",
            json!({"reservationId": reservation(1), "transactionId": "T", "lines": lines}),
            "/lines",
        ),
        ("/release", json!({"reservationId": reservation(1), "lines": lines}), "/lines"),
        (
            "/split-reservations",
            json!({"parts": [{"storeId": STORE, "lines": lines}]}),
            "/parts/0/lines",
        ),
        ("/split-reservations", json!({"basket": {"lines": lines}}), "/basket/lines"),
        (
            "/transfers",
            json!({"sourceStoreId": STORE, "destinationStoreId": to, "lines": lines}),
            "/lines",
        ),
        ("/sourcing", json!({"lines": lines}), "/lines"),
    ] {
        let refused = app.post(path, body).await.problem(404, "product-not-found");
        let told = |error: &Value| (error["pointer"].clone(), error["code"].clone());
        let errors: Vec<_> = refused["errors"].as_array().unwrap().iter().map(told).collect();
        let unknown =
            |line: u32| (json!(format!("{list}/{line}/productSku")), json!("product-not-found"));
        assert_eq!(errors, [unknown(1), unknown(2)], "{path}: {refused}");
        assert!(refused["errors"][1]["detail"].as_str().unwrap().contains("NONE-2"), "{refused}");
    }
    let nowhere = json!({"storeCode": "NOWHERE", "lines": lines});
    let refused = app.post("/reservations", nowhere).await.problem(404, "store-not-found");
    let told = |error: &Value| error["code"].as_str().unwrap().to_owned();
    let errors: Vec<_> = refused["errors"].as_array().unwrap().iter().map(told).collect();
    let expected = ["store-not-found", "product-not-found", "product-not-found"];
    assert_eq!(errors, expected, "the store comes first, and hides no line: {refused}");
    app.shut_down().await;
}

#[tokio::test]
async fn a_product_named_twice_is_added_up_before_stock_is_checked() {
    on_each_store(async |app| {
        app.add(1, 10).await;
        app.add(2, 1).await;
        let refused =
            reserve(app, 1, &[(1, 6), (2, 1), (1, 6)]).await.problem(409, "insufficient-stock");
        assert_eq!(refused["lines"].as_array().unwrap().len(), 1);
        assert_eq!((&refused["requested"], &refused["available"]), (&json!(12), &json!(10)));
        assert_eq!(app.units(1).await, [10, 0, 10]);
        let held = reserve(app, 1, &[(1, 5), (2, 1), (1, 5)]).await.expect(201);
        let held: Vec<_> = held.body["lines"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["quantity"].clone())
            .collect();
        assert_eq!(held, [json!(10), json!(1)]);
        assert_eq!(app.units(1).await, [10, 10, 0]);
        app.commit(1, "T-1").await.expect(200);
        assert_eq!(app.units(1).await, [0, 0, 0]);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_named_in_a_partial_sale_returns() {
    on_each_store(async |app| {
        for number in 1..=3 {
            app.add(number, 5).await;
        }
        reserve(app, 1, &[(1, 3), (2, 3), (3, 3)]).await.expect(201);
        let commit = |sold: &[(u32, i64)]| {
            json!({"reservationId": reservation(1), "transactionId": "T-1", "lines": lines(sold)})
        };
        app.post("/commit", commit(&[(4, 1)])).await.problem(422, "invalid");
        app.post("/commit", commit(&[(1, 2), (1, 2)])).await.problem(422, "commit-exceeds-hold");
        let one_number = json!({"reservationId": reservation(1), "transactionId": "T-1", "quantity": 3});
        app.post("/commit", one_number).await.problem(422, "invalid");
        let mut both = commit(&[(1, 1)]);
        both["quantity"] = json!(1);
        app.post("/commit", both).await.problem(422, "invalid");
        for number in 1..=3 {
            assert_eq!(app.units(number).await, [5, 3, 2]);
        }
        app.post("/commit", commit(&[(2, 3), (1, 1), (1, 1)])).await.expect(200);
        assert_eq!(app.units(1).await, [3, 0, 3]);
        assert_eq!(app.units(2).await, [2, 0, 2]);
        assert_eq!(app.units(3).await, [5, 0, 5]);
        let details = app.get(&format!("/reservations/{}", reservation(1))).await.expect(200);
        assert_eq!(details.body["status"], "committed");
        let mut ended: Vec<_> = details.body["lines"].as_array().unwrap().iter().map(|line| {
            (line["productId"].to_string(), line["status"].to_string(), line["committed"].as_u64().unwrap())
        }).collect();
        ended.sort();
        let told: Vec<_> = ended.iter().map(|(_, status, sold)| (status.as_str(), *sold)).collect();
        assert_eq!(told, [("\"committed\"", 2), ("\"committed\"", 3), ("\"released\"", 0)]);
    })
    .await;
}

#[tokio::test]
async fn a_released_or_expired_basket_gives_everything_back() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.add(2, 5).await;
        reserve(app, 1, &[(1, 5), (2, 5)]).await.expect(201);
        app.release(1).await.expect(200);
        assert_eq!((app.units(1).await, app.units(2).await), ([5, 0, 5], [5, 0, 5]));
        reserve(app, 2, &[(1, 5), (2, 5)]).await.expect(201);
        app.clock.move_seconds(60);
        app.commit(2, "T-2").await.problem(410, "reservation-expired");
        reserve(app, 3, &[(2, 5), (1, 5)]).await.expect(201);
        app.commit(3, "T-3").await.expect(200);
        assert_eq!((app.units(1).await, app.units(2).await), ([0, 0, 0], [0, 0, 0]));
        app.commit(2, "T-2").await.problem(410, "reservation-expired");
    })
    .await;
}

#[tokio::test]
async fn what_is_left_of_a_basket_can_be_extended_and_released() {
    on_each_store(async |app| {
        app.add(1, 2).await;
        app.add(2, 5).await;
        reserve(app, 1, &[(1, 2), (2, 5)]).await.expect(201);
        let gone = about(1, json!({"counted": 0, "onShortage": "revoke"}));
        app.post("/count", gone).await.expect(200);
        app.clock.move_seconds(30);
        let extend = || json!({"reservationId": reservation(1), "ttlSeconds": 60});
        let extended = app.post("/extend", extend()).await.expect(200);
        assert_eq!(extended.body["expiresAt"], "2026-11-27T00:01:30.000Z");
        // a sale of all of it cannot be kept
        app.commit(1, "T-1").await.problem(409, "reservation-revoked");
        app.release(1).await.expect(200);
        assert_eq!((app.units(1).await, app.units(2).await), ([0, 0, 0], [5, 0, 5]));
        assert!(app.release(1).await.expect(200).is_replayed());
        app.post("/extend", extend()).await.problem(409, "already-released");
    })
    .await;
}

#[tokio::test]
async fn a_basket_has_1_to_500_lines() {
    on_each_store(async |app| {
        reserve(app, 1, &[]).await.problem(422, "invalid");
        let stock: Vec<Value> =
            (1..=500).map(|number| about(number, json!({"op": "stock", "quantity": 1}))).collect();
        let request = http::Request::post("/api/v1/inventory/batch")
            .header("content-type", "application/x-ndjson");
        app.call(request.body(ndjson(&stock).into()).unwrap()).await.expect(200);
        let all: Vec<(u32, i64)> = (1..=500).map(|number| (number, 1)).collect();
        let mut too_many = all.clone();
        too_many.push((1, 1));
        reserve(app, 1, &too_many).await.problem(422, "invalid");
        let held = reserve(app, 1, &all).await.expect(201);
        assert_eq!(held.body["lines"].as_array().unwrap().len(), 500);
        app.commit(1, "T-1").await.expect(200);
        assert_eq!(app.units(500).await, [0, 0, 0]);
    })
    .await;
}

#[tokio::test]
async fn sums_that_no_stock_level_can_have_are_refused() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        let most = 1_000_000_000;
        reserve(app, 1, &[(1, most), (1, most), (1, most), (1, most), (1, most)])
            .await
            .problem(422, "invalid");
        reserve(app, 1, &[(1, most)]).await.problem(409, "insufficient-stock");
    })
    .await;
}
