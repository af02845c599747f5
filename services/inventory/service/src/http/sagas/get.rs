//! Reading a saga with its history.

use std::sync::Arc;

use axum::extract::State;
use kit_http::{Json, Path, Problem, Problems, RequestContext};
use uuid::Uuid;

use super::body::SagaBody;
use crate::http::AppState;

/// A saga as it stands, behind every earlier change of it, and all that happened to it.
#[utoipa::path(
    get, path = "/api/v1/sagas/{sagaId}", tag = "Sagas", operation_id = "getSaga",
    params(("sagaId" = Uuid, Path, description = "The saga: the id of the transfer, split reservation or checkout")),
    responses((status = 200, description = "Found", body = SagaBody), Problems)
)]
pub(in crate::http) async fn saga(
    State(state): State<Arc<AppState>>,
    Path(id): Path<Uuid>,
    context: RequestContext,
) -> Result<Json<SagaBody>, Problem> {
    let found = state.sagas.find(id, &context.scope).await?;
    Ok(Json(SagaBody::whole(&found, &state.catalogue)?))
}
