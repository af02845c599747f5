//! Rebuilding the views while they serve.

use std::sync::Arc;

use axum::extract::State;
use kit_http::{Json, Problem, Problems, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::AppState;
use crate::use_cases::{LevelCopy, RebuildError};

/// What to do when the rebuilt views differ from the present ones.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RebuildQuery {
    /// Switch even when the two differ.
    #[serde(default)]
    force: bool,
}

/// What a rebuild did.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RebuiltViews {
    /// Position up to which both were compared.
    position: u64,
    /// Stock levels in the rebuilt views.
    stock_levels: u64,
    /// Whether both were equal, row for row.
    identical: bool,
    /// Whether the rebuilt views are in use now.
    switched: bool,
}

/// Rebuild the views from the log beside the present ones, compare them, and switch.
#[utoipa::path(
    post, path = "/api/v1/inventory/views/rebuild", tag = "Operations", operation_id = "rebuildViews",
    params(RebuildQuery),
    responses((status = 200, description = "Rebuilt", body = RebuiltViews), Problems)
)]
pub(super) async fn rebuild_views(
    State(state): State<Arc<AppState>>,
    Query(query): Query<RebuildQuery>,
) -> Result<Json<RebuiltViews>, Problem> {
    // a caller that hangs up, or the deadline of its request, must not leave the views half switched
    let rebuild = Arc::clone(&state.rebuild);
    let task = state.tasks.spawn(async move { rebuild.rebuild(query.force, &|_| {}).await });
    let done = task.await.map_err(Problem::internal)?.map_err(|error| match error {
        RebuildError::Running => {
            Problem::conflict("rebuild-running", "Rebuild running").detail(error.to_string())
        }
        RebuildError::Failed(error) => Problem::internal(error),
    })?;
    let switched = done.identical || query.force;
    if switched {
        state.reconciler.figures().repaired(LevelCopy::View);
    }
    Ok(Json(RebuiltViews {
        position: done.position.get(),
        stock_levels: done.stock_levels,
        identical: done.identical,
        switched,
    }))
}
