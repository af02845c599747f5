//! How refusals and failures of this context look to a caller.

use std::time::Duration;

use gondola_inventory_domain::{
    InvalidChange, LineStatus, Refusal, ReleaseCause, Reservation, StoreId,
};
use http::StatusCode;
use kit_http::Problem;
use serde::Serialize;
use uuid::Uuid;

use crate::use_cases::{CommandError, LineRefusal, ReadError, UnknownName};

/// When a moment that is not over may be asked about again.
const OVER_SOON: Duration = Duration::from_secs(1);

impl From<CommandError> for Problem {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Refused { store, lines } => refused(store, &lines),
            CommandError::UnknownName(error) => error.into(),
            CommandError::UnknownReservation(_) => Self::not_found(error.to_string()),
            CommandError::ReservationIdTaken(_) => {
                Self::conflict("reservation-id-taken", "Reservation id taken")
                    .detail(error.to_string())
            }
            CommandError::Ended { reservation, end } => ended(&reservation, end),
            CommandError::InvalidBasket(_)
            | CommandError::InvalidChange(InvalidChange::NoSuchLine { .. }) => {
                Self::invalid("lines", error.to_string())
            }
            CommandError::InvalidChange(InvalidChange::SeveralLines { .. }) => {
                Self::invalid("quantity", error.to_string())
            }
            CommandError::Failed(failure) => failure.into(),
            CommandError::Read(error) => error.into(),
        }
    }
}

impl From<UnknownName> for Problem {
    fn from(error: UnknownName) -> Self {
        Self::not_found(error.to_string())
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Future { asked, .. } => Self::invalid(asked, error.to_string()),
            ReadError::NotOver { .. } => Self::unavailable(error.to_string(), OVER_SOON),
            ReadError::Failed(failure) => failure.into(),
        }
    }
}

/// A line that cannot be done.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RefusedLine {
    #[serde(rename = "line")]
    number: usize,
    product_id: Uuid,
    code: &'static str,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    requested: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    available: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offered: Option<u32>,
    version: u64,
}

impl RefusedLine {
    fn of(refused: &LineRefusal) -> Self {
        let (requested, available, offered) = match refused.refusal {
            Refusal::InsufficientStock { requested, available, offered } => {
                (Some(requested.get()), Some(available.get()), Some(offered.get()))
            }
            _ => (None, None, None),
        };
        Self {
            number: refused.line,
            product_id: refused.product.as_uuid(),
            code: refused.refusal.code(),
            detail: refused.refusal.to_string(),
            requested,
            available,
            offered,
            version: refused.version.get(),
        }
    }
}

fn refused(store: StoreId, lines: &[LineRefusal]) -> Problem {
    let Some(worst) = lines.iter().max_by_key(|line| line.refusal.weight()) else {
        return Problem::internal("a command was refused without a reason");
    };
    let problem = kind(&worst.refusal).with("storeId", store.as_uuid());
    let detail = match lines {
        [only] => only.refusal.to_string(),
        several => {
            format!("{} lines cannot be done, nothing was changed; see \"lines\"", several.len())
        }
    };
    let problem = match (lines, worst.refusal) {
        ([only], Refusal::InsufficientStock { requested, available, offered }) => problem
            .with("productId", only.product.as_uuid())
            .with("requested", requested.get())
            .with("available", available.get())
            .with("offered", offered.get()),
        ([only], Refusal::BelowReserved { on_hand_after, reserved, shortage }) => problem
            .with("productId", only.product.as_uuid())
            .with("onHandAfter", on_hand_after.get())
            .with("reserved", reserved.get())
            .with("shortage", shortage.get()),
        _ => problem,
    };
    let told: Vec<RefusedLine> = lines.iter().map(RefusedLine::of).collect();
    problem.with("lines", told).detail(detail)
}

fn kind(refusal: &Refusal) -> Problem {
    let unprocessable =
        |title| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, refusal.code(), title);
    match refusal {
        Refusal::InsufficientStock { .. } => {
            Problem::conflict(refusal.code(), "Insufficient stock")
        }
        Refusal::ReservationExists { .. } => {
            Problem::conflict(refusal.code(), "Reservation already active")
        }
        Refusal::ReservationNotActive { .. } => {
            Problem::conflict(refusal.code(), "Reservation not active")
        }
        Refusal::ReservationExpired { .. } => Problem::gone(refusal.code(), "Reservation expired"),
        Refusal::BelowReserved { .. } => {
            Problem::conflict(refusal.code(), "Reserved units missing")
        }
        Refusal::TooManyHolds { .. } => {
            let (code, title) = (refusal.code(), "Too many reservations");
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, title)
                .retry_after(Duration::from_mins(1))
        }
        Refusal::CommitExceedsHold { .. } => unprocessable("More than reserved"),
        Refusal::OnHandOutOfRange { .. } => unprocessable("Stock out of range"),
        Refusal::NotOnHandThen { .. } => unprocessable("Not on hand then"),
        // never told: what asks for history is asked again, or is a conflict
        Refusal::HistoryNeeded { .. } => Problem::concurrency_conflict(refusal.to_string()),
        Refusal::NothingToAdjust => unprocessable("Nothing to adjust"),
        Refusal::OccurredInFuture { .. } => unprocessable("Time in the future"),
    }
}

/// A reservation that has ended otherwise than the caller wants.
fn ended(reservation: &Reservation, end: LineStatus) -> Problem {
    let id = reservation.id;
    let problem = match end {
        LineStatus::Committed => {
            let sale = reservation.transaction.as_deref().unwrap_or("another sale");
            Problem::conflict("already-committed", "Reservation already committed")
                .detail(format!("reservation {id} was committed by {sale:?}"))
                .with("transactionId", &reservation.transaction)
        }
        LineStatus::Released(ReleaseCause::Expired) => {
            Problem::gone("reservation-expired", "Reservation expired").detail(format!(
                "reservation {id} expired at {}; reserve again with a new id",
                reservation.expires_at
            ))
        }
        LineStatus::Released(ReleaseCause::Shortage) => {
            Problem::conflict("reservation-revoked", "Reservation revoked").detail(format!(
                "the units of reservation {id} were found missing; commit the remaining \"lines\", or reserve again"
            ))
        }
        _ => Problem::conflict("already-released", "Reservation already released")
            .detail(format!("reservation {id} was released; reserve again with a new id")),
    };
    problem.with("reservationId", id.as_uuid())
}
