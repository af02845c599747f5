//! The routes of suppliers.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use gondola_store_domain::{Product, Supplier};
use http::{HeaderMap, StatusCode};
use kit_core::Version;
use kit_http::{CallerHeaders, ETag, Json, Page, Path, Problem, Problems, Query};

use super::list::{List, SupplierList};
use super::supplier_body::{RegisterSupplier, SupplierBody, UpdateSupplier};
use super::{Context, Resource, changed, created, found_by_one, named, unknown};

const TAG: &str = "Suppliers";

/// Adds a supplier.
///
/// A code that is registered already, in whatever case, is refused with 409 `supplier-already-registered`.
#[utoipa::path(
    post, path = "/api/v1/suppliers", tag = TAG, request_body = RegisterSupplier,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    responses((status = 201, description = "Registered; `Location` has its address", body = SupplierBody), Problems)
)]
pub(super) async fn register_supplier(
    State(context): State<Context>,
    caller: CallerHeaders,
    Json(body): Json<RegisterSupplier>,
) -> Result<Response, Problem> {
    let supplier = body.parse()?;
    let done = context.suppliers.register(supplier, caller.caller(&body)).await?;
    Ok(created(&done))
}

/// Lists and searches the suppliers, sorted by code.
#[utoipa::path(
    get, path = "/api/v1/suppliers", tag = TAG, params(SupplierList),
    responses((status = 200, description = "A page of suppliers", body = Page<SupplierBody>), Problems)
)]
pub(super) async fn list_suppliers(
    State(context): State<Context>,
    Query(list): Query<SupplierList>,
) -> Result<Response, Problem> {
    let List { mut query, order, min_position } = list.parse()?;
    if let Some(product) = query.offers.take() {
        let id = context.products.resolve(&named(&product)?).await?;
        let id = id.ok_or_else(|| unknown::<Product>(&product))?;
        query.offers = Some(id.to_string());
    }
    if let Some(position) = min_position {
        context.listings.freshness().reach(position).await?;
    }
    let found = context.listings.suppliers(query).await?;
    let page = found.page(&order, |entry| Supplier::body(&entry, None), |code| code);
    Ok(Json(page).into_response())
}

/// One supplier, by id or code, as it is now.
#[utoipa::path(
    get, path = "/api/v1/suppliers/{supplier}", tag = TAG,
    params(
        ("supplier" = String, Path, description = "Supplier id or code", example = "ACME"),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag`: 304 while it is unchanged"),
    ),
    responses(
        (status = 200, description = "The supplier", body = SupplierBody),
        (status = 304, description = "Unchanged"),
        Problems,
    )
)]
pub(super) async fn supplier(
    State(context): State<Context>,
    Path(supplier): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let entry = context.suppliers.find(&named(&supplier)?).await?;
    let entry = entry.ok_or_else(|| unknown::<Supplier>(&supplier))?;
    Ok(found_by_one(&entry, &headers))
}

/// Changes a part of what is known of a supplier, removes it, or brings it back.
///
/// One with offers that hold is not removed: 409 `in-use`. It can be inactive.
#[utoipa::path(
    patch, path = "/api/v1/suppliers/{supplier}", tag = TAG, request_body = UpdateSupplier,
    params(
        ("supplier" = String, Path, description = "Supplier id or code", example = "ACME"),
        ("If-Match" = Option<String>, Header, description = "An `ETag`: 412 when it has changed since"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours"),
    ),
    responses(
        (status = 200, description = "The supplier after the change", body = SupplierBody),
        (status = 412, description = "Changed since", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub(super) async fn update_supplier(
    State(context): State<Context>,
    Path(supplier): Path<String>,
    headers: HeaderMap,
    caller: CallerHeaders,
    Json(body): Json<UpdateSupplier>,
) -> Result<Response, Problem> {
    let (changes, expected) = (body.parse()?, ETag::if_match(&headers)?.map(Version::new));
    let id = context.suppliers.resolve(&named(&supplier)?).await?;
    let id = id.ok_or_else(|| unknown::<Supplier>(&supplier))?;
    let done = context.suppliers.update(id, changes, expected, caller.caller(&body)).await?;
    Ok(changed(StatusCode::OK, &done))
}
