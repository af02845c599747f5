//! The routes of categories.

use axum::extract::State;
use axum::response::Response;
use gondola_store_domain::Category;
use http::{HeaderMap, StatusCode};
use kit_core::Version;
use kit_http::{CallerHeaders, ETag, Json, Page, Path, Problem, Problems, Query};

use super::category_body::{CategoryBody, RegisterCategory, UpdateCategory};
use super::list::{CategoryList, List};
use super::{Context, PublicResource, Resource, changed, created, found, listed, named, unknown};

const TAG: &str = "Categories";

/// Adds a category to the tree.
///
/// A code that is registered already is refused with 409 `category-already-registered`; so is a parent that is not there, with
/// 409 `parent-not-found`.
#[utoipa::path(
    post, path = "/api/v1/categories", tag = TAG, request_body = RegisterCategory,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    responses((status = 201, description = "Registered; `Location` has its address", body = CategoryBody), Problems)
)]
pub(super) async fn register_category(
    State(context): State<Context>,
    caller: CallerHeaders,
    Json(body): Json<RegisterCategory>,
) -> Result<Response, Problem> {
    let category = body.parse()?;
    let done = context.categories.register(category, caller.caller(&body)).await?;
    Ok(created(&done))
}

/// Lists and searches the categories, sorted by code.
#[utoipa::path(
    get, path = "/api/v1/categories", tag = TAG, params(CategoryList),
    responses(
        (status = 200, description = "A page of categories", body = Page<CategoryBody>,
         headers(("Cache-Control" = String, description = "How long caches may keep it"),
            ("Surrogate-Key" = String, description = "By which keys a CDN is told that it has changed; with `--cdn-s-maxage`"))),
        Problems
    )
)]
pub(super) async fn list_categories(
    State(context): State<Context>,
    Query(list): Query<CategoryList>,
) -> Result<Response, Problem> {
    let List { query, order, min_position } = list.parse()?;
    if let Some(position) = min_position {
        context.listings.freshness().reach(position).await?;
    }
    let found = context.listings.categories(query).await?;
    let page = found.page(&order, |entry| Category::body(&entry, None), |code| code);
    Ok(listed(page, Category::keys_of_list, min_position, &context.edge))
}

/// One category, by id or code, as it is now.
#[utoipa::path(
    get, path = "/api/v1/categories/{category}", tag = TAG,
    params(
        ("category" = String, Path, description = "Category id or code", example = "FROZEN"),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag`: 304 while it is unchanged"),
    ),
    responses(
        (status = 200, description = "The category", body = CategoryBody,
         headers(("Cache-Control" = String, description = "How long caches may keep it"),
            ("Surrogate-Key" = String, description = "By which keys a CDN is told that it has changed; with `--cdn-s-maxage`"))),
        (status = 304, description = "Unchanged"),
        Problems,
    )
)]
pub(super) async fn category(
    State(context): State<Context>,
    Path(category): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let entry = context.categories.find(&named(&category)?).await?;
    let entry = entry.ok_or_else(|| unknown::<Category>(&category))?;
    Ok(found(&entry, &headers, &context.edge))
}

/// Renames, moves, removes a category, or brings it back.
///
/// Refused with 409: below itself (`parent-circle`), too far down (`parent-too-deep`), removed while others stand below it or
/// products name it (`in-use`).
#[utoipa::path(
    patch, path = "/api/v1/categories/{category}", tag = TAG, request_body = UpdateCategory,
    params(
        ("category" = String, Path, description = "Category id or code", example = "FROZEN"),
        ("If-Match" = Option<String>, Header, description = "An `ETag`: 412 when it has changed since"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours"),
    ),
    responses(
        (status = 200, description = "The category after the change", body = CategoryBody),
        (status = 412, description = "Changed since", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub(super) async fn update_category(
    State(context): State<Context>,
    Path(category): Path<String>,
    headers: HeaderMap,
    caller: CallerHeaders,
    Json(body): Json<UpdateCategory>,
) -> Result<Response, Problem> {
    let (changes, expected) = (body.parse()?, ETag::if_match(&headers)?.map(Version::new));
    let id = context.categories.resolve(&named(&category)?).await?;
    let id = id.ok_or_else(|| unknown::<Category>(&category))?;
    let done = context.categories.update(id, changes, expected, caller.caller(&body)).await?;
    Ok(changed(StatusCode::OK, &done))
}
