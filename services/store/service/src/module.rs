//! The one door of the store context: dependencies in, routes, tasks and health checks out.

use std::path::PathBuf;
use std::sync::Arc;

use kit_core::{Clock, IdSource, Position};
use kit_event_bus::EventBus;
use kit_event_store::projection::{self, Progress, ProjectionError};
use kit_event_store::{EventStore, MonotonicClock};
use kit_executor::ExecutorConfig;
use kit_http::Check;
use kit_service::ViewFreshness;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa_axum::router::OpenApiRouter;

use crate::adapters::{SqliteCatalogueReadModel, SqliteView, ViewError, catalogue_relay};
use crate::http;
use crate::use_cases::{CatalogueReadModel, CatalogueService, CatalogueWrites};

/// Settings of the store context.
#[derive(Clone, Debug)]
pub struct Config {
    /// Folder of the view; made when missing.
    pub views_folder: PathBuf,
    /// Limits of the command executors.
    pub executor: ExecutorConfig,
}

/// What the store context needs from outside.
#[derive(Clone)]
pub struct Deps {
    /// Its log.
    pub store: Arc<dyn EventStore>,
    /// Takes the catalogue's news.
    pub bus: Arc<dyn EventBus>,
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
    Open(#[from] ViewError),
    /// The view could not be brought up to date.
    #[error("the view of the catalogue cannot be brought up to date")]
    CatchUp(#[from] ProjectionError),
}

/// The running store context.
pub struct Module {
    /// Its routes with their documentation, below `/api/v1/stores` and `/api/v1/products`.
    pub routes: OpenApiRouter,
    /// Its health checks.
    pub readiness: Vec<Check>,
    /// Registrations from inside the process, for imports and demonstrations.
    pub catalogue: Arc<CatalogueWrites>,
    /// Its lists and searches.
    pub listings: Arc<dyn CatalogueReadModel>,
    /// Up to where the log has been published on the bus.
    pub relay_progress: Progress,
    /// The end of the log at this start: once `relay_progress` is there, everything of before is on the bus.
    pub head_at_start: Position,
}

/// Starts the store context: view up to date and followed, executors and relay running.
///
/// To a bus that is not durable the whole log is published again, so consumers subscribe before.
pub async fn module(config: Config, deps: Deps) -> Result<Module, StartError> {
    let Deps { store: log, bus, clock, ids, tasks, stop } = deps;
    let head_at_start = *log.head().borrow();
    let clock: Arc<dyn Clock> = Arc::new(MonotonicClock::new(clock, log.last_recorded_at()));
    let (mut view, path) = SqliteView::open(&config.views_folder, head_at_start)?;
    projection::catch_up(log.as_ref(), &mut view).await?;
    let freshness =
        ViewFreshness::follow(Arc::clone(&log) as _, Box::new(view), &tasks, stop.clone());
    let relay_progress = catalogue_relay(Arc::clone(&log), bus).start(&tasks, &stop);
    let readiness = vec![freshness.check("catalogueView", &tasks, stop)];
    let listings: Arc<dyn CatalogueReadModel> =
        Arc::new(SqliteCatalogueReadModel::new(path, freshness));
    let stores = Arc::new(CatalogueService::start(&log, &clock, &ids, config.executor, &tasks));
    let products = Arc::new(CatalogueService::start(&log, &clock, &ids, config.executor, &tasks));
    let context = http::Context {
        stores: Arc::clone(&stores),
        products: Arc::clone(&products),
        listings: Arc::clone(&listings),
    };
    Ok(Module {
        routes: http::routes(context),
        readiness,
        catalogue: Arc::new(CatalogueWrites::new(stores, products)),
        listings,
        relay_progress,
        head_at_start,
    })
}

/// The documentation of this context's routes, without starting it.
pub fn openapi() -> utoipa::openapi::OpenApi {
    http::openapi()
}
