//! A product's stock across all stores.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use gondola_contracts::surrogate_keys;
use gondola_inventory_domain::StoreId;
use kit_http::{Cursor, Json, Limit, Page, Path, Place, Problem, Problems, Query, RequestContext};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::reach;
use super::response::StockLevelBody;
use crate::http::AppState;
use crate::http::names::product_in_path;
use crate::use_cases::ProductTotals;

/// The order of the list, as its cursors name it.
const ORDER: &str = "stock by store";

/// A page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ProductStockQuery {
    /// Wait (at most 2 s) until the answer includes this position.
    min_position: Option<u64>,
    /// Levels per page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where the page begins: `nextCursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Place<Uuid>>>,
}

/// A product's stock in all stores together.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Totals {
    /// Stores that have a stock level of it.
    stores: u64,
    /// Units physically in the stores.
    on_hand: u64,
    /// Units held by active reservations.
    reserved: u64,
    /// On hand less reserved.
    available: u64,
    /// What can be reserved, store by store.
    offered: u64,
}

impl From<ProductTotals> for Totals {
    fn from(totals: ProductTotals) -> Self {
        let ProductTotals { stores, on_hand, reserved, offered } = totals;
        Self { stores, on_hand, reserved, available: on_hand.saturating_sub(reserved), offered }
    }
}

/// A page of a product's stock across stores, and the totals of all of them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ProductStock {
    /// All stores together, those of other pages as well.
    totals: Totals,
    #[serde(flatten)]
    page: Page<StockLevelBody>,
}

/// A product's stock across all stores.
#[utoipa::path(
    get, path = "/api/v1/inventory/products/{product}", tag = "Stock", operation_id = "listProductStock",
    params(("product" = String, Path, description = "Product id, SKU or GTIN", max_length = 64), ProductStockQuery),
    responses(
        (status = 200, description = "A page", body = ProductStock,
         headers(("Cache-Control" = String, description = "How long caches may keep it"),
            ("Surrogate-Key" = String, description = "By which keys a CDN is told that it has changed; with `--cdn-s-maxage`"))),
        Problems
    )
)]
pub(crate) async fn product_stock(
    State(state): State<Arc<AppState>>,
    Path(product): Path<String>,
    Query(query): Query<ProductStockQuery>,
    context: RequestContext,
) -> Result<Response, Problem> {
    let after = query.cursor.map(|cursor| cursor.key_in(ORDER)).transpose()?;
    reach(&state, query.min_position).await?;
    let product = state.catalogue.product(&product_in_path(&product)?).await?;
    let (after, scope) = (after.map(StoreId::from_uuid), &context.scope);
    let slice = state.queries.product_stock(product, scope, after, query.limit.get()).await?;
    let totals = state.queries.product_totals(product, scope).await?.into();
    let listed = |level| StockLevelBody::listed(level, &state.catalogue);
    let page = slice.page(ORDER, listed, |store| store.as_uuid());
    let body = Json(ProductStock { totals, page });
    Ok(match query.min_position {
        Some(_) => body.into_response(),
        None => state.edge.public(|| surrogate_keys::of_product_stock(product.as_uuid()), body),
    })
}
