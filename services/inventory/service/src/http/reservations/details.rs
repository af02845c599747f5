//! A reservation as it stands.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::ReservationId;
use kit_http::{Json, Path, Problem, Problems};
use uuid::Uuid;

use crate::http::view::ReservationDetails;
use crate::http::{AppState, problems};

/// A reservation as it stands.
#[utoipa::path(
    get, path = "/api/v1/inventory/reservations/{reservationId}", tag = "Reservations",
    operation_id = "getReservation",
    params(("reservationId" = Uuid, Path, description = "The promise")),
    responses((status = 200, description = "Found", body = ReservationDetails), Problems)
)]
pub(in crate::http) async fn reservation(
    State(state): State<Arc<AppState>>,
    Path(id): Path<Uuid>,
) -> Result<Json<ReservationDetails>, Problem> {
    // a reservation that was made a moment ago must be found
    let position = *state.queries.log().head().borrow();
    state.queries.reach(position).await.map_err(|error| problems::read(&error))?;
    let found = state.queries.levels().reservation(ReservationId::from_uuid(id)).await;
    let found = found.map_err(|error| problems::read(&error))?;
    let view = found.ok_or_else(|| Problem::not_found(format!("no reservation {id}")))?;
    Ok(Json(ReservationDetails::of_view(view, state.queries.now())))
}
