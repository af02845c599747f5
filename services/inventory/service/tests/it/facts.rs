//! Physical facts in short words, told through a route or in bulk.

use http::Request;
use kit_core::{Clock, Timestamp};
use kit_testkit::clock::SimClock;
use serde_json::{Value, json};

use crate::app::{App, BASE, STORE, about, ndjson, product};

/// A fact: the route that takes it, its fields, and how many minutes ago it happened.
pub(crate) type Fact = (&'static str, Value, Option<i64>);

/// How facts are told.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Door {
    Route,
    Bulk,
}

/// The moment so many minutes before the present one of a clock.
pub(crate) fn minutes_ago(clock: &SimClock, minutes: i64) -> Timestamp {
    Timestamp::from_millis(clock.now().as_millis() - minutes * 60_000)
}

/// Units that arrived, so many minutes ago.
pub(crate) fn receive(quantity: u32, minutes: i64) -> Fact {
    ("stock", json!({"quantity": quantity}), Some(minutes))
}

pub(crate) fn count(counted: u32, minutes: i64) -> Fact {
    ("count", json!({"counted": counted}), Some(minutes))
}

pub(crate) fn adjust(delta: i32, minutes: i64) -> Fact {
    ("adjust", json!({"delta": delta, "reason": "Breakage"}), Some(minutes))
}

/// Tells facts about a product one after the other.
pub(crate) async fn tell<const N: usize>(app: &App, door: Door, number: u32, facts: [Fact; N]) {
    let body = |(op, mut fields, minutes): Fact| {
        if let Some(minutes) = minutes {
            fields["occurredAt"] = json!(minutes_ago(&app.clock, minutes));
        }
        (op, about(number, fields))
    };
    let facts = facts.map(body);
    match door {
        Door::Route => {
            for (op, body) in facts {
                let told = app.post(&format!("/{op}"), body).await;
                assert!(told.status.is_success(), "{op}: {}", told.text);
            }
        }
        Door::Bulk => {
            let line = |(op, mut body): (&str, Value)| {
                body["op"] = json!(op);
                body
            };
            let request = Request::post(format!("{BASE}/batch"))
                .header("content-type", "application/x-ndjson");
            let request = request.body(ndjson(&facts.map(line)).into()).unwrap();
            let told = app.call(request).await.expect(200);
            assert!(!told.text.contains("\"problem\""), "{}", told.text);
        }
    }
}

pub(crate) async fn level(app: &App, number: u32, query: &str) -> Value {
    app.get(&format!("/stores/{STORE}/products/{}{query}", product(number))).await.expect(200).body
}

pub(crate) async fn on_hand(app: &App, number: u32) -> Value {
    level(app, number, "?consistency=strong").await["onHand"].clone()
}

pub(crate) async fn history(app: &App, number: u32, query: &str) -> Vec<Value> {
    let path = format!("/stores/{STORE}/products/{}/history{query}", product(number));
    let page = app.get(&path).await.expect(200).body;
    page["items"].as_array().unwrap().clone()
}
