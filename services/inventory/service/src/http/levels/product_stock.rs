//! A product's stock across all stores.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::StoreId;
use kit_http::{Cursor, Json, Limit, Page, Path, Problem, Problems, Query};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{reach, rendered};
use super::response::StockLevelBody;
use crate::http::AppState;
use crate::http::names::product_in_path;

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
    cursor: Option<Cursor<Uuid>>,
}

/// A product's stock across all stores.
#[utoipa::path(
    get, path = "/api/v1/inventory/products/{product}", tag = "Stock", operation_id = "listProductStock",
    params(("product" = String, Path, description = "Product id or SKU", max_length = 64), ProductStockQuery),
    responses((status = 200, description = "A page", body = Page<StockLevelBody>), Problems)
)]
pub(crate) async fn product_stock(
    State(state): State<Arc<AppState>>,
    Path(product): Path<String>,
    Query(query): Query<ProductStockQuery>,
) -> Result<Json<Page<StockLevelBody>>, Problem> {
    reach(&state, query.min_position).await?;
    let product = state.catalogue.product(&product_in_path(&product)?).await?;
    let after = query.cursor.map(|Cursor(store)| StoreId::from_uuid(store));
    let page = state.queries.product_stock(product, after, query.limit.get()).await?;
    Ok(Json(rendered(page, |store| store.as_uuid())))
}
