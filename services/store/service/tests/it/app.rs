//! A running store context and how to call it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use gondola_store::{Config, Deps, StoreContext, use_cases::CatalogueWrites};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use kit_core::{Position, RandomIds, SystemClock};
use kit_event_bus::{EventBus, MemoryBus};
use kit_event_store::EventStore;
use kit_event_store::memory::MemoryStore;
use kit_event_store::projection::Progress;
use kit_executor::ExecutorConfig;
use kit_http::{HttpConfig, Readiness, standard_layers};
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use utoipa::openapi::OpenApi;

/// Long enough for anything that is expected to happen.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct App {
    router: Router,
    pub(crate) document: OpenApi,
    pub(crate) readiness: Readiness,
    pub(crate) catalogue: Arc<CatalogueWrites>,
    pub(crate) relay_progress: Progress,
    pub(crate) head_at_start: Position,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// Kept while the views are in use.
    _folder: Option<TempDir>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl App {
    /// A context over an empty store in memory.
    pub(crate) async fn start() -> Self {
        Self::start_with_bus(MemoryBus::default()).await
    }

    pub(crate) async fn start_with_bus(bus: MemoryBus) -> Self {
        let folder = TempDir::new().unwrap();
        let event_store = Arc::new(MemoryStore::new());
        let app = Self::start_on(event_store, folder.path(), bus).await;
        Self { _folder: Some(folder), ..app }
    }

    pub(crate) async fn start_on(
        event_store: Arc<dyn EventStore>,
        folder: &Path,
        bus: impl EventBus + 'static,
    ) -> Self {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let config = Config {
            views_folder: folder.join("views"),
            executor: ExecutorConfig { shards: 4, ..ExecutorConfig::default() },
        };
        let deps = Deps {
            event_store,
            bus: Arc::new(bus),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            tasks: tasks.clone(),
            stop: stop.clone(),
        };
        let context = gondola_store::module(config, deps).await.unwrap();
        let StoreContext { module, catalogue, relay_progress, head_at_start, .. } = context;
        let (router, document) = module.routes.split_for_parts();
        let router = standard_layers(router, HttpConfig::default());
        let readiness = Readiness::new(module.readiness);
        Self {
            router,
            document,
            readiness,
            catalogue,
            relay_progress,
            head_at_start,
            tasks,
            stop,
            _folder: None,
        }
    }

    /// Ends everything, as a shutdown does, and waits for it.
    pub(crate) async fn shut_down(self) {
        let (tasks, stop) = (self.tasks.clone(), self.stop.clone());
        // executors end when their last handle is dropped
        drop(self);
        stop.cancel();
        tasks.close();
        tokio::time::timeout(PATIENCE, tasks.wait()).await.unwrap();
    }

    pub(crate) async fn call(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = match &*body {
            b"" => Value::Null,
            json => serde_json::from_slice(json).unwrap(),
        };
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Asks; a read whose views are behind, as they are when the machine stalls, is asked again as its answer says.
    pub(crate) async fn get(&self, uri: &str) -> Answer {
        let asked = async {
            loop {
                let answer = self.send(Method::GET, uri, &[], None).await;
                if answer.status != StatusCode::SERVICE_UNAVAILABLE {
                    return answer;
                }
            }
        };
        let answered = tokio::time::timeout(PATIENCE, asked).await;
        answered.unwrap_or_else(|_| panic!("{uri} was unavailable for {PATIENCE:?}"))
    }

    pub(crate) async fn post(&self, uri: &str, body: Value) -> Answer {
        self.send(Method::POST, uri, &[], Some(body)).await
    }

    pub(crate) async fn patch(&self, uri: &str, body: Value) -> Answer {
        self.send(Method::PATCH, uri, &[], Some(body)).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        uri: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(uri);
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

    /// The codes or SKUs of a list, once it has every change.
    pub(crate) async fn listed(&self, uri: &str, position: &Value) -> Vec<String> {
        let separator = if uri.contains('?') { '&' } else { '?' };
        let page = self.get(&format!("{uri}{separator}minPosition={position}")).await;
        page.names()
    }
}

impl Answer {
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }

    /// Checks that it is a problem of this kind, and gives its body.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Value {
        let answer = self.expect(status);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.body["code"], code, "{}", answer.body);
        answer.body
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The codes or SKUs of a page.
    #[track_caller]
    pub(crate) fn names(&self) -> Vec<String> {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        let name = |item: &Value| {
            item.get("code").or(item.get("sku")).unwrap().as_str().unwrap().to_owned()
        };
        self.body["items"].as_array().unwrap().iter().map(name).collect()
    }
}
