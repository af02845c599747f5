//! What those are told who alert of transfers: in transit until all of it is accounted for.

use std::sync::Arc;

use gondola_inventory::{SagaNews, saga_news};
use kit_core::Position;
use kit_event_store::EventLog as _;
use kit_event_store::memory::MemoryStore;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, STORE, midnight, product};

const OTHER: &str = "11111111-1111-1111-1111-111111111112";

#[tokio::test]
async fn a_transfer_is_in_transit_from_its_dispatch_to_its_last_receipt() {
    let (log, folder) = (Arc::new(MemoryStore::new()), TempDir::new().unwrap());
    let app = App::start_on(Arc::clone(&log) as _, folder.path(), midnight(), false).await;
    app.add(1, 10).await;
    let lines = json!([{"productId": product(1), "quantity": 6}]);
    let body = json!({"sourceStoreId": STORE, "destinationStoreId": OTHER, "lines": lines});
    let transfer = app.post("/transfers", body).await.expect(201).body;
    let id = transfer["transferId"].as_str().unwrap().to_owned();
    let act = async |verb: &str, body: Value| {
        app.post(&format!("/transfers/{id}/{verb}"), body).await.expect(200);
    };
    act("dispatch", json!({})).await;
    for received in [4, 2] {
        let lines = json!([{"productId": product(1), "received": received}]);
        act("receive", json!({"lines": lines})).await;
    }
    let mut told = Vec::new();
    for event in log.read_all(Position::ZERO, 1_000).await.unwrap() {
        if let Some(news) = saga_news(&*log, &event).await.unwrap() {
            let SagaNews { saga, attempts, failure, transit } = news;
            assert_eq!((saga.to_string(), attempts, failure), (id.clone(), 0, None));
            told.extend(transit.map(|transit| {
                assert_eq!(transit.destination.to_string(), OTHER);
                transit.is_in_transit
            }));
        }
    }
    // left, received in part, received to the end
    assert_eq!(told, [true, true, false]);
    app.shut_down().await;
}
