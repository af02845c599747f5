//! Opening a stocktake.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use gondola_inventory_domain::VarianceLimit;
use http::StatusCode;
use kit_http::{CallerHeaders, Json, Problem, Problems, RequestContext};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::answer;
use super::body::StocktakeBody;
use super::counts::zone;
use super::review::ProductName;
use crate::http::AppState;
use crate::http::fields::{range, reason, reference};
use crate::http::names::store_ref;
use crate::http::reservations::line::each;
use crate::process_managers::stocktakes::NewStocktake;

/// A difference that is small enough: by one of the two.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http) struct VarianceLimitBody {
    /// Units up or down.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1_000_000_000, example = 2)]
    units: i64,
    /// Percent of what the books say.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100, example = 1)]
    percent: i64,
}

impl VarianceLimitBody {
    pub(super) fn of(limit: VarianceLimit) -> Self {
        Self { units: limit.units().into(), percent: limit.percent().into() }
    }

    fn parse(self, field: &str) -> Result<VarianceLimit, Problem> {
        VarianceLimit::new(self.units, self.percent).map_err(|error| range(field, &error))
    }
}

/// Count shelves of a store.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "storeCode": "SP-PAULISTA", "zone": "Aisle 4",
    "sheet": [{"productSku": "PROD123456"}, {"productSku": "PROD123457"}],
    "blind": true, "tolerance": {"units": 1, "percent": 1}, "recountAbove": {"units": 10},
    "reason": "Cycle count"
}))]
pub(in crate::http) struct OpenStocktakeRequest {
    /// The store, by id; this or `storeCode`.
    #[serde(skip_serializing_if = "Option::is_none")]
    store_id: Option<Uuid>,
    /// The store, by its code in the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    store_code: Option<String>,
    /// The part of it that is counted; all of it when absent. Stock knows no zones: units of the same products elsewhere in the
    /// store must be counted too.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64, example = "Aisle 4")]
    zone: Option<String>,
    /// The count sheet: what is to be counted, at most 1,000 products. When absent it is of what is counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    sheet: Vec<ProductName>,
    /// Whether callers who are bound to stores are not to see what the books say before it has ended.
    #[serde(default)]
    blind: bool,
    /// Differences that are accepted without an approval, for roles that are not bound to stores to say; when absent only a
    /// count that agrees is.
    #[serde(default)]
    #[schema(required = false)]
    tolerance: VarianceLimitBody,
    /// A difference beyond this is to be counted again before it is reviewed; never when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    recount_above: Option<VarianceLimitBody>,
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "Cycle count")]
    reason: Option<String>,
    /// What you call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, example = "CC-2026-48")]
    reference: Option<String>,
}

impl OpenStocktakeRequest {
    fn wanted(&self) -> Result<NewStocktake, Problem> {
        let limit = |limit: VarianceLimitBody| limit.parse("recountAbove");
        Ok(NewStocktake {
            store: store_ref(self.store_id, self.store_code.as_deref())?,
            zone: zone(self.zone.as_deref())?,
            sheet: each("sheet", &self.sheet, ProductName::parse)?,
            blind: self.blind,
            tolerance: self.tolerance.parse("tolerance")?,
            recount_above: self.recount_above.map(limit).transpose()?,
            reason: reason(self.reason.as_deref())?,
            reference: reference(self.reference.as_deref())?,
        })
    }
}

/// Open a stocktake: what is counted in it changes no stock before it is reviewed.
#[utoipa::path(
    post, path = "/api/v1/inventory/stocktakes", tag = "Stocktakes", operation_id = "openStocktake",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    request_body = OpenStocktakeRequest,
    responses((status = 201, description = "Opened", body = StocktakeBody), Problems)
)]
pub(in crate::http) async fn open_stocktake(
    State(state): State<Arc<AppState>>,
    headers: CallerHeaders,
    context: RequestContext,
    Json(body): Json<OpenStocktakeRequest>,
) -> Result<Response, Problem> {
    let opened = state.stocktakes.open(body.wanted()?, headers.caller(&body)).await;
    answer(&state, &context.scope, StatusCode::CREATED, opened)
}
