//! Messages of the catalogue that this context consumes, and messages of stock that it publishes.

use std::sync::Arc;

use gondola_contracts::{
    CloudEvent, IntegrationEvent, InventoryUpdatedEvent, ProductState, ProductStatus, StoreKind,
    StoreState, StoreStatus, topics,
};
use kit_core::{Position, Timestamp, Version};
use kit_event_bus::{EventBus, MemoryBus, Message, Subscription};
use kit_event_store::EventStore;
use kit_event_store::memory::MemoryStore;
use kit_testkit::flaky_bus::FlakyBus;
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::app::{App, PATIENCE, STORE, about, midnight, ndjson, product, reservation};

/// The log that the catalogue is told from.
pub(crate) const LOG: Uuid = Uuid::from_u128(0xca7a);

async fn start(log: &Arc<dyn EventStore>, bus: impl EventBus + 'static) -> (App, TempDir) {
    let (folder, clock, log) = (TempDir::new().unwrap(), midnight(), Arc::clone(log));
    let app = App::start_on_bus(log, folder.path(), clock, false, Arc::new(bus)).await;
    (app, folder)
}

fn empty_log() -> Arc<dyn EventStore> {
    Arc::new(MemoryStore::new())
}

pub(crate) fn told(number: u32, event: IntegrationEvent) -> Message {
    told_by(LOG, number, event)
}

pub(crate) fn told_by(log: Uuid, number: u32, event: IntegrationEvent) -> Message {
    let event = CloudEvent {
        id: Uuid::from_u128(number.into()),
        time: Timestamp::default(),
        incarnation: Some(log),
        position: Position::new(number.into()),
        stream_version: Version::new(1),
        correlation_id: Uuid::from_u128(7),
        event,
    };
    Message {
        topic: event.event.event_type().into(),
        key: event.event.subject().into(),
        id: event.id,
        payload: event.to_json().into(),
        trace: None,
    }
}

pub(crate) fn registered_store() -> IntegrationEvent {
    IntegrationEvent::StoreRegistered(StoreState {
        store_id: STORE.parse().unwrap(),
        code: "2106".into(),
        name: "Hillstreet".into(),
        region: "IA".into(),
        city: None,
        address: None,
        postal_code: None,
        location: None,
        longest_hold_seconds: None,
        kind: StoreKind::Shop,
        detailed_kind: None,
        status: StoreStatus::Active,
        detailed_status: None,
        status_reason: None,
        version: 1,
    })
}

pub(crate) fn registered_product(number: u32) -> IntegrationEvent {
    IntegrationEvent::ProductRegistered(ProductState {
        product_id: product(number).parse().unwrap(),
        sku: format!("SKU-{number}"),
        name: "Thing".into(),
        category: None,
        brand: None,
        gtin: None,
        unit_price: None,
        status: ProductStatus::Active,
        version: 1,
    })
}

/// Adds a unit by code and SKU as soon as both names have arrived.
async fn add_by_name(app: &App, number: u32) {
    let body = json!({"storeCode": "2106", "productSku": format!("SKU-{number}"), "quantity": 1});
    let added = async { while app.post("/stock", body.clone()).await.status != 201 {} };
    let in_time = tokio::time::timeout(PATIENCE, added).await;
    assert!(in_time.is_ok(), "SKU-{number} in store 2106 never became known");
}

#[tokio::test]
async fn the_replica_converges_though_every_third_call_of_the_bus_fails() {
    let bus = MemoryBus::default();
    let (app, _folder) = start(&empty_log(), FlakyBus::new(Arc::new(bus.clone()), 3)).await;
    bus.publish(vec![told(0, registered_store())]).await.unwrap();
    for number in 1..=10 {
        bus.publish(vec![told(number, registered_product(number))]).await.unwrap();
    }
    for number in 1..=10 {
        add_by_name(&app, number).await;
    }
    app.shut_down().await;
}

#[tokio::test]
async fn what_a_store_allows_comes_with_its_names() {
    let bus = MemoryBus::default();
    let (app, _folder) = start(&empty_log(), bus.clone()).await;
    let IntegrationEvent::StoreRegistered(mut store) = registered_store() else { panic!() };
    store.longest_hold_seconds = Some(30 * 86_400);
    let messages =
        [told(0, IntegrationEvent::StoreRegistered(store)), told(1, registered_product(1))];
    bus.publish(messages.into()).await.unwrap();
    add_by_name(&app, 1).await;
    for (days, status) in [(30, 201), (31, 422)] {
        let body = json!({"storeCode": "2106", "productSku": "SKU-1", "quantity": 1, "ttlSeconds": days * 86_400});
        app.post("/reserve", body).await.expect(status);
        app.add(1, 1).await;
    }
    app.shut_down().await;
}

#[tokio::test]
async fn an_unreadable_event_keeps_no_other_name_from_arriving() {
    let bus = MemoryBus::default();
    let (app, _folder) = start(&empty_log(), bus.clone()).await;
    let unreadable = Message { payload: "{}".into(), ..told(1, registered_product(1)) };
    let messages = [told(0, registered_store()), unreadable, told(2, registered_product(2))];
    bus.publish(messages.into()).await.unwrap();
    add_by_name(&app, 2).await;
    app.shut_down().await;
}

/// The next stock level that is published.
async fn next(news: &mut Box<dyn Subscription>) -> InventoryUpdatedEvent {
    let delivery = tokio::time::timeout(PATIENCE, news.next()).await.unwrap().unwrap();
    let event = CloudEvent::from_json(&delivery.message().payload).unwrap().event;
    delivery.ack().await.unwrap();
    let IntegrationEvent::InventoryUpdated(level) = event else { panic!("{event:?}") };
    level
}

#[tokio::test]
async fn every_change_of_a_stock_level_is_told_with_the_full_level() {
    let (bus, log) = (MemoryBus::default(), empty_log());
    let mut news = bus.subscribe("test", topics::INVENTORY).await.unwrap();
    let (app, _folder) = start(&log, bus).await;
    app.add(1, 9).await;
    app.hold(1, 1, 4).await.expect(201);
    app.add(2, 5).await;
    let sold = json!({"reservationId": reservation(1), "transactionId": "T-1"});
    app.post("/commit", sold).await.expect(200);

    for (number, version, units, cause) in [
        (1, 1, [9, 0, 9], "StockAddedEvent"),
        (1, 2, [9, 4, 5], "StockReservedEvent"),
        (2, 1, [5, 0, 5], "StockAddedEvent"),
        (1, 3, [5, 0, 5], "StockCommittedEvent"),
    ] {
        let [on_hand, reserved, available] = units;
        let expected = InventoryUpdatedEvent {
            product_id: product(number).parse().unwrap(),
            store_id: STORE.parse().unwrap(),
            on_hand,
            reserved,
            available,
            reorder_point: Some(0),
            shortfall: Some(0),
            adjusted: None,
            version,
            cause: cause.into(),
        };
        assert_eq!(next(&mut news).await, expected);
    }
    app.shut_down().await;
}

/// Snapshots are newer than the first events here, and of no use for them.
#[tokio::test]
async fn a_bus_that_forgets_is_told_every_level_again_from_its_first_event() {
    const EVENTS: usize = 1_200;
    let log = empty_log();
    let (app, _folder) = start(&log, MemoryBus::default()).await;
    let adds: Vec<_> =
        (0..EVENTS).map(|_| about(1, json!({"op": "stock", "quantity": 1}))).collect();
    let request = http::Request::post("/api/v1/inventory/batch")
        .header("content-type", "application/x-ndjson")
        .body(ndjson(&adds).into());
    app.call(request.unwrap()).await.expect(200);
    assert_eq!(log.head().borrow().get(), EVENTS as u64);
    app.shut_down().await;

    let bus = MemoryBus::default();
    let mut news = bus.subscribe("test", topics::INVENTORY).await.unwrap();
    let (app, _folder) = start(&log, bus).await;
    for version in 1..=EVENTS as u64 {
        let level = next(&mut news).await;
        assert_eq!((level.version, level.on_hand, level.available), (version, version, version));
    }
    app.shut_down().await;
}
