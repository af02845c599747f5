//! The composition root: the one place that sees drivers and contexts together.

mod alerts;
pub(crate) mod auth;
pub(crate) mod backup;
pub(crate) mod backup_place;
pub(crate) mod cache;
pub(crate) mod cdn;
pub(crate) mod channels;
pub(crate) mod confirmations;
pub(crate) mod disk;
pub(crate) mod event_bus;
pub(crate) mod event_store;
pub(crate) mod files;
pub(crate) mod flags;
pub(crate) mod gateway;
pub(crate) mod hold_limits;
pub(crate) mod limits;
mod measurements;
pub(crate) mod metrics;
#[cfg(feature = "mysql")]
pub(crate) mod mysql;
pub(crate) mod names;
mod notification;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
pub(crate) mod restore;
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
use gondola_inventory::use_cases::HoldLimits;
use gondola_notification::use_cases::alerts::Measurements;
use gondola_notification::{AllowedPlaces, ChannelsConfig};
use kit_cdn::Edge;
use kit_core::{Clock, IdSource, Position, RandomIds, SystemClock, Timestamp};
use kit_event_bus::EventBus;
use kit_event_store::EventStore;
use kit_executor::ExecutorConfig;
use kit_feature_flags::Rollout;
use kit_service::Module;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa::openapi::OpenApi;

use crate::roles::Roles;
use backup::BackupArgs;
use cache::CacheUrl;
use confirmations::Confirmations;
use event_bus::EventBusUrl;
use event_store::DataArgs;
use flags::FlagArgs;
use measurements::OfInventory;
use names::Names;
use notification::Told;
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
    /// How much customers and callers may hold at a time.
    pub(crate) hold_limits: HoldLimits,
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
    store_log: Arc<dyn EventStore>,
    notification: Option<Module>,
    process: Process,
}

/// The contexts that this process serves.
pub(crate) struct Serving {
    pub(crate) modules: Vec<Module>,
    /// Services in other processes, with their documents.
    pub(crate) proxied: Vec<(OpenApi, Proxied)>,
    /// The logs of its contexts, and where each ends before anybody is served.
    logs: Vec<(&'static str, Position)>,
    process: Process,
}

/// Whom the contexts of this process ask: one another, or other processes.
pub(crate) struct Asked {
    pub(crate) names: Names,
    pub(crate) confirmations: Confirmations,
}

/// What the contexts of this process share.
struct Process {
    views: ViewsFolders,
    bus: Arc<dyn EventBus>,
    names: Names,
    confirmations: Confirmations,
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
    let has_webhooks = settings.webhooks.is_some() && !settings.data.event_store.is_shared();
    let roles = Roles { notification: has_webhooks, ..Roles::ALL };
    let confirmations = Confirmations::of(roles, &[], None);
    let asked = Asked { names: Names::here(), confirmations };
    let process = Process::new(settings, roles, asked).await?;
    // the inventory first: it must listen before the catalogue is published on the bus
    let inventory_log = settings.data.open_event_store("inventory").await?;
    let inventory = process.inventory(settings, Arc::clone(&inventory_log)).await?;
    let store_log = settings.data.open_event_store("store").await?;
    let store = process.store(settings, Arc::clone(&store_log), Some(&inventory)).await?;
    inventory.await_catalogue(store.told());
    let logs = (Arc::clone(&inventory_log), Arc::clone(&store_log));
    let measured = OfInventory::shared(Some(&inventory));
    let notification = match process.told(logs, measured).filter(|_| has_webhooks) {
        Some(told) => Some(process.notification(settings, roles, told).await?),
        None => None,
    };
    Ok(Gondola { inventory, inventory_log, store, store_log, notification, process })
}

/// Opens the stores and starts the contexts of some roles, and the ways to services in other processes.
pub(crate) async fn start_roles(
    settings: &Settings,
    roles: Roles,
    services: Vec<Service>,
    asked: Asked,
) -> anyhow::Result<Serving> {
    let process = Process::new(settings, roles, asked).await?;
    // in the same order as above
    let (mut inventory, mut store) = (None, None);
    let (mut stock_log, mut catalogue_log) = (None, None);
    let (mut stock_end, mut catalogue_end) = (None, None);
    if roles.inventory {
        let log = settings.data.open_event_store("inventory").await?;
        stock_end = Some(("inventory", log.end().position));
        stock_log = Some(Arc::clone(&log));
        inventory = Some(process.inventory(settings, log).await?);
    }
    if roles.store {
        let log = settings.data.open_event_store("store").await?;
        catalogue_end = Some(("store", log.end().position));
        catalogue_log = Some(Arc::clone(&log));
        store = Some(process.store(settings, log, inventory.as_ref()).await?);
    }
    let mut notification = None;
    if roles.notification {
        // it follows both, also where another process writes them
        let logs = (
            opened(settings, "inventory", stock_log.clone()).await?,
            opened(settings, "store", catalogue_log).await?,
        );
        let measured = OfInventory::shared(inventory.as_ref());
        if let Some(told) = process.told(logs, measured) {
            notification = Some(process.notification(settings, roles, told).await?);
        }
    }
    let mut files = None;
    if let (Some(inventory), Some(store), Some(log)) = (&inventory, &store, stock_log) {
        files = Some(process.files(&settings.data, (inventory, store), log)?);
    }
    match (&inventory, &store) {
        (Some(inventory), Some(store)) => inventory.await_catalogue(store.told()),
        // another process has told what there is on the bus
        (Some(inventory), None) => inventory.await_catalogue(std::future::ready(())),
        (None, _) => {}
    }
    let contexts = [inventory.map(|one| one.module), store.map(|one| one.module), notification];
    let modules = contexts.into_iter().chain([files]);
    let logs = stock_end.into_iter().chain(catalogue_end).collect();
    let proxied = services
        .into_iter()
        .map(|service| (service.document.clone(), process.proxied(service)))
        .collect();
    Ok(Serving { modules: modules.flatten().collect(), proxied, logs, process })
}

impl Gondola {
    /// All contexts, to be served, and files through them.
    pub(crate) fn serving(self, data: &DataArgs) -> anyhow::Result<Serving> {
        let Self { inventory, inventory_log, store, store_log, notification, process } = self;
        let logs = [("inventory", &inventory_log), ("store", &store_log)];
        let logs = logs.map(|(name, log)| (name, log.end().position)).to_vec();
        let files = process.files(data, (&inventory, &store), inventory_log)?;
        let mut modules = vec![inventory.module, store.module];
        modules.extend(notification);
        modules.push(files);
        Ok(Serving { modules, proxied: Vec::new(), logs, process })
    }

    /// Ends all tasks and closes the stores; what was acknowledged is on disk already.
    pub(crate) async fn stop(self) {
        let Self { inventory, inventory_log, store, store_log, notification, process } = self;
        drop((inventory, inventory_log, store, store_log, notification));
        process.stop().await;
    }
}

impl Serving {
    /// What this process serves.
    pub(crate) fn roles(&self) -> Vec<&'static str> {
        let gateway = (!self.proxied.is_empty()).then_some("gateway");
        self.modules.iter().map(|module| module.name).chain(gateway).collect()
    }

    /// The logs that are served, and where each ended when it was opened.
    pub(crate) fn logs(&self) -> &[(&'static str, Position)] {
        &self.logs
    }

    /// Begins to back up what is served, if that is asked for.
    pub(crate) fn back_up(&self, args: &BackupArgs, data: &DataArgs) -> anyhow::Result<()> {
        let Process { tasks, stop, clock, .. } = &self.process;
        args.start(data, clock, tasks, stop)
    }

    /// Cancel it when the server drains: open streams end.
    pub(crate) fn drain(&self) -> CancellationToken {
        self.process.drain.clone()
    }

    /// Ends all tasks and closes the stores; what was acknowledged is on disk already.
    pub(crate) async fn stop(self) {
        let Self { modules, proxied, process, .. } = self;
        drop((modules, proxied));
        process.stop().await;
    }
}

impl Process {
    async fn new(settings: &Settings, roles: Roles, asked: Asked) -> anyhow::Result<Self> {
        let Asked { names, confirmations } = asked;
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let flags = settings.flags.start().await?;
        let shared_cache_stores = flags.rollout(&gondola_inventory::SHARED_STOCK_CACHE);
        flags.watch(&tasks, stop.clone());
        Ok(Self {
            shared_cache_stores,
            views: ViewsFolders::open(&settings.data, roles.contexts())?,
            bus: settings.event_bus.open()?,
            names,
            confirmations,
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
            customer_keys: settings.data.customer_keys(self.views.of("privacy"))?,
            hold_limits: settings.hold_limits,
            executor: settings.executor,
            cache_entries_max: settings.cache_entries_max,
            sweeper: true,
        };
        let deps = gondola_inventory::Deps {
            event_store,
            bus: Arc::clone(&self.bus),
            catalogue: self.names.catalogue(),
            offers: self.names.offers(),
            confirmations: self.confirmations.port(),
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

    /// What the notification context is told of: these logs, and what is measured in this process. `None` where nobody knows
    /// the names in them.
    fn told(
        &self,
        (inventory, store): (Arc<dyn EventStore>, Arc<dyn EventStore>),
        measured: Option<Arc<dyn Measurements>>,
    ) -> Option<Told> {
        self.names.catalogue().map(|names| Told { inventory, store, names, measured })
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

/// A log that this process has open already, or opens to read it.
async fn opened(
    settings: &Settings,
    context: &str,
    log: Option<Arc<dyn EventStore>>,
) -> anyhow::Result<Arc<dyn EventStore>> {
    match log {
        Some(log) => Ok(log),
        None => settings.data.open_event_store(context).await,
    }
}

/// The machine's clock, for names and labels outside the log.
pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}

/// What is said of a server whose driver is not in this build.
#[cfg(not(all(
    feature = "kafka",
    feature = "mysql",
    feature = "postgres",
    feature = "redis",
    feature = "s3"
)))]
fn not_built_in(server: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "{server} is not in this build: it is in the one that ships (make dist), and in one that is built with \
         `cargo build -p gondola --features servers`"
    )
}
