//! The balance after each movement: always the sum of what was recorded up to it, however the history is read.

use serde_json::{Value, json};

use crate::app::{App, STORE, about, on_each_store, product, reservation};
use crate::facts::{Door, adjust, count, history, receive, tell};

/// All pages of a history, from a cursor on.
async fn paged_from(app: &App, query: &str, mut next: String) -> Vec<Value> {
    let path = format!("/stores/{STORE}/products/{}/history?{query}", product(1));
    let mut all = Vec::new();
    loop {
        let body = app.get(&format!("{path}{next}")).await.expect(200).body;
        all.extend(body["items"].as_array().unwrap().iter().cloned());
        match body["nextCursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => return all,
        }
    }
}

/// All pages of a history.
async fn paged(app: &App, query: &str) -> Vec<Value> {
    paged_from(app, query, String::new()).await
}

/// Cause, on hand, reserved and shortfall after a movement.
fn after(movement: &Value) -> (&str, u64, u64, u64) {
    let units = |field: &str| movement[field].as_u64().unwrap();
    let shortfall = movement.get("shortfallAfter").map_or(0, |units| units.as_u64().unwrap());
    let cause = movement["cause"].as_str().unwrap();
    (cause, units("onHandAfter"), units("reservedAfter"), shortfall)
}

/// Every kind of movement, each a second after the one before.
async fn everything_happens(app: &App) {
    let next = || app.clock.move_seconds(1);
    app.add(1, 9).await;
    next();
    app.hold(1, 1, 3).await.expect(201);
    next();
    let sold = json!({"reservationId": reservation(1), "transactionId": "T-1", "quantity": 2});
    app.post("/commit", sold).await.expect(200);
    next();
    app.post("/policy", about(1, json!({"reorderPoint": 3}))).await.expect(200);
    next();
    app.hold(1, 2, 4).await.expect(201);
    next();
    app.post("/extend", json!({"reservationId": reservation(2), "ttlSeconds": 90}))
        .await
        .expect(200);
    next();
    let left = json!({"delta": -9, "reason": "Offline sale", "alreadyLeft": true});
    app.post("/adjust", about(1, left)).await.expect(200);
    next();
    app.post("/count", about(1, json!({"counted": 5}))).await.expect(200);
    next();
    let seen = json!({"quantity": 6, "occurredAt": "2026-11-27T00:00:06Z"});
    app.post("/stock", about(1, seen)).await.expect(201);
}

/// What must be told of it, the newest first.
const TOLD: [(&str, u64, u64, u64); 10] = [
    // the count has seen it
    ("received", 5, 0, 0),
    ("counted", 5, 0, 0),
    ("adjusted", 0, 0, 2),
    ("shortage", 7, 0, 0),
    ("extended", 7, 4, 0),
    ("reserved", 7, 4, 0),
    ("policyChanged", 7, 0, 0),
    ("committed", 7, 0, 0),
    ("reserved", 9, 3, 0),
    ("received", 9, 0, 0),
];

#[tokio::test]
async fn each_movement_tells_what_was_on_record_after_it() {
    on_each_store(async |app| {
        everything_happens(app).await;
        let told = history(app, 1, "").await;
        assert_eq!(told.iter().map(after).collect::<Vec<_>>(), TOLD);
    })
    .await;
}

#[tokio::test]
async fn the_balance_does_not_depend_on_pages_periods_or_what_was_recorded_since() {
    on_each_store(async |app| {
        everything_happens(app).await;
        let whole = paged(app, "").await;
        let cursor = {
            let path = format!("/stores/{STORE}/products/{}/history?limit=3", product(1));
            app.get(&path).await.expect(200).body["nextCursor"].as_str().unwrap().to_owned()
        };
        for limit in 1..=11 {
            assert_eq!(paged(app, &format!("limit={limit}")).await, whole, "{limit}");
        }
        let period = "from=2026-11-27T00:00:02Z&to=2026-11-27T00:00:06Z&limit=2";
        assert_eq!(paged(app, period).await, whole[4..8]);
        app.add(1, 100).await;
        let on = paged_from(app, "limit=3", format!("&cursor={cursor}")).await;
        assert_eq!(on, whole[3..]);
    })
    .await;
}

#[tokio::test]
async fn in_the_order_of_business_times_the_balance_is_still_the_recorded_one() {
    on_each_store(async |app| {
        app.clock.move_seconds(7_200);
        for fact in [receive(9, 60), count(7, 30), receive(5, 90), adjust(-1, 10)] {
            tell(app, Door::Route, 1, [fact]).await;
        }
        for limit in [1, 2, 4] {
            let told = paged(app, &format!("orderBy=occurredAt&limit={limit}")).await;
            let told: Vec<_> = told.iter().map(after).collect();
            assert_eq!(
                told,
                [
                    ("adjusted", 6, 0, 0),
                    ("counted", 7, 0, 0),
                    ("received", 9, 0, 0),
                    // told last but one, and the count had seen it
                    ("received", 7, 0, 0),
                ]
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_long_history_is_balanced_to_its_beginning() {
    let app = App::start("sqlite").await;
    let lines: Vec<_> =
        (0..1_203).map(|_| about(1, json!({"op": "stock", "quantity": 1}))).collect();
    app.batch(crate::app::ndjson(&lines)).await.expect(200);
    for query in ["limit=200", "limit=200&orderBy=occurredAt"] {
        let told = paged(&app, query).await;
        let balances: Vec<_> = told.iter().map(|it| it["onHandAfter"].as_u64().unwrap()).collect();
        assert_eq!(balances, (1..=1_203).rev().collect::<Vec<u64>>(), "{query}");
    }
    app.shut_down().await;
}
