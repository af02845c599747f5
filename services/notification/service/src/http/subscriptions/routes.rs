//! The routes of subscriptions.

use axum::response::{IntoResponse, Response};
use gondola_notification_domain::SubscriptionId;
use http::header::{ETAG, LOCATION};
use http::{HeaderMap, StatusCode};
use kit_core::Version;
use kit_http::{
    CallerHeaders, Cursor, ETag, Json, Limit, Page, Path, Place, Problem, Problems, Query,
    RequestContext,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::bodies::{SubscriptionBody, SubscriptionEntryBody};
use crate::http::Here;
use crate::http::{Context, problems, replayed};
use crate::use_cases::subscriptions::SubscriptionEntry;

const TAG: &str = "Subscriptions";

/// The order of the list.
const ORDER: &str = "subscriptions by id";

/// Which subscriptions are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SubscriptionList {
    /// How many items the page may have.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `nextCursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Place<SubscriptionId>>>,
}

/// A message that was made to try a subscription out.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TestNotification {
    /// It is listed as this notification, with what came of it.
    notification_id: Uuid,
}

fn tagged(entry: &SubscriptionEntry) -> Response {
    let tag = ETag::strong(entry.version.get()).header_value();
    ([(ETAG, tag)], Json(SubscriptionEntryBody::from(entry))).into_response()
}

/// Has somebody told of events from now on: by e-mail, SMS or push, in their language, not in their quiet hours.
///
/// A message is sent at least once, and tried again for three days where its channel does not take it. What is critical is
/// sent at once; the rest may be gathered to one message.
#[utoipa::path(
    post, path = "/api/v1/subscriptions", tag = TAG, request_body = SubscriptionBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless as long as what it has made is there")),
    responses((status = 201, description = "Made; `Location` has its address", body = SubscriptionEntryBody), Problems)
)]
pub(super) async fn create_subscription(
    Here(context): Here<Context>,
    caller: CallerHeaders,
    Json(body): Json<SubscriptionBody>,
) -> Result<Response, Problem> {
    let caller = caller.caller(&body);
    let settings = body.parse(&context.subscriptions)?;
    let (entry, is_repeated) = context.subscriptions.create(settings, caller).await?;
    let location = format!("/api/v1/subscriptions/{}", entry.subscription.id);
    let location: http::HeaderValue = location.try_into().map_err(Problem::internal)?;
    let response = (StatusCode::CREATED, [(LOCATION, location)], tagged(&entry)).into_response();
    Ok(replayed(response, is_repeated))
}

/// Lists the subscriptions.
#[utoipa::path(
    get, path = "/api/v1/subscriptions", tag = TAG, params(SubscriptionList),
    responses((status = 200, description = "A page of subscriptions", body = Page<SubscriptionEntryBody>), Problems)
)]
pub(super) async fn list_subscriptions(
    Here(context): Here<Context>,
    Query(list): Query<SubscriptionList>,
) -> Result<Json<Page<SubscriptionEntryBody>>, Problem> {
    let after = list.cursor.map(|cursor| cursor.key_in(ORDER)).transpose()?;
    let found = context.notifications.subscriptions(after, list.limit.get()).await?;
    Ok(Json(found.page(ORDER, |entry| SubscriptionEntryBody::from(&entry), |last| last)))
}

/// One subscription.
#[utoipa::path(
    get, path = "/api/v1/subscriptions/{subscriptionId}", tag = TAG,
    params(("subscriptionId" = uuid::Uuid, Path, description = "Which")),
    responses((status = 200, description = "The subscription", body = SubscriptionEntryBody), Problems)
)]
pub(super) async fn subscription(
    Here(context): Here<Context>,
    Path(id): Path<SubscriptionId>,
) -> Result<Response, Problem> {
    let found = context.notifications.subscription(id).await?;
    Ok(tagged(&found.ok_or_else(|| problems::unknown_subscription(id))?))
}

/// Replaces the settings of a subscription, also for what waits; a field that is left out is as in a new one.
#[utoipa::path(
    put, path = "/api/v1/subscriptions/{subscriptionId}", tag = TAG, request_body = SubscriptionBody,
    params(
        ("subscriptionId" = uuid::Uuid, Path, description = "Which"),
        ("If-Match" = Option<String>, Header, description = "An `ETag`: 412 when it has changed since"),
    ),
    responses(
        (status = 200, description = "The subscription after the change", body = SubscriptionEntryBody),
        (status = 412, description = "Changed since", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub(super) async fn change_subscription(
    Here(context): Here<Context>,
    Path(id): Path<SubscriptionId>,
    headers: HeaderMap,
    caller: RequestContext,
    Json(body): Json<SubscriptionBody>,
) -> Result<Response, Problem> {
    let expected = ETag::if_match(&headers)?.map(Version::new);
    let settings = body.parse(&context.subscriptions)?;
    let entry = context.subscriptions.change(id, settings, expected, caller.actor).await?;
    Ok(tagged(&entry))
}

/// Deletes a subscription with its address, its notifications and what waits.
#[utoipa::path(
    delete, path = "/api/v1/subscriptions/{subscriptionId}", tag = TAG,
    params(("subscriptionId" = uuid::Uuid, Path, description = "Which")),
    responses((status = 204, description = "Deleted"), Problems)
)]
pub(super) async fn delete_subscription(
    Here(context): Here<Context>,
    Path(id): Path<SubscriptionId>,
    caller: RequestContext,
) -> Result<StatusCode, Problem> {
    context.subscriptions.delete(id, caller.actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a test message at once, in quiet hours, too: does anything arrive?
#[utoipa::path(
    post, path = "/api/v1/subscriptions/{subscriptionId}/test", tag = TAG,
    params(("subscriptionId" = uuid::Uuid, Path, description = "Which")),
    responses((status = 202, description = "It is due; what came of it is at `Location`", body = TestNotification), Problems)
)]
pub(super) async fn test_subscription(
    Here(context): Here<Context>,
    Path(id): Path<SubscriptionId>,
    caller: RequestContext,
) -> Result<Response, Problem> {
    let test = context.subscriptions.test(id, caller.actor).await?;
    let location = format!("/api/v1/notifications/{test}");
    let location: http::HeaderValue = location.try_into().map_err(Problem::internal)?;
    let body = Json(TestNotification { notification_id: test.as_uuid() });
    Ok((StatusCode::ACCEPTED, [(LOCATION, location)], body).into_response())
}
