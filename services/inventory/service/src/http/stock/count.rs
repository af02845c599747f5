//! Setting stock to what was counted.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::{CountStock, StockQuantity};
use http::StatusCode;
use kit_core::Timestamp;
use kit_http::{CallerHeaders, Json, Problem, Problems};

use crate::http::AppState;
use crate::http::conditional::IfMatch;
use crate::http::fields::{Shortage, range, reason, reference};
use crate::http::level_body::level_body;
use crate::http::levels::StockLevelBody;
use crate::http::performed::performed;
use crate::use_cases::StockRequest;

level_body! {
    /// Somebody counted the shelf.
    #[schema(example = json!({"storeId": "11111111-1111-1111-1111-111111111111", "productSku": "PROD123456", "counted": 98, "reason": "Stocktake"}))]
    CountStockRequest {
        /// What lay there, reserved units included.
        #[schema(minimum = 0, maximum = 1_000_000_000, example = 98)]
        counted: i64,
        /// Why, in people's words.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 200, example = "Stocktake")]
        reason: Option<String>,
        /// What it belongs to, such as a stocktake.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 200)]
        reference: Option<String>,
        /// When it was counted, RFC 3339; now when absent. What happened after it is not undone; what happened
        /// before it and is told later is recorded and moves nothing.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        occurred_at: Option<Timestamp>,
        /// What to do when reserved units are gone.
        #[serde(default)]
        on_shortage: Shortage,
    }
}

impl CountStockRequest {
    pub(in crate::http) fn request(&self) -> Result<StockRequest, Problem> {
        let count = CountStock {
            counted: StockQuantity::new(self.counted).map_err(|error| range("counted", &error))?,
            reason: reason(self.reason.as_deref())?,
            reference: reference(self.reference.as_deref())?,
            occurred_at: self.occurred_at,
            on_shortage: self.on_shortage.into(),
        };
        Ok(StockRequest::CountStock { level: self.level()?, count })
    }
}

/// Set stock to what was counted on the shelf.
///
/// Movements that happened after `occurredAt` are not undone, whenever they are told; what happened before it was seen.
#[utoipa::path(
    post, path = "/api/v1/inventory/count", tag = "Stock", operation_id = "countStock",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours"),
        ("If-Match" = Option<String>, Header, description = "The version of the stock level that the caller has seen, as `\"7\"`: 412 at another one")
    ),
    request_body = CountStockRequest,
    responses(
        (status = 200, description = "Counted", body = StockLevelBody),
        (status = 412, description = "The stock level has changed since", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(in crate::http) async fn count(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    if_match: IfMatch,
    Json(body): Json<CountStockRequest>,
) -> Result<Response, Problem> {
    let caller = headers.operation("count").caller(&body);
    let done =
        state.perform(if_match.on(body.expected_version(), body.request()?)?, caller).await?;
    Ok(performed(&state.catalogue, StatusCode::OK, &done))
}
