//! The routes: send a notice, read an inbox. Each handler parses, calls, renders.

use axum::extract::State;
use http::StatusCode;
use kit_core::Position;
use kit_executor::{Executor, Rejection};
use kit_http::{CallerHeaders, Json, Path, Problem, Problems, Query};
use kit_service::{CommandError, ViewFreshness};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use super::inboxes::Inboxes;
use super::rules::{AlreadyTold, Notify, Rules};

/// What the handlers work with.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) executor: Executor<Rules>,
    pub(super) inboxes: Inboxes,
    pub(super) freshness: ViewFreshness,
}

/// All routes with their documentation.
pub(super) fn routes(context: Context) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(notify)).routes(routes!(inbox)).with_state(context)
}

#[derive(Serialize, ToSchema)]
struct Told {
    notices: usize,
    position: u64,
}

#[utoipa::path(
    post, path = "/api/v1/notices", request_body = Notify,
    responses((status = 201, description = "The address is told", body = Told), Problems)
)]
async fn notify(
    State(context): State<Context>,
    caller: CallerHeaders,
    Json(body): Json<Notify>,
) -> Result<(StatusCode, Json<Told>), Problem> {
    let caller = caller.caller(&body);
    let done = context.executor.perform(body, caller).await.map_err(problem)?;
    let told = Told { notices: done.answer, position: done.position.get() };
    Ok((StatusCode::CREATED, Json(told)))
}

fn problem(rejection: Rejection<AlreadyTold>) -> Problem {
    match CommandError::or_refusal(rejection) {
        Ok(told) => Problem::conflict("already-told", "Told before").detail(told.to_string()),
        Err(error) => error.into(),
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct InboxQuery {
    /// Wait until the view has this `position` of an earlier answer.
    min_position: Option<u64>,
}

#[utoipa::path(
    get, path = "/api/v1/inboxes/{address}", params(("address" = Uuid, Path), InboxQuery),
    responses((status = 200, description = "What it was told", body = Vec<String>), Problems)
)]
async fn inbox(
    State(context): State<Context>,
    Path(address): Path<Uuid>,
    Query(query): Query<InboxQuery>,
) -> Result<Json<Vec<String>>, Problem> {
    context.freshness.reach(Position::new(query.min_position.unwrap_or_default())).await?;
    let unknown = || Problem::not_found(format!("address {address} was told nothing yet"));
    context.inboxes.inbox(address).map(Json).ok_or_else(unknown)
}
