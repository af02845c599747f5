//! A running inventory context and how to call it.

use std::ops::Deref;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use gondola_inventory::use_cases::{
    CatalogueLookUp, HoldLimits, Named, OrderConfirmations, SupplierOffers,
};
use gondola_inventory::{
    Config, CustomerKeysConfig, CustomerKeysPlace, Deps, InventoryContext, SHARED_STOCK_CACHE,
    Views,
};
use http::Request;
use kit_cdn::Edge;
use kit_core::{Clock, IdSource, RandomIds, Timestamp, Version};
use kit_event_bus::{EventBus, MemoryBus};
use kit_event_store::EventStore;
use kit_event_store::memory::MemoryStore;
use kit_executor::ExecutorConfig;
use kit_feature_flags::Rollout;
use kit_http::{EdgeCaching, EdgeLifetimes, HttpConfig, standard_layers};
use kit_jsonl::{JsonlOptions, JsonlStore};
use kit_lease::Singletons;
use kit_sqlite::{SqliteOptions, SqliteStore};
use kit_testkit::clock::SimClock;
pub(crate) use kit_testkit::http::Answer;
use kit_testkit::http::TestClient;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Long enough for anything that is expected to happen.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// The store of the source documents.
pub(crate) const STORE: &str = "11111111-1111-1111-1111-111111111111";

/// The base of this context's routes.
pub(crate) const BASE: &str = "/api/v1/inventory";

/// The kinds of event store that the context runs on.
pub(crate) const STORES: [&str; 3] = ["memory", "sqlite", "jsonl"];

/// A running context, called through its client; copies are the same one.
#[derive(Clone)]
pub(crate) struct App {
    client: TestClient,
    /// The routes without what is around them.
    pub(crate) routes: Router,
    pub(crate) context: Arc<InventoryContext>,
    pub(crate) clock: SimClock,
    pub(crate) drain: CancellationToken,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// Kept while it is in use.
    folder: Option<Arc<TempDir>>,
}

/// The other contexts that a context asks.
struct Others {
    catalogue: Option<Arc<dyn CatalogueLookUp>>,
    offers: Option<Arc<dyn SupplierOffers>>,
    confirmations: Option<Arc<dyn OrderConfirmations>>,
}

/// A clock that stands at midnight of Black Friday.
pub(crate) fn midnight() -> SimClock {
    SimClock::at("2026-11-27T00:00:00Z".parse().unwrap())
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
            let mut options =
                JsonlOptions::new(folder, folder.join("events"), RandomIds.next_id(clock.now()));
            options.on_fatal = Arc::new(|why| panic!("{why}"));
            Arc::new(JsonlStore::open(options).unwrap())
        }
    }
}

/// A cache in front may keep answers for 30 seconds; nobody purges it.
fn edge() -> Edge {
    let lifetimes = EdgeLifetimes { fresh: 30, ..EdgeLifetimes::default() };
    Edge { caching: EdgeCaching::keeping(lifetimes), caches: Vec::new() }
}

/// Settings of a context in tests.
pub(crate) fn config(views: Views, sweeper: bool) -> Config {
    let transfers_folder = match &views {
        Views::Sqlite(folder) => folder.clone(),
        #[cfg(feature = "postgres")]
        Views::Postgres(_) => TempDir::new().unwrap().keep(),
    };
    Config {
        views,
        customer_keys: CustomerKeysPlace::Folder(CustomerKeysConfig {
            folder: transfers_folder.join("privacy"),
            master_key_file: transfers_folder.join("privacy").join("master.key"),
        }),
        transfers_folder,
        hold_limits: HoldLimits::default(),
        executor: ExecutorConfig { shards: 4, ..ExecutorConfig::default() },
        cache_entries_max: 1_000,
        sweeper,
    }
}

impl App {
    /// A context over an empty store, without sweeper.
    pub(crate) async fn start(kind: &str) -> Self {
        let (folder, clock) = (TempDir::new().unwrap(), midnight());
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
        std::fs::create_dir_all(views).unwrap();
        Self::start_with(Views::Sqlite(views.to_owned()), store, clock, sweeper, bus).await
    }

    pub(crate) async fn start_with(
        views: Views,
        store: Arc<dyn EventStore>,
        clock: SimClock,
        sweeper: bool,
        bus: Arc<dyn EventBus>,
    ) -> Self {
        Self::start_asking(config(views, sweeper), store, clock, bus, None).await
    }

    /// A context in which customers stay as they are named, as in earlier releases.
    pub(crate) async fn start_without_keys(
        store: Arc<dyn EventStore>,
        views: &Path,
        clock: SimClock,
    ) -> Self {
        std::fs::create_dir_all(views).unwrap();
        let config = Config {
            customer_keys: CustomerKeysPlace::InClear,
            ..config(Views::Sqlite(views.to_owned()), false)
        };
        Self::start_asking(config, store, clock, Arc::new(MemoryBus::default()), None).await
    }

    /// A context in which customers and callers may only hold so much.
    pub(crate) async fn start_limited(
        store: Arc<dyn EventStore>,
        views: &Path,
        clock: SimClock,
        hold_limits: HoldLimits,
    ) -> Self {
        std::fs::create_dir_all(views).unwrap();
        let config = Config { hold_limits, ..config(Views::Sqlite(views.to_owned()), false) };
        Self::start_asking(config, store, clock, Arc::new(MemoryBus::default()), None).await
    }

    /// A context whose checkouts are confirmed by a notification service.
    pub(crate) async fn start_confirming(
        store: Arc<dyn EventStore>,
        views: &Path,
        clock: SimClock,
        confirmations: Arc<dyn OrderConfirmations>,
    ) -> Self {
        std::fs::create_dir_all(views).unwrap();
        let config = config(Views::Sqlite(views.to_owned()), false);
        let bus = Arc::new(MemoryBus::default());
        let others = Others { catalogue: None, offers: None, confirmations: Some(confirmations) };
        Self::start_with_others(config, store, clock, bus, others).await
    }

    /// A context that knows what suppliers offer.
    pub(crate) async fn start_offering(
        views: &Path,
        bus: Arc<dyn EventBus>,
        offers: Arc<dyn SupplierOffers>,
    ) -> Self {
        std::fs::create_dir_all(views).unwrap();
        let config = config(Views::Sqlite(views.to_owned()), false);
        let others = Others { catalogue: None, offers: Some(offers), confirmations: None };
        let store = Arc::new(MemoryStore::new());
        Self::start_with_others(config, store, midnight(), bus, others).await
    }

    /// A context that asks the catalogue for names that it lacks.
    pub(crate) async fn start_asking(
        config: Config,
        store: Arc<dyn EventStore>,
        clock: SimClock,
        bus: Arc<dyn EventBus>,
        catalogue: Option<Arc<dyn CatalogueLookUp>>,
    ) -> Self {
        let others = Others { catalogue, offers: None, confirmations: None };
        Self::start_with_others(config, store, clock, bus, others).await
    }

    async fn start_with_others(
        config: Config,
        store: Arc<dyn EventStore>,
        clock: SimClock,
        bus: Arc<dyn EventBus>,
        others: Others,
    ) -> Self {
        let (tasks, drain, stop) =
            (TaskTracker::new(), CancellationToken::new(), CancellationToken::new());
        let deps = Deps {
            event_store: store,
            bus,
            catalogue: others.catalogue,
            offers: others.offers,
            confirmations: others.confirmations,
            singletons: Singletons::alone(),
            edge: edge(),
            shared_cache: None,
            shared_cache_stores: Rollout::of(&SHARED_STOCK_CACHE),
            clock: Arc::new(clock.clone()),
            ids: Arc::new(RandomIds),
            tasks: tasks.clone(),
            drain: drain.clone(),
            stop: stop.clone(),
        };
        let mut context = gondola_inventory::module(config, deps).await.unwrap();
        let routes = std::mem::take(&mut context.module.routes).split_for_parts().0;
        let client = TestClient::new(standard_layers(routes.clone(), HttpConfig::default()), BASE);
        Self { client, routes, context: Arc::new(context), clock, drain, tasks, stop, folder: None }
    }

    /// Ends everything, as a shutdown does, and waits for it.
    pub(crate) async fn shut_down(self) {
        let Self { client, routes, context, drain, tasks, stop, folder, .. } = self;
        drain.cancel();
        stop.cancel();
        // executors end when their last handle is dropped
        drop((client, routes, context));
        tasks.close();
        tokio::time::timeout(PATIENCE, tasks.wait()).await.unwrap();
        drop(folder);
    }

    /// Lets a code name a store.
    pub(crate) fn name_store(&self, id: &str, code: &str) {
        let store = Named::store(code, "Hillstreet", true, None);
        self.context.catalogue.note_store(id.parse().unwrap(), store, Version::new(1));
    }

    /// Lets a SKU name a product.
    pub(crate) fn name_product(&self, number: u32, sku: &str) {
        let thing = Named::product(sku, "Thing", true);
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

impl Deref for App {
    type Target = TestClient;

    fn deref(&self) -> &TestClient {
        &self.client
    }
}
