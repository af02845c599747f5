//! Listing and searching reservations.

use serde_json::{Value, json};

use crate::app::{App, STORE, about, on_each_store, product, reservation};

/// The reservations of a query in all pages, by their numbers.
async fn found(app: &App, query: &str) -> Vec<u32> {
    let (mut all, mut next) = (Vec::new(), String::new());
    loop {
        let page = app.get(&format!("/reservations?limit=2&{query}{next}")).await.expect(200).body;
        let number = |it: &Value| {
            let id = it["reservationId"].as_str().unwrap();
            id.rsplit('-').next().unwrap().parse::<u32>().unwrap()
        };
        all.extend(page["items"].as_array().unwrap().iter().map(number));
        match page["nextCursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => return all,
        }
    }
}

/// Reserves for a customer and an order, for so many seconds.
async fn hold(app: &App, number: u32, id: u32, seconds: u32, customer: &str) -> Value {
    let body = json!({
        "quantity": 2, "reservationId": reservation(id), "ttlSeconds": seconds,
        "customerId": customer, "orderId": format!("O-{id}"),
    });
    app.post("/reserve", about(number, body)).await.expect(201).body
}

/// Five reservations of two products; the position of the last change.
async fn given(app: &App) -> Value {
    app.name_store(STORE, "2106");
    app.name_product(1, "SKU-1");
    app.add(1, 50).await;
    app.add(2, 50).await;
    hold(app, 1, 1, 300, "maria").await;
    hold(app, 2, 2, 60, "maria").await;
    hold(app, 1, 3, 120, "jan").await;
    hold(app, 1, 4, 600, "jan").await;
    hold(app, 1, 5, 90, "jan").await;
    app.commit(4, "T-1").await.expect(200);
    app.release(5).await.expect(200).body["position"].clone()
}

#[tokio::test]
async fn reservations_are_searched_by_store_product_customer_order_and_deadline() {
    on_each_store(async |app| {
        let position = given(app).await;
        for (query, expected) in [
            ("", &[2, 5, 3, 1, 4][..]),
            ("sort=expiresAtDescending", &[4, 1, 3, 5, 2]),
            ("store=2106", &[2, 5, 3, 1, 4]),
            ("product=sku-1", &[5, 3, 1, 4]),
            (&format!("product={}", product(2)), &[2]),
            ("customerId=maria", &[2, 1]),
            ("customerId=maria&product=SKU-1&store=2106", &[1]),
            ("orderId=O-3", &[3]),
            ("orderId=O-33", &[]),
            ("expiresFrom=2026-11-27T00:01:30Z&expiresTo=2026-11-27T00:05:00Z", &[5, 3]),
        ] {
            let query = format!("{query}&minPosition={position}");
            assert_eq!(found(app, &query).await, expected, "{query}");
        }
        let other = "store=11111111-1111-1111-1111-111111111112";
        assert_eq!(found(app, other).await, [] as [u32; 0]);
    })
    .await;
}

#[tokio::test]
async fn reservations_are_searched_by_how_they_stand_at_that_instant() {
    on_each_store(async |app| {
        let position = given(app).await;
        let status = async |status: &str| {
            found(app, &format!("status={status}&minPosition={position}")).await
        };
        assert_eq!(status("active").await, [2, 3, 1]);
        assert_eq!(status("committed").await, [4]);
        assert_eq!(status("released").await, [5]);
        assert_eq!(status("expired").await, [] as [u32; 0]);
        // there is no sweeper: nothing is recorded of it
        app.clock.move_seconds(120);
        assert_eq!(status("expired").await, [2, 3], "at the deadline itself");
        assert_eq!(status("active").await, [1]);
        let page = app.get("/reservations?status=expired").await.expect(200).body;
        assert_eq!(page["asOf"], json!(app.now()));
        let overdue = &page["items"][0];
        assert_eq!(
            (&overdue["status"], &overdue["lines"][0]["held"]),
            (&json!("expired"), &json!(0))
        );
    })
    .await;
}

#[tokio::test]
async fn a_listed_reservation_has_the_names_of_what_it_is_about() {
    on_each_store(async |app| {
        let position = given(app).await;
        let list = format!("/reservations?orderId=O-1&minPosition={position}");
        let page = app.get(&list).await.expect(200).body;
        let details = &page["items"][0];
        assert_eq!(
            (&details["storeCode"], &details["storeName"]),
            (&json!("2106"), &json!("Hillstreet"))
        );
        let line = &details["lines"][0];
        assert_eq!((&line["productSku"], &line["productName"]), (&json!("SKU-1"), &json!("Thing")));
        assert_eq!((&details["orderId"], &line["held"]), (&json!("O-1"), &json!(2)));
        // personal data is looked for, and not handed out
        assert_eq!(details.get("customerId"), None);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_searched_for_is_refused_with_its_field() {
    on_each_store(async |app| {
        app.add(1, 1).await;
        for (query, field) in [
            ("status=lost", "status"),
            ("expiresFrom=soon", "expiresFrom"),
            ("limit=201", "limit"),
            ("minPosition=99", "minPosition"),
            ("customerId=%20", "customerId"),
            ("colour=red", "colour"),
        ] {
            let problem = app.get(&format!("/reservations?{query}")).await.problem(422, "invalid");
            assert!(problem.to_string().contains(field), "{query}: {problem}");
        }
        app.get("/reservations?store=9999").await.problem(404, "store-not-found");
        app.get("/reservations?product=nothing").await.problem(404, "product-not-found");
        let cursor = {
            app.hold(1, 1, 1).await.expect(201);
            app.hold(1, 2, 1).await.problem(409, "insufficient-stock");
            app.add(1, 1).await;
            app.hold(1, 2, 1).await.expect(201);
            let page = app.get("/reservations?limit=1&minPosition=4").await.expect(200).body;
            page["nextCursor"].as_str().unwrap().to_owned()
        };
        let other = format!("/reservations?sort=expiresAtDescending&cursor={cursor}");
        app.get(&other).await.problem(422, "invalid");
    })
    .await;
}
