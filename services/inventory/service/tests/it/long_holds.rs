//! Reservations of up to 90 days, where the store allows them.

use gondola_inventory::use_cases::Named;
use gondola_inventory_domain::TimeToLive;
use kit_core::Version;
use serde_json::{Value, json};

use crate::app::{App, STORE, about, on_each_store, product, reservation};

const DAY: i64 = 86_400;

/// The store allows so many days from now on.
fn allow(app: &App, days: i64, version: u64) {
    let longest_hold = Some(TimeToLive::from_seconds(days * DAY).unwrap());
    let named = Named { longest_hold, ..Named::store("2106", "Somewhere", true, None) };
    app.context.catalogue.note_store(STORE.parse().unwrap(), named, Version::new(version));
}

fn body(id: u32, seconds: i64) -> Value {
    about(1, json!({"quantity": 1, "reservationId": reservation(id), "ttlSeconds": seconds}))
}

#[tokio::test]
async fn a_store_that_says_nothing_allows_a_day() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        app.post("/reserve", body(1, DAY)).await.expect(201);
        let refused = app.post("/reserve", body(2, DAY + 1)).await.problem(422, "invalid");
        assert_eq!(refused["field"], "ttlSeconds");
        assert!(refused["detail"].as_str().unwrap().contains("longestHoldSeconds"), "{refused}");
        app.name_store(STORE, "2106");
        app.post("/reserve", body(2, DAY + 1)).await.problem(422, "invalid");
        let extension = json!({"reservationId": reservation(1), "ttlSeconds": DAY + 1});
        let refused = app.post("/extend", extension).await.problem(422, "invalid");
        assert_eq!(refused["field"], "ttlSeconds");
    })
    .await;
}

#[tokio::test]
async fn a_store_allows_what_its_policy_says_in_every_way_to_reserve() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        allow(app, 90, 1);
        app.post("/reserve", body(1, 90 * DAY)).await.expect(201);
        let lines = json!([{"productId": product(1), "quantity": 1}]);
        let basket =
            |days: i64| json!({"storeId": STORE, "lines": lines, "ttlSeconds": days * DAY});
        app.post("/reservations", basket(90)).await.expect(201);
        app.post("/reserve", body(2, 90 * DAY + 1)).await.problem(422, "invalid");
        app.hold(1, 3, 1).await.expect(201);
        let extend = |days: i64| json!({"reservationId": reservation(3), "ttlSeconds": days * DAY});
        app.post("/extend", extend(90)).await.expect(200);
        // less than before: what was promised is kept
        allow(app, 2, 2);
        app.post("/reservations", basket(3)).await.problem(422, "invalid");
        app.post("/extend", extend(3)).await.problem(422, "invalid");
        let mut line = body(4, 3 * DAY);
        line["op"] = json!("reserve");
        let answer = app.batch(crate::app::ndjson(&[line])).await.expect(200);
        assert!(answer.text.contains("ttlSeconds"), "{}", answer.text);
        app.clock.move_seconds(89 * DAY);
        app.commit(1, "T-1").await.expect(200);
        app.commit(3, "T-3").await.expect(200);
    })
    .await;
}

#[tokio::test]
async fn a_long_reservation_is_known_and_repeated_until_it_has_ended() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        allow(app, 90, 1);
        let first = app.post("/reserve", body(1, 90 * DAY)).await.expect(201);
        app.clock.move_seconds(89 * DAY);
        let again = app.post("/reserve", body(1, 90 * DAY)).await.expect(201);
        assert!(again.is_replayed(), "{}", again.text);
        assert_eq!(again.body, first.body);
        let mut other = body(1, 90 * DAY);
        other["quantity"] = json!(2);
        app.post("/reserve", other).await.problem(422, "idempotency-key-reused");
        let extend = json!({"reservationId": reservation(1), "ttlSeconds": 90 * DAY});
        app.post("/extend", extend).await.expect(200);
        app.clock.move_seconds(89 * DAY);
        // 178 days after it was made its id is still its own
        assert_eq!(app.status(1).await, "active");
        app.post("/reserve", body(1, 60)).await.problem(409, "reservation-exists");
        app.commit(1, "T-1").await.expect(200);
        assert_eq!(app.units(1).await, [8, 0, 8]);
    })
    .await;
}
