//! The HTTP API of the notification context. Each handler makes three moves: parse, call, render.

pub(crate) mod alerts;
mod bodies;
mod deliveries;
mod delivery_body;
mod problems;
mod replays;
mod subscriptions;
mod webhooks;

use std::sync::Arc;

use axum::response::Response;
use gondola_notification_domain::WebhookId;
use kit_http::{Problem, mark_replayed};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::use_cases::subscriptions::{NotificationReadModel, Subscriptions};
use crate::use_cases::{WebhookEntry, WebhookReadModel, Webhooks};

/// What the handlers work with.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) webhooks: Webhooks,
    pub(crate) read_model: Arc<dyn WebhookReadModel>,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) notifications: Arc<dyn NotificationReadModel>,
}

impl Context {
    /// A webhook that must be there.
    async fn webhook(&self, id: WebhookId) -> Result<WebhookEntry, Problem> {
        let found = self.read_model.webhook(id).await?;
        found.ok_or_else(|| problems::unknown_webhook(id))
    }
}

/// The answer of a registration, marked where it was made before under the same key.
fn replayed(mut response: Response, is_repeated: bool) -> Response {
    if is_repeated {
        mark_replayed(response.headers_mut());
    }
    response
}

#[derive(OpenApi)]
#[openapi(components(schemas(Problem)))]
struct Document;

/// All routes of this context with their documentation.
pub(crate) fn routes(context: Context, alerts: alerts::Context) -> OpenApiRouter {
    documented().with_state(context).merge(alerts::documented().with_state(alerts))
}

/// The documentation of all routes of this context.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    let mut all = documented().into_openapi();
    all.merge(alerts::documented().into_openapi());
    all
}

fn documented() -> OpenApiRouter<Context> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(webhooks::register_webhook, webhooks::list_webhooks))
        .routes(routes!(webhooks::webhook, webhooks::change_webhook, webhooks::remove_webhook))
        .routes(routes!(webhooks::rotate_secret))
        .routes(routes!(webhooks::webhook_history))
        .routes(routes!(deliveries::list_deliveries))
        .routes(routes!(deliveries::delivery))
        .routes(routes!(deliveries::webhook_figures))
        .routes(routes!(replays::replay_delivery))
        .routes(routes!(replays::replay_deliveries))
        .merge(subscriptions::documented())
}
