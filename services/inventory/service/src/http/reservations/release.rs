//! Releasing a reservation: the units are given back.

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
use crate::http::body_lines::BodyLines;
use crate::http::conditional::Unconditional;
use crate::http::fields::reason;
use crate::http::performed::performed;
use crate::http::reservations::line::{BasketLine, part};
use crate::http::reservations::named::NamedReservation;
use crate::http::responses::Reservation;
use crate::use_cases::StockRequest;

/// Reserved units are given back: all of them, or some, and the rest is still held.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "reservationId": "33333333-3333-3333-3333-333333333333", "reason": "Cart abandoned"
}))]
pub(in crate::http) struct ReleaseRequest {
    /// The reservation; this or `orderId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_id: Option<Uuid>,
    /// The order that it was made for, which must have one active reservation; not in bulk.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    order_id: Option<String>,
    /// Units of a reservation of one product; all that it holds when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    quantity: Option<i64>,
    /// What of a basket, line by line; everything that it holds when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 500)]
    lines: Option<Vec<BasketLine>>,
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "Cart abandoned")]
    reason: Option<String>,
}

impl ReleaseRequest {
    /// The request of a line of a bulk write.
    pub(in crate::http) fn request(&self) -> Result<StockRequest, Problem> {
        self.of(self.named()?.id()?)
    }

    fn named(&self) -> Result<NamedReservation, Problem> {
        NamedReservation::parse(self.reservation_id, self.order_id.as_deref())
    }

    fn of(&self, reservation: ReservationId) -> Result<StockRequest, Problem> {
        Ok(StockRequest::Release {
            reservation,
            part: part(self.quantity, self.lines.as_deref())?,
            reason: reason(self.reason.as_deref())?,
        })
    }
}

/// Release a reservation: its units are given back, all or some of them.
///
/// The rest of a partial release is still held until the same deadline. A partial release that is sent again releases
/// again, unless it has an `Idempotency-Key`.
#[utoipa::path(
    post, path = "/api/v1/inventory/release", tag = "Reservations", operation_id = "releaseReservation",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = ReleaseRequest,
    responses(
        (status = 200, description = "Released", body = Reservation),
        (status = 410, description = "The reservation's deadline has passed", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(in crate::http) async fn release(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    _: Unconditional,
    Json(body): Json<ReleaseRequest>,
) -> Result<Response, Problem> {
    let caller = headers.operation("release").caller(&body);
    let named = body.named()?.find(&state, &caller.scope, None).await?;
    let lines = || BodyLines::at("/lines", body.lines.as_deref().unwrap_or_default());
    let done = state.perform_lines(body.of(named)?, caller, lines).await?;
    Ok(performed(&state.catalogue, StatusCode::OK, &done))
}
