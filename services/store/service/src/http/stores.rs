//! The routes of stores.

use axum::extract::State;
use axum::response::Response;
use gondola_store_domain::Store;
use http::{HeaderMap, StatusCode};
use kit_core::Version;
use kit_http::{CallerHeaders, ETag, Json, Page, Path, Problem, Problems, Query, RequestContext};

use super::list::{List, StoreList};
use super::store_body::{RegisterStore, StoreBody, UpdateStore};
use super::{Context, PublicResource, Resource, changed, created, found, listed, named, unknown};
use crate::use_cases::{ListQuery, Nearby};

const TAG: &str = "Stores";

/// Adds a store to the chain.
///
/// A code or id that is registered already is refused with 409 `store-already-registered`.
#[utoipa::path(
    post, path = "/api/v1/stores", tag = TAG, request_body = RegisterStore,
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours")),
    responses((status = 201, description = "Registered; `Location` has its address", body = StoreBody), Problems)
)]
pub(super) async fn register_store(
    State(context): State<Context>,
    caller: CallerHeaders,
    Json(body): Json<RegisterStore>,
) -> Result<Response, Problem> {
    let store = body.parse(|| context.stores.new_id())?;
    let done = context.stores.register(store, caller.caller(&body)).await?;
    Ok(created(&done))
}

/// Lists and searches the stores, sorted by code, or by the distance from a place.
#[utoipa::path(
    get, path = "/api/v1/stores", tag = TAG, params(StoreList),
    responses(
        (status = 200, description = "A page of stores", body = Page<StoreBody>,
         headers(("Cache-Control" = String, description = "How long caches may keep it"),
            ("Surrogate-Key" = String, description = "By which keys a CDN is told that it has changed; with `--cdn-s-maxage`"))),
        Problems
    )
)]
pub(super) async fn list_stores(
    State(context): State<Context>,
    Query(list): Query<StoreList>,
    request: RequestContext,
) -> Result<Response, Problem> {
    let List { query, order, min_position } = list.parse()?;
    let query = ListQuery { scope: request.scope, ..query };
    if let Some(position) = min_position {
        context.listings.freshness().reach(position).await?;
    }
    let page = match query.near {
        Some(near) => {
            context.listings.nearest_stores(near, query).await?.page(&order, nearby, |key| key)
        }
        None => context.listings.stores(query).await?.page(
            &order,
            |entry| Store::body(&entry, None),
            |code| code,
        ),
    };
    Ok(listed(page, Store::keys_of_list, min_position, &context.edge))
}

fn nearby(Nearby { entry, metres }: Nearby) -> StoreBody {
    Store::body(&entry, None).at_distance(metres)
}

/// One store, by id or code, as it is now.
#[utoipa::path(
    get, path = "/api/v1/stores/{store}", tag = TAG,
    params(
        ("store" = String, Path, description = "Store id or store code", example = "SP-PAULISTA"),
        ("If-None-Match" = Option<String>, Header, description = "An `ETag`: 304 while it is unchanged"),
    ),
    responses(
        (status = 200, description = "The store", body = StoreBody,
         headers(("Cache-Control" = String, description = "How long caches may keep it"),
            ("Surrogate-Key" = String, description = "By which keys a CDN is told that it has changed; with `--cdn-s-maxage`"))),
        (status = 304, description = "Unchanged"),
        Problems,
    )
)]
pub(super) async fn store(
    State(context): State<Context>,
    Path(store): Path<String>,
    request: RequestContext,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let entry = context.stores.find(&named(&store)?).await?;
    let entry = entry.filter(|one| request.scope.allows(one.state.store_id.as_uuid()));
    let entry = entry.ok_or_else(|| unknown::<Store>(&store))?;
    Ok(found(&entry, &headers, &context.edge))
}

/// Changes a part of what is known of a store.
#[utoipa::path(
    patch, path = "/api/v1/stores/{store}", tag = TAG, request_body = UpdateStore,
    params(
        ("store" = String, Path, description = "Store id or store code", example = "SP-PAULISTA"),
        ("If-Match" = Option<String>, Header, description = "An `ETag`: 412 when it has changed since"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours"),
    ),
    responses(
        (status = 200, description = "The store after the change", body = StoreBody),
        (status = 412, description = "Changed since", body = Problem, content_type = "application/problem+json"),
        Problems,
    )
)]
pub(super) async fn update_store(
    State(context): State<Context>,
    Path(store): Path<String>,
    headers: HeaderMap,
    caller: CallerHeaders,
    Json(body): Json<UpdateStore>,
) -> Result<Response, Problem> {
    let (changes, expected) = (body.parse()?, ETag::if_match(&headers)?.map(Version::new));
    let id = context.stores.resolve(&named(&store)?).await?;
    let id = id.filter(|id| caller.scope().allows(id.as_uuid()));
    let id = id.ok_or_else(|| unknown::<Store>(&store))?;
    let done = context.stores.update(id, changes, expected, caller.caller(&body)).await?;
    Ok(changed(StatusCode::OK, &done))
}
