//! Tills, as their batches tell: which numbers have come, and which are missing.

use std::sync::Arc;

use axum::extract::State;
use gondola_inventory_domain::{StoreId, TillId};
use kit_core::{Position, Timestamp};
use kit_http::{Cursor, Json, Limit, Page, Path, Place, Problem, Problems, Query, RequestContext};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::http::AppState;
use crate::http::names::store_in_path;
use crate::process_managers::pos_batches::{SequenceRange, Till, TillFilter, TillPlace};
use crate::use_cases::Catalogue;

/// The order of the list, as its cursors name it.
const ORDER: &str = "tills by store and name";

/// Ranges of missing batches that a list tells of each till.
const RANGES_LISTED: usize = 10;

/// Ranges of missing batches that are told of one till.
const RANGES_TOLD: usize = 1_000;

/// Which tills.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct TillsQuery {
    /// Only those of this store, by id or code.
    #[param(max_length = 64)]
    store: Option<String>,
    /// Only those of which batches are missing.
    #[serde(default)]
    with_gaps: bool,
    /// Wait (at most 2 s) until the answer includes this position.
    min_position: Option<u64>,
    /// Tills per page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where the page begins: `nextCursor` of the one before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Place<(Uuid, String)>>>,
}

/// How fresh an answer must be.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct TillQuery {
    /// Wait (at most 2 s) until the answer includes this position.
    min_position: Option<u64>,
}

/// A till, as its batches tell.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Till)]
pub(in crate::http) struct TillBody {
    /// The store.
    store_id: Uuid,
    /// Its code, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    store_code: Option<Arc<str>>,
    /// The till.
    till_id: String,
    /// The highest number of a batch that came.
    last_sequence: u64,
    /// Numbers below it that never came, from 1 on.
    missing_count: u64,
    /// The first of those: 10 ranges in a list, 1000 of one till.
    missing: Vec<SequenceRangeBody>,
    /// Batches that came.
    batches: u64,
    /// Batches that came and are still to be merged.
    unmerged_batches: u64,
    /// Those of which merging fails again and again.
    delayed_batches: u64,
    /// Lines of all batches.
    lines: u64,
    /// Units that the books lacked for them.
    shortfall_units: u64,
    /// Lines that lead outside what a stock level can have, and changed nothing.
    refused_lines: u64,
    /// When a batch came last.
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
    /// The latest moment of its lines, by its own clock.
    #[schema(value_type = String, format = DateTime)]
    last_sale_at: Timestamp,
}

/// Numbers of batches, both ends included.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SequenceRange)]
pub(in crate::http) struct SequenceRangeBody {
    /// The first.
    first: u64,
    /// The last.
    last: u64,
}

impl TillBody {
    fn of(till: Till, catalogue: &Catalogue) -> Self {
        let TillPlace { store, till: name } = till.place;
        let range = |SequenceRange { first, last }| SequenceRangeBody { first, last };
        Self {
            store_id: store.as_uuid(),
            store_code: catalogue.of_store(store).map(|store| store.code),
            till_id: name.to_string(),
            last_sequence: till.last_sequence,
            missing_count: till.missing_count,
            missing: till.missing.into_iter().map(range).collect(),
            batches: till.batches,
            unmerged_batches: till.unmerged,
            delayed_batches: till.delayed,
            lines: till.lines,
            shortfall_units: till.shortfall_units,
            refused_lines: till.refused_lines,
            last_seen_at: till.last_seen,
            last_sale_at: till.last_sale_at,
        }
    }
}

/// Tills that have sent batches, by store and name, with the batches that are missing.
#[utoipa::path(
    get, path = "/api/v1/inventory/tills", tag = "Tills", operation_id = "listTills",
    params(TillsQuery),
    responses((status = 200, description = "A page", body = Page<TillBody>), Problems)
)]
pub(in crate::http) async fn tills(
    State(state): State<Arc<AppState>>,
    Query(query): Query<TillsQuery>,
    context: RequestContext,
) -> Result<Json<Page<TillBody>>, Problem> {
    let after = query.cursor.map(|cursor| cursor.key_in(ORDER)).transpose()?;
    reach(&state, query.min_position).await?;
    let store = query.store.as_deref().map(store_in_path).transpose()?;
    let place = |(store, till): (Uuid, String)| {
        let till = TillId::new(&till);
        let till = till.map_err(|error| Problem::invalid("cursor", error.to_string()))?;
        Ok::<_, Problem>(TillPlace { store: StoreId::from_uuid(store), till })
    };
    let filter = TillFilter {
        store: match store {
            Some(store) => Some(state.catalogue.store(&store, &context.scope).await?),
            None => None,
        },
        scope: context.scope,
        with_gaps: query.with_gaps,
        after: after.map(place).transpose()?,
        limit: query.limit.get(),
        ranges: RANGES_LISTED,
    };
    let found = state.pos_batches.tills(filter).await?;
    let body = |till| TillBody::of(till, &state.catalogue);
    Ok(Json(found.page(ORDER, body, |last| (last.store.as_uuid(), last.till.to_string()))))
}

/// A till, with the batches that are missing.
#[utoipa::path(
    get, path = "/api/v1/inventory/stores/{store}/tills/{till}", tag = "Tills", operation_id = "getTill",
    params(
        ("store" = String, Path, description = "Id or code of the store"),
        ("till" = String, Path, description = "The till, by the name that the store gives it"),
        TillQuery
    ),
    responses((status = 200, description = "Found", body = TillBody), Problems)
)]
pub(in crate::http) async fn till(
    State(state): State<Arc<AppState>>,
    Path((store, till)): Path<(String, String)>,
    Query(query): Query<TillQuery>,
    context: RequestContext,
) -> Result<Json<TillBody>, Problem> {
    let store = state.catalogue.store(&store_in_path(&store)?, &context.scope).await?;
    let till = TillId::new(&till).map_err(|error| Problem::invalid("till", error.to_string()))?;
    reach(&state, query.min_position).await?;
    let unknown = format!("no batch of till {till} has come from this store");
    let found = state.pos_batches.till(TillPlace { store, till }, RANGES_TOLD).await?;
    let found = found.ok_or_else(|| Problem::not_found(unknown))?;
    Ok(Json(TillBody::of(found, &state.catalogue)))
}

async fn reach(state: &AppState, position: Option<u64>) -> Result<(), Problem> {
    match position {
        Some(position) => Ok(state.pos_batches.reach(Position::new(position)).await?),
        None => Ok(()),
    }
}
