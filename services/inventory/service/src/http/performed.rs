//! What a command is answered with when it was performed.

use axum::response::{IntoResponse, Response};
use http::header::LOCATION;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use kit_executor::CommandReceipt;
use kit_http::{Json, mark_replayed};

use super::levels::StockLevelBody;
use super::responses::Reservation;
use crate::use_cases::{Catalogue, StockAnswer};

/// The store that a command was about.
const STORE_ID: HeaderName = HeaderName::from_static("x-store-id");

/// Renders a command's answer: its status, and whether it is a repeat. It is no representation that could be asked for
/// again, so it has no entity tag.
pub(super) fn performed(
    catalogue: &Catalogue,
    status: StatusCode,
    done: &CommandReceipt<StockAnswer>,
) -> Response {
    let mut response = match &done.answer {
        StockAnswer::Level(level) => {
            (status, Json(StockLevelBody::of(*level, catalogue))).into_response()
        }
        StockAnswer::Reservation(reservation) => {
            let body = Reservation::of_answer(reservation, done.position, catalogue);
            (status, Json(body)).into_response()
        }
    };
    name_places(response.headers_mut(), status, &done.answer);
    if done.repeated {
        mark_replayed(response.headers_mut());
    }
    response
}

/// Which store it was about, and where a reservation that was made can be read. A gateway before several
/// processes can send those about one store, or one reservation, to the same.
fn name_places(headers: &mut HeaderMap, status: StatusCode, answer: &StockAnswer) {
    let store = match answer {
        StockAnswer::Level(level) => level.store,
        StockAnswer::Reservation(reservation) => reservation.store,
    };
    // ids are visible ASCII
    if let Ok(store) = HeaderValue::try_from(store.to_string()) {
        headers.insert(STORE_ID, store);
    }
    let made = match answer {
        StockAnswer::Reservation(made) if status == StatusCode::CREATED => made,
        _ => return,
    };
    let place = format!("/api/v1/inventory/reservations/{}", made.id);
    if let Ok(place) = HeaderValue::try_from(place) {
        headers.insert(LOCATION, place);
    }
}
