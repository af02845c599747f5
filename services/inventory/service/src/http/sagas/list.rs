//! Listing sagas.

use std::sync::Arc;

use axum::extract::State;
use kit_core::Position;
use kit_http::{Cursor, Json, Limit, Page, Place, Problem, Problems, Query, RequestContext};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::body::{SagaBody, SagaKindBody};
use crate::http::AppState;
use crate::process_managers::sagas::SagaFilter;

/// The order of the list, as its cursors name it.
const ORDER: &str = "sagas by age";

/// Which sagas.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct SagasQuery {
    /// Only those of this kind.
    #[param(inline)]
    kind: Option<SagaKindBody>,
    /// Only those of which a step fails again and again.
    #[serde(default)]
    stuck: bool,
    /// Those that have ended as well.
    #[serde(default)]
    ended: bool,
    /// Wait (at most 2 s) until the answer includes this position.
    min_position: Option<u64>,
    /// Sagas per page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where the page begins: `nextCursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Place<Uuid>>>,
}

/// Sagas that have not ended, newest first: what each is at, what it waits for, and what its step fails of.
#[utoipa::path(
    get, path = "/api/v1/sagas", tag = "Sagas", operation_id = "listSagas",
    params(SagasQuery),
    responses((status = 200, description = "A page", body = Page<SagaBody>), Problems)
)]
pub(in crate::http) async fn sagas(
    State(state): State<Arc<AppState>>,
    Query(query): Query<SagasQuery>,
    context: RequestContext,
) -> Result<Json<Page<SagaBody>>, Problem> {
    let after = query.cursor.map(|cursor| cursor.key_in(ORDER)).transpose()?;
    if let Some(position) = query.min_position {
        state.sagas.reach(Position::new(position)).await?;
    }
    let filter = SagaFilter {
        kind: query.kind.map(Into::into),
        stuck: query.stuck,
        ended: query.ended,
        scope: context.scope,
        after,
        limit: query.limit.get(),
    };
    let found = state.sagas.list(filter).await?;
    let body = |saga| SagaBody::listed(&saga, &state.catalogue);
    Ok(Json(found.page(ORDER, body, |last| last)))
}
