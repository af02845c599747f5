//! The one door of the inventory context: dependencies in, routes, tasks and health checks out.

use std::path::PathBuf;
use std::sync::Arc;

use kit_core::{Clock, IdSource};
use kit_event_bus::{BusError, EventBus};
use kit_event_store::projection::ProjectionError;
use kit_event_store::{EventStore, MonotonicClock};
use kit_executor::{Deps as ExecutorDeps, Executor, ExecutorConfig};
use kit_http::Check;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa_axum::router::OpenApiRouter;

use crate::adapters::{
    Cached, CatalogueFeed, LevelCache, SqliteFolder, SqliteReadModel, join, stock_relay,
};
use crate::http;
use crate::use_cases::{
    Catalogue, InventoryDecider, Queries, ReadModelRebuild, StockCommands, sweep,
};

/// Settings of the inventory context.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the read model.
    pub views_folder: PathBuf,
    /// Limits of the command executor.
    pub executor: ExecutorConfig,
    /// Stock levels in the L1 cache.
    pub cache_entries_max: u64,
    /// Whether the sweeper runs; off only in tests that show that it is not needed.
    pub sweeper: bool,
}

/// What the inventory context needs from outside.
#[derive(Clone)]
pub struct Deps {
    /// Its log.
    pub store: Arc<dyn EventStore>,
    /// Brings the catalogue's news.
    pub bus: Arc<dyn EventBus>,
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
    /// The bus could not be joined.
    #[error("the event bus cannot be joined")]
    Bus(#[from] BusError),
}

/// The running inventory context.
pub struct Module {
    /// Its routes with their documentation, below `/api/v1/inventory`.
    pub routes: OpenApiRouter,
    /// Its health checks.
    pub readiness: Vec<Check>,
    /// Its commands.
    pub commands: Arc<StockCommands>,
    /// Its queries.
    pub queries: Arc<Queries>,
    /// Its copy of the catalogue.
    pub catalogue: Arc<Catalogue>,
    /// Rebuilds the read model.
    pub rebuild: Arc<dyn ReadModelRebuild>,
}

/// Starts the inventory context: read model up to date, executor and sweeper running, catalogue feed and stock relay
/// started.
pub async fn module(config: Config, deps: Deps) -> Result<Module, StartError> {
    let Deps { store, bus, clock, ids, tasks, drain, stop } = deps;
    let clock: Arc<dyn Clock> = Arc::new(MonotonicClock::new(clock, store.last_recorded_at()));
    let cache = Arc::new(LevelCache::new(config.cache_entries_max));
    let folder = SqliteFolder {
        folder: config.views_folder,
        log: Arc::clone(&store),
        observer: Arc::clone(&cache) as _,
        clock: Arc::clone(&clock),
        tasks: tasks.clone(),
        stop: stop.clone(),
    };
    let read_model = Arc::new(SqliteReadModel::open(folder).await?);
    let rebuild = Arc::clone(&read_model) as Arc<dyn ReadModelRebuild>;
    let read_model = Arc::new(Cached::new(read_model, cache));
    let executor = Executor::start(
        &ExecutorDeps {
            decider: Arc::new(InventoryDecider),
            event_store: Arc::clone(&store),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
        },
        config.executor,
        &tasks,
    );
    let (log, now) = (Arc::clone(&store), Arc::clone(&clock));
    let queries = Arc::new(Queries::new(executor.clone(), store, read_model, clock));
    let catalogue = Arc::new(Catalogue::default());
    let commands = Arc::new(StockCommands {
        executor,
        log: Arc::clone(&log),
        queries: Arc::clone(&queries),
        catalogue: Arc::clone(&catalogue),
        clock: now,
        ids: Arc::clone(&ids),
    });
    let feed = join(Arc::clone(&bus)).await?;
    tasks.spawn(feed.run(CatalogueFeed(Arc::clone(&catalogue)), stop.clone()));
    stock_relay(log, bus).start(&tasks, &stop);
    if config.sweeper {
        tasks.spawn(sweep(Arc::clone(&commands), Arc::clone(&queries), ids, stop.clone()));
    }
    let readiness = vec![queries.freshness().check("inventoryViews", &tasks, stop)];
    let state = http::AppState {
        commands: Arc::clone(&commands),
        queries: Arc::clone(&queries),
        catalogue: Arc::clone(&catalogue),
        rebuild: Arc::clone(&rebuild),
        stop: drain,
        tasks,
    };
    Ok(Module { routes: http::routes(state), readiness, commands, queries, catalogue, rebuild })
}

/// The documentation of this context's routes, without starting it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    http::openapi()
}
