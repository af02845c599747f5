//! Every append of a split reservation's life fails in turn: it ends all the same, as all or nothing, and each step is done
//! once.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use http::Request;
use kit_core::Position;
use kit_event_store::EventStore;
use kit_testkit::instrumented_store::{AppendFault, InstrumentedStore};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, BASE, PATIENCE, midnight};
use crate::proved::{provable, proved};
use crate::split_reservations::{add, parts, units};

/// Appends of such a life: it is asked for and its commit ordered, and two stores do two steps each, of which each is told.
const APPENDS: usize = 10;

/// What the streams of split reservations begin with.
const PREFIX: &str = "split-reservation-";

/// Sends a request under a key until it is answered.
async fn send(app: &App, path: &str, key: &str, body: Value) -> Value {
    loop {
        let request = Request::post(format!("{BASE}{path}"))
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(body.to_string().into());
        let answer = app.call(request.unwrap()).await;
        match answer.status.as_u16() {
            200..=202 => return answer.body,
            // nobody knows, or it is not active yet
            500 | 503 | 409 => tokio::time::sleep(Duration::from_millis(20)).await,
            other => panic!("{path}: {other}: {}", answer.text),
        }
    }
}

/// Waits until it stands like this, by itself.
async fn until(app: &App, id: &str, status: &str) {
    loop {
        let answer = app.get(&format!("/split-reservations/{id}")).await;
        if answer.body["status"] == status {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Sells two and three of five units in two stores, while the append of a number fails.
async fn live(number: usize, fault: AppendFault) {
    let (folder, clock) = (TempDir::new().unwrap(), midnight());
    let inner = provable(folder.path(), &clock);
    let store = Arc::new(InstrumentedStore::around(Arc::clone(&inner)));
    let log = Arc::clone(&store) as Arc<dyn EventStore>;
    let app = App::start_on(log, &folder.path().join("views"), clock, false).await;
    add(&app, 1, 5).await;
    add(&app, 2, 5).await;
    let before = store.appends();
    store.fail_append(before + number, fault);
    let split = send(&app, "/split-reservations", "request", parts(&[(1, 2), (2, 3)])).await;
    let id = split["splitReservationId"].as_str().unwrap();
    until(&app, id, "active").await;
    let sale = json!({"transactionId": "T-1"});
    send(&app, &format!("/split-reservations/{id}/commit"), "commit", sale).await;
    until(&app, id, "committed").await;
    assert!(store.appends() - before >= APPENDS, "the life is shorter than {APPENDS} appends");
    let events = inner.read_all(Position::ZERO, 1_000).await.unwrap();
    let count = |name| events.iter().filter(|event| event.event.event_type == name).count();
    let once = [count("StockReservedEvent"), count("StockCommittedEvent")];
    assert_eq!(once, [2, 2], "append {number}");
    assert_eq!([units(&app, 1).await, units(&app, 2).await], [[3, 0], [2, 0]]);
    app.shut_down().await;
    let found = proved(folder.path()).sagas.split_reservations;
    assert_eq!((found.committed, found.all()), (1, 1), "append {number}");
}

async fn live_at_each(fault: AppendFault) {
    let lives = (0..APPENDS).map(|number| live(number, fault));
    tokio::time::timeout(PATIENCE * 3, join_all(lives)).await.unwrap();
}

#[tokio::test]
async fn a_split_reservation_ends_when_any_append_is_refused() {
    live_at_each(AppendFault::Refused).await;
}

#[tokio::test]
async fn a_split_reservation_ends_when_any_append_is_lost() {
    live_at_each(AppendFault::Lost).await;
}

#[tokio::test]
async fn a_split_reservation_ends_when_the_reply_to_any_append_is_lost() {
    live_at_each(AppendFault::ReplyLost).await;
}

/// Waits until nothing more comes of it by itself.
async fn settled(app: &App, id: &str) {
    loop {
        let answer = app.get(&format!("/split-reservations/{id}")).await.expect(200);
        let status = answer.body["status"].as_str().unwrap();
        if !["requested", "committing", "releasing"].contains(&status) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The log stops at an append, as at a crash; the next start ends what the one before has begun: all sold, or nothing held.
#[tokio::test]
async fn a_split_reservation_is_all_or_nothing_after_a_crash_at_any_append() {
    for number in 0..APPENDS {
        let (folder, clock) = (TempDir::new().unwrap(), midnight());
        let inner = provable(folder.path(), &clock);
        let store = Arc::new(InstrumentedStore::around(Arc::clone(&inner)));
        let log = Arc::clone(&store) as Arc<dyn EventStore>;
        let app = App::start_on(log, &folder.path().join("one"), clock.clone(), false).await;
        add(&app, 1, 5).await;
        add(&app, 2, 5).await;
        store.fail_append(store.appends() + number, AppendFault::Stops);
        let split = app.post("/split-reservations", parts(&[(1, 2), (2, 3)])).await;
        if let Some(id) = split.body["splitReservationId"].as_str() {
            let sale = json!({"transactionId": "T-1"});
            app.post(&format!("/split-reservations/{id}/commit"), sale).await;
        }
        app.shut_down().await;
        let begun = inner.read_all(Position::ZERO, 1_000).await.unwrap();
        let begun = begun.iter().find_map(|event| event.stream.as_str().strip_prefix(PREFIX));
        let begun = begun.map(str::to_owned);
        let app = App::start_on(inner, &folder.path().join("two"), clock.clone(), false).await;
        let has_begun = begun.is_some();
        if let Some(id) = begun {
            tokio::time::timeout(PATIENCE, settled(&app, &id)).await.unwrap();
        }
        let found = [units(&app, 1).await, units(&app, 2).await];
        let all = [[[3, 0], [2, 0]], [[5, 2], [5, 3]], [[5, 0], [5, 0]]];
        assert!(all.contains(&found), "append {number}: {found:?}");
        app.shut_down().await;
        if has_begun {
            proved(folder.path());
        }
    }
}
