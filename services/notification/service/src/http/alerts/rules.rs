//! The rules of alerts.

use axum::response::{IntoResponse, Response};
use gondola_notification_domain::AlertRuleId;
use http::header::{ETAG, LOCATION};
use http::{HeaderMap, StatusCode};
use kit_core::Version;
use kit_http::{CallerHeaders, ETag, Json, Path, Problem, Problems, RequestContext};

use super::super::replayed;
use super::Context;
use super::bodies::{AlertRuleBody, AlertRuleSettings, AlertRules};
use crate::http::Here;
use crate::use_cases::alerts::{AlertError, RuleEntry};

const TAG: &str = "Alerts";

/// Makes a rule. It looks at what happens from now on; there is one of each kind from the start.
#[utoipa::path(
    post, path = "/api/v1/alert-rules", tag = TAG, request_body = AlertRuleSettings,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless as long as what it has made is there")),
    responses((status = 201, description = "Made; `Location` has its address", body = AlertRuleBody), Problems)
)]
pub(super) async fn make_alert_rule(
    Here(context): Here<Context>,
    caller: CallerHeaders,
    Json(body): Json<AlertRuleSettings>,
) -> Result<Response, Problem> {
    let caller = caller.caller(&body);
    let (entry, is_repeated) = context.alerts.make_rule(body.parse()?, caller).await?;
    let location = format!("/api/v1/alert-rules/{}", entry.rule.id);
    let location = [(LOCATION, location)];
    let response = (StatusCode::CREATED, location, tagged(entry)).into_response();
    Ok(replayed(response, is_repeated))
}

/// Lists the rules.
#[utoipa::path(
    get, path = "/api/v1/alert-rules", tag = TAG,
    responses((status = 200, description = "All rules", body = AlertRules), Problems)
)]
pub(super) async fn list_alert_rules(
    Here(context): Here<Context>,
) -> Result<Json<AlertRules>, Problem> {
    let found = context.read_model.rules().await?;
    Ok(Json(AlertRules { items: found.into_iter().map(AlertRuleBody::from).collect() }))
}

/// One rule.
#[utoipa::path(
    get, path = "/api/v1/alert-rules/{ruleId}", tag = TAG,
    params(("ruleId" = uuid::Uuid, Path, description = "Which")),
    responses((status = 200, description = "The rule", body = AlertRuleBody), Problems)
)]
pub(super) async fn alert_rule(
    Here(context): Here<Context>,
    Path(id): Path<AlertRuleId>,
) -> Result<Response, Problem> {
    let found = context.read_model.rule(id).await?;
    Ok(tagged(found.ok_or(AlertError::UnknownRule(id))?))
}

/// Replaces the settings of a rule; a field that is left out is as when a rule is made. They hold for what happens from now
/// on: an alert that is open stays until its quantity comes back.
#[utoipa::path(
    put, path = "/api/v1/alert-rules/{ruleId}", tag = TAG, request_body = AlertRuleSettings,
    params(
        ("ruleId" = uuid::Uuid, Path, description = "Which"),
        ("If-Match" = Option<String>, Header, description = "An `ETag`: 412 when it has changed since"),
    ),
    responses(
        (status = 200, description = "The rule after the change", body = AlertRuleBody),
        (status = 412, description = "Changed since", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub(super) async fn change_alert_rule(
    Here(context): Here<Context>,
    Path(id): Path<AlertRuleId>,
    headers: HeaderMap,
    caller: RequestContext,
    Json(body): Json<AlertRuleSettings>,
) -> Result<Response, Problem> {
    let expected = ETag::if_match(&headers)?.map(Version::new);
    let settings = body.parse()?;
    Ok(tagged(context.alerts.change_rule(id, settings, expected, caller.actor).await?))
}

/// Removes a rule and resolves its alerts.
#[utoipa::path(
    delete, path = "/api/v1/alert-rules/{ruleId}", tag = TAG,
    params(("ruleId" = uuid::Uuid, Path, description = "Which")),
    responses((status = 204, description = "Removed"), Problems)
)]
pub(super) async fn remove_alert_rule(
    Here(context): Here<Context>,
    Path(id): Path<AlertRuleId>,
    caller: RequestContext,
) -> Result<StatusCode, Problem> {
    context.alerts.remove_rule(id, caller.actor).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn tagged(entry: RuleEntry) -> Response {
    let tag = ETag::strong(entry.version.get()).header_value();
    ([(ETAG, tag)], Json(AlertRuleBody::from(entry))).into_response()
}
