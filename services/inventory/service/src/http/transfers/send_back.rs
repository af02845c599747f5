//! What is in transit goes back to the source.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::{ReturnTransfer, TransferCommand};
use kit_core::Timestamp;
use kit_http::{CallerHeaders, Json, Path, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::TransferBody;
use super::perform;
use crate::http::AppState;
use crate::http::fields::reason;

/// Goods are back at the source.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"reason": "Refused at the door"}))]
pub(in crate::http) struct ReturnRequest {
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    reason: Option<String>,
    /// When they were back, RFC 3339; now when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    occurred_at: Option<Timestamp>,
}

/// All that is still in transit is back on the shelf of the source.
#[utoipa::path(
    post, path = "/api/v1/inventory/transfers/{transferId}/return", tag = "Transfers",
    operation_id = "returnTransfer",
    params(
        ("transferId" = Uuid, Path, description = "The transfer"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")
    ),
    request_body = ReturnRequest,
    responses((status = 200, description = "Returned", body = TransferBody), Problems)
)]
pub(in crate::http) async fn return_transfer(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    Json(body): Json<ReturnRequest>,
) -> Result<Response, Problem> {
    let reason = reason(body.reason.as_deref())?;
    let occurred_at = body.occurred_at;
    let command = TransferCommand::ReturnTransfer(ReturnTransfer { reason, occurred_at });
    perform(&state, id, command, headers.caller(&body)).await
}
