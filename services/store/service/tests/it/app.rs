//! A running store context and how to call it.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use gondola_store::{Config, Deps, StockSource, StoreContext, use_cases::CatalogueWrites};
use kit_cdn::Edge;
use kit_core::{Position, RandomIds, SystemClock};
use kit_event_bus::{EventBus, MemoryBus};
use kit_event_store::EventStore;
use kit_event_store::memory::MemoryStore;
use kit_event_store::projection::Progress;
use kit_executor::ExecutorConfig;
use kit_http::{EdgeCaching, EdgeLifetimes, HttpConfig, Readiness, standard_layers};
use kit_lease::Singletons;
pub(crate) use kit_testkit::http::Answer;
use kit_testkit::http::TestClient;
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa::openapi::OpenApi;

/// Long enough for anything that is expected to happen.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// A running context, called through its client.
pub(crate) struct App {
    client: TestClient,
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

/// A cache in front may keep answers for 30 seconds; nobody purges it.
fn edge() -> Edge {
    let lifetimes = EdgeLifetimes { fresh: 30, ..EdgeLifetimes::default() };
    Edge { caching: EdgeCaching::keeping(lifetimes), caches: Vec::new() }
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
            stock: StockSource::Bus,
            singletons: Singletons::alone(),
            edge: edge(),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            tasks: tasks.clone(),
            stop: stop.clone(),
        };
        let context = gondola_store::module(config, deps).await.unwrap();
        let StoreContext { module, catalogue, relay_progress, head_at_start, .. } = context;
        let (router, document) = module.routes.split_for_parts();
        let client = TestClient::new(standard_layers(router, HttpConfig::default()), "");
        let readiness = Readiness::new(module.readiness);
        Self {
            client,
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

    /// The codes or SKUs of a list, once it has every change.
    pub(crate) async fn listed(&self, uri: &str, position: &Value) -> Vec<String> {
        let separator = if uri.contains('?') { '&' } else { '?' };
        let page = self.get(&format!("{uri}{separator}minPosition={position}")).await;
        names(&page)
    }
}

/// The codes or SKUs of a page.
#[track_caller]
pub(crate) fn names(page: &Answer) -> Vec<String> {
    let name =
        |item: &Value| item.get("code").or(item.get("sku")).unwrap().as_str().unwrap().to_owned();
    assert_eq!(page.status, 200, "{}", page.text);
    page.body["items"].as_array().unwrap().iter().map(name).collect()
}

impl Deref for App {
    type Target = TestClient;

    fn deref(&self) -> &TestClient {
        &self.client
    }
}
