//! Decides commands on one stock level: one file per command.
//!
//! Every decision behaves as though the sweeper had just run: overdue holds are free. Only as many of them are ended as
//! a decision needs, by events before its own, so that a decision stays small and the invariant holds after every
//! event.

mod add;
mod commit;
mod correct;
mod expire;
mod extend;
mod policy;
mod post;
mod release;
mod reserve;
mod transfer;

use std::time::Duration;

use kit_core::Timestamp;

use self::post::Context;
use crate::{
    Command, Event, Hold, Inventory, LookBack, PositiveQuantity, Reason, Refusal, ReleaseCause,
    ReservationId, StockQuantity,
};

/// How far ahead of the server a till's clock may be.
pub const FUTURE_TOLERANCE: Duration = Duration::from_mins(5);

/// Decides a command against the present state.
///
/// No events mean that the command is granted and nothing had to change. `now` must not go back behind the time
/// of an earlier decision of the same stock level; the command executor sees to that.
pub fn decide(
    inventory: &Inventory,
    command: &Command,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    decide_with(inventory, command, None, now)
}

/// Decides as [`decide`] does, knowing what the history says about the moment of the command's fact.
///
/// [`Refusal::HistoryNeeded`] asks for it; asked again, it says that the level has changed too much meanwhile.
pub fn decide_with(
    inventory: &Inventory,
    command: &Command,
    look_back: Option<&LookBack>,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let context = Context { now, look_back };
    if let Some(occurred_at) = command.occurred_at()
        && occurred_at > now.after(FUTURE_TOLERANCE)
    {
        return Err(Refusal::OccurredInFuture { occurred_at, now });
    }
    match command {
        Command::AddStock(command) => add::add(inventory, command, context),
        Command::ReserveStock(command) => reserve::reserve(inventory, command, context),
        Command::CommitReservation(command) => commit::commit(inventory, command, context),
        Command::ReleaseReservation(command) => release::release(inventory, command, now),
        Command::ExtendReservation(command) => extend::extend(inventory, command, now),
        Command::AdjustStock(command) => correct::adjust(inventory, command, context),
        Command::CountStock(command) => correct::count(inventory, command, context),
        Command::SetStockPolicy(command) => Ok(policy::set(inventory, command)),
        Command::ExpireReservations(command) => Ok(expire::expire(inventory, command, now)),
        Command::DispatchTransfer(command) => transfer::dispatch(inventory, command, context),
        Command::ReceiveTransfer(command) => transfer::receive(inventory, command, context),
    }
}

/// The hold of an id, if it is good at `now`.
fn active_hold(
    inventory: &Inventory,
    reservation_id: ReservationId,
    now: Timestamp,
) -> Result<&Hold, Refusal> {
    match inventory.hold(reservation_id) {
        None => Err(Refusal::ReservationNotActive { reservation_id }),
        Some(hold) if hold.is_overdue_at(now) => {
            Err(Refusal::ReservationExpired { reservation_id, expires_at: hold.expires_at })
        }
        Some(hold) => Ok(hold),
    }
}

/// The end of an overdue hold.
fn expired(reservation_id: ReservationId, quantity: PositiveQuantity) -> Event {
    released(reservation_id, quantity, ReleaseCause::Expired, None)
}

/// The end of a hold without a sale.
fn released(
    reservation_id: ReservationId,
    quantity: PositiveQuantity,
    cause: ReleaseCause,
    reason: Option<Reason>,
) -> Event {
    Event::StockReleased { reservation_id, quantity, kept: StockQuantity::ZERO, cause, reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{add, adjust, at, count, given, happened, now};

    #[test]
    fn business_time_may_be_long_ago_but_not_in_the_future() {
        const TOLERATED: i64 = 300_000;
        for command in [add(1), adjust(1), count(1)] {
            given([]).when(happened(command.clone(), -1_000_000)).granted();
            given([]).when(happened(command.clone(), TOLERATED)).granted();
            let refusal = Refusal::OccurredInFuture { occurred_at: at(TOLERATED + 1), now: now() };
            given([]).when(happened(command, TOLERATED + 1)).refused(refusal);
        }
    }
}
