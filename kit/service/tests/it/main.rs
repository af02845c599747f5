//! A notification context in miniature, driven through its router on a log and a bus in memory.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod copy_age;
mod notification;
mod standstill;

use std::sync::Arc;

use axum::Router;
use http::StatusCode;
use kit_core::{Position, RandomIds, SystemClock};
use kit_event_bus::{EventBus, MemoryBus, Message};
use kit_event_store::{EventLog, memory::MemoryStore};
use kit_executor::ExecutorConfig;
use kit_http::{Check, HttpConfig, Readiness, standard_layers};
use kit_service::Module;
use kit_testkit::http::TestClient;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

/// Most lines of the context: what a third service may cost.
const LINES_MAX: usize = 400;

const ADDRESS: Uuid = Uuid::from_u128(7);

struct App {
    client: TestClient,
    log: Arc<MemoryStore>,
    bus: Arc<MemoryBus>,
}

impl App {
    /// The context beside another, as a composition root starts them.
    async fn start() -> Self {
        let (log, bus) = (Arc::new(MemoryStore::new()), Arc::new(MemoryBus::default()));
        let deps = notification::Deps {
            event_store: Arc::clone(&log) as _,
            bus: Arc::clone(&bus) as _,
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        let module = notification::module(ExecutorConfig::default(), deps);
        let ready = Check::new("other", || async { Ok(()) });
        let other = Module {
            name: "other",
            routes: OpenApiRouter::new().route("/other", axum::routing::get(|| async { "1" })),
            readiness: vec![ready],
        };
        let (documented, checks) = Module::merge([module.await.unwrap(), other]);
        let router = Router::from(documented).merge(Readiness::new(checks).routes());
        let router = standard_layers(router, HttpConfig::default());
        Self { client: TestClient::new(router, ""), log, bus }
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let answer = self.client.get(path).await;
        (answer.status, answer.body)
    }

    async fn notify(&self, key: &str, notice: u128, text: &str) -> (StatusCode, Value) {
        let notice_id = Uuid::from_u128(notice);
        let body = json!({ "noticeId": notice_id, "address": ADDRESS, "text": text });
        let answer = self.client.post_with_key("/api/v1/notices", key, body).await;
        (answer.status, answer.body)
    }

    async fn inbox(&self, position: &Value) -> Value {
        let path = format!("/api/v1/inboxes/{ADDRESS}?minPosition={position}");
        self.get(&path).await.1
    }
}

#[tokio::test]
async fn a_notice_is_in_the_inbox_at_its_position() {
    let app = App::start().await;
    let (status, told) = app.notify("a", 1, "fire").await;
    assert_eq!((status, &told["notices"]), (StatusCode::CREATED, &json!(1)));
    assert_eq!(app.inbox(&told["position"]).await, json!(["fire"]));
}

#[tokio::test]
async fn a_repeated_key_gives_the_first_answer() {
    let app = App::start().await;
    let first = app.notify("a", 1, "fire").await;
    let second = app.notify("b", 2, "flood").await.1;
    assert_eq!(app.notify("a", 1, "fire").await, first);
    assert_eq!(app.inbox(&second["position"]).await, json!(["fire", "flood"]));
    assert_eq!(app.notify("a", 3, "storm").await.1["code"], "idempotency-key-reused");
}

#[tokio::test]
async fn a_refusal_is_a_problem() {
    let app = App::start().await;
    app.notify("a", 1, "fire").await;
    let (status, problem) = app.notify("b", 1, "fire").await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("already-told")));
}

#[tokio::test]
async fn a_message_that_comes_twice_has_its_effect_once() {
    let app = App::start().await;
    let message = |id, text: &str| Message {
        topic: notification::TOPIC.into(),
        key: "alarms".into(),
        id: Uuid::from_u128(id),
        payload: json!({ "address": ADDRESS, "text": text }).to_string().into(),
        trace: None,
    };
    let alarms = vec![message(1, "fire"), message(1, "fire"), message(2, "flood")];
    app.bus.publish(alarms).await.unwrap();
    // the last one is handled after the repetition of the first
    app.log.head().wait_for(|head| *head >= Position::new(2)).await.unwrap();
    assert_eq!(app.inbox(&json!(2)).await, json!(["fire", "flood"]));
}

#[tokio::test]
async fn merged_modules_are_served_and_ready_together() {
    let app = App::start().await;
    assert_eq!(app.get("/other").await, (StatusCode::OK, json!(1)));
    let (status, health) = app.get("/health/ready").await;
    assert_eq!(status, StatusCode::OK, "{health}");
    for check in ["inboxes", "other"] {
        assert_eq!(health["components"][check]["status"], "UP");
    }
}

#[test]
fn a_service_takes_few_lines() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/notification");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let lines: usize =
        files.map(|file| std::fs::read_to_string(file).unwrap().lines().count()).sum();
    assert!((100..LINES_MAX).contains(&lines), "{lines} lines: what has become awkward?");
}
