//! One alert, and what people do with it.

use gondola_notification_domain::AlertId;
use kit_http::{CallerHeaders, Json, Path, Problem, Problems, RequestContext};

use super::Context;
use super::bodies::{AlertBody, AlertNote};
use crate::http::Here;
use crate::use_cases::alerts::AlertError;

/// One alert.
#[utoipa::path(
    get, path = "/api/v1/alerts/{alertId}", tag = "Alerts",
    params(("alertId" = uuid::Uuid, Path, description = "Which")),
    responses((status = 200, description = "The alert", body = AlertBody), Problems)
)]
pub(super) async fn alert(
    Here(context): Here<Context>,
    Path(id): Path<AlertId>,
    caller: RequestContext,
) -> Result<Json<AlertBody>, Problem> {
    let found = context.read_model.alert(id, &caller.scope).await?;
    let found = found.ok_or(AlertError::UnknownAlert(id))?;
    Ok(Json(found.into()))
}

/// Says that somebody sees to an alert. The first one who says so stays; one that is resolved is refused.
#[utoipa::path(
    post, path = "/api/v1/alerts/{alertId}/acknowledge", tag = "Alerts", request_body = AlertNote,
    params(("alertId" = uuid::Uuid, Path, description = "Which")),
    responses(
        (status = 200, description = "The alert after it", body = AlertBody),
        (status = 409, description = "It is resolved", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub(super) async fn acknowledge_alert(
    Here(context): Here<Context>,
    Path(id): Path<AlertId>,
    caller: CallerHeaders,
    Json(body): Json<AlertNote>,
) -> Result<Json<AlertBody>, Problem> {
    let entry = context.alerts.acknowledge(id, body.parse()?, caller.caller(&body)).await?;
    Ok(Json(entry.into()))
}

/// Ends an alert. Its rule opens the next one after the quantity has come back and crosses again.
#[utoipa::path(
    post, path = "/api/v1/alerts/{alertId}/resolve", tag = "Alerts", request_body = AlertNote,
    params(("alertId" = uuid::Uuid, Path, description = "Which")),
    responses((status = 200, description = "The alert after it", body = AlertBody), Problems)
)]
pub(super) async fn resolve_alert(
    Here(context): Here<Context>,
    Path(id): Path<AlertId>,
    caller: CallerHeaders,
    Json(body): Json<AlertNote>,
) -> Result<Json<AlertBody>, Problem> {
    let entry = context.alerts.resolve(id, body.parse()?, caller.caller(&body)).await?;
    Ok(Json(entry.into()))
}
