//! Logs that an earlier release wrote.

use std::sync::Arc;

use gondola_inventory_domain::stream_id;
use kit_core::{Actor, Clock, EncodedEvent, Metadata, Timestamp, Version};
use kit_event_store::memory::MemoryStore;
use kit_event_store::{Append, EventStore, Transaction};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, STORE, midnight, product};
use crate::facts::{Door, adjust, count, level, on_hand, tell};

/// Appends an event to the first product's level as the first release stored it.
async fn stored(
    store: &dyn EventStore,
    version: u64,
    event_type: &str,
    times: [i64; 2],
    data: Value,
) {
    let [occurred_at, recorded_at] = times.map(Timestamp::from_millis);
    let events = vec![EncodedEvent {
        event_id: uuid::Uuid::from_u128(u128::from(version) + 1),
        event_type: event_type.to_owned().into(),
        schema_version: 1,
        occurred_at,
        data: data.to_string().into(),
        personal: None,
    }];
    let stream = stream_id(product(1).parse().unwrap(), STORE.parse().unwrap());
    let append = Append { stream, expected: Version::new(version), events };
    let metadata = Metadata {
        correlation_id: uuid::Uuid::nil(),
        causation_id: uuid::Uuid::from_u128(u128::from(version) + 100),
        actor: Actor::system("test:earlier"),
        recorded_at,
    };
    let transaction = Transaction { appends: vec![append], ..Transaction::new(metadata, 0) };
    store.append(vec![transaction]).await.unwrap();
}

#[tokio::test]
async fn a_log_of_an_earlier_release_keeps_its_numbers_and_follows_the_rule_from_now_on() {
    let (folder, clock, store) =
        (TempDir::new().unwrap(), midnight(), Arc::new(MemoryStore::new()));
    let now = clock.now().as_millis();
    let ago = |minutes: i64| now - minutes * 60_000;
    let facts = [
        ("StockAddedEvent", [ago(60), ago(30)], json!({"quantity": 100})),
        // a late count, applied as the difference to what had been recorded by then
        ("StockAdjustedEvent", [ago(50), ago(20)], json!({"delta": 95, "counted": 95})),
        ("StockAdjustedEvent", [ago(15), ago(10)], json!({"delta": -5})),
    ];
    for (version, (event_type, times, data)) in (0..).zip(facts) {
        stored(&*store, version, event_type, times, data).await;
    }
    let app = App::start_on(store, folder.path(), clock.clone(), false).await;
    assert_eq!(on_hand(&app, 1).await, 190);
    assert_eq!(level(&app, 1, "?minPosition=3").await["onHand"], 190);
    // before the count, which stands at the time it was recorded
    tell(&app, Door::Route, 1, [adjust(-1, 40)]).await;
    assert_eq!(on_hand(&app, 1).await, 190);
    tell(&app, Door::Route, 1, [adjust(-2, 12), count(94, 5), adjust(-4, 7), adjust(1, 3)]).await;
    assert_eq!(on_hand(&app, 1).await, 95);
    app.shut_down().await;
}
