//! Recording what was counted.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::{StockQuantity, StocktakeId, Zone};
use http::StatusCode;
use kit_core::Timestamp;
use kit_http::{CallerHeaders, Json, Path, Problem, Problems, RequestContext};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer;
use super::body::StocktakeBody;
use crate::http::AppState;
use crate::http::fields::range;
use crate::http::names::product_ref;
use crate::http::reservations::line::each;
use crate::use_cases::ProductRef;

/// Shelves were counted.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"counts": [
    {"productSku": "PROD123456", "zone": "Aisle 4", "counted": 23, "occurredAt": "2026-11-27T08:15:00Z"},
    {"productSku": "PROD123456", "zone": "Back room", "counted": 12, "occurredAt": "2026-11-27T08:20:00Z"}
]}))]
pub(in crate::http) struct RecordCountsRequest {
    /// 1 to 1,000 counts. Those of one product in several zones are added up; of one product and zone the latest holds.
    #[schema(min_items = 1, max_items = 1000)]
    counts: Vec<ShelfCountBody>,
}

/// What was counted of one product in one zone.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ShelfCount)]
pub(in crate::http) struct ShelfCountBody {
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
    /// Where it was counted; the zone of the stocktake when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64, example = "Back room")]
    zone: Option<String>,
    /// What lay there, reserved units included.
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 23)]
    counted: i64,
    /// When it was counted, RFC 3339; now when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    occurred_at: Option<Timestamp>,
}

impl ShelfCountBody {
    /// The product, and what was counted of it: where, how much and when.
    #[expect(clippy::type_complexity, reason = "what the use case takes")]
    fn parse(
        &self,
    ) -> Result<(ProductRef, (Option<Zone>, StockQuantity, Option<Timestamp>)), Problem> {
        let (sku, gtin) = (self.product_sku.as_deref(), self.product_gtin.as_deref());
        let product = product_ref(self.product_id, sku, gtin)?;
        let units = StockQuantity::new(self.counted).map_err(|error| range("counted", &error))?;
        Ok((product, (zone(self.zone.as_deref())?, units, self.occurred_at)))
    }
}

pub(super) fn zone(text: Option<&str>) -> Result<Option<Zone>, Problem> {
    let parsed = text.map(Zone::new).transpose();
    parsed.map_err(|error| Problem::invalid("zone", error.to_string()))
}

/// Record counts of shelves, as often as there are some: from several people, in any order. The same again changes nothing.
#[utoipa::path(
    post, path = "/api/v1/inventory/stocktakes/{stocktakeId}/counts", tag = "Stocktakes", operation_id = "recordCounts",
    params(
        ("stocktakeId" = Uuid, Path, description = "The stocktake"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")
    ),
    request_body = RecordCountsRequest,
    responses((status = 200, description = "Recorded", body = StocktakeBody), Problems)
)]
pub(in crate::http) async fn record_counts(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    Path(id): Path<Uuid>,
    context: RequestContext,
    Json(body): Json<RecordCountsRequest>,
) -> Result<Response, Problem> {
    let counts = each("counts", &body.counts, ShelfCountBody::parse)?;
    let (products, counted) = counts.into_iter().unzip();
    let (id, caller) = (StocktakeId::from_uuid(id), headers.caller(&body));
    let recorded = state.stocktakes.count(id, products, counted, caller).await;
    answer(&state, &context.scope, StatusCode::OK, recorded)
}
