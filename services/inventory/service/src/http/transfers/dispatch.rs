//! Goods leave the source.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::{SendTransfer, TransferCommand};
use kit_core::Timestamp;
use kit_http::{CallerHeaders, Json, Path, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::TransferBody;
use super::perform;
use crate::http::AppState;

/// Goods leave the source.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({}))]
pub(in crate::http) struct DispatchRequest {
    /// When they left, RFC 3339; now when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    occurred_at: Option<Timestamp>,
}

/// All that is held leaves the source, and is in transit.
///
/// Where the hold has ended meanwhile nothing leaves: the answer is `cancelled`, with the reason in `detail`.
#[utoipa::path(
    post, path = "/api/v1/inventory/transfers/{transferId}/dispatch", tag = "Transfers",
    operation_id = "dispatchTransfer",
    params(
        ("transferId" = Uuid, Path, description = "The transfer"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")
    ),
    request_body = DispatchRequest,
    responses((status = 200, description = "Sent, or cancelled", body = TransferBody), Problems)
)]
pub(in crate::http) async fn dispatch_transfer(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    Json(body): Json<DispatchRequest>,
) -> Result<Response, Problem> {
    let caller = headers.caller(&body);
    let sent = SendTransfer { occurred_at: body.occurred_at };
    perform(&state, id, TransferCommand::SendTransfer(sent), caller).await
}
