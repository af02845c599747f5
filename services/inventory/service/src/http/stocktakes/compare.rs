//! Comparing what was counted with the books.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::StocktakeId;
use http::StatusCode;
use kit_http::{CallerHeaders, Path, Problem, Problems, RequestContext};
use uuid::Uuid;

use super::answer;
use super::body::StocktakeBody;
use crate::http::AppState;

/// Compare what is counted and not decided with the books of the moments at which it was counted.
///
/// Each line then has the adjustment that it proposes. Within the tolerance it is posted at once; beyond the threshold, or where
/// stock moved between the counts of its zones, it is to be counted again; else it is to be approved or rejected. Facts that
/// come late change what the books say of a moment: compared again, lines that are not decided show it.
#[utoipa::path(
    post, path = "/api/v1/inventory/stocktakes/{stocktakeId}/compare", tag = "Stocktakes",
    operation_id = "compareStocktake",
    params(
        ("stocktakeId" = Uuid, Path, description = "The stocktake"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")
    ),
    responses(
        (status = 200, description = "Compared", body = StocktakeBody),
        (status = 202, description = "Compared; lines are being posted", body = StocktakeBody),
        Problems
    )
)]
pub(in crate::http) async fn compare_stocktake(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    context: RequestContext,
) -> Result<Response, Problem> {
    let id = StocktakeId::from_uuid(id);
    let compared = state.stocktakes.compare(id, headers.caller(&id.as_uuid())).await;
    answer(&state, &context.scope, StatusCode::OK, compared)
}
