//! Stock levels: one, the lists of a store and of a product, and which stores can reserve a quantity.

pub(super) mod availability;
mod freshness;
pub(super) mod get;
pub(super) mod product_stock;
mod response;
pub(super) mod store_stock;

use gondola_inventory_domain::{ProductId, StoreId};
use kit_core::{Position, Scope};
use kit_http::Problem;

pub(super) use self::availability::stores_named;
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

/// Waits until the views have the position that a caller asks for, if it does.
pub(super) async fn reach(state: &AppState, wanted: Option<u64>) -> Result<(), Problem> {
    match wanted {
        Some(position) => Ok(state.queries.reach(Position::new(position)).await?),
        None => Ok(()),
    }
}
