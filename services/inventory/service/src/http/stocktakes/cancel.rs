//! Giving a stocktake up.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::{CancelStocktake, StocktakeCommand, StocktakeId};
use http::StatusCode;
use kit_http::{CallerHeaders, Json, Path, Problem, Problems, RequestContext};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer;
use super::body::StocktakeBody;
use crate::http::AppState;
use crate::http::fields::reason;

/// Nothing more comes of it.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"reason": "Store closed early"}))]
pub(in crate::http) struct CancelStocktakeRequest {
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "Store closed early")]
    reason: Option<String>,
}

/// Cancel a stocktake: what was not posted never will be; what was posted stays.
#[utoipa::path(
    post, path = "/api/v1/inventory/stocktakes/{stocktakeId}/cancel", tag = "Stocktakes",
    operation_id = "cancelStocktake",
    params(
        ("stocktakeId" = Uuid, Path, description = "The stocktake"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")
    ),
    request_body = CancelStocktakeRequest,
    responses((status = 200, description = "Cancelled", body = StocktakeBody), Problems)
)]
pub(in crate::http) async fn cancel_stocktake(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    context: RequestContext,
    Json(body): Json<CancelStocktakeRequest>,
) -> Result<Response, Problem> {
    let cancel = CancelStocktake { reason: reason(body.reason.as_deref())? };
    let (id, command) = (StocktakeId::from_uuid(id), StocktakeCommand::CancelStocktake(cancel));
    let cancelled = state.stocktakes.perform(id, command, headers.caller(&body)).await;
    answer(&state, &context.scope, StatusCode::OK, cancelled)
}
