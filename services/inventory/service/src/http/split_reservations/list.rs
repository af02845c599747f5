//! Listing split reservations.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::{SplitReservationId, SplitStatus};
use kit_core::Position;
use kit_http::{Cursor, Json, Limit, Page, Place, Problem, Problems, Query, RequestContext};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::body::{SplitReservationBody, SplitReservationState};
use crate::http::AppState;
use crate::process_managers::process_list::{ListedProcess, ProcessFilter};
use crate::process_managers::split_reservations::SplitReservationAt;

/// The order of the list, as its cursors name it.
const ORDER: &str = "split reservations by age";

/// Which split reservations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct SplitReservationsQuery {
    /// Only those that stand like this.
    #[param(inline)]
    status: Option<SplitReservationState>,
    /// Only those of which a step fails again and again.
    #[serde(default)]
    delayed: bool,
    /// Wait (at most 2 s) until the answer includes this position.
    min_position: Option<u64>,
    /// Split reservations per page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where the page begins: `nextCursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Place<Uuid>>>,
}

/// Split reservations, newest first; of a caller who is bound to stores, those whose stores are all among them.
#[utoipa::path(
    get, path = "/api/v1/inventory/split-reservations", tag = "Split reservations",
    operation_id = "listSplitReservations",
    params(SplitReservationsQuery),
    responses((status = 200, description = "A page", body = Page<SplitReservationBody>), Problems)
)]
pub(in crate::http) async fn split_reservations(
    State(state): State<Arc<AppState>>,
    Query(query): Query<SplitReservationsQuery>,
    context: RequestContext,
) -> Result<Json<Page<SplitReservationBody>>, Problem> {
    let after = query.cursor.map(|cursor| cursor.key_in(ORDER)).transpose()?;
    if let Some(position) = query.min_position {
        state.split_reservations.reach(Position::new(position)).await?;
    }
    let filter = ProcessFilter {
        scope: context.scope,
        status: query.status.map(|status| SplitStatus::from(status).as_str()),
        unfinished: false,
        delayed: query.delayed,
        after,
        limit: query.limit.get(),
    };
    let found = state.split_reservations.list(filter).await?;
    let body = |listed| {
        let ListedProcess { id, state: split, version, .. } = listed;
        let (id, position) = (SplitReservationId::from_uuid(id), Position::ZERO);
        let at = SplitReservationAt { id, split, version, position };
        SplitReservationBody::listed(&at, &state.catalogue)
    };
    Ok(Json(found.page(ORDER, body, |last| last)))
}
