//! Listing stocktakes.

use std::sync::Arc;

use axum::extract::State;
use kit_core::{Position, Scope};
use kit_http::{Cursor, Json, Limit, Page, Place, Problem, Problems, Query, RequestContext};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::body::{StocktakeBody, StocktakeState};
use crate::http::AppState;
use crate::http::names::store_in_path;
use crate::process_managers::process_list::{ListedProcess, ProcessFilter};
use crate::process_managers::stocktakes::StocktakeAt;

/// The order of the list, as its cursors name it.
const ORDER: &str = "stocktakes by age";

/// Which stocktakes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct StocktakesQuery {
    /// Only those of this store, by id or code.
    #[param(max_length = 64)]
    store: Option<String>,
    /// Only those that stand like this.
    #[param(inline)]
    status: Option<StocktakeState>,
    /// Only those of which posting fails again and again.
    #[serde(default)]
    delayed: bool,
    /// Wait (at most 2 s) until the answer includes this position.
    min_position: Option<u64>,
    /// Stocktakes per page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where the page begins: `nextCursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Place<Uuid>>>,
}

/// Stocktakes, newest first, with the number of their lines.
#[utoipa::path(
    get, path = "/api/v1/inventory/stocktakes", tag = "Stocktakes", operation_id = "listStocktakes",
    params(StocktakesQuery),
    responses((status = 200, description = "A page", body = Page<StocktakeBody>), Problems)
)]
pub(in crate::http) async fn stocktakes(
    State(state): State<Arc<AppState>>,
    Query(query): Query<StocktakesQuery>,
    context: RequestContext,
) -> Result<Json<Page<StocktakeBody>>, Problem> {
    let after = query.cursor.map(|cursor| cursor.key_in(ORDER)).transpose()?;
    if let Some(position) = query.min_position {
        state.stocktakes.reach(Position::new(position)).await?;
    }
    let store = query.store.as_deref().map(store_in_path).transpose()?;
    let scope = match store {
        // within the caller's scope, or unknown
        Some(store) => {
            Scope::only([state.catalogue.store(&store, &context.scope).await?.as_uuid()])
        }
        None => context.scope.clone(),
    };
    let filter = ProcessFilter {
        scope,
        status: query.status.map(StocktakeState::as_str),
        unfinished: false,
        delayed: query.delayed,
        after,
        limit: query.limit.get(),
    };
    let found = state.stocktakes.list(filter).await?;
    let body = |listed| {
        let ListedProcess { id, state: stocktake, version, created_at, .. } = listed;
        let at = StocktakeAt { id, state: stocktake, version, position: Position::ZERO };
        StocktakeBody::of(&at, &context.scope, &state.catalogue).listed(created_at)
    };
    Ok(Json(found.page(ORDER, body, |last| last)))
}
