//! The HTTP API of the inventory context. Each handler makes three moves: parse, perform, render.

mod body_lines;
mod bulk;
mod checkouts;
mod conditional;
mod drain;
mod feed;
mod fields;
mod history;
mod level_body;
mod levels;
mod live;
mod names;
mod performed;
mod pos_batches;
mod privacy;
mod problems;
mod rebuild;
mod reconcile;
mod replenishment;
mod reservations;
mod responses;
mod sagas;
mod sourcing;
mod split_reservations;
mod stock;
mod stocktakes;
mod transfers;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use kit_core::Caller;
use kit_executor::CommandReceipt;
use kit_http::{EdgeCaching, Problem};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::body_lines::BodyLines;
use self::problems::{command_problem, command_problem_of_lines};
use crate::process_managers::checkouts::Checkouts;
use crate::process_managers::pos_batches::PosBatches;
use crate::process_managers::sagas::Sagas;
use crate::process_managers::split_reservations::SplitReservations;
use crate::process_managers::stocktakes::Stocktakes;
use crate::process_managers::transfers::Transfers;
use crate::use_cases::{
    Catalogue, ParkedNames, Queries, ReadModelRebuild, Reconciler, ReplenishmentPlanner,
    StockAnswer, StockCommands, StockRequest,
};

/// What the handlers work with; behind one pointer, since every request clones it.
pub(crate) struct AppState {
    pub(crate) commands: Arc<StockCommands>,
    pub(crate) queries: Arc<Queries>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) transfers: Arc<Transfers>,
    pub(crate) replenishment: Arc<ReplenishmentPlanner>,
    pub(crate) split_reservations: Arc<SplitReservations>,
    pub(crate) checkouts: Arc<Checkouts>,
    pub(crate) pos_batches: Arc<PosBatches>,
    pub(crate) stocktakes: Arc<Stocktakes>,
    pub(crate) sagas: Sagas,
    pub(crate) rebuild: Arc<dyn ReadModelRebuild>,
    pub(crate) reconciler: Arc<Reconciler>,
    pub(crate) parked_names: Arc<dyn ParkedNames>,
    /// How answers are marked that are the same for all.
    pub(crate) edge: EdgeCaching,
    pub(crate) places: Places,
    /// Ends streams, and waits for news.
    pub(crate) stop: CancellationToken,
    /// Where work goes on that a caller may not cut off.
    pub(crate) tasks: TaskTracker,
}

impl AppState {
    /// Performs a request; what cannot be done is told with the names of what it is about.
    async fn perform(
        &self,
        request: StockRequest,
        caller: Caller,
    ) -> Result<CommandReceipt<StockAnswer>, Problem> {
        let performed = self.commands.perform(request, caller).await;
        performed.map_err(|error| command_problem(error, &self.catalogue))
    }

    /// Performs a request that has lines; of those that cannot be done it is told which they are in the body.
    async fn perform_lines(
        &self,
        request: StockRequest,
        caller: Caller,
        lines: impl FnOnce() -> BodyLines,
    ) -> Result<CommandReceipt<StockAnswer>, Problem> {
        let performed = self.commands.perform(request, caller).await;
        performed.map_err(|error| command_problem_of_lines(error, &self.catalogue, &lines()))
    }
}

/// Places of requests that keep much for long.
pub(crate) struct Places {
    batches: Arc<Semaphore>,
    /// Of readers of the feed that wait for news.
    feed_readers: Arc<Semaphore>,
    /// Of pages of the feed that are being read.
    feed_pages: Arc<Semaphore>,
    /// Of each caller's live streams.
    live_callers: live::CallerPlaces,
}

impl Default for Places {
    /// All of them free.
    fn default() -> Self {
        let free = |count| Arc::new(Semaphore::new(count));
        Self {
            batches: free(bulk::BATCHES_MAX),
            feed_readers: free(feed::WAITING_READERS_MAX),
            feed_pages: free(feed::PAGES_MAX),
            live_callers: live::CallerPlaces::default(),
        }
    }
}

/// All routes of this context with their documentation.
pub(crate) fn routes(state: AppState) -> OpenApiRouter {
    live::describe();
    documented().with_state(Arc::new(state))
}

/// The documentation of all routes of this context.
pub(crate) fn openapi() -> OpenApi {
    documented().into_openapi()
}

fn transfer_routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(transfers::request::request_transfer))
        .routes(routes!(transfers::list::transfers))
        .routes(routes!(transfers::get::transfer))
        .routes(routes!(transfers::dispatch::dispatch_transfer))
        .routes(routes!(transfers::receive::receive_transfer))
        .routes(routes!(transfers::cancel::cancel_transfer))
        .routes(routes!(transfers::send_back::return_transfer))
}

fn split_routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(split_reservations::request::request_split_reservation))
        .routes(routes!(split_reservations::list::split_reservations))
        .routes(routes!(split_reservations::get::split_reservation))
        .routes(routes!(split_reservations::commit::commit_split_reservation))
        .routes(routes!(split_reservations::release::release_split_reservation))
}

fn checkout_routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(checkouts::request::request_checkout))
        .routes(routes!(checkouts::get::checkout))
        .routes(routes!(checkouts::commit::commit_checkout))
        .routes(routes!(checkouts::cancel::cancel_checkout))
}

fn till_routes() -> OpenApiRouter<Arc<AppState>> {
    let upload = OpenApiRouter::new()
        .routes(routes!(pos_batches::upload::upload_pos_batch))
        .layer(DefaultBodyLimit::max(pos_batches::upload::BODY_BYTES_MAX));
    OpenApiRouter::new()
        .routes(routes!(pos_batches::get::pos_batch))
        .routes(routes!(pos_batches::tills::tills))
        .routes(routes!(pos_batches::tills::till))
        .merge(upload)
}

fn stocktake_routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(stocktakes::open::open_stocktake))
        .routes(routes!(stocktakes::list::stocktakes))
        .routes(routes!(stocktakes::get::stocktake))
        .routes(routes!(stocktakes::counts::record_counts))
        .routes(routes!(stocktakes::compare::compare_stocktake))
        .routes(routes!(stocktakes::review::approve_stocktake))
        .routes(routes!(stocktakes::review::reject_stocktake))
        .routes(routes!(stocktakes::review::recount_stocktake))
        .routes(routes!(stocktakes::cancel::cancel_stocktake))
}

fn saga_routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(sagas::list::sagas))
        .routes(routes!(sagas::get::saga))
        .routes(routes!(sagas::retry::retry_saga))
        .routes(routes!(sagas::cancel::cancel_saga))
}

fn privacy_routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(privacy::export::export_customer))
        .routes(routes!(privacy::forget::forget_customer))
}

fn documented() -> OpenApiRouter<Arc<AppState>> {
    let bulk = OpenApiRouter::new()
        .routes(routes!(bulk::batch))
        .layer(DefaultBodyLimit::max(bulk::BATCH_BYTES_MAX));
    OpenApiRouter::new()
        .routes(routes!(stock::add::add))
        .routes(routes!(stock::adjust::adjust))
        .routes(routes!(stock::count::count))
        .routes(routes!(stock::policy::set_policy))
        .routes(routes!(reservations::reserve::reserve))
        .routes(routes!(reservations::basket::reserve_basket))
        .routes(routes!(reservations::list::reservations))
        .routes(routes!(reservations::get::reservation))
        .routes(routes!(reservations::commit::commit))
        .routes(routes!(reservations::release::release))
        .routes(routes!(reservations::extend::extend))
        .routes(routes!(levels::get::stock_level))
        .routes(routes!(levels::query::query_levels))
        .routes(routes!(levels::store_stock::store_stock))
        .routes(routes!(levels::product_stock::product_stock))
        .merge(transfer_routes())
        .merge(split_routes())
        .merge(checkout_routes())
        .merge(till_routes())
        .merge(stocktake_routes())
        .merge(saga_routes())
        .merge(privacy_routes())
        .routes(routes!(history::history))
        .routes(routes!(levels::availability::availability, levels::basket::basket_availability))
        .routes(routes!(sourcing::sourcing))
        .routes(routes!(replenishment::replenishment))
        .routes(routes!(feed::events))
        .routes(routes!(live::live))
        .routes(routes!(rebuild::rebuild_views))
        .routes(routes!(reconcile::reconcile_views))
        .routes(routes!(drain::drain_names))
        .merge(bulk)
}
