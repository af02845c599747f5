//! Sending notifications once more that have ended.

use gondola_notification_domain::{NotificationId, SubscriptionId};
use kit_core::Timestamp;
use kit_http::{Json, Path, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::Here;
use crate::http::replays::Replayed;
use crate::http::{Context, problems};

const TAG: &str = "Subscriptions";

/// Which dead notifications are sent once more.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ReplayNotifications {
    /// Only those of this subscription.
    #[schema(value_type = Option<uuid::Uuid>)]
    subscription_id: Option<SubscriptionId>,
    /// Made at this moment or later.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// Made before this moment; now, unless said.
    #[schema(value_type = Option<String>, format = DateTime)]
    until: Option<Timestamp>,
}

/// Sends one notification once more, under the id that it had: at once, and with all attempts that a new one has.
#[utoipa::path(
    post, path = "/api/v1/notifications/{notificationId}/replay", tag = TAG,
    params(("notificationId" = uuid::Uuid, Path, description = "Which")),
    responses((status = 200, description = "It is due", body = Replayed), Problems)
)]
pub(super) async fn replay_notification(
    Here(context): Here<Context>,
    Path(id): Path<NotificationId>,
) -> Result<Json<Replayed>, Problem> {
    let found = context.notifications.notification(id).await?;
    found.ok_or_else(|| problems::unknown_notification(id))?;
    let replayed = context.subscriptions.replay_one(id).await?;
    Ok(Json(Replayed::new(replayed, false)))
}

/// Sends the dead notifications of a time once more, such as those that were given up while a mail server was away.
#[utoipa::path(
    post, path = "/api/v1/notifications/replay", tag = TAG, request_body = ReplayNotifications,
    responses((status = 200, description = "They are due", body = Replayed), Problems)
)]
pub(super) async fn replay_notifications(
    Here(context): Here<Context>,
    Json(body): Json<ReplayNotifications>,
) -> Result<Json<Replayed>, Problem> {
    let ReplayNotifications { subscription_id, since, until } = body;
    let replay = context.subscriptions.replay_dead(subscription_id, since, until);
    let (replayed, has_more) = replay.await?;
    Ok(Json(Replayed::new(replayed, has_more)))
}
