//! Transfers between stores.

pub(super) mod body;
pub(super) mod cancel;
pub(super) mod dispatch;
pub(super) mod get;
pub(super) mod list;
pub(super) mod problems;
pub(super) mod receive;
pub(super) mod request;
pub(super) mod send_back;

use axum::response::{IntoResponse, Response};
use gondola_inventory_domain::{TransferCommand, TransferId};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use kit_core::Caller;
use kit_executor::CommandReceipt;
use kit_http::{Json, Problem, mark_replayed};
use uuid::Uuid;

use self::body::TransferBody;
use super::AppState;
use crate::process_managers::transfers::{TransferAt, TransferError};

/// Performs a command on the transfer that a path names.
async fn perform(
    state: &AppState,
    id: Uuid,
    command: TransferCommand,
    caller: Caller,
) -> Result<Response, Problem> {
    let performed = state.transfers.perform(TransferId::from_uuid(id), command, caller).await;
    answer(state, StatusCode::OK, performed)
}

/// Renders a transfer after a command, and whether that was a repeat.
fn answer(
    state: &AppState,
    status: StatusCode,
    performed: Result<CommandReceipt<TransferAt>, TransferError>,
) -> Result<Response, Problem> {
    let done = performed?;
    let body = TransferBody::of(&done.answer, done.position, &state.catalogue);
    let mut response = (status, Json(body)).into_response();
    let headers = response.headers_mut();
    if done.repeated {
        mark_replayed(headers);
    }
    if status == StatusCode::CREATED {
        let place = format!("/api/v1/inventory/transfers/{}", done.answer.id);
        // ids are visible ASCII
        if let Ok(place) = HeaderValue::try_from(place) {
            headers.insert(LOCATION, place);
        }
    }
    Ok(response)
}
