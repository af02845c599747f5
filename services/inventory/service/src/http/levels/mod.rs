//! Stock levels: one, many, the lists of a store and of a product, and which stores can reserve a quantity.

pub(super) mod availability;
pub(super) mod basket;
mod freshness;
pub(super) mod get;
pub(super) mod product_stock;
pub(super) mod query;
mod response;
pub(super) mod store_stock;

use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::{Position, Scope};
use kit_http::Problem;

pub(super) use self::response::StockLevelBody;
use super::{AppState, names};

/// The stock level that a path names, if it is within the scope of the caller.
pub(super) async fn level_in_path(
    state: &AppState,
    scope: &Scope,
    store: &str,
    product: &str,
) -> Result<(StoreId, ProductId), Problem> {
    Ok(state.catalogue.level(&names::level_in_path(store, product)?, scope).await?)
}

/// The stores of a list of ids and codes, in its order; without one those of the caller, `None` where that is all of them.
pub(super) async fn stores_listed(
    state: &AppState,
    scope: &Scope,
    list: Option<&[String]>,
) -> Result<Option<Vec<StoreId>>, Problem> {
    let Some(list) = list else {
        let own = scope.owners().map(|own| own.iter().copied().map(StoreId::from_uuid));
        return Ok(own.map(Iterator::collect));
    };
    let named =
        list.iter().map(|store| names::store_in_path(store)).collect::<Result<Vec<_>, _>>()?;
    Ok(Some(state.catalogue.stores(&named, scope).await?))
}

/// The same of a list in a query, whose names have commas between them.
pub(super) async fn stores_named(
    state: &AppState,
    scope: &Scope,
    list: Option<&str>,
) -> Result<Option<Vec<StoreId>>, Problem> {
    let list =
        list.map(|list| list.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>());
    stores_listed(state, scope, list.as_deref()).await
}

/// The answer about a stock level that has no event.
fn nothing_recorded(store: StoreId, product: ProductId) -> Problem {
    Problem::not_found(format!("nothing was recorded for product {product} in store {store}"))
}

/// Waits until the views have the position that a caller asks for, if it does.
pub(super) async fn reach(state: &AppState, wanted: Option<u64>) -> Result<(), Problem> {
    match wanted {
        Some(position) => Ok(state.queries.reach(Position::new(position)).await?),
        None => Ok(()),
    }
}
