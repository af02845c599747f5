//! Changing safety stock and reorder point.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::{SetStockPolicy, StockQuantity};
use http::StatusCode;
use kit_http::{CallerHeaders, Json, Problem, Problems};

use crate::http::AppState;
use crate::http::conditional::IfMatch;
use crate::http::fields::range;
use crate::http::level_body::level_body;
use crate::http::levels::StockLevelBody;
use crate::http::performed::performed;
use crate::use_cases::StockRequest;

level_body! {
    /// What is kept back and when to reorder; an absent value stays as it is.
    #[schema(example = json!({"storeId": "11111111-1111-1111-1111-111111111111", "productSku": "PROD123456", "safetyStock": 2, "reorderPoint": 10}))]
    StockPolicyRequest {
        /// Units that are not offered.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 0, maximum = 1_000_000_000, example = 2)]
        safety_stock: Option<i64>,
        /// Reorder at or below so many available units.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 0, maximum = 1_000_000_000, example = 10)]
        reorder_point: Option<i64>,
    }
}

impl StockPolicyRequest {
    pub(in crate::http) fn request(&self) -> Result<StockRequest, Problem> {
        let units = |field, value: Option<i64>| {
            let units = value.map(StockQuantity::new).transpose();
            units.map_err(|error| range(field, &error))
        };
        let safety_stock = units("safetyStock", self.safety_stock)?;
        let reorder_point = units("reorderPoint", self.reorder_point)?;
        if safety_stock.is_none() && reorder_point.is_none() {
            return Err(Problem::invalid("safetyStock", "give safetyStock, reorderPoint or both"));
        }
        let policy = SetStockPolicy { safety_stock, reorder_point };
        Ok(StockRequest::SetPolicy { level: self.level()?, policy })
    }
}

/// Change safety stock and reorder point.
#[utoipa::path(
    post, path = "/api/v1/inventory/policy", tag = "Stock", operation_id = "setStockPolicy",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours"),
        ("If-Match" = Option<String>, Header, description = "The version of the stock level that the caller has seen, as `\"7\"`: 412 at another one")
    ),
    request_body = StockPolicyRequest,
    responses(
        (status = 200, description = "Changed", body = StockLevelBody),
        (status = 412, description = "The stock level has changed since", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(in crate::http) async fn set_policy(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    if_match: IfMatch,
    Json(body): Json<StockPolicyRequest>,
) -> Result<Response, Problem> {
    let caller = headers.operation("policy").caller(&body);
    let done =
        state.perform(if_match.on(body.expected_version(), body.request()?)?, caller).await?;
    Ok(performed(&state.catalogue, StatusCode::OK, &done))
}
