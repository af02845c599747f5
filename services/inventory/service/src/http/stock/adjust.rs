//! Correcting stock by a difference.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::{AdjustStock, StockDelta};
use http::StatusCode;
use kit_core::Timestamp;
use kit_http::{CallerHeaders, Json, Problem, Problems};

use crate::http::AppState;
use crate::http::conditional::IfMatch;
use crate::http::fields::{Shortage, range, reference, required_reason};
use crate::http::level_body::level_body;
use crate::http::levels::StockLevelBody;
use crate::http::performed::performed;
use crate::use_cases::StockRequest;

level_body! {
    /// Units appeared or went away other than by delivery or sale.
    #[schema(example = json!({"storeId": "11111111-1111-1111-1111-111111111111", "productSku": "PROD123456", "delta": -2, "reason": "Breakage"}))]
    AdjustStockRequest {
        /// The change in units; not zero.
        #[schema(minimum = -1_000_000_000, maximum = 1_000_000_000, example = -2)]
        delta: i64,
        /// Why, in people's words.
        #[schema(min_length = 1, max_length = 200, example = "Breakage")]
        reason: String,
        /// What it belongs to.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 200)]
        reference: Option<String>,
        /// When it happened, RFC 3339; now when absent.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<String>, format = DateTime)]
        occurred_at: Option<Timestamp>,
        /// The units have left whether or not the books have them: on hand goes to zero at least, the newest reservations
        /// that it does not cover are revoked, and what is missing is the shortfall.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        already_left: bool,
        /// What to do when reserved units are gone.
        #[serde(default)]
        on_shortage: Shortage,
    }
}

impl AdjustStockRequest {
    pub(in crate::http) fn request(&self) -> Result<StockRequest, Problem> {
        let adjustment = AdjustStock {
            delta: StockDelta::new(self.delta).map_err(|error| range("delta", &error))?,
            reason: required_reason(&self.reason)?,
            reference: reference(self.reference.as_deref())?,
            occurred_at: self.occurred_at,
            on_shortage: self.on_shortage.into(),
            already_left: self.already_left,
        };
        Ok(StockRequest::AdjustStock { level: self.level()?, adjustment })
    }
}

/// Correct stock by a difference.
///
/// Breakage, theft, a sale of an offline till.
#[utoipa::path(
    post, path = "/api/v1/inventory/adjust", tag = "Stock", operation_id = "adjustStock",
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours"),
        ("If-Match" = Option<String>, Header, description = "The version of the stock level that the caller has seen, as `\"7\"`: 412 at another one")
    ),
    request_body = AdjustStockRequest,
    responses(
        (status = 200, description = "Corrected", body = StockLevelBody),
        (status = 412, description = "The stock level has changed since", body = Problem,
         content_type = "application/problem+json"),
        Problems
    )
)]
pub(in crate::http) async fn adjust(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    if_match: IfMatch,
    Json(body): Json<AdjustStockRequest>,
) -> Result<Response, Problem> {
    let caller = headers.operation("adjust").caller(&body);
    let done =
        state.perform(if_match.on(body.expected_version(), body.request()?)?, caller).await?;
    Ok(performed(&state.catalogue, StatusCode::OK, &done))
}
