//! Reviewing a stocktake: lines are approved, rejected, or sent back to be counted again.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::StocktakeId;
use http::StatusCode;
use kit_http::{CallerHeaders, Json, Path, Problem, Problems, RequestContext};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer;
use super::body::StocktakeBody;
use crate::http::AppState;
use crate::http::fields::{Shortage, reason};
use crate::http::names::product_ref;
use crate::http::reservations::line::each;
use crate::use_cases::ProductRef;

/// A product, by one of its names.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "as the API names them everywhere")]
pub(in crate::http) struct ProductName {
    /// By id; this, `productSku` or `productGtin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<Uuid>,
    /// By its SKU in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64, example = "PROD123456")]
    product_sku: Option<String>,
    /// By its barcode: 8, 12, 13 or 14 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 8, max_length = 14)]
    product_gtin: Option<String>,
}

impl ProductName {
    pub(super) fn parse(&self) -> Result<ProductRef, Problem> {
        let (sku, gtin) = (self.product_sku.as_deref(), self.product_gtin.as_deref());
        product_ref(self.product_id, sku, gtin)
    }
}

/// Some lines, or all.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"products": [{"productSku": "PROD123456"}], "reason": "Miscounted"}))]
pub(in crate::http) struct ReviewRequest {
    /// The lines; when absent all that are to be reviewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 1000)]
    products: Option<Vec<ProductName>>,
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "Miscounted")]
    reason: Option<String>,
}

/// Some lines, or all, and what is to become of reserved units that are gone.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"reason": "Checked with the store"}))]
pub(in crate::http) struct ApproveRequest {
    /// The lines; when absent all that are to be reviewed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 1000)]
    products: Option<Vec<ProductName>>,
    /// Why, in people's words: the reason of the counts that are posted; else that of the stocktake.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "Checked with the store")]
    reason: Option<String>,
    /// What to do when reserved units are gone.
    #[serde(default)]
    on_shortage: Shortage,
}

fn names(products: Option<&[ProductName]>) -> Result<Option<Vec<ProductRef>>, Problem> {
    let Some(products) = products else { return Ok(None) };
    each("products", products, ProductName::parse).map(Some)
}

/// Approve lines: each becomes a count of its stock level at the moment at which it was counted, once, however often it is
/// approved.
///
/// An approval is of what was compared: 409 `variance-changed` says that the books of these moments have changed since. A line
/// that its stock level refuses, since more units are reserved than were counted, comes back to be reviewed with its `refusal`.
#[utoipa::path(
    post, path = "/api/v1/inventory/stocktakes/{stocktakeId}/approve", tag = "Stocktakes",
    operation_id = "approveStocktake",
    params(
        ("stocktakeId" = Uuid, Path, description = "The stocktake"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")
    ),
    request_body = ApproveRequest,
    responses(
        (status = 200, description = "Approved and posted", body = StocktakeBody),
        (status = 202, description = "Approved, and being posted", body = StocktakeBody),
        Problems
    )
)]
pub(in crate::http) async fn approve_stocktake(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    context: RequestContext,
    Json(body): Json<ApproveRequest>,
) -> Result<Response, Problem> {
    let (id, products) = (StocktakeId::from_uuid(id), names(body.products.as_deref())?);
    let how = (body.on_shortage.into(), reason(body.reason.as_deref())?);
    let approved = state.stocktakes.approve(id, products, how, headers.caller(&body)).await;
    answer(&state, &context.scope, StatusCode::OK, approved)
}

/// Reject lines, reviewed or not: nothing comes of them.
#[utoipa::path(
    post, path = "/api/v1/inventory/stocktakes/{stocktakeId}/reject", tag = "Stocktakes",
    operation_id = "rejectStocktake",
    params(
        ("stocktakeId" = Uuid, Path, description = "The stocktake"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")
    ),
    request_body = ReviewRequest,
    responses((status = 200, description = "Rejected", body = StocktakeBody), Problems)
)]
pub(in crate::http) async fn reject_stocktake(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    context: RequestContext,
    Json(body): Json<ReviewRequest>,
) -> Result<Response, Problem> {
    let (id, products) = (StocktakeId::from_uuid(id), names(body.products.as_deref())?);
    let why = reason(body.reason.as_deref())?;
    let rejected = state.stocktakes.reject(id, products, why, headers.caller(&body)).await;
    answer(&state, &context.scope, StatusCode::OK, rejected)
}

/// Send lines back to be counted again, in all of their zones.
#[utoipa::path(
    post, path = "/api/v1/inventory/stocktakes/{stocktakeId}/recount", tag = "Stocktakes",
    operation_id = "recountStocktake",
    params(
        ("stocktakeId" = Uuid, Path, description = "The stocktake"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")
    ),
    request_body = ReviewRequest,
    responses((status = 200, description = "To be counted again", body = StocktakeBody), Problems)
)]
pub(in crate::http) async fn recount_stocktake(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    context: RequestContext,
    Json(body): Json<ReviewRequest>,
) -> Result<Response, Problem> {
    let (id, products) = (StocktakeId::from_uuid(id), names(body.products.as_deref())?);
    let why = reason(body.reason.as_deref())?;
    let asked = state.stocktakes.recount(id, products, why, headers.caller(&body)).await;
    answer(&state, &context.scope, StatusCode::OK, asked)
}
