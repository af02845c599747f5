//! Messages to other contexts.

use gondola_contracts::{CloudEvent, IntegrationEvent, topics::CATALOGUE};
use kit_core::Position;
use kit_event_bus::{EventBus, MemoryBus, Message, Subscription};
use serde_json::json;

use crate::app::{App, PATIENCE};

async fn next(subscription: &mut Box<dyn Subscription>) -> (Message, CloudEvent) {
    let delivery = tokio::time::timeout(PATIENCE, subscription.next()).await.unwrap().unwrap();
    let message = delivery.message().clone();
    delivery.ack().await.unwrap();
    let event = CloudEvent::from_json(&message.payload).unwrap();
    (message, event)
}

#[tokio::test]
async fn changes_are_told_in_order_with_the_full_state() {
    let bus = MemoryBus::default();
    let mut news = bus.subscribe("test", CATALOGUE).await.unwrap();
    let app = App::start_with_bus(bus).await;
    let store = json!({"code": "2106", "name": "Hillstreet", "region": "IA", "kind": "distribution-centre",
                       "location": {"latitude": "42.5", "longitude": "-92.455796"}});
    let store_id = app.post("/api/v1/stores", store).await.expect(201).body["storeId"].clone();
    let product =
        json!({"sku": "A1", "name": "First", "unitPrice": {"minorUnits": 5, "currency": "BRL"}});
    app.post("/api/v1/products", product).await.expect(201);
    app.patch("/api/v1/products/A1", json!({"status": "discontinued", "brand": "B"}))
        .await
        .expect(200);
    app.patch("/api/v1/products/A1", json!({})).await.expect(200);
    let closed = json!({"status": "closed", "longestHoldSeconds": 2_592_000});
    app.patch("/api/v1/stores/2106", closed).await.expect(200);

    let mut told = Vec::new();
    for topic in [CATALOGUE[0], CATALOGUE[2], CATALOGUE[3], CATALOGUE[1]] {
        let (message, event) = next(&mut news).await;
        assert_eq!(&*message.topic, topic);
        assert_eq!(*message.key, event.event.subject());
        assert_eq!(message.id, event.id);
        told.push(event);
    }
    let positions: Vec<_> = told.iter().map(|event| event.position.get()).collect();
    assert_eq!(positions, [1, 2, 3, 4]);
    let IntegrationEvent::StoreRegistered(registered) = &told[0].event else { panic!("{told:?}") };
    assert_eq!(json!(registered.store_id), store_id);
    assert_eq!(
        serde_json::to_value(registered).unwrap(),
        json!({"storeId": store_id, "code": "2106", "name": "Hillstreet", "region": "IA",
               "location": {"latitude": "42.500000", "longitude": "-92.455796"},
               "kind": "distribution-centre", "status": "active", "version": 1})
    );
    let IntegrationEvent::ProductUpdated(updated) = &told[2].event else { panic!("{told:?}") };
    let told_of_product = serde_json::to_value(updated).unwrap();
    assert_eq!(
        (&told_of_product["status"], &told_of_product["brand"], &told_of_product["version"]),
        (&json!("discontinued"), &json!("B"), &json!(2))
    );
    let IntegrationEvent::StoreUpdated(closed) = &told[3].event else { panic!("{told:?}") };
    assert_eq!((closed.version, told[3].stream_version.get()), (2, 2));
    assert_eq!(closed.longest_hold_seconds, Some(2_592_000));
    assert!(app.relay_progress.reach(Position::new(4), PATIENCE).await);
}

/// Contexts that know the first kinds and statuses only promise nothing from a store in maintenance.
#[tokio::test]
async fn what_stores_became_later_is_told_as_what_comes_nearest_with_the_word_beside_it() {
    let bus = MemoryBus::default();
    let mut news = bus.subscribe("test", CATALOGUE).await.unwrap();
    let app = App::start_with_bus(bus).await;
    for (kind, status, told) in [
        ("shop", "active", json!(["shop", null, "active", null])),
        ("hub", "closed", json!(["distribution-centre", "hub", "closed", null])),
        (
            "cross-docking",
            "maintenance",
            json!(["distribution-centre", "cross-docking", "closed", "maintenance"]),
        ),
        ("pick-up-point", "active", json!(["shop", "pick-up-point", "active", null])),
        ("dark-store", "active", json!(["dark-store", null, "active", null])),
    ] {
        let store =
            json!({"code": kind, "name": "n", "region": "r", "kind": kind, "status": status});
        app.post("/api/v1/stores", store).await.expect(201);
        let event = serde_json::to_value(next(&mut news).await.1.event).unwrap();
        let word = |field: &str| event[field].clone();
        let found = ["kind", "detailedKind", "status", "detailedStatus"].map(word);
        assert_eq!(json!(found), told);
    }
}

#[tokio::test]
async fn a_full_bus_neither_loses_events_nor_keeps_the_context_from_ending() {
    let bus = MemoryBus::new(std::num::NonZeroUsize::new(2).unwrap());
    let mut news = bus.subscribe("test", CATALOGUE).await.unwrap();
    let app = App::start_with_bus(bus.clone()).await;
    for number in 0..10 {
        let body = json!({"sku": format!("S{number}"), "name": "Thing"});
        app.post("/api/v1/products", body).await.expect(201);
    }
    for number in 1..=5 {
        assert_eq!(next(&mut news).await.1.position.get(), number);
    }
    // five events are left and two fit in
    app.shut_down().await;
}
