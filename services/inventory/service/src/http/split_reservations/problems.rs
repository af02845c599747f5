//! How refusals of split reservations look to a caller.

use gondola_inventory_domain::{SplitRefusal, SplitStatus};
use http::StatusCode;
use kit_http::Problem;

use crate::process_managers::split_reservations::{SplitReservationAt, SplitReservationError};

impl From<SplitReservationError> for Problem {
    fn from(error: SplitReservationError) -> Self {
        match error {
            SplitReservationError::Refused(refusal) => refused(&refusal),
            SplitReservationError::UnknownName(error) => error.into(),
            SplitReservationError::InvalidLines(error) => Self::invalid("lines", error.to_string()),
            SplitReservationError::Failed(error) => error.into(),
            SplitReservationError::Read(error) => error.into(),
        }
    }
}

fn refused(refusal: &SplitRefusal) -> Problem {
    let (code, detail) = (refusal.code(), refusal.to_string());
    let problem = match refusal {
        SplitRefusal::Unknown => return Problem::not_found(detail),
        SplitRefusal::Exists => Problem::conflict(code, "Not what the split reservation is at"),
        SplitRefusal::NotNow { status, .. } => {
            Problem::conflict(code, "Not what the split reservation is at")
                .with("splitReservationStatus", status.as_str())
        }
        SplitRefusal::Busy => Problem::conflict(code, "Split reservation busy"),
        SplitRefusal::Expired { .. } => Problem::new(StatusCode::GONE, code, "Reservation expired"),
        SplitRefusal::PartCount(_) | SplitRefusal::Twice(_) | SplitRefusal::TooLong(_) => {
            let title = "Not a valid split reservation";
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, title)
        }
    };
    problem.detail(detail)
}

/// A split reservation that is not to be had: of none of its parts anything is held or sold.
pub(super) fn undone(at: &SplitReservationAt) -> Problem {
    let detail = at.split.detail().unwrap_or("a store refused its part");
    let problem = if at.split.status() == SplitStatus::Revoked {
        let text =
            format!("a part had ended before it could be sold, and nothing is sold: {detail}");
        Problem::conflict("split-reservation-revoked", "Split reservation revoked").detail(text)
    } else {
        let text = format!("nothing is held: {detail}");
        Problem::conflict("split-reservation-refused", "Split reservation refused").detail(text)
    };
    problem.with("splitReservationId", at.id.to_string())
}
