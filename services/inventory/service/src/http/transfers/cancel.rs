//! Giving a transfer up before anything has left.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::{CancelTransfer, TransferCommand};
use kit_http::{CallerHeaders, Json, Path, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::TransferBody;
use super::perform;
use crate::http::AppState;
use crate::http::fields::reason;

/// Give a transfer up.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"reason": "Not needed"}))]
pub(in crate::http) struct CancelRequest {
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    reason: Option<String>,
}

/// Give a transfer up before anything has left; what is held is released. After that, return it.
#[utoipa::path(
    post, path = "/api/v1/inventory/transfers/{transferId}/cancel", tag = "Transfers",
    operation_id = "cancelTransfer",
    params(
        ("transferId" = Uuid, Path, description = "The transfer"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")
    ),
    request_body = CancelRequest,
    responses((status = 200, description = "Cancelled", body = TransferBody), Problems)
)]
pub(in crate::http) async fn cancel_transfer(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    Json(body): Json<CancelRequest>,
) -> Result<Response, Problem> {
    let reason = reason(body.reason.as_deref())?;
    let command = TransferCommand::CancelTransfer(CancelTransfer { reason });
    perform(&state, id, command, headers.caller(&body)).await
}
