//! Receiving units.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::AddStock;
use http::StatusCode;
use kit_core::Timestamp;
use kit_http::{CallerHeaders, Json, Problem, Problems};

use crate::http::AppState;
use crate::http::conditional::IfMatch;
use crate::http::fields::{positive, reason, reference};
use crate::http::level_body::level_body;
use crate::http::levels::StockLevelBody;
use crate::http::performed::performed;
use crate::use_cases::StockRequest;

level_body! {
    /// Units arrived.
    #[schema(example = json!({"storeId": "11111111-1111-1111-1111-111111111111", "productSku": "PROD123456", "quantity": 100, "reason": "Delivery"}))]
    AddStockRequest {
        /// How many units.
        #[schema(minimum = 1, maximum = 1_000_000_000, example = 100)]
        quantity: i64,
        /// Why, in people's words.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 200, example = "Delivery")]
        reason: Option<String>,
        /// What it belongs to, such as a delivery note.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 200)]
        reference: Option<String>,
        /// When they arrived, RFC 3339; now when absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        occurred_at: Option<Timestamp>,
    }
}

impl AddStockRequest {
    pub(in crate::http) fn request(&self) -> Result<StockRequest, Problem> {
        let add = AddStock {
            quantity: positive("quantity", self.quantity)?,
            reason: reason(self.reason.as_deref())?,
            reference: reference(self.reference.as_deref())?,
            occurred_at: self.occurred_at,
        };
        Ok(StockRequest::AddStock { level: self.level()?, add })
    }
}

/// Receive units.
#[utoipa::path(
    post, path = "/api/v1/inventory/stock", tag = "Stock", operation_id = "addStock",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours"),
        ("If-Match" = Option<String>, Header, description = "The version of the stock level that the caller has seen, as `\"7\"`: 412 at another one")
    ),
    request_body = AddStockRequest,
    responses(
        (status = 201, description = "Received", body = StockLevelBody),
        (status = 412, description = "The stock level has changed since", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(in crate::http) async fn add(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    if_match: IfMatch,
    Json(body): Json<AddStockRequest>,
) -> Result<Response, Problem> {
    let caller = headers.operation("stock").caller(&body);
    let done =
        state.perform(if_match.on(body.expected_version(), body.request()?)?, caller).await?;
    Ok(performed(&state.catalogue, StatusCode::CREATED, &done))
}
