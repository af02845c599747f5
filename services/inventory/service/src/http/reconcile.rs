//! Comparing the views with the log, and repairing them, when somebody asks for it.

use std::sync::Arc;

use axum::extract::State;
use kit_core::Position;
use kit_http::{Json, Problem, Problems, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::AppState;
use super::feed::position;
use crate::use_cases::{Drift, DriftField, Reconciled, has_view_drift};

/// Events of the log that one request looks through.
const EVENTS: usize = 20_000;

/// Where to go on, and whether to repair.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReconcileQuery {
    /// Begin after this position of the log: `position` of the answer before, as long as that is not `complete`.
    #[serde(default)]
    after: u64,
    /// Rebuild the views when one of their levels is wrong.
    #[serde(default = "yes")]
    #[param(default = true)]
    repair: bool,
}

const fn yes() -> bool {
    true
}

/// What a comparison has found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReconciledViews {
    /// Stock levels that were compared.
    stock_levels: u64,
    /// Those that could not be, since they kept changing or the views are behind.
    left_out: u64,
    /// Copies that are wrong.
    drifts: Vec<DriftBody>,
    /// Whether the views were rebuilt for that. A wrong entry of the cache is forgotten in any case.
    repaired: bool,
    /// Up to where the log was looked through.
    position: u64,
    /// Whether that is the end of it.
    complete: bool,
}

/// A copy of a stock level that is wrong.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Drift)]
pub(super) struct DriftBody {
    /// The store.
    store_id: Uuid,
    /// The product.
    product_id: Uuid,
    /// Which copy: `view` or `cache`.
    copy: &'static str,
    /// The fields that differ.
    fields: Vec<DriftFieldBody>,
}

/// A field that differs; times in milliseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DriftField)]
pub(super) struct DriftFieldBody {
    /// Its name.
    name: &'static str,
    /// What the log leads to; null where it leads to nothing.
    #[schema(required)]
    log: Option<i64>,
    /// What the copy says; null where it has nothing.
    #[schema(required)]
    found: Option<i64>,
}

impl DriftBody {
    fn of(drift: Drift) -> Self {
        let field = |DriftField { name, log, found }| DriftFieldBody { name, log, found };
        Self {
            store_id: drift.store.as_uuid(),
            product_id: drift.product.as_uuid(),
            copy: drift.copy.as_str(),
            fields: drift.fields.into_iter().map(field).collect(),
        }
    }
}

/// Compare the views and the cache of this process with the log, and repair them.
///
/// One request looks through 20,000 events; a level is compared where the log has its first one. The same goes on by itself all
/// the time, 500 events a second.
#[utoipa::path(
    post, path = "/api/v1/inventory/views/reconcile", tag = "Operations", operation_id = "reconcileViews",
    params(ReconcileQuery),
    responses((status = 200, description = "Compared", body = ReconciledViews), Problems)
)]
pub(super) async fn reconcile_views(
    State(state): State<Arc<AppState>>,
    Query(query): Query<ReconcileQuery>,
) -> Result<Json<ReconciledViews>, Problem> {
    let after = position("after", Some(query.after))?.unwrap_or(Position::ZERO);
    let found = state.reconciler.inspect(after, EVENTS).await?;
    let Reconciled { levels, left_out, drifts, position, is_complete } = found;
    let mut repaired = false;
    if query.repair && has_view_drift(&drifts) {
        let reconciler = Arc::clone(&state.reconciler);
        // a caller that hangs up must not leave the views half switched
        let task = state.tasks.spawn(async move { reconciler.rebuild_views().await });
        repaired = task.await.map_err(Problem::internal)?.is_ok();
    }
    Ok(Json(ReconciledViews {
        stock_levels: levels,
        left_out,
        drifts: drifts.into_iter().map(DriftBody::of).collect(),
        repaired,
        position: position.get(),
        complete: is_complete,
    }))
}
