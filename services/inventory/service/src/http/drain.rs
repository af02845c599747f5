//! Letting go on what the copy of the catalogue has parked.

use std::sync::Arc;

use axum::extract::State;
use kit_http::{Json, Problem, Problems, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::AppState;

/// What becomes of a message that still cannot be read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DrainQuery {
    /// Write it to the log and pass it over, so that what came after it is read; otherwise its store or product stays parked.
    #[serde(default)]
    drop_unreadable: bool,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DrainedNames {
    /// Messages that were read.
    handled: usize,
    /// Messages that were passed over.
    dropped: usize,
    /// Stores and products of which nothing new is taken still.
    parked: usize,
}

/// Read once more what could not be read of stores and products, and what was kept after it, in order. For this process,
/// whose copy of the catalogue is its own.
#[utoipa::path(
    post, path = "/api/v1/inventory/names/drain", tag = "Operations", operation_id = "drainNames",
    params(DrainQuery),
    responses((status = 200, description = "Drained", body = DrainedNames), Problems)
)]
pub(super) async fn drain_names(
    State(state): State<Arc<AppState>>,
    Query(query): Query<DrainQuery>,
) -> Result<Json<DrainedNames>, Problem> {
    let drained = state.parked_names.drain(query.drop_unreadable).await;
    let done = drained.map_err(Problem::internal)?;
    Ok(Json(DrainedNames { handled: done.handled, dropped: done.dropped, parked: done.parked }))
}
