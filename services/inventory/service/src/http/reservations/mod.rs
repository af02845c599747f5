//! Reserving stock, and ending or extending the reservation: one file per operation.

pub(super) mod basket;
pub(super) mod commit;
pub(super) mod extend;
pub(super) mod get;
pub(super) mod line;
pub(super) mod list;
mod named;
pub(super) mod release;
pub(super) mod reserve;

/// The kind of an idempotency key that is the id which the caller chose for a reservation.
pub(super) const RESERVATION: &str = "reservation";
