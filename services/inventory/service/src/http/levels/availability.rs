//! Which stores can reserve a quantity of a product.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use gondola_contracts::surrogate_keys;
use kit_http::{Json, Limit, Problem, Problems, Query, RequestContext};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{reach, response::StockLevelBody, stores_named};
use crate::http::AppState;
use crate::http::names::product_in_path;
use crate::use_cases::{AvailabilityQuestion, StockLevel};

/// Of which product how many units are wanted, and where.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AvailabilityQuery {
    /// Product id, SKU or GTIN.
    #[param(max_length = 64)]
    product: String,
    /// Units wanted; 1 when absent.
    #[param(minimum = 1, maximum = 1_000_000_000)]
    quantity: Option<u32>,
    /// Only these stores: ids or codes, separated by commas.
    #[param(max_length = 4000)]
    stores: Option<String>,
    /// Wait (at most 2 s) until the answer includes this position.
    min_position: Option<u64>,
    /// Stores in the answer, at most.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
}

/// Whether and where a product can be reserved.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Availability)]
pub(crate) struct AvailabilityBody {
    /// The product.
    product_id: Uuid,
    /// Its SKU, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_sku: Option<Arc<str>>,
    /// Its name, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_name: Option<Arc<str>>,
    /// Units wanted.
    quantity: u32,
    /// Whether one store can reserve all of them.
    available: bool,
    /// Units offered by all stores asked.
    total_offered: u64,
    /// Units wanted that all stores asked together do not offer.
    shortfall: u64,
    /// Stores that can reserve all of them, most offered first.
    stores: Vec<StockLevelBody>,
    /// Stores that offer a part of them, most offered first.
    partial: Vec<StockLevelBody>,
}

/// Which stores can reserve a quantity of a product, most offered first.
#[utoipa::path(
    get, path = "/api/v1/inventory/availability", tag = "Stock", operation_id = "checkAvailability",
    params(AvailabilityQuery),
    responses(
        (status = 200, description = "Looked up", body = AvailabilityBody,
         headers(("Cache-Control" = String, description = "How long caches may keep it"),
            ("Surrogate-Key" = String, description = "By which keys a CDN is told that it has changed; with `--cdn-s-maxage`"))),
        Problems
    )
)]
pub(crate) async fn availability(
    State(state): State<Arc<AppState>>,
    Query(query): Query<AvailabilityQuery>,
    context: RequestContext,
) -> Result<Response, Problem> {
    let quantity = query.quantity.unwrap_or(1);
    if !(1..=1_000_000_000).contains(&quantity) {
        return Err(Problem::invalid("quantity", "give 1 to 1000000000 units"));
    }
    reach(&state, query.min_position).await?;
    state.catalogue.filled().await?;
    let product = state.catalogue.product(&product_in_path(&query.product)?).await?;
    let stores = stores_named(&state, &context.scope, query.stores.as_deref()).await?;
    let limit = query.limit.get();
    let question = AvailabilityQuestion { product, quantity, stores, limit };
    let found = state.queries.availability(&question, &state.catalogue).await?;
    let named = state.catalogue.of_product(product);
    let listed = |levels: Vec<StockLevel>| {
        let levels = levels.into_iter();
        levels.map(|level| StockLevelBody::listed(level, &state.catalogue)).collect()
    };
    let body = Json(AvailabilityBody {
        product_id: product.as_uuid(),
        product_sku: named.as_ref().map(|product| Arc::clone(&product.code)),
        product_name: named.map(|product| product.name),
        quantity,
        available: !found.stores.is_empty(),
        total_offered: found.total_offered,
        shortfall: found.shortfall,
        stores: listed(found.stores),
        partial: listed(found.partial),
    });
    Ok(match query.min_position {
        Some(_) => body.into_response(),
        None => state.edge.public(|| surrogate_keys::of_product_stock(product.as_uuid()), body),
    })
}
