//! What operators do about sagas that are stuck, transfers and batches of tills: see them, have them tried, have them compensated.

use std::sync::Arc;

use kit_event_store::EventStore;
use kit_event_store::memory::MemoryStore;
use kit_testkit::http::{Answer, TestClient};
use kit_testkit::instrumented_store::InstrumentedStore;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, STORE, midnight, product};
use crate::pos_batches::{batch, send, sold};

/// The store that receives.
const OTHER: &str = "11111111-1111-1111-1111-111111111112";

/// A context whose log refuses what it is told to, with ten units in [`STORE`].
struct Troubled {
    app: App,
    log: Arc<InstrumentedStore>,
    _folder: TempDir,
}

impl Troubled {
    async fn start() -> Self {
        let folder = TempDir::new().unwrap();
        let log = Arc::new(InstrumentedStore::new(MemoryStore::new()));
        let store = Arc::clone(&log) as Arc<dyn EventStore>;
        let app = App::start_on(store, &folder.path().join("views"), midnight(), false).await;
        app.add(1, 10).await;
        Self { app, log, _folder: folder }
    }

    /// Asks for a transfer of six units.
    async fn request(&self) -> String {
        let lines = json!([{"productId": product(1), "quantity": 6}]);
        let body = json!({"sourceStoreId": STORE, "destinationStoreId": OTHER, "lines": lines});
        let begun = self.app.post("/transfers", body).await.expect(201).body;
        begun["transferId"].as_str().unwrap().to_owned()
    }

    async fn act(&self, transfer: &str, verb: &str, body: Value) -> Value {
        self.app.post(&format!("/transfers/{transfer}/{verb}"), body).await.expect(200).body
    }

    fn sagas(&self) -> TestClient {
        self.app.below("/api/v1/sagas")
    }

    async fn saga(&self, id: &str) -> Value {
        self.sagas().get(&format!("/{id}")).await.expect(200).body
    }

    /// Asks for something as an operator.
    async fn operate(&self, id: &str, verb: &str) -> Answer {
        self.sagas().post(&format!("/{id}/{verb}"), json!({})).await
    }

    /// Has a step tried that will succeed; where the runner tries it just then there is nothing left to retry. The saga after it.
    async fn retried(&self, id: &str) -> Value {
        let answer = self.operate(id, "retry").await;
        if answer.status != 200 {
            answer.problem(409, "saga-state");
        }
        self.saga(id).await
    }

    /// The sagas that a query lists, once the list has all that the first has.
    async fn listed(&self, saga: &Value, query: &str) -> Vec<Value> {
        let position = saga["position"].as_u64().unwrap();
        let path = format!("?minPosition={position}&{query}");
        self.sagas().get(&path).await.expect(200).body["items"].as_array().unwrap().clone()
    }
}

fn types(saga: &Value) -> Vec<&str> {
    saga["history"].as_array().unwrap().iter().map(|it| it["type"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_compensation_that_keeps_failing_is_listed_until_a_retry_succeeds() {
    let at = Troubled::start().await;
    let id = at.request().await;
    at.log.refuse_type(Some("StockReleasedEvent"));
    at.act(&id, "cancel", json!({"reason": "not needed"})).await;
    let left = at.saga(&id).await;
    assert_eq!((&left["kind"], &left["state"]), (&json!("transfer"), &json!("performing")));
    assert_eq!(
        (&left["step"]["name"], &left["step"]["storeId"]),
        (&json!("release"), &json!(STORE))
    );
    assert!(at.listed(&left, "stuck=true").await.is_empty(), "nobody knows yet that it is stuck");

    at.app.clock.move_seconds(60);
    let failed = at.operate(&id, "retry").await.problem(409, "saga-step-failed");
    assert_eq!(failed["step"], left["step"]["number"]);
    let stuck = at.saga(&id).await;
    assert_eq!((&stuck["state"], &stuck["attempts"]), (&json!("stuck"), &json!(1)));
    assert_eq!(stuck["lastError"], failed["lastError"]);
    assert_eq!(stuck["since"], left["since"], "a failure is no progress");
    for query in ["stuck=true", "kind=transfer&stuck=true", ""] {
        let listed = at.listed(&stuck, query).await;
        assert_eq!(listed.len(), 1, "{query}");
        assert_eq!((&listed[0]["sagaId"], &listed[0]["state"]), (&json!(id), &json!("stuck")));
        assert_eq!((&listed[0]["since"], &listed[0]["history"]), (&left["since"], &Value::Null));
    }
    // what is held is still held: nothing is lost and nothing is given up
    assert_eq!(at.app.units(1).await, [10, 6, 4]);

    at.log.refuse_type(None);
    let done = at.retried(&id).await;
    assert_eq!((&done["state"], &done["status"]), (&json!("ended"), &json!("cancelled")));
    assert_eq!((&done["attempts"], &done["lastError"]), (&json!(0), &Value::Null));
    assert_eq!(at.app.units(1).await, [10, 0, 10]);
    let story = [
        "TransferRequestedEvent",
        "TransferHeldEvent",
        "TransferCancelOrderedEvent",
        "TransferStepDelayedEvent",
        "TransferCancelledEvent",
    ];
    assert_eq!(types(&done), story);
    assert_eq!(done["history"][2]["data"]["detail"], "not needed");
    assert!(at.listed(&done, "").await.is_empty());
    assert_eq!(at.listed(&done, "ended=true").await.len(), 1);
    at.operate(&id, "retry").await.problem(409, "saga-state");
    at.app.shut_down().await;
}

#[tokio::test]
async fn a_saga_is_cancelled_where_that_can_be_compensated_and_else_refused_with_the_reason() {
    let at = Troubled::start().await;
    let held = at.request().await;
    let waiting = at.saga(&held).await;
    assert_eq!(waiting["state"], "waiting");
    assert!(waiting["waitsFor"].as_str().unwrap().contains("dispatch"), "{waiting}");
    assert!(waiting["waitsUntil"].is_string(), "{waiting}");
    at.operate(&held, "retry").await.problem(409, "saga-state");
    let cancelled = at.operate(&held, "cancel").await.expect(200).body;
    assert_eq!((&cancelled["state"], &cancelled["status"]), (&json!("ended"), &json!("cancelled")));
    assert_eq!(at.app.units(1).await, [10, 0, 10]);
    at.operate(&held, "cancel").await.problem(409, "saga-state");

    let leaving = at.request().await;
    at.log.refuse_type(Some("StockTransferredOutEvent"));
    at.act(&leaving, "dispatch", json!({})).await;
    let unknown = at.operate(&leaving, "cancel").await.problem(409, "saga-state");
    let detail = unknown["detail"].as_str().unwrap();
    assert!(detail.contains("dispatch") && detail.contains("retry it first"), "{detail}");
    at.log.refuse_type(None);
    let sent = at.retried(&leaving).await;
    assert_eq!((&sent["state"], &sent["status"]), (&json!("waiting"), &json!("inTransit")));
    let gone = at.operate(&leaving, "cancel").await.problem(409, "transfer-state");
    assert_eq!(gone["transferStatus"], "inTransit");
    assert_eq!(at.app.units(1).await, [4, 0, 4]);

    let nowhere = "99999999-9999-9999-9999-999999999999";
    at.operate(nowhere, "retry").await.problem(404, "not-found");
    at.operate(nowhere, "cancel").await.problem(404, "not-found");
    at.app.shut_down().await;
}

/// What a till has sold has happened: its batch is tried until the store takes it, and nobody can cancel it.
#[tokio::test]
async fn a_batch_of_a_till_that_cannot_be_merged_is_listed_until_a_retry_succeeds() {
    let at = Troubled::start().await;
    at.log.refuse_type(Some("StockAdjustedEvent"));
    let mut line = sold(1, 4, 10);
    // not before the units came, else it would be a shortfall
    line["occurredAt"] = json!("2026-11-27T00:00:00Z");
    let left = send(&at.app, batch(1, &[line])).await.expect(202).body;
    let id = left["posBatchId"].as_str().unwrap();
    let performing = at.saga(id).await;
    assert_eq!(
        (&performing["kind"], &performing["state"], &performing["status"]),
        (&json!("posBatch"), &json!("performing"), &json!("received"))
    );
    assert_eq!(
        (&performing["step"]["name"], &performing["step"]["storeId"]),
        (&json!("merge"), &json!(STORE))
    );
    let failed = at.operate(id, "retry").await.problem(409, "saga-step-failed");
    let stuck = at.saga(id).await;
    assert_eq!((&stuck["state"], &stuck["lastError"]), (&json!("stuck"), &failed["lastError"]));
    assert_eq!(stuck["since"], performing["since"], "a failure is no progress");
    for query in ["stuck=true", "kind=posBatch&stuck=true", "kind=posBatch", ""] {
        let listed = at.listed(&stuck, query).await;
        assert_eq!(listed.len(), 1, "{query}");
        assert_eq!((&listed[0]["sagaId"], &listed[0]["attempts"]), (&json!(id), &json!(1)));
        assert_eq!(listed[0]["createdAt"], performing["createdAt"]);
    }
    assert!(at.listed(&stuck, "kind=transfer").await.is_empty());
    let refused = at.operate(id, "cancel").await.problem(409, "saga-state");
    assert!(refused["detail"].as_str().unwrap().contains("has left the store"), "{refused}");
    assert_eq!(at.app.units(1).await, [10, 0, 10]);

    at.log.refuse_type(None);
    let done = at.retried(id).await;
    assert_eq!((&done["state"], &done["status"]), (&json!("ended"), &json!("merged")));
    assert_eq!(
        types(&done),
        ["PosBatchReceivedEvent", "PosBatchStepDelayedEvent", "PosBatchMergedEvent"]
    );
    assert_eq!(at.app.units(1).await, [6, 0, 6]);
    assert!(at.listed(&done, "").await.is_empty());
    assert_eq!(at.listed(&done, "ended=true").await.len(), 1);
    at.operate(id, "retry").await.problem(409, "saga-state");
    at.app.shut_down().await;
}

/// Each page begins where the one before has ended, whatever kinds are on them.
#[tokio::test]
async fn pages_have_sagas_of_all_kinds_once() {
    let at = Troubled::start().await;
    let transfer = at.request().await;
    at.log.refuse_type(Some("StockAdjustedEvent"));
    let mut ids = vec![transfer];
    for sequence in 1..=3 {
        let left = send(&at.app, batch(sequence, &[sold(1, 1, 10)])).await.expect(202).body;
        ids.push(left["posBatchId"].as_str().unwrap().to_owned());
    }
    let last = at.saga(&ids[3]).await;
    let position = last["position"].as_u64().unwrap();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("?minPosition={position}&limit=1{cursor}");
        let page = at.sagas().get(&path).await.expect(200).body;
        let items = page["items"].as_array().unwrap();
        seen.extend(items.iter().map(|saga| saga["sagaId"].as_str().unwrap().to_owned()));
        let Some(next) = page["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    ids.sort_unstable_by(|one, other| other.cmp(one));
    assert_eq!(seen, ids);
    at.app.shut_down().await;
}
