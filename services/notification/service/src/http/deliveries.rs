//! What was sent, what waits, and what came of it.

use gondola_notification_domain::{DeliveryId, WebhookId};
use kit_core::Timestamp;
use kit_http::{Cursor, Json, Limit, Page, Path, Place, Problem, Problems, Query};
use serde::Deserialize;
use utoipa::IntoParams;

use super::delivery_body::{
    DeliveryBody, DeliveryDetailBody, DeliveryStateWord, WebhookDay, WebhookFigures,
};
use super::{Context, problems};
use crate::http::Here;
use crate::use_cases::DeliveryQuery;

const TAG: &str = "Webhooks";

/// The order of the list.
const ORDER: &str = "deliveries, newest first";

/// Days of figures that are shown.
const DAYS_SHOWN: usize = 90;

/// Which deliveries are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DeliveryList {
    /// Only those that stand so.
    #[param(inline)]
    state: Option<DeliveryStateWord>,
    /// Only those of events of this type.
    event_type: Option<String>,
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
    cursor: Option<Cursor<Place<DeliveryId>>>,
}

/// Lists the deliveries of a webhook, newest first. What has ended is kept for 30 days.
#[utoipa::path(
    get, path = "/api/v1/webhooks/{webhookId}/deliveries", tag = TAG, operation_id = "listWebhookDeliveries",
    params(("webhookId" = uuid::Uuid, Path, description = "Which"), DeliveryList),
    responses((status = 200, description = "A page of deliveries", body = Page<DeliveryBody>), Problems)
)]
pub(super) async fn list_deliveries(
    Here(context): Here<Context>,
    Path(webhook): Path<WebhookId>,
    Query(list): Query<DeliveryList>,
) -> Result<Json<Page<DeliveryBody>>, Problem> {
    context.webhook(webhook).await?;
    let query = DeliveryQuery {
        webhook,
        state: list.state.map(DeliveryStateWord::state),
        event_type: list.event_type,
        since: list.since,
        until: list.until,
        before: list.cursor.map(|cursor| cursor.key_in(ORDER)).transpose()?,
        limit: list.limit.get(),
    };
    let found = context.read_model.deliveries(query).await?;
    Ok(Json(found.page(ORDER, DeliveryBody::from, |last| last)))
}

/// One delivery: what is sent, and what came of every attempt.
#[utoipa::path(
    get, path = "/api/v1/webhooks/{webhookId}/deliveries/{deliveryId}", tag = TAG, operation_id = "webhookDelivery",
    params(
        ("webhookId" = uuid::Uuid, Path, description = "To which webhook"),
        ("deliveryId" = uuid::Uuid, Path, description = "Which"),
    ),
    responses((status = 200, description = "The delivery", body = DeliveryDetailBody), Problems)
)]
pub(super) async fn delivery(
    Here(context): Here<Context>,
    Path((webhook, id)): Path<(WebhookId, DeliveryId)>,
) -> Result<Json<DeliveryDetailBody>, Problem> {
    let found = context.read_model.delivery(webhook, id).await?;
    let found = found.ok_or_else(|| problems::unknown_delivery(webhook, id))?;
    Ok(Json(found.into()))
}

/// What came of the attempts to a webhook, by day (UTC): the newest 90 days that had any.
#[utoipa::path(
    get, path = "/api/v1/webhooks/{webhookId}/figures", tag = TAG,
    params(("webhookId" = uuid::Uuid, Path, description = "Which")),
    responses((status = 200, description = "The newest day first", body = WebhookFigures), Problems)
)]
pub(super) async fn webhook_figures(
    Here(context): Here<Context>,
    Path(webhook): Path<WebhookId>,
) -> Result<Json<WebhookFigures>, Problem> {
    context.webhook(webhook).await?;
    let found = context.read_model.figures(webhook, DAYS_SHOWN).await?;
    Ok(Json(WebhookFigures { days: found.into_iter().map(WebhookDay::from).collect() }))
}
