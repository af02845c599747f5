//! What people were told, what waits, and what came of it.

use gondola_notification_domain::{NotificationId, SubscriptionId};
use kit_core::Timestamp;
use kit_http::{Cursor, Json, Limit, Page, Path, Place, Problem, Problems, Query};
use serde::Deserialize;
use utoipa::IntoParams;

use super::notification_body::{
    NotificationBody, NotificationDay, NotificationDetailBody, NotificationFigures,
    NotificationStateWord,
};
use crate::http::Here;
use crate::http::{Context, problems};
use crate::use_cases::subscriptions::NotificationQuery;

const TAG: &str = "Subscriptions";

/// The order of the list.
const ORDER: &str = "notifications, newest first";

/// Days of figures that are shown.
const DAYS_SHOWN: usize = 90;

/// Which notifications are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct NotificationList {
    /// Only those of this subscription.
    #[param(value_type = Option<uuid::Uuid>)]
    subscription_id: Option<SubscriptionId>,
    /// Only those that stand so.
    #[param(inline)]
    state: Option<NotificationStateWord>,
    /// Only those made at this moment or later.
    #[param(value_type = Option<String>)]
    since: Option<Timestamp>,
    /// Only those made before this moment.
    #[param(value_type = Option<String>)]
    until: Option<Timestamp>,
    /// How many items the page may have.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `nextCursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Place<NotificationId>>>,
}

/// Lists notifications, newest first. What has ended is kept for 30 days.
#[utoipa::path(
    get, path = "/api/v1/notifications", tag = TAG, params(NotificationList),
    responses((status = 200, description = "A page of notifications", body = Page<NotificationBody>), Problems)
)]
pub(super) async fn list_notifications(
    Here(context): Here<Context>,
    Query(list): Query<NotificationList>,
) -> Result<Json<Page<NotificationBody>>, Problem> {
    let query = NotificationQuery {
        subscription: list.subscription_id,
        state: list.state.map(NotificationStateWord::state),
        since: list.since,
        until: list.until,
        before: list.cursor.map(|cursor| cursor.key_in(ORDER)).transpose()?,
        limit: list.limit.get(),
    };
    let found = context.notifications.notifications(query).await?;
    Ok(Json(found.page(ORDER, NotificationBody::from, |last| last)))
}

/// One notification: what it says, what it tells of, and what came of every attempt.
#[utoipa::path(
    get, path = "/api/v1/notifications/{notificationId}", tag = TAG,
    params(("notificationId" = uuid::Uuid, Path, description = "Which")),
    responses((status = 200, description = "The notification", body = NotificationDetailBody), Problems)
)]
pub(super) async fn notification(
    Here(context): Here<Context>,
    Path(id): Path<NotificationId>,
) -> Result<Json<NotificationDetailBody>, Problem> {
    let found = context.notifications.notification(id).await?;
    Ok(Json(found.ok_or_else(|| problems::unknown_notification(id))?.into()))
}

/// What came of the attempts, by day (UTC) and channel: the newest 90 days that had any.
#[utoipa::path(
    get, path = "/api/v1/notifications/figures", tag = TAG,
    responses((status = 200, description = "The newest day first", body = NotificationFigures), Problems)
)]
pub(super) async fn notification_figures(
    Here(context): Here<Context>,
) -> Result<Json<NotificationFigures>, Problem> {
    let found = context.notifications.channel_figures(DAYS_SHOWN).await?;
    Ok(Json(NotificationFigures { days: found.into_iter().map(NotificationDay::from).collect() }))
}
