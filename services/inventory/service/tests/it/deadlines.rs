//! What happens at a deadline: half-open, to the millisecond, whether or not the sweeper runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::Request;
use kit_event_store::memory::MemoryStore;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::app::{
    App, BASE, PATIENCE, STORE, about, midnight, ndjson, on_each_store, product, reservation,
};
use crate::baskets::reserve as basket;

/// The events since a position: type, reservation and cause.
async fn events_after(app: &App, position: u64) -> Vec<[Value; 3]> {
    let page = app.get(&format!("/events?after={position}")).await.expect(200);
    let items = page.body["items"].as_array().unwrap().iter();
    let told = |event: &Value| {
        let data = &event["data"];
        [event["eventType"].clone(), data["reservationId"].clone(), data["cause"].clone()]
    };
    items.map(told).collect()
}

#[tokio::test]
async fn until_the_deadline_the_promise_holds_and_from_then_on_it_does_not() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        for id in 1..=4 {
            app.hold(1, id, 1).await.expect(201);
        }
        app.clock.move_millis(59_999);
        assert_eq!(app.status(1).await, "active");
        app.commit(1, "T-1").await.expect(200);

        app.clock.move_millis(1);
        assert_eq!(app.status(2).await, "expired");
        let gone = app.commit(2, "T-2").await.problem(410, "reservation-expired");
        assert_eq!(gone["reservationId"], json!(reservation(2)));
        let extend = json!({"reservationId": reservation(3), "ttlSeconds": 60});
        app.post("/extend", extend).await.problem(410, "reservation-expired");
        app.release(4).await.problem(410, "reservation-expired");
        // nothing was written by the refusals
        assert_eq!(events_after(app, 6).await, [] as [[Value; 3]; 0]);
        assert_eq!(app.status(4).await, "expired");
        assert_eq!(app.units(1).await, [8, 0, 8]);
    })
    .await;
}

/// The answers to a commit, a release and an extension of a basket, each sent twice.
async fn changes(app: &App, id: u32) -> Vec<Value> {
    let mut answers = Vec::new();
    let extension = json!({"reservationId": reservation(id), "ttlSeconds": 60});
    for _ in 0..2 {
        answers.push(app.commit(id, "T").await.problem(410, "reservation-expired"));
        answers.push(app.release(id).await.problem(410, "reservation-expired"));
        let extended = app.post("/extend", extension.clone()).await;
        answers.push(extended.problem(410, "reservation-expired"));
    }
    for answer in &mut answers {
        // the only thing that is its own
        answer.as_object_mut().unwrap().remove("requestId");
    }
    answers
}

#[tokio::test]
async fn after_a_deadline_the_answers_are_the_same_before_and_after_the_hold_is_freed() {
    on_each_store(async |app| {
        app.add(1, 9).await;
        app.add(2, 2).await;
        basket(app, 1, &[(1, 4), (2, 2)]).await.expect(201);
        // one of its lines is revoked before
        let count = about(2, json!({"counted": 0, "onShortage": "revoke"}));
        app.post("/count", count).await.expect(200);
        app.clock.move_seconds(60);
        let before = changes(app, 1).await;
        // a reservation of everything frees what is overdue
        app.hold(1, 2, 9).await.expect(201);
        assert_eq!(changes(app, 1).await, before);
    })
    .await;
}

#[tokio::test]
async fn overdue_units_are_free_at_that_instant_without_a_sweeper() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.hold(1, 1, 2).await.expect(201);
        app.clock.move_seconds(1);
        app.hold(1, 2, 3).await.expect(201);
        app.clock.move_millis(58_999);
        app.hold(1, 3, 1).await.problem(409, "insufficient-stock");
        assert_eq!(app.units(1).await, [5, 5, 0]);

        // the first deadline
        app.clock.move_millis(1);
        assert_eq!(app.units(1).await, [5, 3, 2]);
        app.hold(1, 3, 3).await.problem(409, "insufficient-stock");
        app.hold(1, 3, 2).await.expect(201);
        assert_eq!(app.units(1).await, [5, 5, 0]);
        // the append that needed the units freed them, and only those
        let freed = [json!("StockReleasedEvent"), json!(reservation(1)), json!("expired")];
        let made = [json!("StockReservedEvent"), json!(reservation(3)), Value::Null];
        assert_eq!(events_after(app, 3).await, [freed, made]);
        app.commit(1, "T-1").await.problem(410, "reservation-expired");
        app.commit(3, "T-3").await.expect(200);
        assert_eq!(app.units(1).await, [3, 3, 0]);
    })
    .await;
}

#[tokio::test]
async fn units_that_are_free_are_not_taken_from_the_overdue() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.hold(1, 1, 2).await.expect(201);
        app.clock.move_seconds(60);
        app.hold(1, 2, 3).await.expect(201);
        let made = [json!("StockReservedEvent"), json!(reservation(2)), Value::Null];
        assert_eq!(events_after(app, 2).await, [made]);
    })
    .await;
}

#[tokio::test]
async fn a_sale_and_a_new_promise_that_race_at_the_deadline_never_both_win() {
    on_each_store(async |app| {
        for round in 0..20 {
            let (number, old, new) = (100 + round, 100 + 2 * round, 101 + 2 * round);
            app.add(number, 1).await;
            app.hold(number, old, 1).await.expect(201);
            app.clock.move_millis(59_999);
            let mut racing = JoinSet::new();
            let one = app.clone();
            racing.spawn(async move { one.commit(old, "T").await.status.as_u16() });
            let other = app.clone();
            racing.spawn(async move {
                tokio::task::yield_now().await;
                other.clock.move_millis(1);
                match other.hold(number, new, 1).await.status.as_u16() {
                    201 => 1_201,
                    status => status,
                }
            });
            let mut statuses = racing.join_all().await;
            statuses.sort_unstable();
            let [on_hand, reserved, available] = app.units(number).await;
            assert_eq!(available, 0);
            match statuses[..] {
                [200, 409] => assert_eq!((on_hand, reserved), (0, 0)),
                [410, 1_201] => assert_eq!((on_hand, reserved), (1, 1)),
                _ => panic!("round {round}: {statuses:?}"),
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_sweeper_tidies_what_is_overdue() {
    let (folder, clock) = (TempDir::new().unwrap(), midnight());
    let store = Arc::new(MemoryStore::new());
    let app = App::start_on(store, folder.path(), clock.clone(), true).await;
    app.add(1, 5).await;
    app.hold(1, 1, 2).await.expect(201);
    app.hold(1, 2, 1).await.expect(201);
    clock.move_seconds(60);
    let swept = async {
        loop {
            // a long poll ends after a while, whether or not the sweeper has come by
            let page = app.get("/events?after=3&wait=20").await.expect(200);
            if let Some(event) = page.body["items"].get(0) {
                return event.clone();
            }
        }
    };
    let event = tokio::time::timeout(PATIENCE, swept).await.expect("the sweeper came by");
    assert_eq!(event["eventType"], "StockReleasedEvent");
    assert_eq!(event["actor"], "system:sweeper");
    assert_eq!(event["data"]["cause"], "expired");
    // now a read of the view shows it as well
    let path = format!("/stores/{STORE}/products/{}?minPosition=5", product(1));
    let level = app.get(&path).await.expect(200);
    assert_eq!(
        (&level.body["reserved"], &level.body["available"], &level.body["version"]),
        (&json!(0), &json!(5), &json!(5))
    );
    app.shut_down().await;
}

#[tokio::test]
async fn one_sweep_ends_a_thousand_holds_at_most() {
    const HOLDS: u32 = 1_800;
    const LEVELS: u32 = 4;
    let (folder, clock) = (TempDir::new().unwrap(), midnight());
    let store = Arc::new(MemoryStore::new());
    let app = App::start_on(store, folder.path(), clock.clone(), true).await;
    let op = |name: &str, mut fields: Value| {
        fields["op"] = json!(name);
        fields
    };
    let deliveries =
        (1..=LEVELS).map(|level| op("stock", about(level, json!({"quantity": HOLDS}))));
    // the oldest thousand deadlines are in all levels
    let holds = (0..HOLDS).map(|number| {
        let fields = json!({"quantity": 1, "ttlSeconds": 60 + number / 100});
        op("reserve", about(number % LEVELS + 1, fields))
    });
    let commands: Vec<Value> = deliveries.chain(holds).collect();
    let request = Request::post(format!("{BASE}/batch"));
    let request = request.header("content-type", "application/x-ndjson");
    app.call(request.body(ndjson(&commands).into()).unwrap()).await.expect(200);
    clock.move_seconds(100);

    let (mut after, mut ended) = (u64::from(HOLDS + LEVELS), BTreeMap::<String, usize>::new());
    let swept = async {
        while ended.values().sum::<usize>() < HOLDS as usize {
            let page =
                app.get(&format!("/events?after={after}&wait=20&limit=1000")).await.expect(200);
            after = page.body["nextPosition"].as_u64().unwrap();
            for event in page.body["items"].as_array().unwrap() {
                // what one command has caused is one transaction
                *ended.entry(event["causationId"].to_string()).or_default() += 1;
            }
        }
    };
    tokio::time::timeout(PATIENCE, swept).await.expect("the sweeper came by");
    assert!(ended.values().all(|events| *events <= 1_000), "{ended:?}");
    app.shut_down().await;
}

#[tokio::test]
async fn a_clock_that_goes_back_prolongs_no_promise_and_revives_none() {
    on_each_store(async |app| {
        app.add(1, 5).await;
        app.hold(1, 1, 5).await.expect(201);
        app.clock.move_seconds(60);
        app.commit(1, "T-1").await.problem(410, "reservation-expired");
        app.clock.move_seconds(-3_600);
        app.commit(1, "T-1").await.problem(410, "reservation-expired");
        let body =
            about(1, json!({"quantity": 5, "reservationId": reservation(2), "ttlSeconds": 1}));
        let held = app.post("/reserve", body).await.expect(201);
        assert_eq!(held.body["expiresAt"], "2026-11-27T00:01:01.000Z");
    })
    .await;
}
