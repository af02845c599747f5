//! The stock of stores, as the bus tells it.

use std::sync::Arc;
use std::time::Duration;

use gondola_contracts::{CloudEvent, IntegrationEvent, InventoryUpdatedEvent};
use kit_core::{Position, Timestamp, Version};
use kit_event_bus::{EventBus, MemoryBus, Message};
use kit_event_store::memory::MemoryStore;
use kit_testkit::http::fetch;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::app::{App, PATIENCE};

const STORE: Uuid = Uuid::from_u128(1);

pub(crate) fn product(number: u128) -> Uuid {
    Uuid::from_u128(0x100 + number)
}

/// The news that a stock level has a version; it has ten units for each.
pub(crate) fn news(log: u128, position: u64, number: u128, version: u64) -> Message {
    let event = IntegrationEvent::InventoryUpdated(InventoryUpdatedEvent {
        product_id: product(number),
        store_id: STORE,
        on_hand: 10 * version,
        reserved: version,
        available: 9 * version,
        reorder_point: None,
        shortfall: None,
        adjusted: None,
        version,
        cause: "StockReceivedEvent".to_owned(),
    });
    let told = CloudEvent {
        id: Uuid::from_u128(u128::from(position) << 64 | log),
        time: Timestamp::from_millis(0),
        incarnation: Some(Uuid::from_u128(log)),
        position: Position::new(position),
        stream_version: Version::new(version),
        correlation_id: Uuid::nil(),
        event,
    };
    let (topic, key) = (told.event.event_type().into(), told.event.subject().into());
    Message { topic, key, id: told.id, payload: told.to_json().into(), trace: None }
}

pub(crate) fn stock(query: &str) -> String {
    format!("/api/v1/stores/{STORE}/stock{query}")
}

/// Waits until the copy knows of a position, and returns the versions of the store's products.
pub(crate) async fn versions(app: &App, position: u64) -> Vec<(Value, u64)> {
    let reached = async {
        loop {
            let page = app.get(&stock("")).await.expect(200).body;
            if page["asOfPosition"] == position {
                return page;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let page = tokio::time::timeout(PATIENCE, reached).await.unwrap();
    let item = |item: &Value| (item["productId"].clone(), item["version"].as_u64().unwrap());
    page["items"].as_array().unwrap().iter().map(item).collect()
}

pub(crate) fn expected(all: &[(u128, u64)]) -> Vec<(Value, u64)> {
    all.iter().map(|(number, version)| (json!(product(*number)), *version)).collect()
}

#[tokio::test]
async fn stock_is_shown_as_it_was_told_last() {
    let bus = MemoryBus::default();
    let app = App::start_with_bus(bus.clone()).await;
    let empty = app.get(&stock("")).await.expect(200);
    assert_eq!((&empty.body["items"], &empty.body["asOfPosition"]), (&json!([]), &json!(0)));
    let told = [news(1, 1, 1, 1), news(1, 2, 2, 1), news(1, 3, 1, 2), news(1, 4, 3, 1)];
    bus.publish(told.to_vec()).await.unwrap();
    assert_eq!(versions(&app, 4).await, expected(&[(1, 2), (2, 1), (3, 1)]));
    // told once more from the beginning, as a publisher does that was killed
    bus.publish([&told[..], &[news(1, 5, 2, 2)]].concat()).await.unwrap();
    assert_eq!(versions(&app, 5).await, expected(&[(1, 2), (2, 2), (3, 1)]));

    let one = app.get(&stock(&format!("?product={}", product(1)))).await.expect(200).body;
    let item = json!({"productId": product(1), "onHand": 20, "reserved": 2, "available": 18, "version": 2,
                      "position": 3});
    assert_eq!(one["items"], json!([item]));
    let other = format!("/api/v1/stores/{}/stock", Uuid::from_u128(9));
    assert_eq!(app.get(&other).await.expect(200).body["items"], json!([]));
    app.get("/api/v1/stores/NOWHERE/stock").await.expect(404);
    app.get(&stock("?product=NOTHING")).await.expect(404);
}

#[tokio::test]
async fn stock_is_shown_in_pages_that_say_how_old_they_are() {
    let bus = MemoryBus::default();
    let app = App::start_with_bus(bus.clone()).await;
    let told = (1..=5).map(|number| news(1, number, u128::from(number), 1)).collect();
    bus.publish(told).await.unwrap();
    versions(&app, 5).await;
    let mut seen = Vec::new();
    let mut cursor = String::new();
    for count in [2, 2, 1] {
        let page = app.get(&stock(&format!("?limit=2{cursor}"))).await.expect(200).body;
        let items = page["items"].as_array().unwrap().clone();
        assert_eq!(items.len(), count);
        seen.extend(items.iter().map(|item| item["productId"].clone()));
        cursor =
            page["nextCursor"].as_str().map_or_else(String::new, |next| format!("&cursor={next}"));
    }
    assert_eq!((seen, &*cursor), ((1..=5).map(|number| json!(product(number))).collect(), ""));
    let age = async {
        loop {
            if let Some(age) = app.get(&stock("")).await.body["ageMs"].as_u64() {
                return age;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(PATIENCE, age).await.unwrap() < 60_000);
}

#[tokio::test]
async fn what_was_told_is_known_after_a_restart_and_another_log_begins_anew() {
    let (folder, log) = (TempDir::new().unwrap(), Arc::new(MemoryStore::new()));
    let bus = MemoryBus::default();
    let app = App::start_on(log.clone(), folder.path(), bus.clone()).await;
    bus.publish(vec![news(1, 1, 1, 1), news(1, 2, 2, 1)]).await.unwrap();
    versions(&app, 2).await;
    app.shut_down().await;

    let app = App::start_on(log, folder.path(), bus.clone()).await;
    assert_eq!(versions(&app, 2).await, expected(&[(1, 1), (2, 1)]));
    // an older copy of the inventory's log was put back, and went another way
    bus.publish(vec![news(2, 1, 1, 1), news(1, 3, 2, 2)]).await.unwrap();
    assert_eq!(versions(&app, 1).await, expected(&[(1, 1)]));
}

#[tokio::test]
async fn a_message_that_cannot_be_read_parks_its_level_until_it_is_drained() {
    let bus = MemoryBus::default();
    let app = App::start_with_bus(bus.clone()).await;
    let unreadable = Message { payload: "{}".into(), ..news(1, 1, 1, 1) };
    bus.publish(vec![unreadable, news(1, 2, 1, 2), news(1, 3, 2, 1)]).await.unwrap();
    assert_eq!(versions(&app, 3).await, expected(&[(2, 1)]));
    let health = fetch(&app.readiness.routes(), "/health/ready").await.expect(200);
    assert!(health.text.contains("/api/v1/stock-copy/drain"), "{}", health.text);

    let drain = async |query: &str| {
        let uri = format!("/api/v1/stock-copy/drain{query}");
        app.post(&uri, json!({})).await.expect(200).body
    };
    assert_eq!(drain("").await, json!({"handled": 0, "dropped": 0, "parked": 1}));
    let dropped = drain("?dropUnreadable=true").await;
    assert_eq!(dropped, json!({"handled": 1, "dropped": 1, "parked": 0}));
    assert_eq!(versions(&app, 3).await, expected(&[(1, 2), (2, 1)]));
}
