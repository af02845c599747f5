//! Listing transfers.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::TransferId;
use kit_core::Position;
use kit_http::{Cursor, Json, Limit, Page, Place, Problem, Problems, Query, RequestContext};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::body::{TransferBody, TransferState};
use crate::http::AppState;
use crate::http::fields::reference;
use crate::http::names::store_in_path;
use crate::process_managers::transfers::TransferFilter;

/// The order of the list, as its cursors name it.
const ORDER: &str = "transfers by age";

/// Which transfers.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct TransfersQuery {
    /// Only those from or to this store, by id or code.
    #[param(max_length = 64)]
    store: Option<String>,
    /// Only those that stand like this.
    #[param(inline)]
    status: Option<TransferState>,
    /// Only the one with this reference, and those with it that were refused.
    #[param(max_length = 200)]
    reference: Option<String>,
    /// Only those of which a step fails again and again.
    #[serde(default)]
    delayed: bool,
    /// Wait (at most 2 s) until the answer includes this position.
    min_position: Option<u64>,
    /// Transfers per page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where the page begins: `nextCursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Place<Uuid>>>,
}

/// Transfers, newest first.
#[utoipa::path(
    get, path = "/api/v1/inventory/transfers", tag = "Transfers", operation_id = "listTransfers",
    params(TransfersQuery),
    responses((status = 200, description = "A page", body = Page<TransferBody>), Problems)
)]
pub(in crate::http) async fn transfers(
    State(state): State<Arc<AppState>>,
    Query(query): Query<TransfersQuery>,
    context: RequestContext,
) -> Result<Json<Page<TransferBody>>, Problem> {
    let after = query.cursor.map(|cursor| cursor.key_in(ORDER)).transpose()?;
    if let Some(position) = query.min_position {
        state.transfers.reach(Position::new(position)).await?;
    }
    let store = query.store.as_deref().map(store_in_path).transpose()?;
    let filter = TransferFilter {
        store: match store {
            Some(store) => Some(state.catalogue.store(&store, &context.scope).await?),
            None => None,
        },
        scope: context.scope,
        status: query.status.map(Into::into),
        reference: reference(query.reference.as_deref())?,
        unfinished: false,
        delayed: query.delayed,
        after: after.map(TransferId::from_uuid),
        limit: query.limit.get(),
    };
    let found = state.transfers.list(filter).await?;
    let body = |listed| TransferBody::listed(&listed, &state.catalogue);
    Ok(Json(found.page(ORDER, body, |last| last.as_uuid())))
}
