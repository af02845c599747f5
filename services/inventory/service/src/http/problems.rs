//! How refusals and failures of this context look to a caller.

use std::sync::Arc;
use std::time::Duration;

use gondola_inventory_domain::{
    InvalidChange, LineStatus, Refusal, ReleaseCause, Reservation, ReservationId, StoreId,
};
use http::StatusCode;
use kit_http::Problem;
use serde::Serialize;
use uuid::Uuid;

use super::body_lines::{BodyLines, PRODUCT_NOT_FOUND, STORE_NOT_FOUND};
use crate::use_cases::{
    Catalogue, CommandError, HoldLimitReached, LineRefusal, NotReservable, OrderError, ReadError,
    UnknownName, Unmet,
};

/// When a moment that is not over may be asked about again.
const OVER_SOON: Duration = Duration::from_secs(1);

/// When a name may be asked for again that the catalogue has not been read for.
const FILLED_SOON: Duration = Duration::from_secs(1);

/// Why a command was not executed, with the names of what it was about.
pub(super) fn command_problem(error: CommandError, catalogue: &Catalogue) -> Problem {
    command_problem_of_lines(error, catalogue, &BodyLines::default())
}

/// Why a command was not executed, with the names of what it was about and the lines of the body that are to blame.
pub(super) fn command_problem_of_lines(
    error: CommandError,
    catalogue: &Catalogue,
    body: &BodyLines,
) -> Problem {
    let detail = error.to_string();
    match error {
        CommandError::Refused { store, lines } => refused(store, &lines, catalogue, body),
        CommandError::UnknownName(error) => body.with_unknown(error.into(), catalogue),
        CommandError::Unmet(error) => unmet(&error),
        CommandError::HoldLimitReached(reached) => hold_limit_reached(reached),
        CommandError::UnknownReservation(_) => Problem::not_found(detail),
        CommandError::ReservationIdTaken(_) => {
            Problem::conflict("reservation-id-taken", "Reservation id taken").detail(detail)
        }
        CommandError::TransactionReused(_) => {
            let (code, title) = ("transaction-reused", "Transaction used for another sale");
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, title).detail(detail)
        }
        CommandError::Ended { reservation, end, in_part } => {
            let problem = ended(&reservation, end);
            if in_part { problem.detail(ended_in_part(&reservation)) } else { problem }
        }
        CommandError::InvalidBasket(_)
        | CommandError::InvalidChange(InvalidChange::NoSuchLine { .. }) => {
            Problem::invalid("lines", detail)
        }
        CommandError::InvalidChange(InvalidChange::SeveralLines { .. }) => {
            Problem::invalid("quantity", detail)
        }
        CommandError::Failed(failure) => failure.into(),
        CommandError::Read(error) => error.into(),
    }
}

impl From<UnknownName> for Problem {
    fn from(error: UnknownName) -> Self {
        let code = match error {
            UnknownName::Store(_) | UnknownName::StoreId(_) => STORE_NOT_FOUND,
            UnknownName::Product(_) | UnknownName::Gtin(_) => PRODUCT_NOT_FOUND,
            UnknownName::Filling => return Self::unavailable(error.to_string(), FILLED_SOON),
        };
        Self::new(StatusCode::NOT_FOUND, code, "Not found").detail(error.to_string())
    }
}

fn unmet(error: &Unmet) -> Problem {
    let detail = error.to_string();
    match error {
        Unmet::Changed { present, .. } => {
            Problem::precondition_failed(detail).with("version", present.get())
        }
        Unmet::NotReservable(NotReservable::StoreClosed(code)) => {
            Problem::conflict("store-closed", "Store closed").detail(detail).with("storeCode", code)
        }
        Unmet::NotReservable(NotReservable::HeldTooLong { .. }) => {
            Problem::invalid("ttlSeconds", detail)
        }
        Unmet::NotReservable(NotReservable::ProductDiscontinued(sku)) => {
            Problem::conflict("product-discontinued", "Product discontinued")
                .detail(detail)
                .with("productSku", sku)
        }
    }
}

fn hold_limit_reached(reached: HoldLimitReached) -> Problem {
    let HoldLimitReached { holder, limited, limit, held, requested } = reached;
    Problem::conflict("hold-limit-reached", "Too much is held")
        .detail(reached.to_string())
        .with("holder", holder.as_str())
        .with("limited", limited.as_str())
        .with("limit", limit)
        .with("held", held)
        .with("requested", requested)
}

impl From<OrderError> for Problem {
    fn from(error: OrderError) -> Self {
        let detail = error.to_string();
        match error {
            OrderError::Unknown(_) => Self::not_found(detail),
            OrderError::Several { active, .. } => {
                let ids: Vec<_> = active.iter().map(ReservationId::as_uuid).collect();
                Self::conflict("several-reservations", "Several reservations")
                    .detail(detail)
                    .with("reservationIds", ids)
            }
            OrderError::Read(failure) => failure.into(),
        }
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
    product_id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_sku: Option<Arc<str>>,
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
    fn of(refused: &LineRefusal, catalogue: &Catalogue, body: &BodyLines) -> Self {
        let (requested, available, offered) = match refused.refusal {
            Refusal::InsufficientStock { requested, available, offered } => {
                (Some(requested.get()), Some(available.get()), Some(offered.get()))
            }
            _ => (None, None, None),
        };
        Self {
            number: refused.line,
            pointer: body.of(refused.product, catalogue).map(str::to_owned),
            product_id: refused.product.as_uuid(),
            product_sku: catalogue.of_product(refused.product).map(|product| product.code),
            code: refused.refusal.code(),
            detail: refused.refusal.to_string(),
            requested,
            available,
            offered,
            version: refused.version.get(),
        }
    }
}

fn refused(
    store: StoreId,
    lines: &[LineRefusal],
    catalogue: &Catalogue,
    body: &BodyLines,
) -> Problem {
    let Some(worst) = lines.iter().max_by_key(|line| line.refusal.weight()) else {
        return Problem::internal("a command was refused without a reason");
    };
    let problem = kind(&worst.refusal).with("storeId", store.as_uuid());
    let problem = with_some(problem, "storeCode", catalogue.of_store(store).map(|it| it.code));
    let (problem, detail) = match lines {
        [only] => (of_line(problem, only, catalogue), only.refusal.to_string()),
        several => {
            let count = several.len();
            let told = format!("{count} lines cannot be done, nothing was changed; see \"lines\"");
            (problem, told)
        }
    };
    let told: Vec<RefusedLine> =
        lines.iter().map(|line| RefusedLine::of(line, catalogue, body)).collect();
    problem.with("lines", told).detail(detail)
}

/// The numbers of the only line, beside the problem itself.
fn of_line(problem: Problem, line: &LineRefusal, catalogue: &Catalogue) -> Problem {
    let about = |problem: Problem| {
        let sku = catalogue.of_product(line.product).map(|product| product.code);
        with_some(problem.with("productId", line.product.as_uuid()), "productSku", sku)
    };
    match line.refusal {
        Refusal::InsufficientStock { requested, available, offered } => about(problem)
            .with("requested", requested.get())
            .with("available", available.get())
            .with("offered", offered.get()),
        Refusal::BelowReserved { on_hand_after, reserved, shortage } => about(problem)
            .with("onHandAfter", on_hand_after.get())
            .with("reserved", reserved.get())
            .with("shortage", shortage.get()),
        _ => problem,
    }
}

fn with_some(problem: Problem, name: &str, value: Option<impl Serialize>) -> Problem {
    match value {
        Some(value) => problem.with(name, value),
        None => problem,
    }
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
        Refusal::CommitExceedsHold { .. } | Refusal::ReleaseExceedsHold { .. } => {
            unprocessable("More than reserved")
        }
        Refusal::OnHandOutOfRange { .. } => unprocessable("Stock out of range"),
        Refusal::NotOnHandThen { .. } => unprocessable("Not on hand then"),
        // never told: what asks for history is asked again, or is a conflict
        Refusal::HistoryNeeded { .. } => Problem::concurrency_conflict(refusal.to_string()),
        Refusal::NothingToAdjust => unprocessable("Nothing to adjust"),
        Refusal::OccurredInFuture { .. } => unprocessable("Time in the future"),
    }
}

fn ended_in_part(reservation: &Reservation) -> String {
    let id = reservation.id;
    format!(
        "some lines of reservation {id} have ended already: give those that are still held in \"lines\"; \
         GET /api/v1/inventory/reservations/{id} tells which"
    )
}

/// A reservation that has ended otherwise than the caller wants.
fn ended(reservation: &Reservation, end: LineStatus) -> Problem {
    let id = reservation.id;
    let problem = match end {
        LineStatus::Committed => {
            let sale = reservation.transaction();
            let by = sale.unwrap_or("another sale");
            let problem = Problem::conflict("already-committed", "Reservation already committed")
                .detail(format!("reservation {id} was committed by {by:?}"));
            with_some(problem, "transactionId", sale)
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
        LineStatus::Transferred => Problem::conflict("already-transferred", "Units transferred")
            .detail(format!("the units of reservation {id} left for another store")),
        _ => Problem::conflict("already-released", "Reservation already released")
            .detail(format!("reservation {id} was released; reserve again with a new id")),
    };
    problem.with("reservationId", id.as_uuid())
}
