//! What a command is answered with when it was performed.

use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use kit_core::Version;
use kit_executor::CommandReceipt;
use kit_http::{ETag, Json};

use super::view::{Reservation, StockLevel};
use crate::use_cases::StockAnswer;

/// Renders a command's answer: status, entity tag of the one stock level it concerns, and whether it is a repeat.
pub(super) fn performed(status: StatusCode, done: &CommandReceipt<StockAnswer>) -> Response {
    let mut response = match &done.answer {
        StockAnswer::Level(level) => (status, Json(StockLevel::from(*level))).into_response(),
        StockAnswer::Reservation(reservation) => {
            (status, Json(Reservation::of_answer(reservation, done.position))).into_response()
        }
    };
    if let Some(version) = only_version(&done.answer) {
        response.headers_mut().insert(header::ETAG, ETag::strong(version.get()).header_value());
    }
    if done.repeated {
        let name = HeaderName::from_static("idempotency-replayed");
        response.headers_mut().insert(name, HeaderValue::from_static("true"));
    }
    response
}

fn only_version(answer: &StockAnswer) -> Option<Version> {
    match answer {
        StockAnswer::Level(level) => Some(level.version),
        StockAnswer::Reservation(reservation) => match reservation.lines.as_slice() {
            [only] => Some(only.version),
            _ => None,
        },
    }
}
