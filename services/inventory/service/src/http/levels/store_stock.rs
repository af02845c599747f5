//! The stock list of a store.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use gondola_contracts::surrogate_keys;
use gondola_inventory_domain::{ProductId, StockQuantity};
use kit_http::{Cursor, Json, Limit, Page, Path, Place, Problem, Problems, Query, RequestContext};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::reach;
use super::response::StockLevelBody;
use crate::http::AppState;
use crate::http::names::store_in_path;
use crate::use_cases::{LevelFilter, LevelSort, StoreStock};

/// Which stock levels of a store, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct StoreStockQuery {
    /// Only levels at or below their reorder point.
    #[serde(default)]
    low_stock: bool,
    /// At least so many available.
    #[param(maximum = 1_000_000_000)]
    available_min: Option<u32>,
    /// At most so many available.
    #[param(maximum = 1_000_000_000)]
    available_max: Option<u32>,
    /// The order.
    #[serde(default)]
    #[param(inline)]
    sort: Sort,
    /// Wait (at most 2 s) until the answer includes this position.
    min_position: Option<u64>,
    /// Levels per page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where the page begins: `nextCursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Place<(u32, Uuid)>>>,
}

impl StoreStockQuery {
    fn check_bounds(&self) -> Result<(), Problem> {
        let bounds = [("availableMin", self.available_min), ("availableMax", self.available_max)];
        for (field, bound) in bounds {
            if bound.is_some_and(|units| units > StockQuantity::UNITS_MAX) {
                let detail = format!("give at most {} units", StockQuantity::UNITS_MAX);
                return Err(Problem::invalid(field, detail));
            }
        }
        Ok(())
    }
}

/// The order of a store's stock list.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Sort {
    /// By product id.
    #[default]
    Product,
    /// Fewest available first.
    Available,
    /// Most available first.
    AvailableDescending,
    /// Most on hand first.
    OnHandDescending,
}

impl Sort {
    const fn sort(self) -> LevelSort {
        match self {
            Self::Product => LevelSort::Product,
            Self::Available => LevelSort::Available,
            Self::AvailableDescending => LevelSort::AvailableDescending,
            Self::OnHandDescending => LevelSort::OnHandDescending,
        }
    }

    /// The order as its cursors name it.
    const fn order(self) -> &'static str {
        match self {
            Self::Product => "stock by product",
            Self::Available => "stock by available",
            Self::AvailableDescending => "stock by availableDescending",
            Self::OnHandDescending => "stock by onHandDescending",
        }
    }
}

/// The stock list of a store.
#[utoipa::path(
    get, path = "/api/v1/inventory/stores/{store}/products", tag = "Stock", operation_id = "listStoreStock",
    params(("store" = String, Path, description = "Store id or code", max_length = 64), StoreStockQuery),
    responses(
        (status = 200, description = "A page", body = Page<StockLevelBody>,
         headers(("Cache-Control" = String, description = "How long caches may keep it"),
            ("Surrogate-Key" = String, description = "By which keys a CDN is told that it has changed; with `--cdn-s-maxage`"))),
        Problems
    )
)]
pub(crate) async fn store_stock(
    State(state): State<Arc<AppState>>,
    Path(store): Path<String>,
    Query(query): Query<StoreStockQuery>,
    context: RequestContext,
) -> Result<Response, Problem> {
    query.check_bounds()?;
    let order = query.sort.order();
    let after = query.cursor.map(|cursor| cursor.key_in(order)).transpose()?;
    reach(&state, query.min_position).await?;
    let store = state.catalogue.store(&store_in_path(&store)?, &context.scope).await?;
    let wanted = StoreStock {
        store,
        filter: LevelFilter {
            low_stock: query.low_stock,
            available_min: query.available_min,
            available_max: query.available_max,
        },
        sort: query.sort.sort(),
        after: after.map(|(key, id)| (key, ProductId::from_uuid(id))),
        limit: query.limit.get(),
    };
    let slice = state.queries.store_stock(wanted).await?;
    let listed = |level| StockLevelBody::listed(level, &state.catalogue);
    let page = Json(slice.page(order, listed, |(key, product)| (key, product.as_uuid())));
    Ok(match query.min_position {
        Some(_) => page.into_response(),
        None => state.edge.public(|| surrogate_keys::of_store_stock(store.as_uuid()), page),
    })
}
