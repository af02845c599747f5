//! A running notification context over a log of the test's own.

use std::collections::HashMap;
use std::ops::Deref;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use gondola_contracts::{CloudEvent, IntegrationEvent, InventoryUpdatedEvent, topics};
use gondola_notification::use_cases::alerts::{
    AlertSource, Observations, Observe, Observed, StockObservations,
};
use gondola_notification::use_cases::subscriptions::CatalogueNames;
use gondola_notification::use_cases::{NewsSource, OrderConfirmations};
use gondola_notification::{ChannelsConfig, Config, Deps, NotificationContext};
use gondola_notification_domain::StoreId;
use gondola_notification_domain::alerts::Observation;
use kit_core::{Clock as _, Position, RandomIds, RecordedEvent, SystemClock, Timestamp};
use kit_event_bus::Message;
use kit_event_store::memory::MemoryStore;
use kit_event_store::{EventStore, EventStoreError, Incarnation};
use kit_http::{HttpConfig, standard_layers};
use kit_relay::{Told, Translate};
use kit_service::ViewFreshness;
use kit_testkit::clock::SimClock;
use kit_testkit::event_store::{append, commit, transaction};
use kit_testkit::http::{Answer, TestClient};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// Long enough for anything that is expected to happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The units that are available after an event of a level; 7, unless said.
#[derive(Clone, Default)]
pub(crate) struct Levels(Arc<Mutex<HashMap<(String, u64), u64>>>);

impl Levels {
    pub(crate) fn set(&self, level: &str, version: u64, available: u64) {
        self.0.lock().unwrap().insert((level.to_owned(), version), available);
    }

    fn get(&self, level: &str, version: u64) -> u64 {
        self.0.lock().unwrap().get(&(level.to_owned(), version)).copied().unwrap_or(7)
    }
}

/// What outlives a restart: log, folder and time.
pub(crate) struct World {
    pub(crate) log: Arc<MemoryStore>,
    pub(crate) clock: SimClock,
    pub(crate) folder: TempDir,
    pub(crate) levels: Levels,
}

/// A running context, called through its client.
pub(crate) struct App {
    client: TestClient,
    pub(crate) world: World,
    pub(crate) told: ViewFreshness,
    pub(crate) order_confirmations: OrderConfirmations,
    looked_at: ViewFreshness,
    pub(crate) observations: Arc<dyn Observations>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// The store of a stock level of the test: `level-7-3` is of store 7.
pub(crate) fn store(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// Each event of `level-{store}-{product}` is told as a stock level; of a `broken-...` none can be read.
pub(crate) fn translation(log: Incarnation, levels: Levels) -> Box<dyn Translate> {
    Box::new(move |recorded: &RecordedEvent| -> Told {
        let name = recorded.stream.as_str();
        let numbers: Vec<u128> =
            name.split('-').skip(1).map(|part| part.parse().unwrap()).collect();
        if name.starts_with("transfer-") || name.starts_with("saga-") {
            return Ok(None);
        }
        if !name.starts_with("level-") {
            return Err(EventStoreError::Corrupt("newer".into()));
        }
        let event = IntegrationEvent::InventoryUpdated(InventoryUpdatedEvent {
            product_id: Uuid::from_u128(numbers[1]),
            store_id: store(numbers[0]),
            on_hand: 7,
            reserved: 0,
            available: levels.get(name, recorded.version.get()),
            reorder_point: Some(5),
            shortfall: Some(0),
            adjusted: None,
            version: recorded.version.get(),
            cause: "StockAddedEvent".into(),
        });
        let told = CloudEvent::of(recorded, log.as_uuid(), event);
        Ok(Some(Message {
            topic: told.event.event_type().into(),
            key: told.event.subject().into(),
            id: told.id,
            payload: told.to_json().into(),
            trace: None,
        }))
    })
}

/// Stock levels; `transfer-{store}-{id}`, which leaves with its first event and arrives with its second; `saga-0-{id}`,
/// whose step has failed as often as units would be available.
struct Looked(StockObservations, Levels);

#[async_trait]
impl Observe for Looked {
    async fn observe(
        &mut self,
        events: &[Arc<RecordedEvent>],
    ) -> Result<Vec<Observed>, EventStoreError> {
        let mut seen = self.0.observe(events).await?;
        for (event, seen) in events.iter().zip(&mut seen) {
            let (name, version) = (event.stream.as_str(), event.version.get());
            let numbers = name.split('-').skip(1).map(|part| part.parse().unwrap_or(0));
            let ids: Vec<Uuid> = numbers.map(Uuid::from_u128).collect();
            if name.starts_with("transfer-") {
                let (transfer, destination) = (ids[1], StoreId::from_uuid(ids[0]));
                *seen = Ok(vec![match version {
                    1 => Observation::InTransit { transfer, destination },
                    _ => Observation::Transit { transfer, destination, hours: 0 },
                }]);
            } else if name.starts_with("saga-") {
                let attempts = self.1.get(name, version);
                let failure = Some("the disk is full".to_owned());
                *seen =
                    Ok(vec![Observation::Saga { saga: ids[1], store: None, attempts, failure }]);
            }
        }
        Ok(seen)
    }
}

/// Stores and products are called by their numbers.
struct Numbers;

#[async_trait]
impl CatalogueNames for Numbers {
    async fn names(&self, stores: &[Uuid], products: &[Uuid]) -> HashMap<Uuid, String> {
        let named = |what: &'static str| move |id: &Uuid| (*id, format!("{what} {}", id.as_u128()));
        let stores = stores.iter().map(named("Loja"));
        stores.chain(products.iter().map(named("Café"))).collect()
    }
}

impl World {
    /// An empty log, at a moment.
    pub(crate) fn at(now: Timestamp) -> Self {
        let (log, folder) = (Arc::new(MemoryStore::new()), TempDir::new().unwrap());
        Self { log, clock: SimClock::at(now), folder, levels: Levels::default() }
    }
}

/// Settings of a context with the state of a world, that may reach a place.
pub(crate) fn config(world: &World, place: &str) -> Config {
    Config {
        folder: world.folder.path().join("notification"),
        allowed: [place.parse().unwrap()].into_iter().collect(),
        channels: ChannelsConfig::default(),
    }
}

/// What a context over a log is started with.
pub(crate) fn deps(
    log: &Arc<MemoryStore>,
    levels: &Levels,
    clock: &SimClock,
    tasks: TaskTracker,
    stop: CancellationToken,
) -> Deps {
    let log = Arc::clone(log) as Arc<dyn EventStore>;
    let source = NewsSource {
        name: "stockWebhooks",
        translation: translation(log.incarnation(), levels.clone()),
        log: Arc::clone(&log),
        event_types: topics::INVENTORY,
    };
    let observed = translation(log.incarnation(), levels.clone());
    let alerts = AlertSource {
        name: "alerts",
        observe: Box::new(Looked(StockObservations::new(observed), levels.clone())),
        log,
    };
    Deps {
        sources: vec![source],
        alerts,
        measurements: None,
        names: Arc::new(Numbers),
        clock: Arc::new(clock.clone()),
        ids: Arc::new(RandomIds),
        tasks,
        stop,
    }
}

impl App {
    /// A context over an empty log that may reach this machine; the time is the present.
    pub(crate) async fn start() -> Self {
        Self::start_on(World::at(SystemClock.now())).await
    }

    pub(crate) async fn start_on(world: World) -> Self {
        Self::start_allowing(world, "127.0.0.0/8").await
    }

    pub(crate) async fn start_allowing(world: World, place: &str) -> Self {
        Self::start_with(world, place, ChannelsConfig::default()).await
    }

    /// The same with ways to people.
    pub(crate) async fn start_with(world: World, place: &str, channels: ChannelsConfig) -> Self {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let config = Config { channels, ..config(&world, place) };
        let deps = deps(&world.log, &world.levels, &world.clock, tasks.clone(), stop.clone());
        let NotificationContext { module, told, order_confirmations, observations } =
            gondola_notification::module(config, deps).await.unwrap();
        let (router, _) = module.routes.split_for_parts();
        let client =
            TestClient::new(standard_layers(router, HttpConfig::default()), "/api/v1/webhooks");
        let [told, looked_at] = ["stockWebhooks", "alerts"]
            .map(|name| told.iter().find(|(one, _)| *one == name).unwrap().1.clone());
        Self { client, world, told, order_confirmations, looked_at, observations, tasks, stop }
    }

    /// The same, with paths below the whole API.
    pub(crate) fn api(self) -> Self {
        Self { client: self.client.below("/api/v1"), ..self }
    }

    /// Ends everything, as a shutdown does, and gives back what outlives it.
    pub(crate) async fn shut_down(self) -> World {
        let Self { client, world, told, order_confirmations, looked_at, observations, tasks, stop } =
            self;
        drop((client, told, looked_at, order_confirmations, observations));
        stop.cancel();
        tasks.close();
        tokio::time::timeout(PATIENCE, tasks.wait()).await.unwrap();
        world
    }

    /// Registers a webhook for stock levels; the answer has id and secret.
    pub(crate) async fn register(&self, url: &str) -> (String, String) {
        let registered = self.post("", of_stock(url)).await.expect(201);
        let text = |name: &str| registered.body[name].as_str().unwrap().to_owned();
        (text("webhookId"), text("secret"))
    }

    /// Something happens to the stock level of a store and product, for the `version`th time.
    pub(crate) async fn happen(&self, level: &str, version: u64) {
        let mut transaction = transaction([append(level, version - 1, 1)]);
        transaction.metadata.recorded_at = self.world.clock.now();
        let happened = commit(&*self.world.log, transaction).await;
        reach(&self.told, happened[0].position).await;
        reach(&self.looked_at, happened[0].position).await;
    }

    /// The deliveries of a webhook, newest first.
    pub(crate) async fn deliveries(&self, webhook: &str) -> Vec<Value> {
        let page = self.get(&format!("/{webhook}/deliveries?limit=200")).await.expect(200);
        page.body["items"].as_array().unwrap().clone()
    }

    /// Waits until the deliveries of a webhook are as they are wanted, and gives them.
    async fn await_deliveries(
        &self,
        webhook: &str,
        wanted: impl Fn(&[Value]) -> bool,
    ) -> Vec<Value> {
        let mut last = Vec::new();
        let found = async {
            loop {
                last = self.deliveries(webhook).await;
                if wanted(&last) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let is_found = tokio::time::timeout(PATIENCE, found).await.is_ok();
        assert!(is_found, "the deliveries stay {last:?}");
        last
    }

    /// Waits until the newest delivery of a webhook is as it is wanted, and gives it.
    pub(crate) async fn await_newest(
        &self,
        webhook: &str,
        wanted: impl Fn(&Value) -> bool,
    ) -> Value {
        self.await_deliveries(webhook, |all| all.first().is_some_and(&wanted)).await.remove(0)
    }

    /// Waits until a webhook has so many deliveries, all of them made and noted.
    ///
    /// A receiver that was told is not enough before an end: what is not noted yet is told once more after it.
    pub(crate) async fn await_delivered(&self, webhook: &str, count: usize) {
        let is_made = |one: &Value| one["state"] == "delivered";
        self.await_deliveries(webhook, |all| all.len() == count && all.iter().all(is_made)).await;
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(http::Method::PUT, path, &[], Some(body)).await
    }
}

/// Waits until a follower has come to a position: once is two seconds, in which a busy machine may not have come to it.
pub(crate) async fn reach(follower: &ViewFreshness, position: Position) {
    let begun = Instant::now();
    while let Err(behind) = follower.reach(position).await {
        assert!(begun.elapsed() < PATIENCE, "{behind:?}");
    }
}

pub(crate) fn of_stock(url: &str) -> Value {
    json!({"url": url, "eventTypes": ["gondola.inventory.inventory-updated.v1"]})
}

impl Deref for App {
    type Target = TestClient;

    fn deref(&self) -> &TestClient {
        &self.client
    }
}
