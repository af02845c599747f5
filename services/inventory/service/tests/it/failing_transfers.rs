//! Every append of a transfer's life fails in turn: it ends all the same, each step is done once, and `gondola verify` finds so.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use gondola_verify::InTransit;
use http::Request;
use kit_core::Position;
use kit_event_store::EventStore;
use kit_testkit::instrumented_store::{AppendFault, InstrumentedStore};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, BASE, PATIENCE, STORE, midnight, product};
use crate::proved::provable;
use crate::simulated_transfers::conserved;

/// The store that receives.
const OTHER: &str = "11111111-1111-1111-1111-111111111112";

/// Units in [`STORE`] at the beginning.
const UNITS: u32 = 10;

/// Appends of such a life: what is ordered, what a store does and what comes of it, four times.
const APPENDS: usize = 12;

/// A client that sends each request under a key until it is answered, and waits until the transfer stands as it expects.
struct Client<'a> {
    app: &'a App,
    transfer: String,
}

impl Client<'_> {
    async fn send(&self, path: &str, key: &str, body: Value) -> Value {
        loop {
            let request = Request::post(format!("{BASE}{path}"))
                .header("content-type", "application/json")
                .header("idempotency-key", key)
                .body(body.to_string().into());
            let answer = self.app.call(request.unwrap()).await;
            match answer.status.as_u16() {
                200 | 201 => return answer.body,
                // nobody knows, or a step is under way
                500 | 503 | 409 => tokio::time::sleep(Duration::from_millis(20)).await,
                other => panic!("{path}: {other}: {}", answer.text),
            }
        }
    }

    async fn act(&self, verb: &str, key: &str, body: Value) {
        self.send(&format!("/transfers/{}/{verb}", self.transfer), key, body).await;
    }

    /// Waits until a line has so many units in transit.
    async fn until(&self, status: &str, in_transit: u64) {
        loop {
            let answer = self.app.get(&format!("/transfers/{}", self.transfer)).await;
            let (found, line) = (&answer.body["status"], &answer.body["lines"][0]);
            if found == status && line["inTransit"] == in_transit {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Sends six units and receives them in two parts, while the append of a number fails.
async fn live(number: usize, fault: AppendFault) {
    let (folder, clock) = (TempDir::new().unwrap(), midnight());
    let store = Arc::new(InstrumentedStore::around(provable(folder.path(), &clock)));
    let log = Arc::clone(&store) as Arc<dyn EventStore>;
    let app = App::start_on(log, &folder.path().join("views"), clock, false).await;
    app.add(1, UNITS).await;
    let before = store.appends();
    store.fail_append(before + number, fault);
    let lines = json!([{"productId": product(1), "quantity": 6}]);
    let body = json!({"sourceStoreId": STORE, "destinationStoreId": OTHER, "lines": lines});
    let mut client = Client { app: &app, transfer: String::new() };
    let begun = client.send("/transfers", "request", body).await;
    client.transfer = begun["transferId"].as_str().unwrap().to_owned();
    client.until("held", 0).await;
    client.act("dispatch", "dispatch", json!({})).await;
    client.until("inTransit", 6).await;
    let part = json!([{"productId": product(1), "received": 4}]);
    client.act("receive", "first", json!({"lines": part})).await;
    client.until("inTransit", 2).await;
    let rest = json!([{"productId": product(1), "received": 1, "short": 1}]);
    client.act("receive", "second", json!({"lines": rest})).await;
    client.until("closed", 0).await;
    assert!(store.appends() - before >= APPENDS, "the life is shorter than {APPENDS} appends");
    let events = store.inner().read_all(Position::ZERO, 1_000).await.unwrap();
    let count = |name| events.iter().filter(|event| event.event.event_type == name).count();
    let once = [count("StockReservedEvent"), count("StockTransferredOutEvent")];
    assert_eq!((once, count("StockTransferredInEvent")), ([1, 1], 2), "append {number}");
    for (place, on_hand) in [(STORE, 4), (OTHER, 5)] {
        let path = format!("/stores/{place}/products/{}?consistency=strong", product(1));
        let level = app.get(&path).await.expect(200).body;
        assert_eq!((&level["onHand"], &level["reserved"]), (&json!(on_hand), &json!(0)));
    }
    app.shut_down().await;
    let found = conserved(folder.path(), UNITS).in_transit;
    let ended = InTransit { transfers: 1, open: 0, units: 0, lost: 1, over: 0 };
    assert_eq!(found, ended, "append {number}");
}

async fn live_at_each(fault: AppendFault) {
    let lives = (0..APPENDS).map(|number| live(number, fault));
    tokio::time::timeout(PATIENCE * 3, join_all(lives)).await.unwrap();
}

#[tokio::test]
async fn a_transfer_ends_when_any_append_is_refused() {
    live_at_each(AppendFault::Refused).await;
}

#[tokio::test]
async fn a_transfer_ends_when_any_append_is_lost() {
    live_at_each(AppendFault::Lost).await;
}

#[tokio::test]
async fn a_transfer_ends_when_the_reply_to_any_append_is_lost() {
    live_at_each(AppendFault::ReplyLost).await;
}
