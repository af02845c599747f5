//! Reading stock: one level, lists, history, and who can promise a product.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use gondola_inventory_domain::{ProductId, StockQuantity, StoreId, stream_id};
use http::{HeaderMap, StatusCode, header};
use kit_core::{Position, Timestamp};
use kit_http::{Cursor, ETag, Json, Limit, Page, Path, Problem, Problems, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::names::{level_in_path, product_in_path, store_in_path};
use super::view::{MovementView, StockLevel};
use super::{AppState, problems};
use crate::use_cases::{
    Catalogue, Freshness, LevelFilter, LevelRow, LevelSort, StorePage, movement,
};

/// Stores that an availability question looks at, at most.
const AVAILABILITY_STORES_MAX: usize = 5_000;

/// How fresh an answer about one stock level must be; at most one of the three.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FreshnessQuery {
    /// `strong` asks the stock level itself, behind every earlier change.
    #[param(inline)]
    consistency: Option<Consistency>,
    /// Wait (at most 2 s) until the answer includes this position.
    min_position: Option<u64>,
    /// As it was at this past moment, RFC 3339.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
}

/// How consistent an answer must be.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum Consistency {
    /// From the view, usually milliseconds old.
    Eventual,
    /// From the stock level itself.
    Strong,
}

impl FreshnessQuery {
    fn freshness(&self) -> Result<Freshness, Problem> {
        let strong = matches!(self.consistency, Some(Consistency::Strong));
        match (strong, self.min_position, self.as_of) {
            (false, None, None) => Ok(Freshness::Eventual),
            (true, None, None) => Ok(Freshness::Strong),
            (false, Some(position), None) => Ok(Freshness::AtLeast(Position::new(position))),
            (false, None, Some(at)) => Ok(Freshness::AsOf(at)),
            _ => Err(Problem::invalid(
                "consistency",
                "give at most one of consistency=strong, minPosition and asOf",
            )),
        }
    }
}

/// One stock level.
#[utoipa::path(
    get, path = "/api/v1/inventory/stores/{store}/products/{product}", tag = "Stock",
    operation_id = "getStockLevel",
    params(
        ("store" = String, Path, description = "Store id or code", max_length = 64),
        ("product" = String, Path, description = "Product id or SKU", max_length = 64),
        ("If-None-Match" = Option<String>, Header, description = "Entity tag of the answer that the caller has"),
        FreshnessQuery
    ),
    responses(
        (status = 200, description = "Found", body = StockLevel,
         headers(("ETag" = String, description = "Version of the stock level"))),
        (status = 304, description = "The caller has this version"),
        Problems
    )
)]
pub(super) async fn stock_level(
    State(context): State<Arc<AppState>>,
    Path((store, product)): Path<(String, String)>,
    Query(query): Query<FreshnessQuery>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let freshness = query.freshness()?;
    let (store, product) = context.catalogue.level(&level_in_path(&store, &product)?).await?;
    let found = context.queries.level(store, product, freshness).await;
    let row = found.map_err(|error| problems::read(&error))?.ok_or_else(|| {
        Problem::not_found(format!("nothing was recorded for product {product} in store {store}"))
    })?;
    // at a moment, promises may be overdue without an event: there the version does not tell the whole answer
    let by_version = matches!(freshness, Freshness::Eventual | Freshness::AtLeast(_));
    Ok(tagged(row, &headers, by_version))
}

fn tagged(row: LevelRow, headers: &HeaderMap, by_version: bool) -> Response {
    let tag = ETag::strong(row.version.get());
    let mut response = if by_version && tag.matches(headers) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Json(StockLevel::from(row)).into_response()
    };
    response.headers_mut().insert(header::ETAG, tag.header_value());
    response
}

/// Which stock levels of a store, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StoreStockQuery {
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
    /// Levels per page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where the page begins: `nextCursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<(u32, Uuid)>>,
}

/// The order of a store's stock list.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum Sort {
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
    fn order(self) -> LevelSort {
        match self {
            Self::Product => LevelSort::Product,
            Self::Available => LevelSort::Available,
            Self::AvailableDescending => LevelSort::AvailableDescending,
            Self::OnHandDescending => LevelSort::OnHandDescending,
        }
    }

    /// The number that a row is sorted by, before its product id.
    fn key(self, row: &LevelRow) -> u32 {
        match self {
            Self::Product => 0,
            Self::Available => row.available(),
            Self::AvailableDescending => u32::MAX - row.available(),
            Self::OnHandDescending => u32::MAX - row.on_hand,
        }
    }
}

/// The stock list of a store.
#[utoipa::path(
    get, path = "/api/v1/inventory/stores/{store}/products", tag = "Stock", operation_id = "listStoreStock",
    params(("store" = String, Path, description = "Store id or code", max_length = 64), StoreStockQuery),
    responses((status = 200, description = "A page", body = Page<StockLevel>), Problems)
)]
pub(super) async fn store_stock(
    State(context): State<Arc<AppState>>,
    Path(store): Path<String>,
    Query(query): Query<StoreStockQuery>,
) -> Result<Json<Page<StockLevel>>, Problem> {
    for (field, bound) in
        [("availableMin", query.available_min), ("availableMax", query.available_max)]
    {
        if bound.is_some_and(|units| units > StockQuantity::UNITS_MAX) {
            return Err(Problem::invalid(
                field,
                format!("give at most {} units", StockQuantity::UNITS_MAX),
            ));
        }
    }
    let store = context.catalogue.store(&store_in_path(&store)?).await?;
    let after = query.cursor.map(|Cursor((number, id))| (number, ProductId::from_uuid(id)));
    let page = StorePage {
        store,
        filter: LevelFilter {
            low_stock: query.low_stock,
            available_min: query.available_min,
            available_max: query.available_max,
        },
        sort: query.sort.order(),
        after,
        limit: query.limit.get() + 1,
    };
    let rows = context.queries.levels().store_page(page).await;
    let rows = rows.map_err(|error| problems::read(&error))?;
    let key = |row: &LevelRow| (query.sort.key(row), row.product.as_uuid());
    Ok(Json(paged(rows, query.limit, key)))
}

/// A page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ProductStockQuery {
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
    responses((status = 200, description = "A page", body = Page<StockLevel>), Problems)
)]
pub(super) async fn product_stock(
    State(context): State<Arc<AppState>>,
    Path(product): Path<String>,
    Query(query): Query<ProductStockQuery>,
) -> Result<Json<Page<StockLevel>>, Problem> {
    let product = context.catalogue.product(&product_in_path(&product)?).await?;
    let after = query.cursor.map(|Cursor(store)| StoreId::from_uuid(store));
    let rows = context.queries.levels().product_page(product, after, query.limit.get() + 1).await;
    let rows = rows.map_err(|error| problems::read(&error))?;
    Ok(Json(paged(rows, query.limit, |row| row.store.as_uuid())))
}

/// Cuts the one row too many that says whether there is another page.
fn paged<K: Serialize>(
    mut rows: Vec<LevelRow>,
    limit: Limit,
    key: impl Fn(&LevelRow) -> K,
) -> Page<StockLevel> {
    let more = rows.len() > limit.get();
    rows.truncate(limit.get());
    let next = rows.last().filter(|_| more).map(|last| Cursor(key(last)));
    Page::new(rows.into_iter().map(StockLevel::from).collect(), next)
}

/// A page of a history.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HistoryQuery {
    /// Movements per page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where the page begins: `nextCursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<u64>>,
}

/// The movements of a stock level, newest first, each with its cause and its actor.
#[utoipa::path(
    get, path = "/api/v1/inventory/stores/{store}/products/{product}/history", tag = "Stock",
    operation_id = "getStockHistory",
    params(
        ("store" = String, Path, description = "Store id or code", max_length = 64),
        ("product" = String, Path, description = "Product id or SKU", max_length = 64),
        HistoryQuery
    ),
    responses((status = 200, description = "A page", body = Page<MovementView>), Problems)
)]
pub(super) async fn history(
    State(context): State<Arc<AppState>>,
    Path((store, product)): Path<(String, String)>,
    Query(query): Query<HistoryQuery>,
) -> Result<Json<Page<MovementView>>, Problem> {
    let (store, product) = context.catalogue.level(&level_in_path(&store, &product)?).await?;
    let before = query.cursor.map(|Cursor(position)| Position::new(position));
    let stream = stream_id(product, store);
    let events = context.queries.log().read_back(&stream, before, query.limit.get() + 1).await;
    let mut events = events.map_err(|error| problems::failed(&error))?;
    let more = events.len() > query.limit.get();
    events.truncate(query.limit.get());
    let next = events.last().filter(|_| more).map(|last| Cursor(last.position.get()));
    let items: Result<Vec<_>, _> =
        events.iter().map(|event| movement(event).map(MovementView::from)).collect();
    Ok(Json(Page::new(items.map_err(|error| problems::failed(&error))?, next)))
}

/// Who can promise a product.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AvailabilityQuery {
    /// Product id or SKU.
    #[param(max_length = 64)]
    product: String,
    /// Units wanted; 1 when absent.
    #[param(minimum = 1, maximum = 1_000_000_000)]
    quantity: Option<u32>,
    /// Only these stores: ids or codes, separated by commas.
    #[param(max_length = 4000)]
    stores: Option<String>,
    /// Stores in the answer, at most.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
}

/// Whether and where a product can be promised.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Availability {
    /// The product.
    product_id: Uuid,
    /// Units wanted.
    quantity: u32,
    /// Whether one store can promise all of them.
    available: bool,
    /// Units offered by all stores asked.
    total_offered: u64,
    /// Stores that can promise all of them, most offered first.
    stores: Vec<StockLevel>,
}

/// Which stores can promise a quantity of a product, most offered first.
#[utoipa::path(
    get, path = "/api/v1/inventory/availability", tag = "Stock", operation_id = "checkAvailability",
    params(AvailabilityQuery),
    responses((status = 200, description = "Looked up", body = Availability), Problems)
)]
pub(super) async fn availability(
    State(context): State<Arc<AppState>>,
    Query(query): Query<AvailabilityQuery>,
) -> Result<Json<Availability>, Problem> {
    let quantity = query.quantity.unwrap_or(1);
    if !(1..=1_000_000_000).contains(&quantity) {
        return Err(Problem::invalid("quantity", "give 1 to 1000000000 units"));
    }
    let product = context.catalogue.product(&product_in_path(&query.product)?).await?;
    let wanted = stores_named(&context.catalogue, query.stores.as_deref()).await?;
    let rows = context.queries.levels().product_page(product, None, AVAILABILITY_STORES_MAX).await;
    let mut rows = rows.map_err(|error| problems::read(&error))?;
    if let Some(wanted) = wanted {
        rows.retain(|row| wanted.contains(&row.store));
    }
    let total_offered = rows.iter().map(|row| u64::from(row.offered())).sum();
    rows.retain(|row| row.offered() >= quantity);
    rows.sort_by_key(|row| (std::cmp::Reverse(row.offered()), row.store));
    rows.truncate(query.limit.get());
    Ok(Json(Availability {
        product_id: product.as_uuid(),
        quantity,
        available: !rows.is_empty(),
        total_offered,
        stores: rows.into_iter().map(StockLevel::from).collect(),
    }))
}

async fn stores_named(
    catalogue: &Catalogue,
    list: Option<&str>,
) -> Result<Option<Vec<StoreId>>, Problem> {
    let Some(list) = list else { return Ok(None) };
    let mut stores = Vec::new();
    for name in list.split(',') {
        stores.push(catalogue.store(&store_in_path(name.trim())?).await?);
    }
    Ok(Some(stores))
}
