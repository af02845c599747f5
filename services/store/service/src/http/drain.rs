//! Letting go on what the copy of stock has parked.

use axum::extract::State;
use kit_http::{Json, Problem, Problems, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::Context;
use crate::use_cases;

/// What becomes of a message that still cannot be read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DrainStockQuery {
    /// Write it to the log and pass it over, so that what came after it is read; otherwise its stock level stays parked.
    #[serde(default)]
    drop_unreadable: bool,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DrainedStock {
    /// Messages that were read.
    handled: usize,
    /// Messages that were passed over.
    dropped: usize,
    /// Stock levels of which nothing new is taken still.
    parked: usize,
}

/// Read once more what could not be read of stock levels, and what was kept after it, in order. For this process, whose
/// copy of stock is its own; one without a copy has nothing to read.
#[utoipa::path(
    post, path = "/api/v1/stock-copy/drain", tag = "Operations", operation_id = "drainStockCopy",
    params(DrainStockQuery),
    responses((status = 200, description = "Drained", body = DrainedStock), Problems)
)]
pub(super) async fn drain_stock_copy(
    State(context): State<Context>,
    Query(query): Query<DrainStockQuery>,
) -> Result<Json<DrainedStock>, Problem> {
    let use_cases::DrainedStock { handled, dropped, parked } = match &context.parked_stock {
        Some(parked) => parked.drain(query.drop_unreadable).await.map_err(Problem::internal)?,
        None => use_cases::DrainedStock::default(),
    };
    Ok(Json(DrainedStock { handled, dropped, parked }))
}
