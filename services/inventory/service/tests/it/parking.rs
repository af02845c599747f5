//! A stock level with an event that this version cannot read: it waits, and nothing else does.

use std::path::Path;
use std::sync::Arc;

use gondola_contracts::{CloudEvent, IntegrationEvent, topics};
use kit_core::Position;
use kit_event_bus::{EventBus, MemoryBus, Subscription};
use kit_event_store::EventStore;
use kit_http::Readiness;
use kit_testkit::clock::SimClock;
use kit_testkit::http::{Answer, fetch};
use kit_testkit::instrumented_store::InstrumentedStore;
use serde_json::json;
use tempfile::TempDir;

use crate::app::{App, PATIENCE, STORE, about, midnight, open, product};

/// Position of the event of the first level that cannot be read; it is the second one of that level.
const UNREADABLE: Position = Position::new(3);

/// A context over the log of a folder, and what it tells of stock.
struct Running {
    app: App,
    news: Box<dyn Subscription>,
    log: Arc<dyn EventStore>,
}

async fn start(folder: &Path, clock: &SimClock, unreadable: bool) -> Running {
    let log = InstrumentedStore::around(open("sqlite", folder, clock));
    if unreadable {
        log.make_unreadable(UNREADABLE);
    }
    let (log, bus): (Arc<dyn EventStore>, _) = (Arc::new(log), MemoryBus::default());
    let news = bus.subscribe("test", topics::INVENTORY).await.unwrap();
    let views = folder.join("views");
    let app =
        App::start_on_bus(Arc::clone(&log), &views, clock.clone(), false, Arc::new(bus)).await;
    Running { app, news, log }
}

impl Running {
    async fn shut_down(self) {
        let Self { app, news, log } = self;
        drop((news, log));
        app.shut_down().await;
    }

    /// Units on hand and versions of the levels as a list has them.
    async fn listed(&self) -> Vec<(u64, u64)> {
        let end = self.log.head().borrow().get();
        let list = format!("/stores/{STORE}/products?minPosition={end}");
        let list = self.app.get(&list).await.expect(200);
        let number = |item: &serde_json::Value, field: &str| item[field].as_u64().unwrap();
        let items = list.body["items"].as_array().unwrap().iter();
        items.map(|item| (number(item, "onHand"), number(item, "version"))).collect()
    }

    /// Version of the level in each of the next messages; the first level is named first.
    async fn told(&mut self, count: usize) -> Vec<(u32, u64)> {
        let mut told = Vec::new();
        while told.len() < count {
            let delivery = tokio::time::timeout(PATIENCE, self.news.next()).await.unwrap().unwrap();
            let event = CloudEvent::from_json(&delivery.message().payload).unwrap().event;
            delivery.ack().await.unwrap();
            let IntegrationEvent::InventoryUpdated(level) = event else { panic!("{event:?}") };
            let first = level.product_id.to_string() == product(1);
            told.push((if first { 1 } else { 2 }, level.version));
        }
        told
    }

    async fn health(&self) -> Answer {
        let readiness = Readiness::new(self.app.context.module.readiness.clone());
        fetch(&readiness.routes(), "/health/ready").await.expect(200)
    }

    /// What a follower's health says, once it is degraded.
    async fn complaint(&self, follower: &str) -> String {
        loop {
            let health = self.health().await;
            let component = &health.body["components"][follower];
            if component["status"] == "DEGRADED" {
                assert_eq!(health.body["status"], "DEGRADED", "{}", health.text);
                return component["detail"].as_str().unwrap().to_owned();
            }
            tokio::task::yield_now().await;
        }
    }

    /// On hand, or the code of the problem, of the levels that have changed since a position, and of both by their names.
    async fn many(&self, after: u64) -> [Vec<serde_json::Value>; 2] {
        let end = self.log.head().borrow().get();
        let changed = json!({"changedAfter": after, "minPosition": end});
        let named = json!({"stores": [STORE], "products": [product(1), product(2)]});
        let told = async |body| {
            let answer = self.app.post("/levels/query", body).await.expect(200).body;
            let told = |item: &serde_json::Value| match item.get("problem") {
                Some(problem) => problem["code"].clone(),
                None => item["level"]["onHand"].clone(),
            };
            answer["items"].as_array().unwrap().iter().map(told).collect()
        };
        [told(changed).await, told(named).await]
    }

    async fn level(&self, number: u32) -> Answer {
        self.app.get(&format!("/stores/{STORE}/products/{}", product(number))).await
    }
}

#[tokio::test]
async fn one_unreadable_event_stops_its_level_until_it_can_be_read_and_nothing_else() {
    let (folder, clock) = (TempDir::new().unwrap(), midnight());
    let mut running = start(folder.path(), &clock, true).await;
    let app = &running.app;
    app.add(1, 9).await;
    app.add(2, 5).await;
    app.add(1, 1).await;
    app.add(2, 1).await;
    app.add(1, 2).await;
    app.add(2, 2).await;
    assert_eq!(running.listed().await, [(9, 1), (8, 3)], "the first level waits at version 1");
    assert_eq!(running.told(4).await, [(1, 1), (2, 1), (2, 2), (2, 3)]);
    // the level itself knows
    let level = running.level(1).await.expect(200);
    assert_eq!((&level.body["onHand"], &level.body["version"]), (&json!(12), &json!(3)));
    assert_eq!(running.many(0).await, [[8, 12], [12, 8]], "among many as well");
    running.shut_down().await;

    let running = start(folder.path(), &clock, true).await;
    assert_eq!(running.listed().await, [(9, 1), (8, 3)], "still");
    for follower in ["inventoryViews", "stockRelay"] {
        let told = tokio::time::timeout(PATIENCE, running.complaint(follower)).await;
        let detail = told.expect("degraded");
        for part in [&format!("inventory-{}", product(1)), "position 3", "65535", "take"] {
            assert!(detail.contains(part), "{follower}: {detail}");
        }
    }
    // it is loaded by nobody now, and nothing older is shown for it
    running.level(1).await.problem(500, "internal");
    running.app.post("/stock", about(1, json!({"quantity": 1}))).await.problem(500, "internal");
    running.app.add(2, 1).await;
    assert_eq!(running.listed().await, [(9, 1), (9, 4)]);
    assert_eq!(
        running.many(6).await,
        [[json!(9), json!("internal")], [json!("internal"), json!(9)]]
    );
    running.shut_down().await;

    let mut running = start(folder.path(), &clock, false).await;
    assert_eq!(running.listed().await, [(12, 3), (9, 4)], "healed");
    assert_eq!(running.health().await.body["status"], "UP");
    let told = [(1, 1), (2, 1), (1, 2), (2, 2), (1, 3), (2, 3), (2, 4)];
    assert_eq!(running.told(7).await, told);
    running.app.add(1, 1).await;
    assert_eq!(running.listed().await, [(13, 4), (9, 4)]);
    running.shut_down().await;
}
