//! Stock levels: one, the lists of a store and of a product, and which stores can reserve a quantity.

pub(super) mod availability;
mod freshness;
pub(super) mod get;
pub(super) mod product_stock;
mod response;
pub(super) mod store_stock;

use gondola_inventory_domain::{ProductId, StoreId};
use kit_http::Problem;

pub(super) use self::response::StockLevelBody;
use super::{AppState, names};

/// The stock level that a path names.
pub(super) async fn level_in_path(
    state: &AppState,
    store: &str,
    product: &str,
) -> Result<(StoreId, ProductId), Problem> {
    Ok(state.catalogue.level(&names::level_in_path(store, product)?).await?)
}
