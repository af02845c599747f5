//! The routes of alerts and their rules.

mod bodies;
mod list;
mod one;
mod problems;
mod rules;
mod words;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::Running;
use crate::use_cases::alerts::{AlertReadModel, Alerts};

/// What the handlers work with.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) alerts: Alerts,
    pub(crate) read_model: Arc<dyn AlertReadModel>,
}

pub(super) fn documented() -> OpenApiRouter<Running> {
    OpenApiRouter::new()
        .routes(routes!(list::list_alerts))
        .routes(routes!(one::alert))
        .routes(routes!(one::acknowledge_alert))
        .routes(routes!(one::resolve_alert))
        .routes(routes!(rules::make_alert_rule, rules::list_alert_rules))
        .routes(routes!(rules::alert_rule, rules::change_alert_rule, rules::remove_alert_rule))
}
