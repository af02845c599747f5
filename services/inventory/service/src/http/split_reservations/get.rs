//! Reading a split reservation.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::SplitReservationId;
use kit_http::{Json, Path, Problem, Problems, RequestContext};
use uuid::Uuid;

use super::body::SplitReservationBody;
use crate::http::AppState;

/// A split reservation as it stands, behind every earlier change of it, with its parts and what happened.
#[utoipa::path(
    get, path = "/api/v1/inventory/split-reservations/{splitReservationId}", tag = "Split reservations",
    operation_id = "getSplitReservation",
    params(("splitReservationId" = Uuid, Path, description = "The split reservation")),
    responses((status = 200, description = "Found", body = SplitReservationBody), Problems)
)]
pub(in crate::http) async fn split_reservation(
    State(state): State<Arc<AppState>>,
    Path(id): Path<Uuid>,
    context: RequestContext,
) -> Result<Json<SplitReservationBody>, Problem> {
    let id = SplitReservationId::from_uuid(id);
    let found = state.split_reservations.find(id, &context.scope).await?;
    let found = found.ok_or_else(|| Problem::not_found(format!("no split reservation {id}")))?;
    let history = state.split_reservations.history(&found).await?;
    let body = SplitReservationBody::of(&found, found.position, &state.catalogue);
    Ok(Json(body.with_history(&history, &found.split)))
}
