//! What a restart keeps, and what it rebuilds.

use std::path::Path;
use std::sync::Arc;

use gondola_contracts::CloudEvent;
use http::Method;
use kit_core::{IdSource, Position, RandomIds, SystemClock, Timestamp};
use kit_event_bus::{EventBus, MemoryBus, Subscription};
use kit_event_store::EventStore;
use kit_sqlite::{SqliteOptions, SqliteStore};
use kit_testkit::http::fetch;
use kit_testkit::instrumented_store::InstrumentedStore;
use serde_json::json;
use tempfile::TempDir;

use crate::app::{App, PATIENCE, names};

fn open(folder: &Path) -> Arc<dyn EventStore> {
    let options = SqliteOptions {
        folder: folder.to_owned(),
        clock: Arc::new(SystemClock),
        new_id: RandomIds.next_id(Timestamp::default()),
        on_fatal: Arc::new(|why| panic!("{why}")),
    };
    Arc::new(SqliteStore::open(options).unwrap())
}

async fn start(folder: &Path, bus: MemoryBus) -> App {
    App::start_on(open(folder), folder, bus).await
}

#[tokio::test]
async fn a_restart_keeps_everything_and_tells_everything_again() {
    let folder = TempDir::new().unwrap();
    let app = start(folder.path(), MemoryBus::default()).await;
    assert_eq!(app.head_at_start, Position::ZERO);
    let body = json!({"sku": "A1", "name": "Pão", "category": "Bakery"});
    let key = [("idempotency-key", "k1")];
    let first =
        app.send(Method::POST, "/api/v1/products", &key, Some(body.clone())).await.expect(201);
    app.patch("/api/v1/products/A1", json!({"brand": "B"})).await.expect(200);
    app.post("/api/v1/stores", json!({"code": "2106", "name": "S", "region": "IA"}))
        .await
        .expect(201);
    app.shut_down().await;

    let bus = MemoryBus::default();
    let topics = ["gondola.store.product-registered.v1", "gondola.store.product-updated.v1"];
    let mut news = bus.subscribe("test", &topics).await.unwrap();
    let app = start(folder.path(), bus).await;
    assert_eq!(app.head_at_start, Position::new(3));
    assert!(app.relay_progress.reach(app.head_at_start, PATIENCE).await);
    for topic in topics {
        assert_eq!(&*news.next().await.unwrap().message().topic, topic);
    }
    let found = app.get("/api/v1/products/A1").await.expect(200);
    assert_eq!((&found.body["version"], &found.body["brand"]), (&json!(2), &json!("B")));
    assert_eq!(app.listed("/api/v1/products?q=pao", &json!(3)).await, ["A1"]);
    assert_eq!(app.listed("/api/v1/stores", &json!(3)).await, ["2106"]);
    let again = app.send(Method::POST, "/api/v1/products", &key, Some(body)).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));
    let taken = json!({"sku": "A1", "name": "Other"});
    app.post("/api/v1/products", taken).await.problem(409, "product-already-registered");
    app.shut_down().await;
}

#[tokio::test]
async fn a_restart_keeps_suppliers_and_who_is_preferred() {
    let folder = TempDir::new().unwrap();
    let app = start(folder.path(), MemoryBus::default()).await;
    app.post("/api/v1/products", json!({"sku": "A1", "name": "Thing"})).await.expect(201);
    for code in ["ACME", "OTHER"] {
        app.post("/api/v1/suppliers", json!({"code": code, "name": code})).await.expect(201);
    }
    let put = async |app: &App, supplier: &str| {
        let uri = format!("/api/v1/products/A1/suppliers/{supplier}");
        let key = [("idempotency-key", supplier)];
        app.send(Method::PUT, &uri, &key, Some(json!({"preferred": true}))).await
    };
    let first = put(&app, "ACME").await.expect(201);
    app.shut_down().await;
    // with its views and without
    for _ in 0..2 {
        let app = start(folder.path(), MemoryBus::default()).await;
        let found = app.get("/api/v1/suppliers?product=A1").await.expect(200);
        assert_eq!(names(&found), ["ACME"]);
        let again = put(&app, "ACME").await.expect(201);
        assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));
        put(&app, "OTHER").await.problem(409, "preferred-taken");
        let taken = json!({"code": "acme", "name": "X"});
        app.post("/api/v1/suppliers", taken).await.problem(409, "supplier-already-registered");
        app.patch("/api/v1/suppliers/ACME", json!({"status": "removed"}))
            .await
            .problem(409, "in-use");
        app.shut_down().await;
        std::fs::remove_dir_all(folder.path().join("views")).unwrap();
    }
}

#[tokio::test]
async fn a_lost_or_foreign_view_is_built_anew() {
    let folder = TempDir::new().unwrap();
    let app = start(folder.path(), MemoryBus::default()).await;
    for number in 0..3 {
        let body = json!({"sku": format!("S{number}"), "name": "Thing"});
        app.post("/api/v1/products", body).await.expect(201);
    }
    app.listed("/api/v1/products", &json!(3)).await;
    app.shut_down().await;
    let view = folder.path().join("views/catalogue.db");

    std::fs::remove_file(&view).unwrap();
    let app = start(folder.path(), MemoryBus::default()).await;
    assert_eq!(app.listed("/api/v1/products", &json!(3)).await, ["S0", "S1", "S2"]);
    app.shut_down().await;

    std::fs::write(
        &view,
        "not a database, but some text that is longer than a header of one hundred bytes. "
            .repeat(9),
    )
    .unwrap();
    let app = start(folder.path(), MemoryBus::default()).await;
    assert_eq!(app.listed("/api/v1/products", &json!(3)).await, ["S0", "S1", "S2"]);
    app.shut_down().await;

    // another, shorter log: what the view has is not in it
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() {
            std::fs::remove_file(path).unwrap();
        }
    }
    let app = start(folder.path(), MemoryBus::default()).await;
    assert_eq!(app.listed("/api/v1/products", &json!(0)).await, [""; 0]);
    app.shut_down().await;
}

#[tokio::test]
async fn one_unreadable_event_keeps_back_its_own_entry_until_it_can_be_read() {
    let folder = TempDir::new().unwrap();
    let start = async |unreadable: bool| {
        let log = InstrumentedStore::around(open(folder.path()));
        if unreadable {
            log.make_unreadable(Position::new(2));
        }
        let bus = MemoryBus::default();
        let topics = ["gondola.store.product-registered.v1", "gondola.store.product-updated.v1"];
        let news = bus.subscribe("test", &topics).await.unwrap();
        (App::start_on(Arc::new(log), folder.path(), bus).await, news)
    };
    let told = async |news: &mut Box<dyn Subscription>, count: usize| {
        let mut positions = Vec::new();
        while positions.len() < count {
            let delivery = tokio::time::timeout(PATIENCE, news.next()).await.unwrap().unwrap();
            let event = CloudEvent::from_json(&delivery.message().payload).unwrap();
            positions.push(event.position.get());
            delivery.ack().await.unwrap();
        }
        positions
    };
    let (app, mut news) = start(true).await;
    app.post("/api/v1/products", json!({"sku": "A", "name": "First"})).await.expect(201);
    app.patch("/api/v1/products/A", json!({"name": "Second"})).await.expect(200);
    app.post("/api/v1/products", json!({"sku": "B", "name": "Other"})).await.expect(201);
    app.patch("/api/v1/products/A", json!({"name": "Third"})).await.expect(200);
    app.patch("/api/v1/products/B", json!({"name": "Another"})).await.expect(200);
    let names = async |app: &App| {
        let page = app.get("/api/v1/products?minPosition=5").await.expect(200);
        let items = page.body["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&app).await, ["First", "Another"]);
    assert_eq!(told(&mut news, 3).await, [1, 3, 5]);
    app.shut_down().await;

    let (app, _news) = start(true).await;
    assert_eq!(names(&app).await, ["First", "Another"]);
    assert!(app.relay_progress.reach(Position::new(5), PATIENCE).await);
    let health = fetch(&app.readiness.routes(), "/health/ready").await.expect(200);
    for follower in ["catalogueView", "catalogueRelay"] {
        let component = &health.body["components"][follower];
        assert_eq!(component["status"], "DEGRADED", "{}", health.text);
    }
    app.shut_down().await;

    let (app, mut news) = start(false).await;
    assert_eq!(names(&app).await, ["Third", "Another"]);
    assert_eq!(told(&mut news, 5).await, [1, 2, 3, 4, 5]);
    app.shut_down().await;
}

#[tokio::test]
async fn the_context_is_ready_once_it_runs() {
    let app = App::start().await;
    assert_eq!(fetch(&app.readiness.routes(), "/health/ready").await.status, 200);
}
