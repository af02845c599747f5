//! The composition root: the one place that sees drivers and contexts together.

mod alerts;
pub(crate) mod auth;
pub(crate) mod cache;
pub(crate) mod cdn;
pub(crate) mod channels;
mod confirmations;
pub(crate) mod event_bus;
pub(crate) mod event_store;
pub(crate) mod flags;
pub(crate) mod gateway;
pub(crate) mod limits;
pub(crate) mod metrics;
#[cfg(feature = "mysql")]
pub(crate) mod mysql;
pub(crate) mod names;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
mod singletons;
mod stock;
pub(crate) mod tls;
pub(crate) mod traces;
pub(crate) mod views;
mod views_folders;
pub(crate) mod webhooks;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use gondola_gateway::{Proxied, Service};
use gondola_notification::{AllowedPlaces, ChannelsConfig, NotificationContext};
use gondola_store::use_cases::CatalogueLookUps;
use kit_cdn::Edge;
use kit_core::{Clock, IdSource, RandomIds, SystemClock, Timestamp};
use kit_event_bus::EventBus;
use kit_event_store::EventStore;
use kit_executor::ExecutorConfig;
use kit_feature_flags::Rollout;
use kit_service::Module;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa::openapi::OpenApi;

use crate::roles::Roles;
use cache::CacheUrl;
use confirmations::Confirmations;
use event_bus::EventBusUrl;
use event_store::DataArgs;
use flags::FlagArgs;
use names::Names;
use views_folders::ViewsFolders;

/// Longest wait for tasks to end after the last request.
const TASKS_END_WAIT: Duration = Duration::from_secs(30);

/// Settings of the whole product in one process.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where the data is.
    pub(crate) data: DataArgs,
    /// What the contexts tell each other by.
    pub(crate) event_bus: EventBusUrl,
    /// Limits of the inventory's command executor.
    pub(crate) executor: ExecutorConfig,
    /// Stock levels in the L1 cache.
    pub(crate) cache_entries_max: u64,
    /// The cache that processes share.
    pub(crate) shared_cache: CacheUrl,
    /// What is turned on for a share of the stores.
    pub(crate) flags: FlagArgs,
    /// The caches in front.
    pub(crate) edge: Edge,
    /// What webhooks may reach inside; `None` for commands that send nothing.
    pub(crate) webhooks: Option<AllowedPlaces>,
    /// How people are reached.
    pub(crate) channels: ChannelsConfig,
}

/// All contexts, running in this process.
pub(crate) struct Gondola {
    pub(crate) inventory: gondola_inventory::InventoryContext,
    /// The log of the inventory context, for commands that read it as it is.
    pub(crate) inventory_log: Arc<dyn EventStore>,
    pub(crate) store: gondola_store::StoreContext,
    /// Boxed: it is a part of the futures of all commands.
    notification: Option<Box<NotificationContext>>,
    process: Process,
}

/// The contexts that this process serves.
pub(crate) struct Serving {
    pub(crate) modules: Vec<Module>,
    /// Services in other processes, with their documents.
    pub(crate) proxied: Vec<(OpenApi, Proxied)>,
    process: Process,
}

/// What the contexts of this process share.
struct Process {
    views: ViewsFolders,
    bus: Arc<dyn EventBus>,
    names: Names,
    confirmations: Option<Arc<Confirmations>>,
    shared_cache_stores: Rollout,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    /// Cancelled when the server drains: open streams end.
    drain: CancellationToken,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// Opens the stores and starts all contexts.
pub(crate) async fn start(settings: &Settings) -> anyhow::Result<Gondola> {
    let names = Names::here();
    let has_webhooks = settings.webhooks.is_some() && !settings.data.event_store.is_shared();
    let roles = Roles { notification: has_webhooks, ..Roles::ALL };
    let process = Process::new(settings, roles, names).await?;
    // the inventory first: it must listen before the catalogue is published on the bus
    let inventory_log = settings.data.open_event_store("inventory").await?;
    let inventory = process.inventory(settings, Arc::clone(&inventory_log)).await?;
    let store_log = settings.data.open_event_store("store").await?;
    let store = process.store(settings, Arc::clone(&store_log), Some(&inventory)).await?;
    inventory.await_catalogue(store.told());
    let names = store.look_ups.clone();
    let told = |inventory| Told { inventory, store: store_log, names };
    let logs = has_webhooks.then(|| told(Arc::clone(&inventory_log)));
    let notification = process.notification(settings, logs).await?;
    Ok(Gondola { inventory, inventory_log, store, notification, process })
}

/// Opens the stores and starts the contexts of some roles, and the ways to services in other processes.
pub(crate) async fn start_roles(
    settings: &Settings,
    roles: Roles,
    services: Vec<Service>,
    names: Names,
) -> anyhow::Result<Serving> {
    let process = Process::new(settings, roles, names).await?;
    // in the same order as above
    let (mut inventory, mut store) = (None, None);
    let (mut stock_log, mut catalogue_log) = (None, None);
    if roles.inventory {
        let log = settings.data.open_event_store("inventory").await?;
        stock_log = Some(Arc::clone(&log));
        inventory = Some(process.inventory(settings, log).await?);
    }
    if roles.store {
        let log = settings.data.open_event_store("store").await?;
        catalogue_log = Some(Arc::clone(&log));
        store = Some(process.store(settings, log, inventory.as_ref()).await?);
    }
    let names = store.as_ref().map(|store| store.look_ups.clone());
    let logs = stock_log.zip(catalogue_log).zip(names).filter(|_| roles.notification);
    let logs = logs.map(|((inventory, store), names)| Told { inventory, store, names });
    let notification = process.notification(settings, logs).await?;
    match (&inventory, &store) {
        (Some(inventory), Some(store)) => inventory.await_catalogue(store.told()),
        // another process has told what there is on the bus
        (Some(inventory), None) => inventory.await_catalogue(std::future::ready(())),
        (None, _) => {}
    }
    let modules = [
        inventory.map(|one| one.module),
        store.map(|one| one.module),
        notification.map(|one| one.module),
    ];
    let proxied = services
        .into_iter()
        .map(|service| (service.document.clone(), process.proxied(service)))
        .collect();
    Ok(Serving { modules: modules.into_iter().flatten().collect(), proxied, process })
}

impl Gondola {
    /// All contexts, to be served.
    pub(crate) fn serving(self) -> Serving {
        let Self { inventory, store, notification, process, .. } = self;
        let mut modules = vec![inventory.module, store.module];
        modules.extend(notification.map(|one| one.module));
        Serving { modules, proxied: Vec::new(), process }
    }

    /// Ends all tasks and closes the stores; what was acknowledged is on disk already.
    pub(crate) async fn stop(self) {
        let Self { inventory, inventory_log, store, notification, process } = self;
        drop((inventory, inventory_log, store, notification));
        process.stop().await;
    }
}

impl Serving {
    /// What this process serves.
    pub(crate) fn roles(&self) -> Vec<&'static str> {
        let gateway = (!self.proxied.is_empty()).then_some("gateway");
        self.modules.iter().map(|module| module.name).chain(gateway).collect()
    }

    /// Cancel it when the server drains: open streams end.
    pub(crate) fn drain(&self) -> CancellationToken {
        self.process.drain.clone()
    }

    /// Ends all tasks and closes the stores; what was acknowledged is on disk already.
    pub(crate) async fn stop(self) {
        let Self { modules, proxied, process } = self;
        drop((modules, proxied));
        process.stop().await;
    }
}

impl Process {
    async fn new(settings: &Settings, roles: Roles, names: Names) -> anyhow::Result<Self> {
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let flags = settings.flags.start().await?;
        let shared_cache_stores = flags.rollout(&gondola_inventory::SHARED_STOCK_CACHE);
        flags.watch(&tasks, stop.clone());
        Ok(Self {
            shared_cache_stores,
            views: ViewsFolders::open(&settings.data, roles.contexts())?,
            bus: settings.event_bus.open()?,
            names,
            confirmations: Confirmations::of(roles),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            drain: CancellationToken::new(),
            stop,
            tasks,
        })
    }

    async fn inventory(
        &self,
        settings: &Settings,
        event_store: Arc<dyn EventStore>,
    ) -> anyhow::Result<gondola_inventory::InventoryContext> {
        let config = gondola_inventory::Config {
            views: settings.data.views.of_stock(self.views.of("inventory"))?,
            transfers_folder: self.views.of("inventory"),
            customer_keys: settings.data.customer_keys(self.views.of("privacy")),
            executor: settings.executor,
            cache_entries_max: settings.cache_entries_max,
            sweeper: true,
        };
        let deps = gondola_inventory::Deps {
            event_store,
            bus: Arc::clone(&self.bus),
            catalogue: self.names.catalogue(),
            offers: self.names.offers(),
            confirmations: self.confirmations.clone().map(|served| served as _),
            singletons: settings.data.singletons("inventory")?,
            shared_cache: settings.shared_cache.open("inventory")?,
            shared_cache_stores: self.shared_cache_stores.clone(),
            edge: settings.edge.clone(),
            clock: Arc::clone(&self.clock),
            ids: Arc::clone(&self.ids),
            tasks: self.tasks.clone(),
            drain: self.drain.clone(),
            stop: self.stop.clone(),
        };
        let started = Box::pin(gondola_inventory::module(config, deps)).await;
        started.context("cannot start the inventory context")
    }

    async fn store(
        &self,
        settings: &Settings,
        event_store: Arc<dyn EventStore>,
        inventory: Option<&gondola_inventory::InventoryContext>,
    ) -> anyhow::Result<gondola_store::StoreContext> {
        let config = gondola_store::Config {
            views_folder: self.views.of("store"),
            executor: ExecutorConfig::default(),
        };
        let deps = gondola_store::Deps {
            event_store,
            bus: Arc::clone(&self.bus),
            stock: stock::source(inventory, &settings.event_bus),
            singletons: settings.data.singletons("store")?,
            edge: settings.edge.clone(),
            clock: Arc::clone(&self.clock),
            ids: Arc::clone(&self.ids),
            tasks: self.tasks.clone(),
            stop: self.stop.clone(),
        };
        let started = Box::pin(gondola_store::module(config, deps)).await;
        let started = started.context("cannot start the store context")?;
        self.names.started(started.look_ups.clone());
        Ok(started)
    }

    /// Webhooks and subscriptions that are told of these logs, where there are both, with the names in them.
    async fn notification(
        &self,
        settings: &Settings,
        logs: Option<Told>,
    ) -> anyhow::Result<Option<Box<NotificationContext>>> {
        let Some(Told { inventory, store, names }) = logs else { return Ok(None) };
        let config = gondola_notification::Config {
            folder: self.views.of("notification"),
            allowed: settings.webhooks.clone().unwrap_or_default(),
            channels: settings.channels.clone(),
        };
        let deps = gondola_notification::Deps {
            alerts: alerts::looked_at(Arc::clone(&inventory)),
            sources: webhooks::sources(inventory, store),
            names: Arc::new(channels::NamesOfCatalogue(names)),
            clock: Arc::clone(&self.clock),
            ids: Arc::clone(&self.ids),
            tasks: self.tasks.clone(),
            stop: self.stop.clone(),
        };
        let started = Box::pin(gondola_notification::module(config, deps)).await;
        let started = started.context("cannot start the notification context")?;
        if let Some(confirmations) = &self.confirmations {
            confirmations.started(started.order_confirmations.clone());
        }
        Ok(Some(Box::new(started)))
    }

    fn proxied(&self, service: Service) -> Proxied {
        gondola_gateway::proxied(service, &self.tasks, &self.stop)
    }

    async fn stop(self) {
        let Self { names, confirmations, stop, tasks, .. } = self;
        // the catalogue's executor ends with the last who may ask it
        drop((names, confirmations));
        stop.cancel();
        tasks.close();
        if tokio::time::timeout(TASKS_END_WAIT, tasks.wait()).await.is_err() {
            tracing::warn!(tasks = tasks.len(), "tasks_did_not_end");
        }
    }
}

/// What webhooks and people are told of: two logs, with the names in them.
struct Told {
    inventory: Arc<dyn EventStore>,
    store: Arc<dyn EventStore>,
    names: CatalogueLookUps,
}

/// The machine's clock, for names and labels outside the log.
pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}

/// What is said of a server whose driver is not in this build.
#[cfg(not(all(
    feature = "kafka",
    feature = "mysql",
    feature = "oidc-tls",
    feature = "otlp-tls",
    feature = "postgres",
    feature = "redis"
)))]
fn not_built_in(server: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "{server} is not in this build: it is in the one that ships (make dist), and in one that is built with \
         `cargo build -p gondola --features servers`"
    )
}
