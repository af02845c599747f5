//! Errors of requests that change stock.

use std::sync::Arc;

use gondola_inventory_domain::{
    InvalidBasket, InvalidChange, LineStatus, Reservation, ReservationId, StoreId,
};
use kit_event_store::EventStoreError;
use kit_executor::Rejection;

use super::catalogue::UnknownName;
use super::conditions::Unmet;
use super::decider::{LineRefusal, StoreRefusal};
use super::hold_limits::HoldLimitReached;
use super::read_error::ReadError;

/// A request that was not performed; nothing was changed, except where the log says that it does not know.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// Lines that cannot be done.
    #[error("the command is refused")]
    Refused {
        /// The store.
        store: StoreId,
        /// Each line and why.
        lines: Vec<LineRefusal>,
    },
    /// A store or product that the catalogue does not have.
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    /// A basket that cannot be reserved, or sold, in one piece.
    #[error(transparent)]
    InvalidBasket(#[from] InvalidBasket),
    /// A change that does not fit the lines of its reservation.
    #[error(transparent)]
    InvalidChange(#[from] InvalidChange),
    /// A condition of the caller or the catalogue does not hold.
    #[error(transparent)]
    Unmet(#[from] Unmet),
    /// The customer, or the caller, would hold too much.
    #[error(transparent)]
    HoldLimitReached(#[from] HoldLimitReached),
    /// No reservation has this id.
    #[error("no reservation {0} is known; it may have ended more than 30 days ago")]
    UnknownReservation(ReservationId),
    /// Another reservation has this id.
    #[error("reservation id {0} is taken; choose a new one")]
    ReservationIdTaken(Arc<str>),
    /// The transaction has sold other units of the reservation.
    #[error(
        "this transaction has sold other units of reservation {0}: give each sale a transaction of its own"
    )]
    TransactionReused(ReservationId),
    /// The reservation has ended otherwise.
    #[error("the reservation has ended")]
    Ended {
        /// Its lines and what ended them.
        reservation: Box<Reservation>,
        /// The end that says most.
        end: LineStatus,
        /// Whether only some of its lines have.
        in_part: bool,
    },
    /// Not performed for another reason than the rules of stock.
    #[error(transparent)]
    Failed(#[from] kit_service::CommandError),
    /// A question that the command needed an answer to failed.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl CommandError {
    /// Converts the executor's rejection of a command to this store.
    pub(super) fn rejected(store: StoreId, rejection: Rejection<StoreRefusal>) -> Self {
        match kit_service::CommandError::or_refusal(rejection) {
            Ok(StoreRefusal::Lines(lines)) => Self::Refused { store, lines },
            Ok(StoreRefusal::ReservationIdTaken(id)) => Self::ReservationIdTaken(id),
            Ok(StoreRefusal::Unmet(unmet)) => Self::Unmet(unmet),
            // a step is no caller's request
            Ok(StoreRefusal::StepDone) => Self::from(EventStoreError::Corrupt(
                "a request has the key of a step of a process".into(),
            )),
            // told once it is known whether the sale is the same; unknown is a failure of the log
            Ok(StoreRefusal::SaleRecorded) => Self::from(EventStoreError::Corrupt(
                "the claim of a partial sale was found taken, and is not there".into(),
            )),
            Err(failure) => Self::Failed(failure),
        }
    }
}

impl From<EventStoreError> for CommandError {
    fn from(error: EventStoreError) -> Self {
        Self::Failed(error.into())
    }
}
