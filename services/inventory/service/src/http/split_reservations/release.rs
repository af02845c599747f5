//! Releasing a split reservation: all parts are given back.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::{ReleaseSplitReservation, SplitReservationCommand};
use kit_http::{CallerHeaders, Json, Path, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::SplitReservationBody;
use super::perform;
use crate::http::AppState;
use crate::http::fields::reason;

/// All parts are given back.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"reason": "Cart abandoned"}))]
pub(in crate::http) struct ReleaseSplitRequest {
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "Cart abandoned")]
    reason: Option<String>,
}

/// Release a split reservation: all parts are given back, also while they are still being held.
#[utoipa::path(
    post, path = "/api/v1/inventory/split-reservations/{splitReservationId}/release", tag = "Split reservations",
    operation_id = "releaseSplitReservation",
    params(
        ("splitReservationId" = Uuid, Path, description = "The split reservation"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")
    ),
    request_body = ReleaseSplitRequest,
    responses(
        (status = 200, description = "Released", body = SplitReservationBody),
        (status = 202, description = "Being released", body = SplitReservationBody),
        (status = 410, description = "The deadline has passed", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(in crate::http) async fn release_split_reservation(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    Json(body): Json<ReleaseSplitRequest>,
) -> Result<Response, Problem> {
    let reason = reason(body.reason.as_deref())?;
    let release = ReleaseSplitReservation { reason };
    let command = SplitReservationCommand::ReleaseSplitReservation(release);
    perform(&state, id, command, headers.caller(&body)).await
}
