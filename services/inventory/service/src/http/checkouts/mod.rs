//! Checkouts: a basket that store, inventory and notification service accept, and commit or roll back together.

mod body;
pub(super) mod cancel;
pub(super) mod commit;
pub(super) mod get;
mod problems;
pub(super) mod request;

use axum::response::{IntoResponse, Response};
use gondola_inventory_domain::{CheckoutCommand, CheckoutId, CheckoutStatus};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use kit_core::Caller;
use kit_executor::CommandReceipt;
use kit_http::{Json, Problem, mark_replayed};
use uuid::Uuid;

use self::body::CheckoutBody;
use self::problems::undone;
use super::AppState;
use crate::process_managers::checkouts::{CheckoutAt, CheckoutError};

/// Performs a command on the checkout that a path names.
async fn perform(
    state: &AppState,
    id: Uuid,
    command: CheckoutCommand,
    caller: Caller,
) -> Result<Response, Problem> {
    let id = CheckoutId::from_uuid(id);
    let performed = state.checkouts.perform(id, command, caller).await;
    answer(state, StatusCode::OK, performed)
}

/// Renders a checkout after a command, and whether that was a repeat: with `status` if it stands still, with 202 if it does not
/// yet, and as a problem if it is not to be had.
fn answer(
    state: &AppState,
    status: StatusCode,
    performed: Result<CommandReceipt<CheckoutAt>, CheckoutError>,
) -> Result<Response, Problem> {
    let done = performed?;
    let at = &done.answer;
    let stands = at.state.status();
    if matches!(stands, CheckoutStatus::Refused | CheckoutStatus::Revoked) {
        return Err(undone(at));
    }
    let goes_on =
        [CheckoutStatus::Requested, CheckoutStatus::Committing, CheckoutStatus::RollingBack];
    let status = if goes_on.contains(&stands) { StatusCode::ACCEPTED } else { status };
    let body = CheckoutBody::of(at, done.position, &state.catalogue);
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    if done.repeated {
        mark_replayed(headers);
    }
    if status != StatusCode::OK {
        // ids are visible ASCII
        if let Ok(place) = HeaderValue::try_from(format!("/api/v1/checkouts/{}", at.id)) {
            headers.insert(LOCATION, place);
        }
    }
    Ok(response)
}
