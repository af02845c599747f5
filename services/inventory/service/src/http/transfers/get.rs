//! Reading a transfer.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::TransferId;
use kit_http::{Json, Path, Problem, Problems, RequestContext};
use uuid::Uuid;

use super::body::TransferBody;
use crate::http::AppState;

/// A transfer as it stands, behind every earlier change of it.
#[utoipa::path(
    get, path = "/api/v1/inventory/transfers/{transferId}", tag = "Transfers",
    operation_id = "getTransfer",
    params(("transferId" = Uuid, Path, description = "The transfer")),
    responses((status = 200, description = "Found", body = TransferBody), Problems)
)]
pub(in crate::http) async fn transfer(
    State(state): State<Arc<AppState>>,
    Path(id): Path<Uuid>,
    context: RequestContext,
) -> Result<Json<TransferBody>, Problem> {
    let found = state.transfers.find(TransferId::from_uuid(id), &context.scope).await?;
    let found = found.ok_or_else(|| Problem::not_found(format!("no transfer {id}")))?;
    Ok(Json(TransferBody::of(&found, found.position, &state.catalogue)))
}
