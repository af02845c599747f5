//! Extending a reservation.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::ReservationId;
use http::StatusCode;
use kit_http::{CallerHeaders, Json, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::AppState;
use crate::http::conditional::Unconditional;
use crate::http::fields::ttl;
use crate::http::performed::performed;
use crate::http::responses::Reservation;
use crate::use_cases::StockRequest;

/// Keep a reservation alive: its deadline becomes now plus `ttlSeconds`, and never earlier than it was.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct ExtendRequest {
    /// The reservation.
    reservation_id: Uuid,
    /// Seconds from now until the deadline. Up to 24 hours, or what `longestHoldSeconds` of the store says.
    #[schema(minimum = 1, maximum = 7_776_000, example = 300)]
    ttl_seconds: i64,
}

impl ExtendRequest {
    pub(in crate::http) fn request(&self) -> Result<StockRequest, Problem> {
        Ok(StockRequest::Extend {
            reservation: ReservationId::from_uuid(self.reservation_id),
            ttl: ttl(Some(self.ttl_seconds))?,
        })
    }
}

/// Extend a reservation.
///
/// Its deadline becomes now plus `ttlSeconds`, never earlier than it was.
#[utoipa::path(
    post, path = "/api/v1/inventory/extend", tag = "Reservations", operation_id = "extendReservation",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = ExtendRequest,
    responses(
        (status = 200, description = "Extended", body = Reservation),
        (status = 410, description = "The reservation's deadline has passed", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(in crate::http) async fn extend(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    _: Unconditional,
    Json(body): Json<ExtendRequest>,
) -> Result<Response, Problem> {
    let caller = headers.operation("extend").caller(&body);
    let done = state.perform(body.request()?, caller).await?;
    Ok(performed(&state.catalogue, StatusCode::OK, &done))
}
