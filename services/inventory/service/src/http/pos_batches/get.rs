//! Reading a batch of a till.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::PosBatchId;
use kit_http::{Json, Path, Problem, Problems, RequestContext};
use uuid::Uuid;

use super::body::PosBatchBody;
use crate::http::AppState;

/// A batch as it stands, behind every earlier change of it.
#[utoipa::path(
    get, path = "/api/v1/inventory/pos-batches/{posBatchId}", tag = "Tills", operation_id = "getPosBatch",
    params(("posBatchId" = Uuid, Path, description = "The batch")),
    responses((status = 200, description = "Found", body = PosBatchBody), Problems)
)]
pub(in crate::http) async fn pos_batch(
    State(state): State<Arc<AppState>>,
    Path(id): Path<Uuid>,
    context: RequestContext,
) -> Result<Json<PosBatchBody>, Problem> {
    let found = state.pos_batches.find(PosBatchId::from_uuid(id)).await?;
    let found = found.filter(|found| {
        let terms = found.batch.terms();
        terms.is_some_and(|terms| context.scope.allows(terms.store.as_uuid()))
    });
    let body = found.and_then(|at| PosBatchBody::of(&at, at.position, &state.catalogue));
    Ok(Json(body.ok_or_else(|| Problem::not_found(format!("no batch of a till {id}")))?))
}
