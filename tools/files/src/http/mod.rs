//! Files over HTTP: each handler parses, calls and renders.

mod arrival;
mod body;
mod exports;
mod get;
mod send;

use std::sync::Arc;

use kit_http::Problem;
use tokio::sync::Semaphore;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::export::Source;
use crate::imports::Imports;

/// Most exports that are written at a time.
pub(crate) const EXPORTS_MAX: usize = 4;

/// What the handlers work with.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) imports: Arc<Imports>,
    pub(crate) source: Source,
    /// Places of exports.
    pub(crate) exports: Arc<Semaphore>,
}

#[derive(OpenApi)]
#[openapi(components(schemas(Problem)))]
struct Document;

/// All routes with their documentation.
pub(crate) fn routes(state: State) -> OpenApiRouter {
    documented().with_state(state)
}

/// The documentation of all routes, without starting anything.
pub fn openapi() -> utoipa::openapi::OpenApi {
    documented().into_openapi()
}

fn documented() -> OpenApiRouter<State> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(send::import_catalogue))
        .routes(routes!(send::import_stock))
        .routes(routes!(get::list_imports))
        .routes(routes!(get::import))
        .routes(routes!(get::rejected_lines))
        .routes(routes!(exports::export_catalogue))
        .routes(routes!(exports::export_stock))
}
