//! Every append of a checkout's life fails in turn, or is the last before a crash: it ends all the same, as all or nothing, and
//! each step is done once.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use http::Request;
use kit_core::Position;
use kit_event_store::EventStore;
use kit_testkit::clock::SimClock;
use kit_testkit::instrumented_store::{AppendFault, InstrumentedStore};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, PATIENCE, midnight};
use crate::checkouts::{Confirmations, Kept, basket, checkouts};
use crate::proved::{provable, proved};

/// Appends of such a life: seven events of the checkout, a hold and a sale.
const APPENDS: usize = 9;

/// What the streams of checkouts begin with.
const PREFIX: &str = "checkout-";

async fn start(
    log: Arc<dyn EventStore>,
    folder: &TempDir,
    views: &str,
    clock: &SimClock,
    confirmations: &Arc<Confirmations>,
) -> App {
    let served = Arc::clone(confirmations) as _;
    App::start_confirming(log, &folder.path().join(views), clock.clone(), served).await
}

/// Sends a request under a key until it is answered.
async fn send(app: &App, path: &str, key: &str, body: Value) -> Value {
    loop {
        let request = Request::post(format!("/api/v1/checkouts{path}"))
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

/// Waits until it stands like one of these, by itself.
async fn until(app: &App, id: &str, statuses: &[&str]) -> String {
    loop {
        let answer = checkouts(app).get(&format!("/{id}")).await;
        let status = answer.body["status"].as_str().unwrap_or_default();
        if statuses.contains(&status) {
            return status.to_owned();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Sells two of five units, while the append of a number fails.
async fn live(number: usize, fault: AppendFault) {
    let (folder, confirmations) = (TempDir::new().unwrap(), Arc::new(Confirmations::default()));
    let clock = midnight();
    let inner = provable(folder.path(), &clock);
    let store = Arc::new(InstrumentedStore::around(Arc::clone(&inner)));
    let log = Arc::clone(&store) as Arc<dyn EventStore>;
    let app = start(log, &folder, "views", &clock, &confirmations).await;
    app.add(1, 5).await;
    let before = store.appends();
    store.fail_append(before + number, fault);
    let begun = send(&app, "", "request", basket()).await;
    let id = begun["checkoutId"].as_str().unwrap();
    until(&app, id, &["active"]).await;
    let sale = json!({"transactionId": "T-1"});
    send(&app, &format!("/{id}/commit"), "commit", sale).await;
    until(&app, id, &["committed"]).await;
    assert!(store.appends() - before >= APPENDS, "the life is shorter than {APPENDS} appends");
    let events = inner.read_all(Position::ZERO, 1_000).await.unwrap();
    let count = |name| events.iter().filter(|event| event.event.event_type == name).count();
    let once = ["StockReservedEvent", "StockCommittedEvent", "CheckoutRequestedEvent"].map(count);
    assert_eq!(once, [1, 1, 1], "append {number}");
    assert_eq!(app.units(1).await, [3, 0, 3]);
    assert_eq!(confirmations.all(), [Kept::Committed("T-1".to_owned())]);
    app.shut_down().await;
    let found = proved(folder.path()).sagas.checkouts;
    assert_eq!((found.committed, found.all()), (1, 1), "append {number}");
}

async fn live_at_each(fault: AppendFault) {
    let lives = (0..APPENDS).map(|number| live(number, fault));
    tokio::time::timeout(PATIENCE * 3, join_all(lives)).await.unwrap();
}

#[tokio::test]
async fn a_checkout_ends_when_any_append_is_refused() {
    live_at_each(AppendFault::Refused).await;
}

#[tokio::test]
async fn a_checkout_ends_when_any_append_is_lost() {
    live_at_each(AppendFault::Lost).await;
}

#[tokio::test]
async fn a_checkout_ends_when_the_reply_to_any_append_is_lost() {
    live_at_each(AppendFault::ReplyLost).await;
}

/// The log stops at an append, as at a crash. The next start goes on: what is not committed by then expires. Whatever the
/// append, units are sold and the order is confirmed, or neither.
async fn crash(number: usize) {
    let (folder, clock) = (TempDir::new().unwrap(), midnight());
    let confirmations = Arc::new(Confirmations::default());
    let inner = provable(folder.path(), &clock);
    let store = Arc::new(InstrumentedStore::around(Arc::clone(&inner)));
    let log = Arc::clone(&store) as Arc<dyn EventStore>;
    let app = start(log, &folder, "one", &clock, &confirmations).await;
    app.add(1, 5).await;
    store.fail_append(store.appends() + number, AppendFault::Stops);
    let begun = checkouts(&app).post("", basket()).await;
    if let Some(id) = begun.body["checkoutId"].as_str() {
        let sale = json!({"transactionId": "T-1"});
        checkouts(&app).post(&format!("/{id}/commit"), sale).await;
    }
    app.shut_down().await;
    let begun = inner.read_all(Position::ZERO, 1_000).await.unwrap();
    let begun = begun.iter().find_map(|event| event.stream.as_str().strip_prefix(PREFIX));
    let begun = begun.map(str::to_owned);
    let app = start(inner, &folder, "two", &clock, &confirmations).await;
    let (mut is_sold, has_begun) = (false, begun.is_some());
    if let Some(id) = begun {
        let stands = ["active", "committed"];
        tokio::time::timeout(PATIENCE, until(&app, &id, &stands)).await.unwrap();
        clock.move_seconds(60);
        let ends = ["committed", "expired", "cancelled", "refused", "revoked"];
        let end = tokio::time::timeout(PATIENCE, until(&app, &id, &ends)).await.unwrap();
        is_sold = end == "committed";
    }
    let expected = if is_sold { [3, 0, 3] } else { [5, 0, 5] };
    assert_eq!(app.units(1).await, expected, "append {number}");
    let kept = confirmations.all();
    let confirmed = kept.iter().any(|kept| matches!(kept, Kept::Committed(_)));
    let waits = kept.contains(&Kept::Prepared);
    assert!(confirmed == is_sold && !waits, "append {number}: {kept:?}");
    app.shut_down().await;
    if has_begun {
        let found = proved(folder.path()).sagas.checkouts;
        assert_eq!((found.committed, found.open), (usize::from(is_sold), 0), "append {number}");
    }
}

#[tokio::test]
async fn a_checkout_is_all_or_nothing_after_a_crash_at_any_append() {
    for number in 0..APPENDS {
        crash(number).await;
    }
}
