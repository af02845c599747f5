//! Having a saga compensated.

use std::sync::Arc;

use axum::extract::State;
use kit_http::{CallerHeaders, Json, Path, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::SagaBody;
use crate::http::AppState;
use crate::http::fields::reason;

/// Have a saga compensated.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"reason": "Ordered by mistake"}))]
pub(in crate::http) struct CancelSagaRequest {
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    reason: Option<String>,
}

/// Have what a saga has done so far compensated, where its kind allows that.
///
/// A transfer can be cancelled until its goods have left: what is held is released. After that it is received or returned, and
/// while it is not known whether a step was done (409 `saga-state`) nobody knows what to compensate: retry it first. Split
/// reservations and checkouts can be cancelled until their commit: all of it is given back.
#[utoipa::path(
    post, path = "/api/v1/sagas/{sagaId}/cancel", tag = "Sagas", operation_id = "cancelSaga",
    params(
        ("sagaId" = Uuid, Path, description = "The saga"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")
    ),
    request_body = CancelSagaRequest,
    responses((status = 200, description = "Its compensation has begun, and is done or tried", body = SagaBody), Problems)
)]
pub(in crate::http) async fn cancel_saga(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    Json(body): Json<CancelSagaRequest>,
) -> Result<Json<SagaBody>, Problem> {
    let reason = reason(body.reason.as_deref())?;
    let cancelled = state.sagas.cancel(id, reason, headers.caller(&body)).await?;
    Ok(Json(SagaBody::whole(&cancelled, &state.catalogue)?))
}
