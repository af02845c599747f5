//! Two processes on one log: none may trust what it remembers.

use std::sync::Arc;

use kit_event_store::memory::MemoryStore;
use serde_json::json;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::app::{App, STORE, about, midnight, product};

/// Two contexts that share a log and a clock, each with views of its own.
pub(crate) async fn pair(folder: &TempDir) -> [App; 2] {
    let (store, clock) = (Arc::new(MemoryStore::shared()), midnight());
    let start = async |name: &str| {
        App::start_on(Arc::clone(&store) as _, &folder.path().join(name), clock.clone(), false)
            .await
    };
    [start("one").await, start("other").await]
}

#[tokio::test]
async fn a_refusal_decided_on_what_was_remembered_is_not_final() {
    let folder = TempDir::new().unwrap();
    let [one, other] = pair(&folder).await;
    one.add(1, 1).await;
    one.hold(1, 1, 1).await.expect(201);
    one.hold(1, 2, 1).await.problem(409, "insufficient-stock");
    // restocked by the other process, which the first has not seen
    other.add(1, 5).await;
    one.hold(1, 2, 5).await.expect(201);
    // and the other way round
    other.hold(1, 3, 1).await.problem(409, "insufficient-stock");
    one.release(2).await.expect(200);
    other.hold(1, 3, 5).await.expect(201);
    // a reservation that the other process made can be ended here, once
    one.commit(3, "T-3").await.expect(200);
    other.release(3).await.problem(409, "already-committed");
    assert!(other.commit(3, "T-3").await.expect(200).is_replayed());
    one.shut_down().await;
    other.shut_down().await;
}

#[tokio::test]
async fn a_success_without_a_change_is_not_decided_on_what_was_remembered() {
    let folder = TempDir::new().unwrap();
    let [one, other] = pair(&folder).await;
    one.add(1, 9).await;
    one.post("/policy", about(1, json!({"safetyStock": 3}))).await.expect(200);
    other.post("/policy", about(1, json!({"safetyStock": 4}))).await.expect(200);
    // the first remembers 3, so that 3 would be no change
    let level = one.post("/policy", about(1, json!({"safetyStock": 3}))).await.expect(200);
    assert_eq!((&level.body["safetyStock"], &level.body["version"]), (&json!(3), &json!(4)));
    one.shut_down().await;
    other.shut_down().await;
}

#[tokio::test]
async fn a_key_counts_in_every_process() {
    let folder = TempDir::new().unwrap();
    let [one, other] = pair(&folder).await;
    let body = about(1, json!({"quantity": 5}));
    let first = one.post_with_key("/stock", "k", body.clone()).await.expect(201);
    let again = other.post_with_key("/stock", "k", body).await.expect(201);
    assert!(again.is_replayed());
    assert_eq!(again.body, first.body);
    one.shut_down().await;
    other.shut_down().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_in_two_processes_never_oversell() {
    const UNITS: u32 = 60;
    const CLIENTS: u32 = 16;
    let folder = TempDir::new().unwrap();
    let apps = pair(&folder).await;
    apps[0].add(1, UNITS).await;
    let mut clients = JoinSet::new();
    for client in 0..CLIENTS {
        let app = apps[usize::from(client % 2 == 1)].clone();
        clients.spawn(async move {
            let (mut accepted, mut number) = (0, 0);
            loop {
                let answer = app.hold(1, client * 1_000 + number, 1).await;
                match (answer.status.as_u16(), answer.body["code"].as_str()) {
                    (201, _) => (accepted, number) = (accepted + 1, number + 1),
                    // the other process was faster three times: the same request again
                    (409, Some("concurrency-conflict")) => tokio::task::yield_now().await,
                    (409, Some("insufficient-stock")) => return accepted,
                    _ => panic!("{}", answer.text),
                }
            }
        });
    }
    let accepted: u32 = clients.join_all().await.into_iter().sum();
    assert_eq!(accepted, UNITS);
    let head = u64::from(UNITS) + 1;
    for app in apps {
        let path = format!("/stores/{STORE}/products/{}?minPosition={head}", product(1));
        let level = app.get(&path).await.expect(200);
        let told =
            ["onHand", "reserved", "available"].map(|field| level.body[field].as_u64().unwrap());
        assert_eq!(told, [u64::from(UNITS), u64::from(UNITS), 0]);
        app.shut_down().await;
    }
}

#[tokio::test]
async fn a_strong_read_sees_what_another_process_wrote() {
    let folder = TempDir::new().unwrap();
    let [one, other] = pair(&folder).await;
    one.add(1, 1).await;
    assert_eq!(other.units(1).await, [1, 0, 1]);
    one.hold(1, 1, 1).await.expect(201);
    assert_eq!(other.units(1).await, [1, 1, 0]);
    one.shut_down().await;
    other.shut_down().await;
}
