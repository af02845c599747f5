//! A wrong value planted in a view or in the cache before it is found, told and healed from the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use http::Method;
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{App, PATIENCE, STORE, product};

fn bytes(id: &str) -> [u8; 16] {
    *id.parse::<Uuid>().unwrap().as_bytes()
}

/// Changes the row of a product behind everybody's back.
fn plant(app: &App, change: &str, number: u32) {
    let file = Connection::open(app.folder().join("views/views-1.db")).unwrap();
    let key = params![bytes(STORE), bytes(&product(number))];
    let sql = format!("{change} WHERE store_id = ?1 AND product_id = ?2");
    assert_eq!(file.execute(&sql, key).unwrap(), 1, "{sql}");
}

async fn reconcile(app: &App, query: &str) -> Value {
    app.send(Method::POST, &format!("/views/reconcile{query}"), &[], None).await.expect(200).body
}

/// On hand of each level that a list has; lists are read past the cache.
async fn listed(app: &App) -> Vec<u64> {
    let list = app.get(&format!("/stores/{STORE}/products")).await.expect(200).body;
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item["onHand"].as_u64().unwrap()).collect()
}

async fn read(app: &App, number: u32) -> Value {
    app.get(&format!("/stores/{STORE}/products/{}", product(number))).await.expect(200).body
}

#[tokio::test]
async fn a_wrong_row_and_a_lost_one_are_told_and_healed_from_the_log() {
    let app = App::start("sqlite").await;
    app.add(1, 10).await;
    app.hold(1, 1, 3).await.expect(201);
    app.add(2, 5).await;
    let clean = reconcile(&app, "").await;
    let expected = json!({
        "stockLevels": 2, "leftOut": 0, "drifts": [], "repaired": false, "position": 3, "complete": true,
    });
    assert_eq!(clean, expected);

    plant(&app, "UPDATE stock_levels SET on_hand = 99", 1);
    plant(&app, "DELETE FROM stock_levels", 2);
    assert_eq!(listed(&app).await, [99]);
    let told = reconcile(&app, "?repair=false").await;
    let drifts = told["drifts"].as_array().unwrap();
    let field = json!([{"name": "onHand", "log": 10, "found": 99}]);
    assert_eq!((&drifts[0]["copy"], &drifts[0]["fields"]), (&json!("view"), &field), "{told}");
    assert_eq!((&drifts[0]["productId"], drifts.len()), (&json!(product(1)), 2), "{told}");
    assert_eq!(drifts[1]["productId"], json!(product(2)), "{told}");
    assert_eq!((&told["repaired"], listed(&app).await), (&json!(false), vec![99]));

    let healed = reconcile(&app, "").await;
    assert_eq!((&healed["repaired"], &healed["position"]), (&json!(true), &json!(3)), "{healed}");
    assert_eq!(listed(&app).await, [10, 5]);
    assert_eq!(reconcile(&app, "").await, expected, "nothing was written to the log");
    app.add(1, 1).await;
    assert_eq!(reconcile(&app, "").await["drifts"], json!([]));
    assert_eq!(listed(&app).await, [11, 5], "and it goes on from there");
    app.shut_down().await;
}

#[tokio::test]
async fn a_wrong_entry_of_the_cache_is_told_and_forgotten() {
    let app = App::start("sqlite").await;
    app.add(1, 10).await;
    reconcile(&app, "").await;
    plant(&app, "UPDATE stock_levels SET on_hand = 99", 1);
    assert_eq!(read(&app, 1).await["onHand"], 99);
    plant(&app, "UPDATE stock_levels SET on_hand = 10", 1);
    assert_eq!(read(&app, 1).await["onHand"], 99, "the cache has kept it");
    let told = reconcile(&app, "").await;
    let drifts = told["drifts"].as_array().unwrap();
    assert_eq!((drifts.len(), &drifts[0]["copy"]), (1, &json!("cache")), "{told}");
    assert_eq!(told["repaired"], false, "the views are right");
    assert_eq!(read(&app, 1).await["onHand"], 10);
    assert_eq!(reconcile(&app, "").await["drifts"], json!([]));
    app.shut_down().await;
}

#[tokio::test]
async fn a_view_that_is_behind_is_waited_for_once_and_not_for_each_level() {
    let app = App::start("sqlite").await;
    app.add(1, 10).await;
    reconcile(&app, "").await;
    let file = Connection::open(app.folder().join("views/views-1.db")).unwrap();
    file.execute_batch("BEGIN IMMEDIATE").unwrap();
    for number in 1..=8 {
        app.add(number, 1).await;
    }
    let begun = Instant::now();
    let found = reconcile(&app, "").await;
    assert_eq!((&found["leftOut"], &found["stockLevels"]), (&json!(8), &json!(0)), "{found}");
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(10), "two seconds and not sixteen, but {took:?}");
    file.execute_batch("ROLLBACK").unwrap();
    // the view goes on after a pause
    let caught_up = async { while reconcile(&app, "").await["leftOut"] != 0 {} };
    tokio::time::timeout(PATIENCE, caught_up).await.expect("the view goes on");
    app.shut_down().await;
}

#[tokio::test]
async fn levels_that_change_all_the_time_are_no_drift_and_a_log_is_gone_through_in_parts() {
    let app = App::start("memory").await;
    for number in 1..=20 {
        app.add(number, 100).await;
    }
    let (writer, written) = (app.clone(), Arc::new(AtomicU32::new(0)));
    let rounds = Arc::clone(&written);
    let writing = tokio::spawn(async move {
        for round in 0.. {
            writer.add(1 + round % 20, 1).await;
            writer.hold(1 + round % 20, round, 1).await.expect(201);
            rounds.store(round, Ordering::Relaxed);
        }
    });
    for _ in 0..5 {
        let before = written.load(Ordering::Relaxed);
        let found = reconcile(&app, "").await;
        assert_eq!(found["drifts"], json!([]), "{found}");
        // the next look is at other levels
        let more = async {
            while written.load(Ordering::Relaxed) == before {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, more).await.expect("the writer goes on");
    }
    writing.abort();
    assert!(writing.await.unwrap_err().is_cancelled());
    // deadlines pass without an event
    app.clock.move_seconds(61);
    let found = reconcile(&app, "?after=10").await;
    assert_eq!((&found["drifts"], &found["stockLevels"]), (&json!([]), &json!(10)), "{found}");
    app.shut_down().await;
}
