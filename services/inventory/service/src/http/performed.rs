//! What a command is answered with when it was performed.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode};
use kit_executor::CommandReceipt;
use kit_http::Json;

use super::levels::StockLevelBody;
use super::responses::Reservation;
use crate::use_cases::{Catalogue, StockAnswer};

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
    if done.repeated {
        let name = HeaderName::from_static("idempotency-replayed");
        response.headers_mut().insert(name, HeaderValue::from_static("true"));
    }
    response
}
