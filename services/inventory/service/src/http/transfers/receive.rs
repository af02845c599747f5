//! Goods arrive at the destination, in parts if need be, and what differs is told.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::{Arrival, ProductId, ReceiveArrivals, StockQuantity, TransferId};
use http::StatusCode;
use kit_core::Timestamp;
use kit_http::{CallerHeaders, Json, Path, Problem, Problems};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer;
use super::body::TransferBody;
use crate::http::AppState;
use crate::http::fields::{range, reason};
use crate::http::names::product_ref;
use crate::http::reservations::line::each;
use crate::use_cases::ProductRef;

/// Goods have arrived, or are known not to.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"lines": [{"productSku": "PROD123456", "received": 22, "damaged": 1, "short": 1}], "reason": "Box crushed"}))]
pub(in crate::http) struct ReceiveRequest {
    /// 1 to 500 lines, each of another product of the transfer.
    #[schema(min_items = 1, max_items = 500)]
    lines: Vec<ArrivedLine>,
    /// Why something differs, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200)]
    reason: Option<String>,
    /// When they arrived, RFC 3339; now when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    occurred_at: Option<Timestamp>,
}

/// What was found of one product.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct ArrivedLine {
    /// The product, by id; this, `productSku` or `productGtin`.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<Uuid>,
    /// The product, by its SKU in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    product_sku: Option<String>,
    /// The product, by its barcode: 8, 12, 13 or 14 digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 8, max_length = 14)]
    product_gtin: Option<String>,
    /// Units that were sent and go on the shelf.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 22)]
    received: i64,
    /// Units beyond those that were sent; they go on the shelf too.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 0)]
    over: i64,
    /// Units that were sent and came to harm; they are nobody's stock any more.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 1)]
    damaged: i64,
    /// Units that were sent and will not come.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 1)]
    short: i64,
}

/// The numbers of a line: accepted, over, damaged, short.
type Found = [StockQuantity; 4];

impl ArrivedLine {
    fn parse(&self) -> Result<(ProductRef, Found), Problem> {
        let units = |field, units| StockQuantity::new(units).map_err(|error| range(field, &error));
        let found = [
            units("received", self.received)?,
            units("over", self.over)?,
            units("damaged", self.damaged)?,
            units("short", self.short)?,
        ];
        let (sku, gtin) = (self.product_sku.as_deref(), self.product_gtin.as_deref());
        Ok((product_ref(self.product_id, sku, gtin)?, found))
    }
}

fn arrivals(products: Vec<ProductId>, found: Vec<Found>) -> Vec<Arrival> {
    let arrival = |(product, [accepted, over, damaged, short]): (ProductId, Found)| Arrival {
        product,
        accepted,
        over,
        damaged,
        short,
    };
    products.into_iter().zip(found).map(arrival).collect()
}

/// Receive goods of a transfer, all or a part, and say what differs.
///
/// What is received goes on the shelf of the destination. Units that are `damaged` or `short` are no longer in transit and
/// go on no shelf. With nothing left in transit the transfer is closed.
#[utoipa::path(
    post, path = "/api/v1/inventory/transfers/{transferId}/receive", tag = "Transfers",
    operation_id = "receiveTransfer",
    params(
        ("transferId" = Uuid, Path, description = "The transfer"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")
    ),
    request_body = ReceiveRequest,
    responses((status = 200, description = "Received", body = TransferBody), Problems)
)]
pub(in crate::http) async fn receive_transfer(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    Json(body): Json<ReceiveRequest>,
) -> Result<Response, Problem> {
    let caller = headers.caller(&body);
    let lines = each("lines", &body.lines, ArrivedLine::parse)?;
    let (products, found): (Vec<_>, Vec<_>) = lines.into_iter().unzip();
    let (reason, occurred_at) = (reason(body.reason.as_deref())?, body.occurred_at);
    let receipt = |products| {
        let lines = arrivals(products, found);
        ReceiveArrivals { lines, reason, occurred_at }
    };
    let id = TransferId::from_uuid(id);
    let performed = state.transfers.receive(id, products, receipt, caller).await;
    answer(&state, StatusCode::OK, performed)
}
