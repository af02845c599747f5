//! The copy of the catalogue's names: while it is filled at a start, and when the catalogue's log is another one.

use std::sync::Arc;

use gondola_contracts::{IntegrationEvent, ProductState};
use http::Method;
use kit_event_bus::{EventBus, MemoryBus, Message};
use kit_event_store::memory::MemoryStore;
use kit_http::Readiness;
use kit_testkit::flaky_bus::FlakyBus;
use kit_testkit::http::{Answer, fetch};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::app::{App, PATIENCE, STORE, about, midnight, product};
use crate::bus::{LOG, registered_product, registered_store, told, told_by};

/// A context whose catalogue has been published once `told` is cancelled.
struct Starting {
    app: App,
    bus: MemoryBus,
    told: CancellationToken,
    _folder: TempDir,
}

impl Starting {
    async fn begin() -> Self {
        let bus = MemoryBus::default();
        Self::begin_on(bus.clone(), bus).await
    }

    /// The context may see the bus through another one.
    async fn begin_on(bus: MemoryBus, seen: impl EventBus + 'static) -> Self {
        let (folder, told) = (TempDir::new().unwrap(), CancellationToken::new());
        let (log, seen) = (Arc::new(MemoryStore::new()), Arc::new(seen));
        let app = App::start_on_bus(log, folder.path(), midnight(), false, seen).await;
        app.context.await_catalogue(told.clone().cancelled_owned());
        Self { app, bus, told, _folder: folder }
    }

    async fn publish(&self, messages: impl Into<Vec<Message>>) {
        self.bus.publish(messages.into()).await.unwrap();
    }

    /// Adds a unit by code and SKU.
    async fn add_by_name(&self, number: u32) -> Answer {
        let sku = format!("SKU-{number}");
        let body = json!({"storeCode": "2106", "productSku": sku, "quantity": 1});
        self.app.post("/stock", body).await
    }

    async fn health(&self) -> Answer {
        let readiness = Readiness::new(self.app.context.module.readiness.clone());
        fetch(&readiness.routes(), "/health/ready").await
    }

    /// Health once the names have been read.
    async fn filled(&self) -> Value {
        let filled = async {
            loop {
                let health = self.health().await;
                if health.status == 200 {
                    return health.body["components"]["catalogueNames"].clone();
                }
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(PATIENCE, filled).await.expect("ready")
    }
}

#[tokio::test(start_paused = true)]
async fn until_the_names_have_been_read_none_is_unknown() {
    let start = Starting::begin().await;
    start.publish([told(0, registered_store()), told(1, registered_product(1))]).await;
    start.add_by_name(1).await.expect(201);
    let health = start.health().await;
    assert_eq!(health.status, 503);
    assert_eq!(health.body["components"]["catalogueNames"]["status"], "DOWN");

    let paths = [
        format!("/stores/{STORE}/products/SKU-2"),
        format!("/stores/2107/products/{}", product(1)),
        "/events?products=SKU-2".to_owned(),
        "/availability?product=SKU-1".to_owned(),
    ];
    for path in paths {
        let unsure = start.app.send(Method::GET, &path, &[], None).await;
        assert_eq!(unsure.header("retry-after"), "1", "{path}");
        unsure.problem(503, "unavailable");
    }
    start.add_by_name(2).await.problem(503, "unavailable");
    // whether product 2 may be promised is not known, but stock needs no catalogue
    start.app.add(2, 5).await;
    start.app.hold(2, 1, 1).await.problem(503, "unavailable");

    // what is awaited from here on is done by other threads, in their own time
    tokio::time::resume();
    start.told.cancel();
    assert_eq!(start.filled().await, json!({"status": "UP"}));
    start.add_by_name(2).await.problem(404, "product-not-found");
    start.app.hold(2, 1, 1).await.expect(201);
    start.app.get("/availability?product=SKU-1").await.expect(200);
    start.app.shut_down().await;
}

#[tokio::test]
async fn a_name_is_known_as_soon_as_it_arrives() {
    let start = Starting::begin().await;
    start.publish([told(0, registered_store())]).await;
    let arrival = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        start.publish([told(2, registered_product(2))]).await;
    };
    let (added, ()) = tokio::join!(start.add_by_name(2), arrival);
    added.expect(201);
    assert_eq!(start.health().await.status, 503, "there may be more to come");
    start.app.shut_down().await;
}

#[tokio::test]
async fn what_is_on_the_bus_is_taken_before_the_names_count_as_read() {
    const NAMES: u32 = 20;
    let bus = MemoryBus::default();
    // each failure costs the feed a pause
    let flaky = FlakyBus::new(Arc::new(bus.clone()), 7);
    let start = Starting::begin_on(bus, flaky).await;
    let names = (1..=NAMES).map(|number| told(number, registered_product(number)));
    start.publish(names.chain([told(0, registered_store())]).collect::<Vec<_>>()).await;
    start.told.cancel();
    start.filled().await;
    let known = start.app.context.catalogue.of_product(product(NAMES).parse().unwrap());
    assert!(known.is_some());
    start.app.shut_down().await;
}

#[tokio::test]
async fn a_message_that_cannot_be_read_does_not_keep_the_names_from_being_read() {
    let start = Starting::begin().await;
    let unreadable = Message { payload: "{}".into(), ..told(1, registered_product(1)) };
    start.publish([told(0, registered_store()), unreadable]).await;
    start.told.cancel();
    let health = start.filled().await;
    assert_eq!(health["status"], "DEGRADED", "{health}");
    assert!(health["detail"].as_str().unwrap().contains("of 1 stores or products"), "{health}");
    // what came after it is kept, and read as soon as somebody says that it is lost
    start.publish([told(2, renamed("SKU-1", 2))]).await;
    let drain = async |query: &str| {
        let drained = start.app.post(&format!("/names/drain{query}"), json!({})).await;
        drained.expect(200).body
    };
    let parked = json!({"handled": 0, "dropped": 0, "parked": 1});
    let kept = async { while drain("").await != parked {} };
    tokio::time::timeout(PATIENCE, kept).await.expect("it is kept");
    let drained = drain("?dropUnreadable=true").await;
    assert_eq!(drained, json!({"handled": 1, "dropped": 1, "parked": 0}));
    start.add_by_name(1).await.expect(201);
    start.app.shut_down().await;
}

/// Product 1 under a name, at a version.
fn renamed(sku: &str, version: u64) -> IntegrationEvent {
    let IntegrationEvent::ProductRegistered(first) = registered_product(1) else { unreachable!() };
    IntegrationEvent::ProductRegistered(ProductState { sku: sku.into(), version, ..first })
}

/// A bus between processes keeps what was told by the former log, and reads its partitions side by side.
#[tokio::test]
async fn what_a_former_log_has_told_counts_no_more_even_if_it_comes_first_or_last() {
    let (former, other) = (Uuid::from_u128(0xca79), LOG);
    let start = Starting::begin().await;
    start.publish([told_by(other, 1, registered_store())]).await;
    start.publish([told_by(former, 2, renamed("SKU-1", 8))]).await;
    start.publish([told_by(other, 3, renamed("SKU-OLD", 2))]).await;
    start.told.cancel();
    start.filled().await;
    start.app.post("/stock", about(1, json!({"quantity": 3}))).await.expect(201);
    let level = |sku: &str| format!("/stores/2106/products/{sku}");
    start.app.get(&level("SKU-OLD")).await.expect(200);
    start.app.get(&level("SKU-1")).await.problem(404, "product-not-found");
    start.app.shut_down().await;
}

#[tokio::test]
async fn names_from_another_log_replace_all_that_were_known_before() {
    let other = Uuid::from_u128(0xca7b);
    let start = Starting::begin().await;
    let of_before = [told(0, registered_store()), told(1, renamed("SKU-1", 7))];
    start.publish(of_before).await;
    start.publish([told_by(other, 1, registered_store())]).await;
    start.publish([told_by(other, 2, renamed("SKU-OLD", 2))]).await;
    // still on its way when the older log was put back
    start.publish([told_by(LOG, 3, renamed("SKU-1", 8))]).await;
    start.told.cancel();
    start.filled().await;
    let level = |sku: &str| format!("/stores/2106/products/{sku}");
    start.app.post("/stock", about(1, json!({"quantity": 3}))).await.expect(201);
    let found = start.app.get(&level("SKU-OLD")).await.expect(200);
    assert_eq!(found.body["productSku"], "SKU-OLD", "{}", found.text);
    start.app.get(&level("SKU-1")).await.problem(404, "product-not-found");
    start.app.shut_down().await;
}
