//! Committing a reservation: the sale happened.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::{Part, ReservationId};
use http::StatusCode;
use kit_core::Timestamp;
use kit_http::{CallerHeaders, Json, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::AppState;
use crate::http::body_lines::BodyLines;
use crate::http::conditional::Unconditional;
use crate::http::fields::{customer, transaction};
use crate::http::performed::performed;
use crate::http::reservations::line::{BasketLine, part};
use crate::http::reservations::named::NamedReservation;
use crate::http::responses::Reservation;
use crate::use_cases::{ProductRef, StockRequest};

/// The sale happened: reserved units leave the store.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "reservationId": "33333333-3333-3333-3333-333333333333",
    "transactionId": "TX-2026-000017",
    "customerId": "CUST12345"
}))]
pub(in crate::http) struct CommitRequest {
    /// The reservation; this or `orderId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_id: Option<Uuid>,
    /// The order that it was made for, which must have one active reservation; not in bulk.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    order_id: Option<String>,
    /// The sale.
    #[schema(min_length = 1, max_length = 100, example = "TX-2026-000017")]
    transaction_id: String,
    /// Who bought; personal data, kept apart and never logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, example = "CUST12345")]
    customer_id: Option<String>,
    /// Units sold of a reservation of one product; all that it holds when absent. The rest returns, unless
    /// `keepRemainder` is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    quantity: Option<i64>,
    /// What was sold of a basket, line by line; everything when absent. What is not named returns, unless
    /// `keepRemainder` is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 500)]
    lines: Option<Vec<BasketLine>>,
    /// What was not sold is still held, until the same deadline. Goes with `quantity` or `lines`. The transaction then
    /// names this sale: the same again sells nothing, and another sale needs another one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    keep_remainder: bool,
    /// When it was sold, RFC 3339; now when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    occurred_at: Option<Timestamp>,
}

impl CommitRequest {
    /// The request of a line of a bulk write.
    pub(in crate::http) fn request(&self) -> Result<StockRequest, Problem> {
        self.of(self.named()?.id()?)
    }

    fn named(&self) -> Result<NamedReservation, Problem> {
        NamedReservation::parse(self.reservation_id, self.order_id.as_deref())
    }

    fn of(&self, reservation: ReservationId) -> Result<StockRequest, Problem> {
        Ok(StockRequest::Commit {
            reservation,
            sold: self.sold()?,
            keep_remainder: self.keep_remainder,
            transaction: transaction(&self.transaction_id)?,
            customer: customer(self.customer_id.as_deref())?,
            occurred_at: self.occurred_at,
        })
    }

    fn sold(&self) -> Result<Part<ProductRef>, Problem> {
        let sold = part(self.quantity, self.lines.as_deref())?;
        if self.keep_remainder && sold == Part::All {
            let detail = "say with quantity or lines what was sold: of everything nothing remains";
            return Err(Problem::invalid("keepRemainder", detail));
        }
        Ok(sold)
    }
}

/// Commit a reservation: the sale happened.
///
/// A partial commit returns the rest to the shelf, or with `keepRemainder` leaves it held. By `orderId` it is the order's only
/// active reservation, or the one that this transaction has sold already.
#[utoipa::path(
    post, path = "/api/v1/inventory/commit", tag = "Reservations", operation_id = "commitReservation",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = CommitRequest,
    responses(
        (status = 200, description = "Committed", body = Reservation),
        (status = 410, description = "The reservation's deadline has passed", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(in crate::http) async fn commit(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    _: Unconditional,
    Json(body): Json<CommitRequest>,
) -> Result<Response, Problem> {
    let caller = headers.operation("commit").caller(&body);
    let transaction = transaction(&body.transaction_id)?;
    let named = body.named()?.find(&state, &caller.scope, Some(&transaction)).await?;
    let lines = || BodyLines::at("/lines", body.lines.as_deref().unwrap_or_default());
    let done = state.perform_lines(body.of(named)?, caller, lines).await?;
    Ok(performed(&state.catalogue, StatusCode::OK, &done))
}
