//! Rebuilding the views while they serve.

use std::sync::Arc;

use axum::extract::State;
use kit_http::{Json, Problem, Problems, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::AppState;

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
    State(context): State<Arc<AppState>>,
    Query(query): Query<RebuildQuery>,
) -> Result<Json<RebuiltViews>, Problem> {
    // a caller that hangs up, or the deadline of its request, must not leave the views half switched
    let views = Arc::clone(&context.views);
    let task = context.tasks.spawn(async move { views.rebuild(query.force).await });
    let rebuilt = task.await.map_err(Problem::internal)?.ok_or_else(|| {
        Problem::conflict("rebuild-running", "Rebuild running")
            .detail("a rebuild of the views is running already; wait for it to end")
    })?;
    let rebuilt = rebuilt.map_err(Problem::internal)?;
    Ok(Json(RebuiltViews {
        position: rebuilt.position.get(),
        stock_levels: rebuilt.stock_levels,
        identical: rebuilt.identical,
        switched: rebuilt.identical || query.force,
    }))
}
