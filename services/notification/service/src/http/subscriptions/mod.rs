//! The API of subscriptions and of the notifications that they got.

mod bodies;
mod notification_body;
mod notifications;
mod replays;
mod routes;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::http::Running;

/// All routes of subscriptions with their documentation.
pub(super) fn documented() -> OpenApiRouter<Running> {
    OpenApiRouter::new()
        .routes(routes!(routes::create_subscription, routes::list_subscriptions))
        .routes(routes!(
            routes::subscription,
            routes::change_subscription,
            routes::delete_subscription
        ))
        .routes(routes!(routes::test_subscription))
        .routes(routes!(notifications::list_notifications))
        .routes(routes!(notifications::notification_figures))
        .routes(routes!(notifications::notification))
        .routes(routes!(replays::replay_notification))
        .routes(routes!(replays::replay_notifications))
}
