//! Reading a stocktake.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::StocktakeId;
use kit_http::{Json, Path, Problem, Problems, RequestContext};
use uuid::Uuid;

use super::body::StocktakeBody;
use crate::http::AppState;

/// A stocktake as it stands, behind every earlier change of it, with its lines and what happened.
#[utoipa::path(
    get, path = "/api/v1/inventory/stocktakes/{stocktakeId}", tag = "Stocktakes", operation_id = "getStocktake",
    params(("stocktakeId" = Uuid, Path, description = "The stocktake")),
    responses((status = 200, description = "Found", body = StocktakeBody), Problems)
)]
pub(in crate::http) async fn stocktake(
    State(state): State<Arc<AppState>>,
    Path(id): Path<Uuid>,
    context: RequestContext,
) -> Result<Json<StocktakeBody>, Problem> {
    let found = state.stocktakes.find(StocktakeId::from_uuid(id), &context.scope).await?;
    let found = found.ok_or_else(|| Problem::not_found(format!("no stocktake {id}")))?;
    let history = state.stocktakes.history(&found).await?;
    let body = StocktakeBody::of(&found, &context.scope, &state.catalogue);
    Ok(Json(body.at(found.position).with_history(&history)?))
}
