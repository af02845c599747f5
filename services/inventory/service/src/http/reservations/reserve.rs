//! Reserving units of one product.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::ReservationId;
use http::StatusCode;
use kit_http::{CallerHeaders, Json, Problem, Problems};
use uuid::Uuid;

use crate::http::AppState;
use crate::http::conditional::IfMatch;
use crate::http::fields::{customer, order, positive, reason, ttl};
use crate::http::level_body::level_body;
use crate::http::performed::performed;
use crate::http::reservations::RESERVATION;
use crate::http::responses::Reservation;
use crate::use_cases::{ReservationTerms, StockRequest};

level_body! {
    /// Reserve units of one product until a deadline.
    #[schema(example = json!({"storeId": "11111111-1111-1111-1111-111111111111", "productSku": "PROD123456", "quantity": 5, "reason": "Online order checkout"}))]
    ReserveRequest {
        /// How many units; all or none.
        #[schema(minimum = 1, maximum = 1_000_000_000, example = 5)]
        quantity: i64,
        /// Why, in people's words.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 200, example = "Online order checkout")]
        reason: Option<String>,
        /// The caller's own id of the reservation; it also makes a repetition harmless. Made by the server when absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        reservation_id: Option<Uuid>,
        /// Who it is for; personal data, kept apart and never logged.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 100, example = "CUST12345")]
        customer_id: Option<String>,
        /// The order that it is for.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 100)]
        order_id: Option<String>,
        /// Seconds until the deadline; 300 when absent. Up to 24 hours, or what `longestHoldSeconds` of the store says.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 1, maximum = 7_776_000, example = 300)]
        ttl_seconds: Option<i64>,
    }
}

impl ReserveRequest {
    /// The id that the caller chose.
    pub(in crate::http) fn chosen_id(&self) -> Option<ReservationId> {
        self.reservation_id.map(ReservationId::from_uuid)
    }

    pub(in crate::http) fn request(&self) -> Result<StockRequest, Problem> {
        let quantity = positive("quantity", self.quantity)?;
        let terms = ReservationTerms {
            reservation: self.chosen_id(),
            ttl: ttl(self.ttl_seconds)?,
            reason: reason(self.reason.as_deref())?,
            order: order(self.order_id.as_deref())?,
            customer: customer(self.customer_id.as_deref())?,
        };
        Ok(StockRequest::Reserve { level: self.level()?, quantity, terms })
    }
}

/// Reserve units of one product.
#[utoipa::path(
    post, path = "/api/v1/inventory/reserve", tag = "Reservations", operation_id = "reserveStock",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours"),
        ("If-Match" = Option<String>, Header, description = "The version of the stock level that the caller has seen, as `\"7\"`: 412 at another one")
    ),
    request_body = ReserveRequest,
    responses(
        (status = 201, description = "Reserved", body = Reservation),
        (status = 412, description = "The stock level has changed since", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(in crate::http) async fn reserve(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    if_match: IfMatch,
    Json(body): Json<ReserveRequest>,
) -> Result<Response, Problem> {
    let caller = headers.operation("reserve").or_id(RESERVATION, body.chosen_id()).caller(&body);
    let done =
        state.perform(if_match.on(body.expected_version(), body.request()?)?, caller).await?;
    Ok(performed(&state.catalogue, StatusCode::CREATED, &done))
}
