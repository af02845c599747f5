//! Beginning a checkout.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use kit_http::{CallerHeaders, Json, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer;
use super::body::CheckoutBody;
use crate::http::AppState;
use crate::http::body_lines::BodyLines;
use crate::http::fields::{customer, order, reason, ttl};
use crate::http::names::store_ref;
use crate::http::reservations::line::BasketLine;
use crate::process_managers::checkouts::{CheckoutOrder, ConfirmationPolicy};

/// Whether the notification service is to take part.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) enum ConfirmationField {
    /// It must: where there is none nothing begins (409 `confirmation-not-served`).
    Required,
    /// It must where there is one; else its step is `notServed`.
    #[default]
    IfServed,
    /// It must not: its step is `notWanted`.
    NotWanted,
}

impl From<ConfirmationField> for ConfirmationPolicy {
    fn from(field: ConfirmationField) -> Self {
        match field {
            ConfirmationField::Required => Self::Required,
            ConfirmationField::IfServed => Self::IfServed,
            ConfirmationField::NotWanted => Self::NotWanted,
        }
    }
}

/// Have a basket of one store accepted by all who take part, until a deadline.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "storeId": "11111111-1111-1111-1111-111111111111",
    "lines": [{"productSku": "PROD123456", "quantity": 2}, {"productSku": "PROD123457", "quantity": 1}],
    "orderId": "ORDER-1001",
    "confirmation": "notWanted"
}))]
pub(in crate::http) struct CheckoutRequest {
    /// The store that serves it, by id; this or `storeCode`.
    #[serde(skip_serializing_if = "Option::is_none")]
    store_id: Option<Uuid>,
    /// The store, by its code in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    store_code: Option<String>,
    /// 1 to 500 lines; lines of the same product are added up.
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<BasketLine>,
    /// Whether the notification service is to take part; `ifServed` when absent. Where it does, it refuses what it can deliver to
    /// nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    confirmation: Option<ConfirmationField>,
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "Online order")]
    reason: Option<String>,
    /// Who it is for; personal data, kept apart, never logged, and not in the confirmation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    customer_id: Option<String>,
    /// The order that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100)]
    order_id: Option<String>,
    /// Seconds until the deadline; 300 when absent. As long as `longestHoldSeconds` of the store allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1)]
    ttl_seconds: Option<i64>,
}

impl CheckoutRequest {
    fn order(&self) -> Result<CheckoutOrder, Problem> {
        Ok(CheckoutOrder {
            store: store_ref(self.store_id, self.store_code.as_deref())?,
            lines: BasketLine::parse_all(&self.lines)?,
            ttl: ttl(self.ttl_seconds)?,
            reason: reason(self.reason.as_deref())?,
            order: order(self.order_id.as_deref())?,
            customer: customer(self.customer_id.as_deref())?,
            confirmation: self.confirmation.unwrap_or_default().into(),
        })
    }
}

/// Begin a checkout: the store accepts it, its units are held, and the notification service keeps its confirmation; all of
/// them, or nothing.
///
/// The answer is 201 when all have accepted it. 202 says that this takes longer than two seconds: look at `Location`. 409
/// `checkout-refused` says by `refusedBy` who refused it, and that nothing is held.
#[utoipa::path(
    post, path = "/api/v1/checkouts", tag = "Checkouts", operation_id = "requestCheckout",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = CheckoutRequest,
    responses(
        (status = 201, description = "Accepted by all", body = CheckoutBody),
        (status = 202, description = "Being accepted", body = CheckoutBody),
        Problems
    )
)]
pub(in crate::http) async fn request_checkout(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Json(body): Json<CheckoutRequest>,
) -> Result<Response, Problem> {
    let order = body.order()?;
    let performed = state.checkouts.request(order, headers.caller(&body)).await;
    let lines =
        |problem| BodyLines::at("/lines", &body.lines).with_unknown(problem, &state.catalogue);
    answer(&state, StatusCode::CREATED, performed).map_err(lines)
}
