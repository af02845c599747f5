//! The routes of products.

use axum::extract::State;
use axum::response::Response;
use gondola_contracts::surrogate_keys;
use gondola_store_domain::Product;
use http::{HeaderMap, StatusCode};
use kit_core::Version;
use kit_http::{CallerHeaders, ETag, Json, Page, Path, Problem, Problems, Query};

use super::list::{List, ProductList};
use super::product_body::{ProductBody, RegisterProduct, UpdateProduct};
use super::{Context, PublicResource, Resource, changed, created, found, listed, named, unknown};

const TAG: &str = "Products";

/// Adds a product to the catalogue.
///
/// A SKU or id that is registered already is refused with 409 `product-already-registered`.
#[utoipa::path(
    post, path = "/api/v1/products", tag = TAG, request_body = RegisterProduct,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    responses((status = 201, description = "Registered; `Location` has its address", body = ProductBody), Problems)
)]
pub(super) async fn register_product(
    State(context): State<Context>,
    caller: CallerHeaders,
    Json(body): Json<RegisterProduct>,
) -> Result<Response, Problem> {
    let product = body.parse(|| context.products.new_id())?;
    let done = context.products.register(product, caller.caller(&body)).await?;
    Ok(created(&done))
}

/// Lists and searches the products, sorted by SKU.
#[utoipa::path(
    get, path = "/api/v1/products", tag = TAG, params(ProductList),
    responses(
        (status = 200, description = "A page of products", body = Page<ProductBody>,
         headers(("Cache-Control" = String, description = "How long caches may keep it"),
            ("Surrogate-Key" = String, description = "By which keys a CDN is told that it has changed; with `--cdn-s-maxage`"))),
        Problems
    )
)]
pub(super) async fn list_products(
    State(context): State<Context>,
    Query(list): Query<ProductList>,
) -> Result<Response, Problem> {
    let List { query, order, min_position } = list.parse()?;
    if let Some(position) = min_position {
        context.listings.freshness().reach(position).await?;
    }
    let in_tree = query.below.is_some();
    let found = context.listings.products(query).await?;
    let keys = if in_tree { surrogate_keys::of_products_in_tree } else { Product::keys_of_list };
    let page = found.page(&order, |entry| Product::body(&entry, None), |sku| sku);
    Ok(listed(page, keys, min_position, &context.edge))
}

/// One product, by id, SKU or GTIN, as it is now.
#[utoipa::path(
    get, path = "/api/v1/products/{product}", tag = TAG,
    params(
        ("product" = String, Path, description = "Product id, SKU or GTIN", example = "PROD123456"),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag`: 304 while it is unchanged"),
    ),
    responses(
        (status = 200, description = "The product", body = ProductBody,
         headers(("Cache-Control" = String, description = "How long caches may keep it"),
            ("Surrogate-Key" = String, description = "By which keys a CDN is told that it has changed; with `--cdn-s-maxage`"))),
        (status = 304, description = "Unchanged"),
        Problems,
    )
)]
pub(super) async fn product(
    State(context): State<Context>,
    Path(product): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let entry = context.products.find(&named(&product)?).await?;
    let entry = entry.ok_or_else(|| unknown::<Product>(&product))?;
    Ok(found(&entry, &headers, &context.edge))
}

/// Changes a part of what is known of a product.
#[utoipa::path(
    patch, path = "/api/v1/products/{product}", tag = TAG, request_body = UpdateProduct,
    params(
        ("product" = String, Path, description = "Product id, SKU or GTIN", example = "PROD123456"),
        ("If-Match" = Option<String>, Header, description = "An `ETag`: 412 when it has changed since"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours"),
    ),
    responses(
        (status = 200, description = "The product after the change", body = ProductBody),
        (status = 412, description = "Changed since", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub(super) async fn update_product(
    State(context): State<Context>,
    Path(product): Path<String>,
    headers: HeaderMap,
    caller: CallerHeaders,
    Json(body): Json<UpdateProduct>,
) -> Result<Response, Problem> {
    let (changes, expected) = (body.parse()?, ETag::if_match(&headers)?.map(Version::new));
    let id = context.products.resolve(&named(&product)?).await?;
    let id = id.ok_or_else(|| unknown::<Product>(&product))?;
    let done = context.products.update(id, changes, expected, caller.caller(&body)).await?;
    Ok(changed(StatusCode::OK, &done))
}
