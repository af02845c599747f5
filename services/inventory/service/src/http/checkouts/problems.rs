//! How refusals of checkouts look to a caller.

use gondola_inventory_domain::{CheckoutRefusal, CheckoutStatus};
use http::StatusCode;
use kit_http::Problem;

use super::body::participant;
use crate::process_managers::checkouts::{CheckoutAt, CheckoutError};

impl From<CheckoutError> for Problem {
    fn from(error: CheckoutError) -> Self {
        match error {
            CheckoutError::Refused(refusal) => refused(&refusal),
            CheckoutError::NotServed => {
                Self::conflict("confirmation-not-served", "No notification service")
                    .detail(error.to_string())
            }
            CheckoutError::UnknownName(error) => error.into(),
            CheckoutError::InvalidLines(error) => Self::invalid("lines", error.to_string()),
            CheckoutError::Failed(error) => error.into(),
            CheckoutError::Read(error) => error.into(),
        }
    }
}

fn refused(refusal: &CheckoutRefusal) -> Problem {
    let (code, detail) = (refusal.code(), refusal.to_string());
    let problem = match refusal {
        CheckoutRefusal::Unknown => return Problem::not_found(detail),
        CheckoutRefusal::Exists => Problem::conflict(code, "Not what the checkout is at"),
        CheckoutRefusal::NotNow { status, .. } => {
            Problem::conflict(code, "Not what the checkout is at")
                .with("checkoutStatus", status.as_str())
        }
        CheckoutRefusal::Busy => Problem::conflict(code, "Checkout busy"),
        CheckoutRefusal::Expired { .. } => Problem::new(StatusCode::GONE, code, "Checkout expired"),
    };
    problem.detail(detail)
}

/// A checkout that is not to be had: nothing of it is held, sold or confirmed.
pub(super) fn undone(at: &CheckoutAt) -> Problem {
    let (who, why) = match at.state.refused_by() {
        Some((who, why)) => (participant(who), why),
        None => ("inventory", "it was refused"),
    };
    let problem = if at.state.status() == CheckoutStatus::Revoked {
        let text = format!("the units were not held any more, and nothing is sold: {why}");
        Problem::conflict("checkout-revoked", "Checkout revoked").detail(text)
    } else {
        let text = format!("{who} refused it, and nothing is held: {why}");
        Problem::conflict("checkout-refused", "Checkout refused").detail(text)
    };
    problem.with("checkoutId", at.id.to_string()).with("refusedBy", who)
}
