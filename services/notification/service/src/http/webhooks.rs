//! The routes of webhooks.

use axum::response::{IntoResponse, Response};
use gondola_notification_domain::WebhookId;
use http::header::{ETAG, LOCATION};
use http::{HeaderMap, StatusCode};
use kit_core::Version;
use kit_http::{
    CallerHeaders, Cursor, ETag, Json, Limit, Page, Path, Place, Problem, Problems, Query,
    RequestContext,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::bodies::{
    RotateWebhookSecret, WebhookBody, WebhookHistory, WebhookHistoryItem, WebhookSettings,
};
use super::{Context, replayed};
use crate::http::Here;
use crate::use_cases::HistoryEntry;

const TAG: &str = "Webhooks";

/// The order of the list.
const ORDER: &str = "webhooks by id";

/// Entries of a history that are shown.
const HISTORY_SHOWN: usize = 200;

/// Which webhooks are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WebhookList {
    /// How many items the page may have.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `nextCursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Place<WebhookId>>>,
}

/// Has events sent to an address from now on.
///
/// Messages are those of Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`, and the integration
/// event as it is in `asyncapi.json`. Each is sent at least once, with one id however often, and in no promised order:
/// versions and positions inside tell which is newer. What is not answered with 2xx within 10 seconds is tried again for
/// three days.
///
/// A repetition under the same `Idempotency-Key` is answered with the webhook as it is, without its secret: rotate that where
/// the first answer was lost.
#[utoipa::path(
    post, path = "/api/v1/webhooks", tag = TAG, request_body = WebhookSettings,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless as long as what it has made is there")),
    responses((status = 201, description = "Registered; `secret` is not shown again, `Location` has its address", body = WebhookBody), Problems)
)]
pub(super) async fn register_webhook(
    Here(context): Here<Context>,
    caller: CallerHeaders,
    Json(body): Json<WebhookSettings>,
) -> Result<Response, Problem> {
    let caller = caller.caller(&body);
    let wanted = body.parse(&context.webhooks)?;
    let register = context.webhooks.register(wanted.settings, wanted.is_enabled, caller);
    let (entry, secret) = register.await?;
    let tag = ETag::strong(entry.version.get()).header_value();
    let location = format!("/api/v1/webhooks/{}", entry.webhook.id);
    let head = [(ETAG, tag), (LOCATION, location.try_into().map_err(Problem::internal)?)];
    let body = match &secret {
        Some(secret) => WebhookBody::with_secret(&entry, secret),
        None => WebhookBody::of(&entry),
    };
    let response = (StatusCode::CREATED, head, Json(body)).into_response();
    Ok(replayed(response, secret.is_none()))
}

/// Lists the webhooks.
#[utoipa::path(
    get, path = "/api/v1/webhooks", tag = TAG, params(WebhookList),
    responses((status = 200, description = "A page of webhooks", body = Page<WebhookBody>), Problems)
)]
pub(super) async fn list_webhooks(
    Here(context): Here<Context>,
    Query(list): Query<WebhookList>,
) -> Result<Json<Page<WebhookBody>>, Problem> {
    let after = list.cursor.map(|cursor| cursor.key_in(ORDER)).transpose()?;
    let found = context.read_model.webhooks(after, list.limit.get()).await?;
    Ok(Json(found.page(ORDER, |entry| WebhookBody::of(&entry), |last| last)))
}

/// One webhook.
#[utoipa::path(
    get, path = "/api/v1/webhooks/{webhookId}", tag = TAG,
    params(("webhookId" = uuid::Uuid, Path, description = "Which")),
    responses((status = 200, description = "The webhook", body = WebhookBody), Problems)
)]
pub(super) async fn webhook(
    Here(context): Here<Context>,
    Path(id): Path<WebhookId>,
) -> Result<Response, Problem> {
    let entry = context.webhook(id).await?;
    let tag = ETag::strong(entry.version.get()).header_value();
    Ok(([(ETAG, tag)], Json(WebhookBody::of(&entry))).into_response())
}

/// Replaces the settings of a webhook; a field that is left out is as at a registration.
///
/// What is disabled is told nothing of what happens meanwhile; deliveries that wait go on when it is enabled.
#[utoipa::path(
    put, path = "/api/v1/webhooks/{webhookId}", tag = TAG, request_body = WebhookSettings,
    params(
        ("webhookId" = uuid::Uuid, Path, description = "Which"),
        ("If-Match" = Option<String>, Header, description = "An `ETag`: 412 when it has changed since"),
    ),
    responses(
        (status = 200, description = "The webhook after the change", body = WebhookBody),
        (status = 412, description = "Changed since", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub(super) async fn change_webhook(
    Here(context): Here<Context>,
    Path(id): Path<WebhookId>,
    headers: HeaderMap,
    caller: RequestContext,
    Json(body): Json<WebhookSettings>,
) -> Result<Response, Problem> {
    let expected = ETag::if_match(&headers)?.map(Version::new);
    let wanted = body.parse(&context.webhooks)?;
    let entry = context.webhooks.change(id, wanted, expected, caller.actor).await?;
    let tag = ETag::strong(entry.version.get()).header_value();
    Ok(([(ETAG, tag)], Json(WebhookBody::of(&entry))).into_response())
}

/// Removes a webhook, its secrets and its deliveries.
#[utoipa::path(
    delete, path = "/api/v1/webhooks/{webhookId}", tag = TAG,
    params(("webhookId" = uuid::Uuid, Path, description = "Which")),
    responses((status = 204, description = "Removed"), Problems)
)]
pub(super) async fn remove_webhook(
    Here(context): Here<Context>,
    Path(id): Path<WebhookId>,
    caller: RequestContext,
) -> Result<StatusCode, Problem> {
    context.webhooks.remove(id, caller.actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a webhook a new secret. For a while messages are signed with the one before as well, so that its receiver can change
/// over without missing any.
#[utoipa::path(
    post, path = "/api/v1/webhooks/{webhookId}/rotate-secret", tag = TAG, request_body = RotateWebhookSecret,
    operation_id = "rotateWebhookSecret",
    params(("webhookId" = uuid::Uuid, Path, description = "Which")),
    responses((status = 200, description = "The webhook with its new `secret`, which is not shown again", body = WebhookBody), Problems)
)]
pub(super) async fn rotate_secret(
    Here(context): Here<Context>,
    Path(id): Path<WebhookId>,
    caller: RequestContext,
    Json(body): Json<RotateWebhookSecret>,
) -> Result<Json<WebhookBody>, Problem> {
    let overlap = body.overlap()?;
    let (entry, secret) = context.webhooks.rotate_secret(id, overlap, caller.actor).await?;
    Ok(Json(WebhookBody::with_secret(&entry, &secret)))
}

/// What happened to a webhook, and by whom: why it is disabled, since when it has its settings.
#[utoipa::path(
    get, path = "/api/v1/webhooks/{webhookId}/history", tag = TAG,
    params(("webhookId" = uuid::Uuid, Path, description = "Which")),
    responses((status = 200, description = "The newest first", body = WebhookHistory), Problems)
)]
pub(super) async fn webhook_history(
    Here(context): Here<Context>,
    Path(id): Path<WebhookId>,
) -> Result<Json<WebhookHistory>, Problem> {
    context.webhook(id).await?;
    let found = context.read_model.history(id, HISTORY_SHOWN).await?;
    Ok(Json(WebhookHistory { items: found.into_iter().map(item).collect() }))
}

fn item(entry: HistoryEntry) -> WebhookHistoryItem {
    let HistoryEntry { version, event_type, data, recorded_at, actor } = entry;
    let data = serde_json::from_str(&data).unwrap_or_default();
    WebhookHistoryItem { version: version.get(), event_type, data, recorded_at, actor }
}
