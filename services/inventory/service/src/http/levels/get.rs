//! Reading one stock level.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use gondola_contracts::surrogate_keys;
use gondola_inventory_domain::{ProductId, StoreId};
use http::{HeaderMap, StatusCode, header};
use kit_http::{ETag, Json, Path, Problem, Problems, Query, RequestContext};

use super::freshness::FreshnessQuery;
use super::response::StockLevelBody;
use super::{level_in_path, nothing_recorded};
use crate::http::AppState;
use crate::use_cases::Freshness;

/// One stock level.
#[utoipa::path(
    get, path = "/api/v1/inventory/stores/{store}/products/{product}", tag = "Stock",
    operation_id = "getStockLevel",
    params(
        ("store" = String, Path, description = "Store id or code", max_length = 64),
        ("product" = String, Path, description = "Product id, SKU or GTIN", max_length = 64),
        ("If-None-Match" = Option<String>, Header, description = "Entity tag of the answer that the caller has"),
        FreshnessQuery
    ),
    responses(
        (status = 200, description = "Found", body = StockLevelBody,
         headers(("ETag" = String, description = "Version of the stock level, as a weak tag; `If-Match` of a change takes it as it is"),
            ("Cache-Control" = String, description = "How long caches may keep it"),
            ("Surrogate-Key" = String, description = "By which keys a CDN is told that it has changed; with `--cdn-s-maxage`"))),
        (status = 304, description = "The caller has this version"),
        Problems
    )
)]
pub(crate) async fn stock_level(
    State(state): State<Arc<AppState>>,
    Path((store, product)): Path<(String, String)>,
    Query(query): Query<FreshnessQuery>,
    context: RequestContext,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let freshness = query.freshness()?;
    let (store, product) = level_in_path(&state, &context.scope, &store, &product).await?;
    let found = state.queries.level(store, product, freshness).await?;
    let Some(level) = found else {
        return Err(nothing_then(&state, store, product, freshness).await?);
    };
    // a deadline passes without an event: then the version does not tell the whole answer, nor does it at a past moment
    let own = matches!(freshness, Freshness::Own | Freshness::AtLeast(_));
    let by_version = own && level.lapsed == 0;
    let tag = ETag::weak(level.version.get());
    let body = StockLevelBody::of(level, &state.catalogue);
    let answer = tagged(tag, body, by_version && tag.matches(&headers));
    // what was asked about a position or a moment is one caller's question
    if freshness != Freshness::Own {
        return Ok(answer);
    }
    let keys = || surrogate_keys::of_stock_level(store.as_uuid(), product.as_uuid());
    Ok(state.edge.public(keys, answer))
}

/// Why a stock level is not found: nothing was recorded, or nothing yet at the moment that was asked about.
async fn nothing_then(
    state: &AppState,
    store: StoreId,
    product: ProductId,
    freshness: Freshness,
) -> Result<Problem, Problem> {
    let nothing = || nothing_recorded(store, product);
    let (Freshness::AsOf(at) | Freshness::EffectiveAt { as_of: Some(at), .. }) = freshness else {
        return Ok(nothing());
    };
    let first = state.queries.first_recorded(store, product).await?;
    Ok(match first.filter(|first| *first > at) {
        None => nothing(),
        Some(first) => {
            let detail = format!(
                "nothing was recorded for product {product} in store {store} up to {at}: its first event was recorded at {first}, ask for that moment or a later one"
            );
            Problem::not_found(detail).with("firstRecordedAt", first)
        }
    })
}

/// Weak: an answer also says for which moment it holds, which differs between two reads of one version.
fn tagged(tag: ETag, body: StockLevelBody, known: bool) -> Response {
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { Json(body).into_response() };
    response.headers_mut().insert(header::ETAG, tag.header_value());
    response
}
