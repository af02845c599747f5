//! A running inventory context and how to call it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use gondola_inventory::use_cases::Named;
use gondola_inventory::{Config, Deps, InventoryContext};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use kit_core::{Clock, IdSource, RandomIds, Timestamp, Version};
use kit_event_bus::{EventBus, MemoryBus};
use kit_event_store::EventStore;
use kit_event_store::memory::MemoryStore;
use kit_executor::ExecutorConfig;
use kit_http::{HttpConfig, standard_layers};
use kit_jsonl::{JsonlOptions, JsonlStore};
use kit_sqlite::{SqliteOptions, SqliteStore};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::clock::SimClock;

/// Long enough for anything that is expected to happen.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// The store of the source documents.
pub(crate) const STORE: &str = "11111111-1111-1111-1111-111111111111";

/// The base of this context's routes.
pub(crate) const BASE: &str = "/api/v1/inventory";

/// The kinds of event store that the context runs on.
pub(crate) const STORES: [&str; 3] = ["memory", "sqlite", "jsonl"];

/// A running context; copies are the same one.
#[derive(Clone)]
pub(crate) struct App {
    router: Router,
    pub(crate) context: Arc<InventoryContext>,
    pub(crate) clock: SimClock,
    pub(crate) drain: CancellationToken,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// Kept while it is in use.
    folder: Option<Arc<TempDir>>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    /// The body, when it is JSON.
    pub(crate) body: Value,
}

/// A product by a small number.
pub(crate) fn product(number: u32) -> String {
    format!("22222222-2222-2222-2222-{number:012}")
}

/// A reservation id by a small number.
pub(crate) fn reservation(number: u32) -> String {
    format!("33333333-3333-3333-3333-{number:012}")
}

/// A body about a product in [`STORE`].
pub(crate) fn about(number: u32, fields: Value) -> Value {
    let mut body = fields;
    body["storeId"] = json!(STORE);
    body["productId"] = json!(product(number));
    body
}

/// Commands as the body of a batch, one a line.
pub(crate) fn ndjson(commands: &[Value]) -> String {
    commands.iter().map(Value::to_string).collect::<Vec<_>>().join("\n")
}

/// Runs a test once on each kind of event store.
pub(crate) async fn on_each_store(test: impl AsyncFn(&App)) {
    for kind in STORES {
        eprintln!("on {kind}");
        let app = App::start(kind).await;
        test(&app).await;
        app.shut_down().await;
    }
}

/// Opens an event store of a kind.
pub(crate) fn open(kind: &str, folder: &Path, clock: &SimClock) -> Arc<dyn EventStore> {
    match kind {
        "memory" => Arc::new(MemoryStore::new()),
        "sqlite" => Arc::new(
            SqliteStore::open(SqliteOptions {
                folder: folder.to_owned(),
                clock: Arc::new(clock.clone()),
                new_id: RandomIds.next_id(clock.now()),
                on_fatal: Arc::new(|why| panic!("{why}")),
            })
            .unwrap(),
        ),
        _ => {
            let mut options = JsonlOptions::new(folder.join("journal"), folder.join("events"));
            options.on_fatal = Arc::new(|why| panic!("{why}"));
            Arc::new(JsonlStore::open(options).unwrap())
        }
    }
}

impl App {
    /// A context over an empty store, without sweeper.
    pub(crate) async fn start(kind: &str) -> Self {
        let (folder, clock) = (TempDir::new().unwrap(), SimClock::new());
        let store = open(kind, folder.path(), &clock);
        let app = Self::start_on(store, &folder.path().join("views"), clock, false).await;
        Self { folder: Some(Arc::new(folder)), ..app }
    }

    pub(crate) async fn start_on(
        store: Arc<dyn EventStore>,
        views: &Path,
        clock: SimClock,
        sweeper: bool,
    ) -> Self {
        Self::start_on_bus(store, views, clock, sweeper, Arc::new(MemoryBus::default())).await
    }

    pub(crate) async fn start_on_bus(
        store: Arc<dyn EventStore>,
        views: &Path,
        clock: SimClock,
        sweeper: bool,
        bus: Arc<dyn EventBus>,
    ) -> Self {
        let (tasks, drain, stop) =
            (TaskTracker::new(), CancellationToken::new(), CancellationToken::new());
        std::fs::create_dir_all(views).unwrap();
        let config = Config {
            views_folder: views.to_owned(),
            executor: ExecutorConfig { shards: 4, ..ExecutorConfig::default() },
            cache_entries_max: 1_000,
            sweeper,
        };
        let deps = Deps {
            event_store: store,
            bus,
            clock: Arc::new(clock.clone()),
            ids: Arc::new(RandomIds),
            tasks: tasks.clone(),
            drain: drain.clone(),
            stop: stop.clone(),
        };
        let mut context = gondola_inventory::module(config, deps).await.unwrap();
        let router = std::mem::take(&mut context.module.routes).split_for_parts().0;
        let router = standard_layers(router, HttpConfig::default());
        Self { router, context: Arc::new(context), clock, drain, tasks, stop, folder: None }
    }

    /// Ends everything, as a shutdown does, and waits for it.
    pub(crate) async fn shut_down(self) {
        let Self { router, context, drain, tasks, stop, folder, .. } = self;
        drain.cancel();
        stop.cancel();
        // executors end when their last handle is dropped
        drop((router, context));
        tasks.close();
        tokio::time::timeout(PATIENCE, tasks.wait()).await.unwrap();
        drop(folder);
    }

    /// Lets a code name a store.
    pub(crate) fn name_store(&self, id: &str, code: &str) {
        let store = Named { code: code.into(), name: "Hillstreet".into(), active: true };
        self.context.catalogue.note_store(id.parse().unwrap(), store, Version::new(1));
    }

    /// Lets a SKU name a product.
    pub(crate) fn name_product(&self, number: u32, sku: &str) {
        let thing = Named { code: sku.into(), name: "Thing".into(), active: true };
        let id = product(number).parse().unwrap();
        self.context.catalogue.note_product(id, thing, Version::new(1));
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Folder of the event store and the views.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.as_ref().unwrap().path()
    }

    /// Answers with the body still open.
    pub(crate) async fn open(&self, request: Request<Body>) -> Response<Body> {
        self.router.clone().oneshot(request).await.unwrap()
    }

    pub(crate) async fn call(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.open(request).await.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, text, body }
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("{BASE}{path}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(json) => {
                request = request.header("content-type", "application/json");
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        self.call(request.body(body).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.get_with(&[], path).await
    }

    /// Asks; a read whose views are behind, as they are when the machine stalls, is asked again as its answer says.
    pub(crate) async fn get_with(&self, headers: &[(&str, &str)], path: &str) -> Answer {
        let asked = async {
            loop {
                let answer = self.send(Method::GET, path, headers, None).await;
                if answer.status != StatusCode::SERVICE_UNAVAILABLE {
                    return answer;
                }
            }
        };
        let answered = tokio::time::timeout(PATIENCE, asked).await;
        answered.unwrap_or_else(|_| panic!("{path} was unavailable for {PATIENCE:?}"))
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[], Some(body)).await
    }

    pub(crate) async fn post_with_key(&self, path: &str, key: &str, body: Value) -> Answer {
        self.send(Method::POST, path, &[("idempotency-key", key)], Some(body)).await
    }

    /// Sends lines of newline-delimited JSON.
    pub(crate) async fn batch(&self, lines: String) -> Answer {
        let request = Request::post(format!("{BASE}/batch"));
        let request = request.header("content-type", "application/x-ndjson");
        self.call(request.body(Body::from(lines)).unwrap()).await
    }

    /// Receives units of a product.
    pub(crate) async fn add(&self, number: u32, quantity: u32) {
        self.post("/stock", about(number, json!({"quantity": quantity}))).await.expect(201);
    }

    /// Reserves units of a product under a known id, for a minute.
    pub(crate) async fn hold(&self, number: u32, id: u32, quantity: u32) -> Answer {
        let body =
            json!({"quantity": quantity, "reservationId": reservation(id), "ttlSeconds": 60});
        self.post("/reserve", about(number, body)).await
    }

    pub(crate) async fn commit(&self, id: u32, transaction: &str) -> Answer {
        let body = json!({"reservationId": reservation(id), "transactionId": transaction});
        self.post("/commit", body).await
    }

    pub(crate) async fn release(&self, id: u32) -> Answer {
        self.post("/release", json!({"reservationId": reservation(id)})).await
    }

    /// On hand, reserved and available of a product, as its shard has them.
    pub(crate) async fn units(&self, number: u32) -> [u64; 3] {
        let path = format!("/stores/{STORE}/products/{}?consistency=strong", product(number));
        let answer = self.get(&path).await.expect(200);
        ["onHand", "reserved", "available"].map(|field| answer.body[field].as_u64().unwrap())
    }

    /// A reservation's status.
    pub(crate) async fn status(&self, id: u32) -> Value {
        let answer = self.get(&format!("/reservations/{}", reservation(id))).await.expect(200);
        answer.body["status"].clone()
    }
}

impl Answer {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    /// Checks that it is a problem of this kind, and gives its body.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Value {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.body["code"], code, "{}", answer.text);
        assert_eq!(answer.body["status"], status);
        assert_eq!(answer.body["type"], format!("/problems/{code}"));
        answer.body
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Whether it repeats the answer to an earlier request.
    pub(crate) fn is_replayed(&self) -> bool {
        self.header("idempotency-replayed") == "true"
    }
}
