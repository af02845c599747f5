//! Trying the step of a saga at once.

use std::sync::Arc;

use axum::extract::State;
use kit_http::{CallerHeaders, Json, Path, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::SagaBody;
use crate::http::AppState;

/// Try the step of a saga at once.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(in crate::http) struct RetrySagaRequest {}

/// Have the step that is to be done tried at once, instead of after the pause that follows on each failure.
///
/// The step is the same command as before, which its store does once however often it is asked: a retry is harmless. Where it
/// succeeds the saga goes on as far as it goes by itself. Where it fails again the answer is a 409 `saga-step-failed` with the
/// reason, and it goes on being tried.
#[utoipa::path(
    post, path = "/api/v1/sagas/{sagaId}/retry", tag = "Sagas", operation_id = "retrySaga",
    params(("sagaId" = Uuid, Path, description = "The saga")),
    request_body = RetrySagaRequest,
    responses((status = 200, description = "The step is done", body = SagaBody), Problems)
)]
pub(in crate::http) async fn retry_saga(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    Json(body): Json<RetrySagaRequest>,
) -> Result<Json<SagaBody>, Problem> {
    let retried = state.sagas.retry(id, &headers.caller(&body)).await?;
    Ok(Json(SagaBody::whole(&retried, &state.catalogue)?))
}
