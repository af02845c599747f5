//! Reserving several products of one store.

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
use crate::http::fields::{customer, order, reason, ttl};
use crate::http::names::store_ref;
use crate::http::performed::performed;
use crate::http::reservations::RESERVATION;
use crate::http::reservations::line::BasketLine;
use crate::http::responses::Reservation;
use crate::use_cases::{ReservationTerms, StockRequest};

/// Reserve several products of one store until a deadline, all or nothing.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "storeId": "11111111-1111-1111-1111-111111111111",
    "lines": [{"productSku": "PROD123456", "quantity": 1}, {"productSku": "PROD123457", "quantity": 2}],
    "reason": "Online order checkout"
}))]
pub(in crate::http) struct BasketRequest {
    /// The store, by id; this or `storeCode`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "11111111-1111-1111-1111-111111111111")]
    store_id: Option<Uuid>,
    /// The store, by its code in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    store_code: Option<String>,
    /// 1 to 500 lines; lines of the same product are added up before stock is checked.
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<BasketLine>,
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "Online order checkout")]
    reason: Option<String>,
    /// The caller's own id of the reservation; it also makes a repetition harmless. Made by the server when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_id: Option<Uuid>,
    /// Who it is for; personal data, kept apart and never logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    customer_id: Option<String>,
    /// The order that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    order_id: Option<String>,
    /// Seconds until the deadline; 300 when absent. Up to 24 hours, or what `longestHoldSeconds` of the store says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 7_776_000)]
    ttl_seconds: Option<i64>,
}

impl BasketRequest {
    /// The id that the caller chose.
    pub(in crate::http) fn chosen_id(&self) -> Option<ReservationId> {
        self.reservation_id.map(ReservationId::from_uuid)
    }

    pub(in crate::http) fn request(&self) -> Result<StockRequest, Problem> {
        let store = store_ref(self.store_id, self.store_code.as_deref())?;
        let lines = BasketLine::parse_all(&self.lines)?;
        let terms = ReservationTerms {
            reservation: self.chosen_id(),
            ttl: ttl(self.ttl_seconds)?,
            reason: reason(self.reason.as_deref())?,
            order: order(self.order_id.as_deref())?,
            customer: customer(self.customer_id.as_deref())?,
        };
        Ok(StockRequest::ReserveBasket { store, lines, terms })
    }
}

/// Reserve a basket of one store, all or nothing.
///
/// A refusal names every line that falls short.
#[utoipa::path(
    post, path = "/api/v1/inventory/reservations", tag = "Reservations", operation_id = "reserveBasket",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = BasketRequest,
    responses((status = 201, description = "Reserved", body = Reservation), Problems)
)]
pub(in crate::http) async fn reserve_basket(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    _: Unconditional,
    Json(body): Json<BasketRequest>,
) -> Result<Response, Problem> {
    let caller =
        headers.operation("reservations").or_id(RESERVATION, body.chosen_id()).caller(&body);
    let lines = || BodyLines::at("/lines", &body.lines);
    let done = state.perform_lines(body.request()?, caller, lines).await?;
    Ok(performed(&state.catalogue, StatusCode::CREATED, &done))
}
