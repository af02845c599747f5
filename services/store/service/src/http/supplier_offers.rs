//! The routes of what suppliers offer.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use gondola_store_domain::{
    Aggregate, OfferCode, OfferStatus, Product, Supplier, SupplierOffer, SupplierOfferChanges,
    SupplierOfferId,
};
use http::{HeaderMap, StatusCode};
use kit_core::{Position, Version};
use kit_http::{CallerHeaders, ETag, Json, Page, Path, Problem, Problems, Query};

use super::list::{List, SupplierOfferList};
use super::supplier_offer_body::{PutSupplierOffer, SupplierOfferBody, UpdateSupplierOffer};
use super::{Context, Resource, changed, created, found_by_one, named, not_found, unknown};
use crate::use_cases::{Entry, ListQuery, Named};

const TAG: &str = "Suppliers";

/// The version of an offer that was just made for the first time.
const FIRST: Version = Version::new(1);

/// Lists what suppliers offer of a product, sorted by the codes of the suppliers.
///
/// Offers of suppliers that are inactive are among them.
#[utoipa::path(
    get, path = "/api/v1/products/{product}/suppliers", tag = TAG,
    params(("product" = String, Path, description = "Product id, SKU or GTIN", example = "PROD123456"), SupplierOfferList),
    responses((status = 200, description = "A page of offers", body = Page<SupplierOfferBody>), Problems)
)]
pub(super) async fn list_offers_of_product(
    State(context): State<Context>,
    Path(product): Path<String>,
    Query(list): Query<SupplierOfferList>,
) -> Result<Response, Problem> {
    let List { query, order, min_position } = list.parse()?;
    let entry = context.products.find(&named(&product)?).await?;
    let id = entry.ok_or_else(|| unknown::<Product>(&product))?.state.product_id;
    let query = ListQuery { group: Some(id.to_string()), ..query };
    page_of(&context, query, &order, min_position).await
}

/// Lists what a supplier offers, sorted by the ids of the products.
#[utoipa::path(
    get, path = "/api/v1/suppliers/{supplier}/products", tag = TAG,
    params(("supplier" = String, Path, description = "Supplier id or code", example = "ACME"), SupplierOfferList),
    responses((status = 200, description = "A page of offers", body = Page<SupplierOfferBody>), Problems)
)]
pub(super) async fn list_offers_of_supplier(
    State(context): State<Context>,
    Path(supplier): Path<String>,
    Query(list): Query<SupplierOfferList>,
) -> Result<Response, Problem> {
    let List { query, order, min_position } = list.parse()?;
    let entry = context.suppliers.find(&named(&supplier)?).await?;
    let code = entry.ok_or_else(|| unknown::<Supplier>(&supplier))?.state.code;
    let query = ListQuery { supplier: Some(code), ..query };
    page_of(&context, query, &order, min_position).await
}

/// A page of offers: of those that hold, where nothing is said.
async fn page_of(
    context: &Context,
    query: ListQuery,
    order: &str,
    min_position: Option<Position>,
) -> Result<Response, Problem> {
    let status = query.status.or(Some(OfferStatus::Active.as_str()));
    if let Some(position) = min_position {
        context.listings.freshness().reach(position).await?;
    }
    let found = context.listings.supplier_offers(ListQuery { status, ..query }).await?;
    let page = found.page(order, |entry| SupplierOffer::body(&entry, None), |code| code);
    Ok(Json(page).into_response())
}

/// What one supplier offers of a product, as it is now.
#[utoipa::path(
    get, path = "/api/v1/products/{product}/suppliers/{supplier}", tag = TAG,
    params(
        ("product" = String, Path, description = "Product id, SKU or GTIN", example = "PROD123456"),
        ("supplier" = String, Path, description = "Supplier id or code", example = "ACME"),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag`: 304 while it is unchanged"),
    ),
    responses(
        (status = 200, description = "The offer", body = SupplierOfferBody),
        (status = 304, description = "Unchanged"),
        Problems,
    )
)]
pub(super) async fn supplier_offer(
    State(context): State<Context>,
    Path((product, supplier)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = offer_id(&context, &product, &supplier).await?;
    let entry = context.offers.find(&Named::Id(id)).await?;
    let holds = entry.filter(|entry| !entry.state.is_removed());
    let entry = holds.ok_or_else(|| {
        let detail = format!(
            "supplier {supplier} offers nothing of product {product}; put its terms there first"
        );
        not_found::<SupplierOffer>(detail)
    })?;
    Ok(found_by_one(&entry, &headers))
}

/// Makes an offer, or replaces its terms.
///
/// 201 the first time. Refused with 409: `preferred-taken` while another offer of the product is the preferred one,
/// `supplier-unavailable` when the supplier was removed.
#[utoipa::path(
    put, path = "/api/v1/products/{product}/suppliers/{supplier}", tag = TAG, request_body = PutSupplierOffer,
    params(
        ("product" = String, Path, description = "Product id, SKU or GTIN", example = "PROD123456"),
        ("supplier" = String, Path, description = "Supplier id or code", example = "ACME"),
        ("If-Match" = Option<String>, Header, description = "An `ETag`: 412 when it has changed since"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours"),
    ),
    responses(
        (status = 200, description = "The offer after the change", body = SupplierOfferBody),
        (status = 201, description = "Made; `Location` has its address", body = SupplierOfferBody),
        (status = 412, description = "Changed since", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub(super) async fn put_supplier_offer(
    State(context): State<Context>,
    Path((product, supplier)): Path<(String, String)>,
    headers: HeaderMap,
    caller: CallerHeaders,
    Json(body): Json<PutSupplierOffer>,
) -> Result<Response, Problem> {
    let expected = ETag::if_match(&headers)?.map(Version::new);
    let (product, supplier) = ends(&context, &product, &supplier).await?;
    let offer = body.parse(offer_code(&product.state, &supplier.state))?;
    let caller = caller.caller(&body);
    let done = context.offers.put(offer, &supplier.state, expected, caller).await?;
    let is_first = done.answer.version == FIRST;
    Ok(if is_first { created(&done) } else { changed(StatusCode::OK, &done) })
}

/// Changes a part of the terms of an offer.
#[utoipa::path(
    patch, path = "/api/v1/products/{product}/suppliers/{supplier}", tag = TAG, request_body = UpdateSupplierOffer,
    params(
        ("product" = String, Path, description = "Product id, SKU or GTIN", example = "PROD123456"),
        ("supplier" = String, Path, description = "Supplier id or code", example = "ACME"),
        ("If-Match" = Option<String>, Header, description = "An `ETag`: 412 when it has changed since"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours"),
    ),
    responses(
        (status = 200, description = "The offer after the change", body = SupplierOfferBody),
        (status = 412, description = "Changed since", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub(super) async fn update_supplier_offer(
    State(context): State<Context>,
    Path((product, supplier)): Path<(String, String)>,
    headers: HeaderMap,
    caller: CallerHeaders,
    Json(body): Json<UpdateSupplierOffer>,
) -> Result<Response, Problem> {
    let (changes, expected) = (body.parse()?, ETag::if_match(&headers)?.map(Version::new));
    let id = offer_id(&context, &product, &supplier).await?;
    let done = context.offers.update(id, changes, expected, caller.caller(&body)).await?;
    Ok(changed(StatusCode::OK, &done))
}

/// Withdraws an offer. It may be made again.
#[utoipa::path(
    delete, path = "/api/v1/products/{product}/suppliers/{supplier}", tag = TAG,
    params(
        ("product" = String, Path, description = "Product id, SKU or GTIN", example = "PROD123456"),
        ("supplier" = String, Path, description = "Supplier id or code", example = "ACME"),
        ("If-Match" = Option<String>, Header, description = "An `ETag`: 412 when it has changed since"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours"),
    ),
    responses(
        (status = 200, description = "The offer as it was withdrawn, with the `position` for lists", body = SupplierOfferBody),
        (status = 412, description = "Changed since", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub(super) async fn withdraw_supplier_offer(
    State(context): State<Context>,
    Path((product, supplier)): Path<(String, String)>,
    headers: HeaderMap,
    caller: CallerHeaders,
) -> Result<Response, Problem> {
    let expected = ETag::if_match(&headers)?.map(Version::new);
    let id = offer_id(&context, &product, &supplier).await?;
    let changes = SupplierOfferChanges::withdraw();
    let done = context.offers.update(id, changes, expected, caller.caller(&())).await?;
    Ok(changed(StatusCode::OK, &done))
}

/// The product and the supplier that a path names, as they are now.
async fn ends(
    context: &Context,
    product: &str,
    supplier: &str,
) -> Result<(Entry<Product>, Entry<Supplier>), Problem> {
    let found = context.products.find(&named(product)?).await?;
    let of = found.ok_or_else(|| unknown::<Product>(product))?;
    let found = context.suppliers.find(&named(supplier)?).await?;
    Ok((of, found.ok_or_else(|| unknown::<Supplier>(supplier))?))
}

fn offer_code(product: &Product, supplier: &Supplier) -> OfferCode {
    OfferCode { product_id: product.product_id, supplier: supplier.code.clone() }
}

async fn offer_id(
    context: &Context,
    product: &str,
    supplier: &str,
) -> Result<SupplierOfferId, Problem> {
    let (product, supplier) = ends(context, product, supplier).await?;
    Ok(SupplierOfferId::of(&offer_code(&product.state, &supplier.state)))
}
