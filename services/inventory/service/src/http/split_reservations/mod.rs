//! Split reservations: a basket held in several stores as one.

pub(super) mod body;
pub(super) mod commit;
pub(super) mod get;
pub(super) mod list;
pub(super) mod problems;
pub(super) mod release;
pub(super) mod request;

use axum::response::{IntoResponse, Response};
use gondola_inventory_domain::{SplitReservationCommand, SplitReservationId, SplitStatus};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use kit_core::Caller;
use kit_executor::CommandReceipt;
use kit_http::{Json, Problem, mark_replayed};
use uuid::Uuid;

use self::body::SplitReservationBody;
use self::problems::undone;
use super::AppState;
use crate::process_managers::split_reservations::{SplitReservationAt, SplitReservationError};

/// Performs a command on the split reservation that a path names.
async fn perform(
    state: &AppState,
    id: Uuid,
    command: SplitReservationCommand,
    caller: Caller,
) -> Result<Response, Problem> {
    let id = SplitReservationId::from_uuid(id);
    let performed = state.split_reservations.perform(id, command, caller).await;
    answer(state, StatusCode::OK, performed)
}

/// Renders a split reservation after a command, and whether that was a repeat: with `status` if it stands still, with 202 if
/// it does not yet, and as a problem if it is not to be had.
fn answer(
    state: &AppState,
    status: StatusCode,
    performed: Result<CommandReceipt<SplitReservationAt>, SplitReservationError>,
) -> Result<Response, Problem> {
    let done = performed?;
    let at = &done.answer;
    if matches!(at.split.status(), SplitStatus::Refused | SplitStatus::Revoked) {
        return Err(undone(at));
    }
    let status = if at.is_settled() { status } else { StatusCode::ACCEPTED };
    let body = SplitReservationBody::of(at, done.position, &state.catalogue);
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    if done.repeated {
        mark_replayed(headers);
    }
    if status != StatusCode::OK {
        let place = format!("/api/v1/inventory/split-reservations/{}", at.id);
        // ids are visible ASCII
        if let Ok(place) = HeaderValue::try_from(place) {
            headers.insert(LOCATION, place);
        }
    }
    Ok(response)
}
