//! The HTTP API of the inventory context. Each handler makes three moves: parse, call, render.

mod batch;
mod batch_fields;
mod batch_line;
mod body;
mod feed;
mod names;
mod problems;
mod reads;
mod rebuild;
mod reservations;
mod sender;
mod stock;
mod view;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::module::Views;
use crate::use_cases::{Catalogue, Queries, Writes};

/// What the handlers work with; behind one pointer, since every request clones it.
pub(crate) struct Context {
    pub(crate) writes: Arc<Writes>,
    pub(crate) queries: Arc<Queries>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) views: Arc<Views>,
    /// Ends streams.
    pub(crate) stop: CancellationToken,
    /// Where work goes on that a caller may not cut off.
    pub(crate) tasks: TaskTracker,
}

/// All routes of this context with their documentation.
pub(crate) fn routes(context: Context) -> OpenApiRouter {
    documented().with_state(Arc::new(context))
}

/// The documentation of all routes of this context.
pub(crate) fn openapi() -> OpenApi {
    documented().into_openapi()
}

fn documented() -> OpenApiRouter<Arc<Context>> {
    let bulk = OpenApiRouter::new()
        .routes(routes!(batch::batch))
        .layer(DefaultBodyLimit::max(batch::BATCH_BYTES_MAX));
    OpenApiRouter::new()
        .routes(routes!(stock::add))
        .routes(routes!(stock::adjust))
        .routes(routes!(stock::count))
        .routes(routes!(stock::set_policy))
        .routes(routes!(reservations::reserve))
        .routes(routes!(reservations::reserve_basket))
        .routes(routes!(reservations::reservation))
        .routes(routes!(reservations::commit))
        .routes(routes!(reservations::release))
        .routes(routes!(reservations::extend))
        .routes(routes!(reads::stock_level))
        .routes(routes!(reads::store_stock))
        .routes(routes!(reads::product_stock))
        .routes(routes!(reads::history))
        .routes(routes!(reads::availability))
        .routes(routes!(feed::events))
        .routes(routes!(rebuild::rebuild_views))
        .merge(bulk)
}
