//! Past moments by what was known and by what was true, and movements by either time.

use std::sync::Arc;
use std::time::Duration;

use kit_core::Timestamp;
use kit_event_store::memory::MemoryStore;
use kit_testkit::instrumented_store::InstrumentedStore;
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::app::{App, STORE, about, midnight, on_each_store, product};
use crate::facts::{Door, adjust, count, level, minutes_ago, receive, tell};

/// A count of a second ago must not miss a sale that is being written, and what was known at a moment does not change.
#[tokio::test]
async fn what_is_being_written_is_neither_missed_nor_shown_by_chance() {
    let (folder, clock, gate) = (
        TempDir::new().unwrap(),
        midnight(),
        Arc::new(InstrumentedStore::gated(MemoryStore::new())),
    );
    gate.let_pass(1);
    let app = App::start_on(Arc::clone(&gate) as _, folder.path(), clock.clone(), false).await;
    app.add(1, 100).await;
    clock.move_seconds(10);
    let (writer, asked, counted) = (app.clone(), app.clone(), app.clone());
    let received = tokio::spawn(async move { writer.add(1, 10).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    clock.move_millis(100);
    let moment = minutes_ago(&clock, 0);
    clock.move_millis(20);
    let count = about(1, json!({"counted": 105, "occurredAt": moment}));
    let counted = tokio::spawn(async move { counted.post("/count", count).await.expect(200) });
    let as_of = format!("?asOf={}", Timestamp::from_millis(moment.as_millis() - 1));
    let query = as_of.clone();
    let first = tokio::spawn(async move { level(&asked, 1, &query).await["onHand"].clone() });
    tokio::time::sleep(Duration::from_millis(50)).await;
    gate.let_pass(10);
    received.await.unwrap();
    assert_eq!(counted.await.unwrap().body["onHand"], 105);
    assert_eq!(first.await.unwrap(), 110);
    assert_eq!(level(&app, 1, &as_of).await["onHand"], 110);
    app.shut_down().await;
}

#[tokio::test]
async fn a_moment_that_is_not_over_is_waited_for() {
    let app = App::start("memory").await;
    app.add(1, 5).await;
    let now = app.now();
    let asking = app.clone();
    let asked = tokio::spawn(async move { level(&asking, 1, &format!("?asOf={now}")).await });
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert!(!asked.is_finished(), "more may be recorded at this moment");
    app.add(1, 3).await;
    app.clock.move_millis(1);
    assert_eq!(asked.await.unwrap()["onHand"], 8);
    app.shut_down().await;
}

#[tokio::test]
async fn before_the_first_event_there_is_nothing_and_the_moment_of_the_first_is_told() {
    on_each_store(async |app| {
        let before = app.now();
        app.clock.move_seconds(60);
        let first = app.now();
        app.add(1, 5).await;
        app.clock.move_seconds(60);
        let path =
            |number, query: &str| format!("/stores/{STORE}/products/{}?{query}", product(number));
        for query in [format!("asOf={before}"), format!("asOf={before}&effectiveAt={before}")] {
            let told = app.get(&path(1, &query)).await.problem(404, "not-found");
            assert_eq!(told["firstRecordedAt"], json!(first), "{told}");
            let detail = told["detail"].as_str().unwrap();
            assert!(
                detail.contains(&before.to_string()) && detail.contains(&first.to_string()),
                "{told}"
            );
        }
        assert_eq!(app.get(&path(1, &format!("asOf={first}"))).await.expect(200).body["onHand"], 5);
        let never = app.get(&path(2, &format!("asOf={before}"))).await.problem(404, "not-found");
        assert!(never.get("firstRecordedAt").is_none(), "{never}");
    })
    .await;
}

#[tokio::test]
async fn a_past_moment_can_be_asked_by_what_was_known_and_by_what_was_true() {
    on_each_store(async |app| {
        app.add(1, 10).await;
        app.clock.move_seconds(3_600);
        let (before_sale, between) = (minutes_ago(&app.clock, 40), minutes_ago(&app.clock, 10));
        app.hold(1, 1, 2).await.expect(201);
        let believed = app.now();
        app.clock.move_seconds(3_600);
        tell(app, Door::Route, 1, [adjust(-4, 90), count(9, 75), receive(5, 65)]).await;
        let read = async |query: String| {
            let level = level(app, 1, &query).await;
            [level["onHand"].as_i64().unwrap(), level["reserved"].as_i64().unwrap()]
        };
        assert_eq!(read("?consistency=strong".into()).await, [14, 0]);
        assert_eq!(read(format!("?asOf={between}")).await, [10, 0]);
        assert_eq!(read(format!("?effectiveAt={before_sale}")).await, [10, 0]);
        let true_then = minutes_ago(&app.clock, 80);
        assert_eq!(read(format!("?effectiveAt={true_then}")).await, [6, 0]);
        assert_eq!(read(format!("?effectiveAt={}", minutes_ago(&app.clock, 70))).await, [9, 0]);
        assert_eq!(read(format!("?effectiveAt={believed}")).await, [14, 2]);
        // what was believed then about that moment
        assert_eq!(read(format!("?effectiveAt={true_then}&asOf={believed}")).await, [10, 0]);
        // what the count had seen moves nothing now, but was there between its own time and the count's
        tell(app, Door::Route, 1, [receive(2, 85)]).await;
        assert_eq!(read(format!("?effectiveAt={true_then}")).await, [8, 0]);
        assert_eq!(read(format!("?effectiveAt={}", minutes_ago(&app.clock, 70))).await, [9, 0]);
        let counted = level(app, 1, &format!("?effectiveAt={believed}")).await;
        assert_eq!(counted["countedAt"], json!(minutes_ago(&app.clock, 75)));
        assert_eq!(counted["asOf"], json!(believed));

        let path = format!("/stores/{STORE}/products/{}", product(1));
        let future = app.get(&format!("{path}?effectiveAt=2027-01-01T00:00:00Z")).await;
        let problem = future.problem(422, "invalid");
        assert!(problem.to_string().contains("effectiveAt"), "{problem}");
        app.get(&format!("{path}?effectiveAt={believed}&minPosition=1"))
            .await
            .problem(422, "invalid");
    })
    .await;
}

#[tokio::test]
async fn movements_are_listed_by_either_time_and_by_the_period() {
    on_each_store(async |app| {
        app.add(1, 50).await;
        app.clock.move_seconds(7_200);
        let minutes = [10, 90, 30, 30, 60, 20];
        for (quantity, minutes) in (1..).zip(minutes) {
            tell(app, Door::Route, 1, [receive(quantity, minutes)]).await;
            app.clock.move_seconds(1);
        }
        // those that tell the same minutes ago happened a second apart, as they were told
        let listed = async |query: String, page: &str| {
            let (mut all, mut next) = (Vec::new(), String::new());
            loop {
                let path =
                    format!("/stores/{STORE}/products/{}/history?{query}{page}{next}", product(1));
                let body = app.get(&path).await.expect(200).body;
                let items = body["items"].as_array().unwrap();
                all.extend(items.iter().map(|item| item["quantity"].as_i64().unwrap()));
                match body["nextCursor"].as_str() {
                    Some(cursor) => next = format!("&cursor={cursor}"),
                    None => return all,
                }
            }
        };
        for page in ["", "&limit=1", "&limit=4", "&limit=7"] {
            let recorded = listed("orderBy=recordedAt".into(), page).await;
            assert_eq!(recorded, [6, 5, 4, 3, 2, 1, 50], "{page}");
            let happened = listed("orderBy=occurredAt".into(), page).await;
            assert_eq!(happened, [1, 6, 4, 3, 5, 2, 50], "{page}");
            let (from, to) = (minutes_ago(&app.clock, 61), minutes_ago(&app.clock, 25));
            let period = format!("from={from}&to={to}");
            let happened = listed(format!("orderBy=occurredAt&{period}"), page).await;
            assert_eq!(happened, [4, 3, 5], "{page}");
            let recorded = listed(format!("orderBy=recordedAt&{period}"), page).await;
            assert!(recorded.is_empty(), "{recorded:?}");
            let since = minutes_ago(&app.clock, 60);
            let recorded = listed(format!("from={since}"), page).await;
            assert_eq!(recorded, [6, 5, 4, 3, 2, 1], "{page}");
            let until = listed(format!("to={since}"), page).await;
            assert_eq!(until, [50], "{page}");
        }
        let path = format!("/stores/{STORE}/products/{}/history?orderBy=colour", product(1));
        app.get(&path).await.problem(422, "invalid");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_questions_about_the_past_take_turns_and_are_all_answered() {
    let app = App::start("memory").await;
    tell(&app, Door::Route, 1, [receive(9, 60), count(7, 30)]).await;
    let then = minutes_ago(&app.clock, 45);
    let mut asked = JoinSet::new();
    for number in 0..200 {
        let app = app.clone();
        asked.spawn(async move {
            if number % 10 == 0 {
                tell(&app, Door::Route, 1, [receive(1, 40)]).await;
            }
            level(&app, 1, &format!("?effectiveAt={then}")).await["onHand"].as_u64().unwrap()
        });
    }
    // what is told meanwhile happened later
    assert!(asked.join_all().await.into_iter().all(|on_hand| on_hand == 9));
    app.shut_down().await;
}
