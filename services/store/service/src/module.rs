//! The one door of the store context: dependencies in, the running context out.

use std::future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use kit_cdn::{Edge, PurgerDeps};
use kit_core::{Clock, IdSource, Position};
use kit_event_bus::{EventBus, ParkedKeys};
use kit_event_store::projection::{self, Progress, ProjectionError};
use kit_event_store::{EventStore, MonotonicClock};
use kit_executor::ExecutorConfig;
use kit_http::{Check, Health};
use kit_lease::Singletons;
use kit_service::{Module, ViewFreshness, log_check, parking_check};
use kit_sqlite::OpenViewError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::adapters::{
    SqliteCatalogueReadModel, StockCopy, StockCopyError, UntoldStock, catalogue_relay,
    open_catalogue_view, purger_config,
};
use crate::http;
use crate::use_cases::{
    CatalogueDeps, CatalogueLookUps, CatalogueReadModel, CatalogueService, CatalogueWrites,
    StoreStock,
};

/// Settings of the store context.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the view; made when missing.
    pub views_folder: PathBuf,
    /// Limits of the command executors.
    pub executor: ExecutorConfig,
}

/// Where the stock of stores is known from.
#[derive(Clone)]
pub enum StockSource {
    /// The bus: this process keeps a copy.
    Bus,
    /// The inventory context, which is in the same process.
    Here(Arc<dyn StoreStock>),
    /// Nowhere: nobody asks, or gets to know that this process is not told.
    Nowhere,
}

/// What the store context needs from outside.
#[derive(Clone)]
pub struct Deps {
    /// Its log.
    pub event_store: Arc<dyn EventStore>,
    /// Takes the catalogue's news, and brings the inventory's.
    pub bus: Arc<dyn EventBus>,
    /// Where the stock of stores is known from.
    pub stock: StockSource,
    /// How what only one of the processes on its log is to do is run.
    pub singletons: Singletons,
    /// The caches in front of it, such as a CDN.
    pub edge: Edge,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
    /// Where its tasks run.
    pub tasks: TaskTracker,
    /// Ends its tasks.
    pub stop: CancellationToken,
}

/// The store context could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The view could not be opened.
    #[error("the view of the catalogue cannot be used")]
    Open(#[from] OpenViewError),
    /// The view could not be brought up to date.
    #[error("the view of the catalogue cannot be brought up to date")]
    CatchUp(#[from] ProjectionError),
    /// The copy of stock could not be started.
    #[error("the copy of stock cannot be started")]
    Stock(#[from] StockCopyError),
}

/// The running store context.
pub struct StoreContext {
    /// What a server runs: routes below `/api/v1/stores`, `/api/v1/products`, `/api/v1/categories` and
    /// `/api/v1/suppliers`, and health checks.
    pub module: Module,
    /// Registrations from inside the process, for imports and demonstrations.
    pub catalogue: Arc<CatalogueWrites>,
    /// Its entries, for contexts in the same process.
    pub look_ups: CatalogueLookUps,
    /// Its lists and searches.
    pub listings: Arc<dyn CatalogueReadModel>,
    /// Up to where the log has been published on the bus.
    pub relay_progress: Progress,
    /// The end of the log at this start: once `relay_progress` is there, everything of before is on the bus.
    pub head_at_start: Position,
}

impl StoreContext {
    /// Ends once everything that the log had at this start has been published.
    pub fn told(&self) -> impl Future<Output = ()> + Send + use<> {
        let (progress, head) = (self.relay_progress.clone(), self.head_at_start);
        async move {
            progress.reach(head, Duration::MAX).await;
        }
    }
}

/// Starts the store context: view up to date and followed, executors and relay running.
///
/// To a bus that is not durable the whole log is published again, so consumers subscribe before.
pub async fn module(config: Config, deps: Deps) -> Result<StoreContext, StartError> {
    let (stock, parked_stock) = stock(&config, &deps).await?;
    let Deps { event_store, bus, singletons, edge, clock, ids, tasks, stop, .. } = deps;
    let end = event_store.end();
    let clock: Arc<dyn Clock> =
        Arc::new(MonotonicClock::new(clock, event_store.last_recorded_at()));
    let (mut view, path) = open_catalogue_view(&config.views_folder, end)?;
    projection::catch_up(event_store.as_ref(), &mut view).await?;
    let log = Arc::clone(&event_store) as _;
    let freshness = ViewFreshness::follow(log, Box::new(view), &tasks, stop.clone());
    let log_check = log_check("storeLog", Arc::clone(&event_store) as _);
    let purger = PurgerDeps {
        log: Arc::clone(&event_store),
        view: freshness.clone(),
        clock: Arc::clone(&clock),
        singletons: singletons.clone(),
        tasks: tasks.clone(),
        stop: stop.clone(),
    };
    let purge_check = edge.purge(purger_config(), "cataloguePurges", &purger);
    let view_check = freshness.check("catalogueView", Health::Down, &tasks, stop.clone());
    let listings: Arc<dyn CatalogueReadModel> =
        Arc::new(SqliteCatalogueReadModel::new(path, freshness));
    let (executor, view) = (config.executor, Arc::clone(&listings));
    let given = CatalogueDeps { event_store: Arc::clone(&event_store), view, clock, ids };
    let stores = Arc::new(CatalogueService::start(&given, executor, &tasks));
    let products = Arc::new(CatalogueService::start(&given, executor, &tasks));
    let categories = Arc::new(CatalogueService::start(&given, executor, &tasks));
    let suppliers = Arc::new(CatalogueService::start(&given, executor, &tasks));
    let offers = Arc::new(CatalogueService::start(&given, executor, &tasks));
    let log = event_store.incarnation();
    let look_ups = CatalogueLookUps::new(
        Arc::clone(&stores),
        Arc::clone(&products),
        Arc::clone(&suppliers),
        Arc::clone(&listings),
        log,
    );
    let relay_progress = catalogue_relay(event_store, bus).start(&singletons, &tasks, &stop);
    let relay_check = parking_check("catalogueRelay", relay_progress.clone());
    let routes = http::routes(http::Context {
        stores: Arc::clone(&stores),
        products: Arc::clone(&products),
        categories: Arc::clone(&categories),
        suppliers: Arc::clone(&suppliers),
        offers: Arc::clone(&offers),
        listings: Arc::clone(&listings),
        look_ups: look_ups.clone(),
        stock,
        parked_stock: parked_stock.clone().map(|parked| Arc::new(parked) as _),
        edge: edge.caching,
    });
    let mut readiness = vec![log_check, view_check, relay_check];
    readiness.extend(parked_stock.map(stock_check));
    readiness.extend(purge_check);
    Ok(StoreContext {
        module: Module { name: "store", routes, readiness },
        catalogue: Arc::new(CatalogueWrites::new(stores, products, categories, suppliers, offers)),
        look_ups,
        listings,
        relay_progress,
        head_at_start: end.position,
    })
}

/// The stock of stores, and what a copy of it has parked.
async fn stock(
    config: &Config,
    deps: &Deps,
) -> Result<(Arc<dyn StoreStock>, Option<ParkedKeys>), StockCopyError> {
    let Deps { bus, clock, tasks, stop, .. } = deps;
    match &deps.stock {
        StockSource::Bus => {
            let copy = StockCopy::start(&config.views_folder, bus, clock, tasks, stop).await?;
            Ok((copy.stock, Some(copy.parked)))
        }
        StockSource::Here(stock) => Ok((Arc::clone(stock), None)),
        StockSource::Nowhere => Ok((Arc::new(UntoldStock), None)),
    }
}

/// The health of the copy of stock: degraded by messages that cannot be read. An old copy is none of a health check's
/// business: it says how old it is.
fn stock_check(parked: ParkedKeys) -> Check {
    Check::graded("stockCopy", move || {
        future::ready(match parked.count() {
            0 => Health::Up,
            count => Health::Degraded(format!(
                "nothing new is taken of {count} stock levels since a message that cannot be read, which the log names \
                 (consumer_key_parked); POST /api/v1/stock-copy/drain reads it once more, and so does the next start"
            )),
        })
    })
}

/// The documentation of this context's routes, without starting it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    http::openapi()
}
