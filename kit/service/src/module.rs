//! A running context, as the composition root and the server see it.

use kit_http::Check;
use utoipa_axum::router::OpenApiRouter;

/// The parts of a context that the server runs, the same for every context.
pub struct Module {
    /// Name of the context, such as `inventory`.
    pub name: &'static str,
    /// Its routes with their documentation.
    pub routes: OpenApiRouter,
    /// Its health checks.
    pub readiness: Vec<Check>,
}

impl Module {
    /// The routes and the health checks of several contexts in one process.
    #[must_use]
    pub fn merge(modules: impl IntoIterator<Item = Self>) -> (OpenApiRouter, Vec<Check>) {
        let empty = (OpenApiRouter::new(), Vec::new());
        modules.into_iter().fold(empty, |(routes, mut checks), mut module| {
            checks.append(&mut module.readiness);
            (routes.merge(module.routes), checks)
        })
    }
}
