//! The routes of a store's stock, which the inventory context decides about and this one shows.

use axum::extract::State;
use gondola_store_domain::{Product, ProductId, Store};
use kit_http::{Cursor, Json, Limit, Page, Path, Place, Problem, Problems, Query, RequestContext};
use kit_service::Slice;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Context, named, unknown};
use crate::use_cases::{KnownStock, StockLevel, StockQuery};

/// The order of a store's stock.
const ORDER: &str = "stock by product";

/// Which stock of the store is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StockParams {
    /// Only this product, by id, SKU or GTIN.
    #[param(example = "PROD123456")]
    product: Option<String>,
    /// How many items the page may have.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `nextCursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Place<Uuid>>>,
}

/// The stock of one product, in units.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct StoreStockBody {
    product_id: Uuid,
    /// Units physically in the store.
    on_hand: u64,
    /// Units held by active reservations.
    reserved: u64,
    /// Units that may still be reserved.
    available: u64,
    /// How many changes the stock level has had.
    version: u64,
    /// Where the last of them is in the inventory's log.
    position: u64,
}

/// A page of a store's stock, and how old it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct StoreStockPage {
    #[serde(flatten)]
    page: Page<StoreStockBody>,
    /// The last position of the inventory's log of which anything is known here, of whatever store.
    as_of_position: u64,
    /// All changes that the inventory had told so many milliseconds ago are in; absent when nobody can say yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    age_ms: Option<u64>,
}

/// The stock of a store, in the order of product ids, as far as the catalogue's service has been told of it.
///
/// For pages that show it; it may be seconds old, and answers also while the inventory is away. Decide by
/// `/api/v1/inventory`.
#[utoipa::path(
    get, path = "/api/v1/stores/{store}/stock", tag = "Stores", operation_id = "storeStock",
    params(("store" = String, Path, description = "Store id or store code", example = "SP-PAULISTA"), StockParams),
    responses((status = 200, description = "A page of stock levels", body = StoreStockPage), Problems)
)]
pub(super) async fn store_stock(
    State(context): State<Context>,
    Path(store): Path<String>,
    Query(params): Query<StockParams>,
    request: RequestContext,
) -> Result<Json<StoreStockPage>, Problem> {
    let id = context.stores.resolve(&named(&store)?).await?;
    let id = id.filter(|id| request.scope.allows(id.as_uuid()));
    let id = id.ok_or_else(|| unknown::<Store>(&store))?;
    let wanted = StockQuery {
        store: id,
        product: product(&context, params.product.as_deref()).await?,
        after: params.cursor.map(|cursor| cursor.key_in(ORDER)).transpose()?.map(Into::into),
        limit: params.limit.get(),
    };
    Ok(Json(context.stock.stock(wanted).await?.into()))
}

async fn product(context: &Context, name: Option<&str>) -> Result<Option<ProductId>, Problem> {
    let Some(name) = name else { return Ok(None) };
    let id = context.products.resolve(&named(name)?).await?;
    id.map(Some).ok_or_else(|| unknown::<Product>(name))
}

impl From<KnownStock> for StoreStockPage {
    fn from(known: KnownStock) -> Self {
        let KnownStock { levels, as_of, age } = known;
        let age_ms = age.map(|age| u64::try_from(age.as_millis()).unwrap_or(u64::MAX));
        let page = Slice::page(levels, ORDER, StoreStockBody::from, |product| product.as_uuid());
        Self { page, as_of_position: as_of.get(), age_ms }
    }
}

impl From<StockLevel> for StoreStockBody {
    fn from(level: StockLevel) -> Self {
        Self {
            product_id: level.product.as_uuid(),
            on_hand: level.on_hand,
            reserved: level.reserved,
            available: level.available,
            version: level.version.get(),
            position: level.position.get(),
        }
    }
}
