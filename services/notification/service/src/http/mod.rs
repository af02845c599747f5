//! The HTTP API of the notification context. Each handler makes three moves: parse, call, render.

pub(crate) mod alerts;
mod bodies;
mod deliveries;
mod delivery_body;
mod order_confirmations;
mod problems;
mod replays;
mod running;
mod subscriptions;
mod webhooks;

use std::sync::Arc;

use axum::extract::FromRef;
use axum::response::Response;
use gondola_notification_domain::WebhookId;
use kit_http::{Problem, mark_replayed};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use running::{Here, Running};

use crate::use_cases::subscriptions::{NotificationReadModel, Subscriptions};
use crate::use_cases::{OrderConfirmations, WebhookEntry, WebhookReadModel, Webhooks};

/// What the handlers work with.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) webhooks: Webhooks,
    pub(crate) read_model: Arc<dyn WebhookReadModel>,
    pub(crate) subscriptions: Subscriptions,
    pub(crate) notifications: Arc<dyn NotificationReadModel>,
    pub(crate) order_confirmations: OrderConfirmations,
    pub(crate) alerts: alerts::Context,
}

impl FromRef<Context> for alerts::Context {
    fn from_ref(context: &Context) -> Self {
        context.alerts.clone()
    }
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
pub(crate) fn routes(running: Running) -> OpenApiRouter {
    documented().with_state(running)
}

/// The documentation of all routes of this context.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    documented().into_openapi()
}

fn documented() -> OpenApiRouter<Running> {
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
        .routes(routes!(order_confirmations::prepare_order_confirmation))
        .routes(routes!(order_confirmations::commit_order_confirmation))
        .routes(routes!(order_confirmations::drop_order_confirmation))
        .merge(subscriptions::documented())
        .merge(alerts::documented())
}
