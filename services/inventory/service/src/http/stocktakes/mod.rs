//! Stocktakes: shelves are counted while sales go on, compared with the books, and reviewed.

mod body;
pub(super) mod cancel;
pub(super) mod compare;
pub(super) mod counts;
pub(super) mod get;
pub(super) mod list;
pub(super) mod open;
mod problems;
pub(super) mod review;

use axum::response::{IntoResponse, Response};
use gondola_inventory_domain::StocktakeStatus;
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use kit_core::Scope;
use kit_executor::CommandReceipt;
use kit_http::{Json, Problem, mark_replayed};

use self::body::StocktakeBody;
use super::AppState;
use crate::process_managers::stocktakes::{StocktakeAt, StocktakeError};

/// Renders a stocktake after a command for who may see so much of it: with `status`, or with 202 while lines are being posted.
fn answer(
    state: &AppState,
    scope: &Scope,
    status: StatusCode,
    performed: Result<CommandReceipt<StocktakeAt>, StocktakeError>,
) -> Result<Response, Problem> {
    let done = performed?;
    let at = &done.answer;
    let is_posting = at.state.status() == StocktakeStatus::Posting;
    let status = if is_posting { StatusCode::ACCEPTED } else { status };
    let body = StocktakeBody::of(at, scope, &state.catalogue);
    let mut response = (status, Json(body.at(done.position))).into_response();
    let headers = response.headers_mut();
    if done.repeated {
        mark_replayed(headers);
    }
    if status != StatusCode::OK {
        // ids are visible ASCII
        if let Ok(place) = HeaderValue::try_from(format!("/api/v1/inventory/stocktakes/{}", at.id))
        {
            headers.insert(LOCATION, place);
        }
    }
    Ok(response)
}
