//! The one door of the inventory context: dependencies in, the running context out.

mod hold_gate;
mod processes;

use std::future;
use std::path::PathBuf;
use std::sync::Arc;

use kit_cache::SharedCache;
use kit_cdn::{Edge, PurgerDeps};
use kit_core::{Clock, IdSource};
use kit_event_bus::{BusError, EventBus, ParkedKeys};
use kit_event_store::projection::ProjectionError;
use kit_event_store::{EventStore, MonotonicClock};
use kit_executor::{Deps as ExecutorDeps, Executor, ExecutorConfig};
use kit_feature_flags::Rollout;
use kit_http::{Check, Health};
use kit_lease::Singletons;
use kit_process::critical_task;
use kit_service::{Module, log_check, parking_check};
use kit_sqlite::OpenViewError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::processes::Running;
use crate::adapters::{
    Cached, CatalogueFeed, CustomerKeysPlace, LevelCache, LevelObserver, LevelSource,
    OpenKeysError, SharedCustomerKeys, SharedLevels, SharedStock, Sharing, SqliteCustomerKeys,
    SqliteFolder, SqliteReadModel, measure_age, note_filled, purger_config, replay, stock_relay,
};
#[cfg(feature = "postgres")]
use crate::adapters::{PostgresDeps, PostgresReadModel, PostgresViews};
use crate::http;
use crate::process_managers::checkouts::Checkouts;
use crate::process_managers::pos_batches::PosBatches;
use crate::process_managers::sagas::Sagas;
use crate::process_managers::split_reservations::SplitReservations;
use crate::process_managers::stocktakes::Stocktakes;
use crate::process_managers::transfers::Transfers;
use crate::use_cases::{
    Catalogue, CatalogueLookUp, Customers, DriftFigures, HoldGate, HoldLimits, HoldTallies,
    InventoryDecider, LevelCopies, OrderConfirmations, Queries, ReadModelRebuild, Reconciler,
    ReplenishmentPlanner, StockCommands, StockReadModel, SupplierOffers, Sweeper,
};

/// Settings of the inventory context.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the read model is.
    pub views: Views,
    /// Folder of the lists of transfers, split reservations, checkouts, tills, stocktakes and holders, which are this process's
    /// own; made when missing.
    pub transfers_folder: PathBuf,
    /// Where the keys of customers are.
    pub customer_keys: CustomerKeysPlace,
    /// How much customers and callers may hold at a time.
    pub hold_limits: HoldLimits,
    /// Limits of the command executor.
    pub executor: ExecutorConfig,
    /// Stock levels in the L1 cache.
    pub cache_entries_max: u64,
    /// Whether the sweeper runs; off only in tests that show that it is not needed.
    pub sweeper: bool,
}

/// Where the read model is.
#[derive(Clone, Debug)]
pub enum Views {
    /// In a folder that is this process's own.
    Sqlite(PathBuf),
    /// In a database that several processes share.
    #[cfg(feature = "postgres")]
    Postgres(Box<PostgresViews>),
}

impl Views {
    /// What it makes of a process when its views stand still: no other shows more where they are shared.
    const fn stuck(&self) -> fn(String) -> Health {
        match self {
            Self::Sqlite(_) => Health::Down,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Health::Degraded,
        }
    }
}

/// What the inventory context needs from outside.
#[derive(Clone)]
pub struct Deps {
    /// Its log.
    pub event_store: Arc<dyn EventStore>,
    /// Brings the catalogue's news.
    pub bus: Arc<dyn EventBus>,
    /// The catalogue itself, asked for names that have not come over the bus; `None` where it cannot be asked.
    pub catalogue: Option<Arc<dyn CatalogueLookUp>>,
    /// What suppliers offer, as the catalogue knows it; `None` where it cannot be asked.
    pub offers: Option<Arc<dyn SupplierOffers>>,
    /// The notification service, which takes part in checkouts; `None` where there is none.
    pub confirmations: Option<Arc<dyn OrderConfirmations>>,
    /// How what only one of the processes on its log is to do is run.
    pub singletons: Singletons,
    /// The L2 cache, where processes share one.
    pub shared_cache: Option<Arc<dyn SharedCache>>,
    /// The flag [`SHARED_STOCK_CACHE`](crate::SHARED_STOCK_CACHE): the stores that the L2 cache is used for.
    pub shared_cache_stores: Rollout,
    /// The caches in front of it, such as a CDN.
    pub edge: Edge,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
    /// Where its tasks run.
    pub tasks: TaskTracker,
    /// Ends its open streams, when the server drains.
    pub drain: CancellationToken,
    /// Ends the tasks; cancelled after the last request was served.
    pub stop: CancellationToken,
}

/// The inventory context could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The read model could not be opened or brought up to date.
    #[error("the views of stock cannot be used")]
    Views(#[from] ProjectionError),
    /// The list of transfers, of split reservations, of checkouts, of tills, of stocktakes or of holders could not be opened.
    #[error(
        "the list of transfers, of split reservations, of checkouts, of tills, of stocktakes or of holders cannot be used"
    )]
    Transfers(#[from] OpenViewError),
    /// The keys of customers could not be opened.
    #[error("the keys of customers cannot be used")]
    CustomerKeys(#[from] OpenKeysError),
    /// The bus could not be joined.
    #[error("the event bus cannot be joined")]
    Bus(#[from] BusError),
}

/// The running inventory context.
pub struct InventoryContext {
    /// What a server runs: routes below `/api/v1/inventory`, `/api/v1/checkouts` and `/api/v1/sagas`, and health checks.
    pub module: Module,
    /// Its commands.
    pub commands: Arc<StockCommands>,
    /// Its queries.
    pub queries: Arc<Queries>,
    /// Transfers between its stores.
    pub transfers: Arc<Transfers>,
    /// What its stores should order.
    pub replenishment: Arc<ReplenishmentPlanner>,
    /// Baskets held in several of its stores.
    pub split_reservations: Arc<SplitReservations>,
    /// Baskets that are accepted, and committed or rolled back, together with other services.
    pub checkouts: Arc<Checkouts>,
    /// Batches of tills that were offline.
    pub pos_batches: Arc<PosBatches>,
    /// Shelves that are counted, compared with the books, and reviewed.
    pub stocktakes: Arc<Stocktakes>,
    /// Its copy of the catalogue.
    pub catalogue: Arc<Catalogue>,
    /// Rebuilds the read model.
    pub rebuild: Arc<dyn ReadModelRebuild>,
    /// Holds that its stores were asked for, and those that they refused.
    pub hold_tallies: Arc<HoldTallies>,
    /// How many levels of its views and its cache are known to be wrong.
    pub drift_figures: Arc<DriftFigures>,
    bus: Arc<dyn EventBus>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl InventoryContext {
    /// Expects what the catalogue had before this start: not ready, and certain of no name that it lacks, until `told`,
    /// when all of it is on the bus, and the feed has taken it. To be called before the first request.
    pub fn await_catalogue(&self, told: impl Future<Output = ()> + Send + 'static) {
        self.catalogue.note_filling();
        let filled = note_filled(Arc::clone(&self.catalogue), Arc::clone(&self.bus), told);
        let until_stopped = self.stop.clone().run_until_cancelled_owned(filled);
        self.tasks.spawn(critical_task("catalogue-filling", until_stopped));
    }
}

/// Starts the inventory context: read model up to date, executor and sweeper running, catalogue feed and stock relay
/// started.
#[expect(clippy::too_many_lines, reason = "one list of what is started, in its order")]
pub async fn module(config: Config, deps: Deps) -> Result<InventoryContext, StartError> {
    let monotonic = MonotonicClock::new(deps.clock, deps.event_store.last_recorded_at());
    let deps = Deps { clock: Arc::new(monotonic), ..deps };
    // begun first: names arrive while the read model is opened
    let feed = replay(Arc::clone(&deps.bus)).await?;
    let ReadModel { shown, copies, rebuild } = read_model(&config, &deps).await?;
    let (gates, holders_check) = gates(&config, &deps).await?;
    let (commands, queries) = use_cases(config.executor, &deps, shown, gates);
    let reconciler = reconciler(&deps, &queries, copies, &rebuild);
    let drift_figures = reconciler.figures();
    let hold_tallies = Arc::clone(&commands.holds);
    let catalogue = Arc::clone(&commands.catalogue);
    let Running {
        transfers,
        split_reservations,
        checkouts,
        pos_batches,
        stocktakes,
        readiness: lists,
    } = processes::start(&config, &deps, &commands).await?;
    let replenishment = Arc::new(ReplenishmentPlanner {
        queries: Arc::clone(&queries),
        inbound: transfers.inbound(),
        catalogue: Arc::clone(&catalogue),
        offers: deps.offers.clone(),
    });
    let cache_check = deps.shared_cache.clone().map(cache_check);
    let purge_check = purge(&deps, &queries);
    let Deps { event_store, bus, singletons, edge, clock, ids, tasks, drain, stop, .. } = deps;
    let log_check = log_check("inventoryLog", Arc::clone(&event_store) as _);
    let parked_names = feed.parked();
    let names_check = names_check(Arc::clone(&catalogue), parked_names.clone());
    tasks.spawn(feed.run(CatalogueFeed::new(Arc::clone(&catalogue)), stop.clone()));
    let age = stop.clone().run_until_cancelled_owned(measure_age(clock, Arc::clone(&bus)));
    tasks.spawn(critical_task("names-age", age));
    run_live_feed(&queries, &tasks, &stop);
    let relay = stock_relay(event_store, Arc::clone(&bus)).start(&singletons, &tasks, &stop);
    if config.sweeper {
        let (commands, queries) = (Arc::clone(&commands), Arc::clone(&queries));
        let (sweeper, stop) = (Sweeper { commands, queries, ids }, stop.clone());
        tasks.spawn(async move { singletons.run(sweeper, stop).await });
    }
    let views_check =
        queries.freshness().check("inventoryViews", config.views.stuck(), &tasks, stop.clone());
    let relay_check = parking_check("stockRelay", relay);
    let mut readiness = vec![log_check, views_check, relay_check, names_check];
    readiness.extend(lists.into_iter().chain(holders_check).chain(cache_check).chain(purge_check));
    let routes = http::routes(http::AppState {
        commands: Arc::clone(&commands),
        queries: Arc::clone(&queries),
        catalogue: Arc::clone(&catalogue),
        transfers: Arc::clone(&transfers),
        replenishment: Arc::clone(&replenishment),
        split_reservations: Arc::clone(&split_reservations),
        checkouts: Arc::clone(&checkouts),
        pos_batches: Arc::clone(&pos_batches),
        stocktakes: Arc::clone(&stocktakes),
        sagas: Sagas::new(
            Arc::clone(&transfers),
            Arc::clone(&split_reservations),
            Arc::clone(&checkouts),
            Arc::clone(&pos_batches),
            Arc::clone(&stocktakes),
        ),
        rebuild: Arc::clone(&rebuild),
        reconciler,
        parked_names: Arc::new(parked_names),
        edge: edge.caching,
        places: http::Places::default(),
        stop: drain,
        tasks: tasks.clone(),
    });
    let module = Module { name: "inventory", routes, readiness };
    Ok(InventoryContext {
        module,
        commands,
        queries,
        transfers,
        replenishment,
        split_reservations,
        checkouts,
        pos_batches,
        stocktakes,
        catalogue,
        rebuild,
        hold_tallies,
        drift_figures,
        bus,
        tasks,
        stop,
    })
}

/// A read model behind its caches, what there is of a level in both, and the door to its rebuild.
struct ReadModel {
    shown: Arc<dyn StockReadModel>,
    copies: Arc<dyn LevelCopies>,
    rebuild: Arc<dyn ReadModelRebuild>,
}

/// The read model, up to date and following the log.
async fn read_model(config: &Config, deps: &Deps) -> Result<ReadModel, ProjectionError> {
    let caches = Caches::start(config.cache_entries_max, deps);
    match &config.views {
        Views::Sqlite(folder) => {
            let folder = SqliteFolder {
                folder: folder.clone(),
                log: Arc::clone(&deps.event_store),
                observer: caches.observer(),
                clock: Arc::clone(&deps.clock),
                tasks: deps.tasks.clone(),
                stop: deps.stop.clone(),
            };
            Ok(caches.before(SqliteReadModel::open(folder).await?))
        }
        #[cfg(feature = "postgres")]
        Views::Postgres(views) => {
            let postgres = PostgresDeps {
                log: Arc::clone(&deps.event_store),
                observer: caches.observer(),
                clock: Arc::clone(&deps.clock),
                holder: deps.ids.next_id(deps.clock.now()).to_string(),
                tasks: deps.tasks.clone(),
                stop: deps.stop.clone(),
            };
            // boxed: it would make every future around it large
            let open = Box::pin(PostgresReadModel::open(PostgresViews::clone(views), postgres));
            Ok(caches.before(open.await?))
        }
    }
}

/// The L1 cache, and the L2 cache where processes share one.
struct Caches {
    l1: Arc<LevelCache>,
    sharing: Option<Arc<Sharing>>,
    clock: Arc<dyn Clock>,
}

impl Caches {
    fn start(entries_max: u64, deps: &Deps) -> Self {
        let l1 = Arc::new(LevelCache::new(entries_max));
        let sharing = deps.shared_cache.clone().map(|shared| {
            let log = deps.event_store.incarnation();
            let shared =
                SharedStock { cache: shared, stores: deps.shared_cache_stores.clone(), log };
            Sharing::start(shared, Arc::clone(&l1), &deps.tasks, &deps.stop)
        });
        Self { l1, sharing, clock: Arc::clone(&deps.clock) }
    }

    /// Whom a read model tells of changes.
    fn observer(&self) -> Arc<dyn LevelObserver> {
        match &self.sharing {
            Some(sharing) => Arc::clone(sharing) as _,
            None => Arc::clone(&self.l1) as _,
        }
    }

    /// A read model behind the caches.
    fn before<R: StockReadModel + ReadModelRebuild + 'static>(self, read_model: R) -> ReadModel {
        let Self { l1, sharing, clock } = self;
        let read_model = Arc::new(read_model);
        let source: Arc<dyn LevelSource> = match sharing {
            Some(sharing) => {
                sharing.note_caught_up(read_model.progress().position());
                let model = Arc::clone(&read_model);
                Arc::new(SharedLevels::new(model, sharing, Arc::clone(&clock)))
            }
            None => Arc::clone(&read_model) as _,
        };
        let cached = Arc::new(Cached::new(Arc::clone(&read_model), source, l1, clock));
        ReadModel { shown: Arc::clone(&cached) as _, copies: cached, rebuild: read_model }
    }
}

/// Customers, behind their keys where there is a place for these.
async fn customers(place: &CustomerKeysPlace, deps: &Deps) -> Result<Customers, OpenKeysError> {
    let clock = Arc::clone(&deps.clock);
    let keys = match place {
        CustomerKeysPlace::InClear => None,
        CustomerKeysPlace::Folder(config) => {
            Some(Arc::new(SqliteCustomerKeys::open(config, clock)?) as _)
        }
        CustomerKeysPlace::Shared(config) => {
            let opened = SharedCustomerKeys::open(config, clock, &deps.tasks, &deps.stop).await?;
            if opened.is_none() {
                tracing::warn!("customers_in_clear");
            }
            opened.map(|keys| Arc::new(keys) as _)
        }
    };
    Ok(Customers::new(keys))
}

/// The reconciler, running.
fn reconciler(
    deps: &Deps,
    queries: &Arc<Queries>,
    copies: Arc<dyn LevelCopies>,
    rebuild: &Arc<dyn ReadModelRebuild>,
) -> Arc<Reconciler> {
    let (queries, rebuild) = (Arc::clone(queries), Arc::clone(rebuild));
    let reconciler = Reconciler::new(queries, Arc::clone(&deps.event_store), copies, rebuild);
    let reconciler = Arc::new(reconciler);
    let run = Arc::clone(&reconciler).run();
    let until_stopped = deps.stop.clone().run_until_cancelled_owned(run);
    deps.tasks.spawn(critical_task("reconciler", until_stopped));
    reconciler
}

/// Begins to hand events to live streams.
fn run_live_feed(queries: &Arc<Queries>, tasks: &TaskTracker, stop: &CancellationToken) {
    let (queries, stop) = (Arc::clone(queries), stop.clone());
    let live = async move { queries.run_live_feed(stop).await };
    tasks.spawn(critical_task("live-feed", live));
}

/// What commands are held to and named by.
struct Gates {
    customers: Customers,
    hold_gate: Option<Arc<HoldGate>>,
}

/// Customers, and the gate of holds with the health of its counts.
async fn gates(config: &Config, deps: &Deps) -> Result<(Gates, Option<Check>), StartError> {
    let customers = customers(&config.customer_keys, deps).await?;
    let (hold_gate, check) = hold_gate::start(config, deps).await?.unzip();
    Ok((Gates { customers, hold_gate }, check))
}

/// The commands with their executor, and the queries.
fn use_cases(
    limits: ExecutorConfig,
    deps: &Deps,
    read_model: Arc<dyn StockReadModel>,
    Gates { customers, hold_gate }: Gates,
) -> (Arc<StockCommands>, Arc<Queries>) {
    let Deps { event_store, clock, ids, tasks, .. } = deps;
    let executor_deps = ExecutorDeps {
        decider: Arc::new(InventoryDecider),
        event_store: Arc::clone(event_store),
        clock: Arc::clone(clock),
        ids: Arc::clone(ids),
    };
    let executor = Executor::start(&executor_deps, limits, tasks);
    let log = Arc::clone(event_store);
    let queries = Queries::new(executor.clone(), log, read_model, Arc::clone(clock));
    let queries = Arc::new(queries);
    let commands = Arc::new(StockCommands {
        executor,
        log: Arc::clone(event_store),
        queries: Arc::clone(&queries),
        catalogue: Arc::new(Catalogue::new(deps.catalogue.clone())),
        customers,
        hold_gate,
        clock: Arc::clone(clock),
        ids: Arc::clone(ids),
        holds: Arc::default(),
    });
    (commands, queries)
}

/// Begins to purge what changes in the caches in front, and gives their health.
fn purge(deps: &Deps, queries: &Queries) -> Option<Check> {
    let purger = PurgerDeps {
        log: Arc::clone(&deps.event_store),
        view: queries.freshness().clone(),
        clock: Arc::clone(&deps.clock),
        singletons: deps.singletons.clone(),
        tasks: deps.tasks.clone(),
        stop: deps.stop.clone(),
    };
    deps.edge.purge(purger_config(), "stockPurges", &purger)
}

/// The health of the copy of the catalogue: down while it is being filled, degraded by messages that cannot be read.
fn names_check(catalogue: Arc<Catalogue>, parked: ParkedKeys) -> Check {
    Check::graded("catalogueNames", move || {
        future::ready(match (catalogue.is_filled(), parked.count()) {
            (false, _) => Health::Down("stores and products are being read".to_owned()),
            (true, 0) => Health::Up,
            (true, count) => Health::Degraded(format!(
                "nothing new is taken of {count} stores or products since a message that cannot be read, which the log \
                 names (consumer_key_parked); POST /api/v1/inventory/names/drain reads it once more, and so does the next \
                 start"
            )),
        })
    })
}

/// The health of the shared cache, which nothing needs.
fn cache_check(cache: Arc<dyn SharedCache>) -> Check {
    Check::graded("sharedCache", move || {
        future::ready(cache.health().map_or_else(Health::Degraded, |()| Health::Up))
    })
}

/// The documentation of this context's routes, without starting it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    http::openapi()
}
