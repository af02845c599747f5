//! The one door of the inventory context: dependencies in, routes, tasks and health checks out.

use std::path::PathBuf;
use std::sync::Arc;

use kit_core::{Clock, IdSource};
use kit_event_bus::{BusError, EventBus};
use kit_event_store::projection::ProjectionError;
use kit_event_store::{EventStore, MonotonicClock};
use kit_executor::{Deps as ExecutorDeps, Executor, ExecutorConfig};
use kit_http::Check;
use kit_sqlite::Turns;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa_axum::router::OpenApiRouter;

use crate::adapters::{
    CachedLevels, Followed, LevelCache, Rebuilt, ViewsFolder, feed_catalogue, join,
};
use crate::http;
use crate::use_cases::{Catalogue, InventoryDecider, Levels, Queries, StockCommands, sweep};

/// Settings of the inventory context.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the views.
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
    /// When its views may be written, among what else works in the background.
    pub turns: Turns,
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
    /// Ends its tasks, when nobody is served any more.
    pub stop: CancellationToken,
}

/// The inventory context could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The views could not be opened or brought up to date.
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
    /// Its views, to be rebuilt.
    pub views: Arc<Views>,
}

/// The views in use.
pub struct Views {
    folder: ViewsFolder,
    levels: Arc<CachedLevels>,
    /// `None` only while a rebuild runs.
    followed: Mutex<Option<Followed>>,
}

impl Views {
    /// Builds the views anew beside the present ones and switches to them.
    ///
    /// `None` when a rebuild is running already. When the two differ and `force` is not set, the present ones stay.
    pub async fn rebuild(&self, force: bool) -> Option<Result<Rebuilt, ProjectionError>> {
        let mut followed = self.followed.try_lock().ok()?;
        let present = followed.take()?;
        let (next, rebuilt) = self.folder.rebuild(present, &self.levels, force).await;
        *followed = Some(next);
        Some(rebuilt)
    }
}

/// Starts the inventory context: views up to date, executor and sweeper running, catalogue feed joined.
pub async fn module(config: Config, deps: Deps) -> Result<Module, StartError> {
    let Deps { store, turns, bus, clock, ids, tasks, drain, stop } = deps;
    let clock: Arc<dyn Clock> = Arc::new(MonotonicClock::new(clock, store.last_recorded_at()));
    let cache = Arc::new(LevelCache::new(config.cache_entries_max));
    let folder = ViewsFolder {
        folder: config.views_folder,
        log: Arc::clone(&store),
        cache: Arc::clone(&cache),
        clock: Arc::clone(&clock),
        turns,
        tasks: tasks.clone(),
        stop: stop.clone(),
    };
    let followed = folder.open_current().await?;
    let levels = Arc::new(CachedLevels::new(followed.source.clone(), cache, Arc::clone(&clock)));
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
    let port: Arc<dyn Levels> = Arc::clone(&levels) as Arc<dyn Levels>;
    let (log, now) = (Arc::clone(&store), Arc::clone(&clock));
    let queries = Arc::new(Queries::new(executor.clone(), store, port, clock));
    let catalogue = Arc::new(Catalogue::default());
    let commands = Arc::new(StockCommands {
        executor,
        log,
        queries: Arc::clone(&queries),
        catalogue: Arc::clone(&catalogue),
        clock: now,
        ids: Arc::clone(&ids),
    });
    let subscription = join(bus.as_ref()).await?;
    tasks.spawn(feed_catalogue(subscription, Arc::clone(&catalogue), stop.clone()));
    if config.sweeper {
        tasks.spawn(sweep(Arc::clone(&commands), Arc::clone(&queries), ids, stop.clone()));
    }
    let views = Arc::new(Views { folder, levels, followed: Mutex::new(Some(followed)) });
    let state = http::AppState {
        commands: Arc::clone(&commands),
        queries: Arc::clone(&queries),
        catalogue: Arc::clone(&catalogue),
        views: Arc::clone(&views),
        stop: drain,
        tasks,
    };
    Ok(Module {
        routes: http::routes(state),
        readiness: vec![views_check(Arc::clone(&queries))],
        commands,
        queries,
        catalogue,
        views,
    })
}

/// The documentation of this context's routes, without starting it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    http::openapi()
}

/// Ready while the views are at most this many events behind the log.
const READY_LAG_MAX: u64 = 1_000_000;

fn views_check(queries: Arc<Queries>) -> Check {
    Check::new("inventoryViews", move || {
        let queries = Arc::clone(&queries);
        async move {
            let head = *queries.log().head().borrow();
            let lag = head.get().saturating_sub(queries.levels().progress().position().get());
            if lag <= READY_LAG_MAX { Ok(()) } else { Err(format!("{lag} events behind the log")) }
        }
    })
}
