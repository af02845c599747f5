//! The HTTP API of the store context. Each handler makes three moves: parse, call, render.

mod categories;
mod category_body;
mod drain;
mod list;
mod look_up;
mod patch;
mod problems;
mod product_body;
mod product_parts;
mod products;
mod stock;
mod store_body;
mod store_parts;
mod stores;
mod supplier_body;
mod supplier_offer_body;
mod supplier_offers;
mod suppliers;
mod word;

use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use gondola_store_domain::{Category, Product, Store, Supplier, SupplierOffer};
use http::header::{ETAG, LOCATION};
use http::{HeaderMap, StatusCode};
use kit_core::Position;
use kit_executor::CommandReceipt;
use kit_http::{ETag, EdgeCaching, Json, Page, Problem, mark_replayed};
use serde::Serialize;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::use_cases::{
    CatalogueLookUps, CatalogueReadModel, CatalogueService, Entry, Named, ParkedStock, StoreStock,
    Stored,
};

/// What the handlers work with.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) stores: Arc<CatalogueService<Store>>,
    pub(crate) products: Arc<CatalogueService<Product>>,
    pub(crate) categories: Arc<CatalogueService<Category>>,
    pub(crate) suppliers: Arc<CatalogueService<Supplier>>,
    pub(crate) offers: Arc<CatalogueService<SupplierOffer>>,
    pub(crate) listings: Arc<dyn CatalogueReadModel>,
    pub(crate) look_ups: CatalogueLookUps,
    pub(crate) stock: Arc<dyn StoreStock>,
    /// The stock levels of which the copy of this process takes nothing new.
    pub(crate) parked_stock: Option<Arc<dyn ParkedStock>>,
    /// How answers are marked that are the same for all.
    pub(crate) edge: EdgeCaching,
}

#[derive(OpenApi)]
#[openapi(components(schemas(Problem)))]
struct Document;

/// All routes of this context with their documentation.
pub(crate) fn routes(context: Context) -> OpenApiRouter {
    documented().with_state(context)
}

/// The documentation of all routes of this context.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    documented().into_openapi()
}

fn documented() -> OpenApiRouter<Context> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(stores::register_store, stores::list_stores))
        .routes(routes!(stores::store, stores::update_store))
        .routes(routes!(look_up::look_up))
        .routes(routes!(stock::store_stock))
        .routes(routes!(drain::drain_stock_copy))
        .routes(routes!(products::register_product, products::list_products))
        .routes(routes!(products::product, products::update_product))
        .routes(routes!(categories::register_category, categories::list_categories))
        .routes(routes!(categories::category, categories::update_category))
        .routes(routes!(suppliers::register_supplier, suppliers::list_suppliers))
        .routes(routes!(suppliers::supplier, suppliers::update_supplier))
        .routes(routes!(supplier_offers::list_offers_of_supplier))
        .routes(routes!(supplier_offers::list_offers_of_product))
        .routes(routes!(
            supplier_offers::supplier_offer,
            supplier_offers::put_supplier_offer,
            supplier_offers::update_supplier_offer,
            supplier_offers::withdraw_supplier_offer
        ))
}

/// A kind of entry as callers see it.
trait Resource: Stored {
    /// What they see of one.
    type Body: Serialize;

    /// The address of all of them.
    const PATH: &'static str;
    /// The order of their list.
    const ORDER: &'static str;
    /// The member of a problem that has its id.
    const ID_MEMBER: &'static str;
    /// The member of a problem that has its code.
    const CODE_MEMBER: &'static str;
    /// The title of the problem that it is registered already.
    const ALREADY_REGISTERED: &'static str;

    /// `position` is told after a change only: it would differ between two readings of one version.
    fn body(entry: &Entry<Self>, position: Option<u64>) -> Self::Body;

    /// Its address.
    fn address(&self) -> String {
        format!("{}/{}", Self::PATH, self.id())
    }
}

/// A kind of entry that shared caches may keep.
trait PublicResource: Resource {
    /// The surrogate keys of an answer about one.
    fn keys_of_one(&self) -> String;
    /// The surrogate keys of a list of them.
    fn keys_of_list() -> String;
}

/// The entry that a path names.
fn named<A: Resource>(text: &str) -> Result<Named<A>, Problem> {
    Named::parse(text).ok_or_else(|| unknown::<A>(text))
}

fn unknown<A: Resource>(text: &str) -> Problem {
    let (noun, code) = (A::NOUN, A::CODES.replace('-', " "));
    let barcode = text.parse().ok().and_then(|code| A::barcode(&code));
    let barcode = barcode.map_or("", |_| " or gtin");
    not_found::<A>(format!("no {noun} has the id or {code}{barcode} {text:?}; register it first"))
}

fn not_found<A: Resource>(detail: String) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, A::NOT_FOUND_CODE, "Not found").detail(detail)
}

/// Renders what was found: 200, or 304 when the caller has it already.
fn found<A: PublicResource>(entry: &Entry<A>, headers: &HeaderMap, edge: &EdgeCaching) -> Response {
    edge.public(|| entry.state.keys_of_one(), found_by_one(entry, headers))
}

/// The same for this caller only.
fn found_by_one<A: Resource>(entry: &Entry<A>, headers: &HeaderMap) -> Response {
    let tag = ETag::strong(entry.version.get());
    let head = [(ETAG, tag.header_value())];
    if tag.matches(headers) {
        (StatusCode::NOT_MODIFIED, head).into_response()
    } else {
        (head, Json(A::body(entry, None))).into_response()
    }
}

/// Renders a page of what was found. A page from a position on is one caller's.
fn listed<B: Serialize>(
    page: Page<B>,
    keys: fn() -> String,
    min_position: Option<Position>,
    edge: &EdgeCaching,
) -> Response {
    let page = Json(page);
    match min_position {
        Some(_) => page.into_response(),
        None => edge.public(keys, page),
    }
}

/// Renders what was changed.
fn changed<A: Resource>(status: StatusCode, done: &CommandReceipt<Entry<A>>) -> Response {
    let body = A::body(&done.answer, Some(done.position.get()));
    let tag = ETag::strong(done.answer.version.get());
    let mut response = (status, [(ETAG, tag.header_value())], Json(body)).into_response();
    if done.repeated {
        mark_replayed(response.headers_mut());
    }
    response
}

/// Renders what was registered, with the address it has from now on.
fn created<A: Resource>(done: &CommandReceipt<Entry<A>>) -> Response {
    let mut response = changed(StatusCode::CREATED, done);
    // ids and codes are visible ASCII, so there always is a location
    if let Ok(location) = done.answer.state.address().try_into() {
        response.headers_mut().insert(LOCATION, location);
    }
    response
}
