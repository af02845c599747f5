//! Decides `CommitReservation`: reserved units leave the store.

use super::post::{Context, post};
use super::{active_hold, released};
use crate::{
    CommitReservation, Event, Inventory, PositiveQuantity, Refusal, ReleaseCause, StockDelta,
    StockQuantity, Told,
};

/// A sale is never refused for its business time: the units are held, and what the books lacked then is a shortfall.
pub(super) fn commit(
    inventory: &Inventory,
    command: &CommitReservation,
    context: Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let reservation_id = command.reservation_id;
    let held = active_hold(inventory, reservation_id, context.now)?.quantity;
    let requested = command.quantity.unwrap_or(held.into());
    let Some(rest) = StockQuantity::from(held).checked_sub(requested) else {
        return Err(Refusal::CommitExceedsHold { reservation_id, requested, held });
    };
    let none = StockQuantity::ZERO;
    let (returned, kept) = if command.keep_remainder { (none, rest) } else { (rest, none) };
    let Ok(quantity) = PositiveQuantity::try_from(requested) else {
        // nothing of this line was sold: the rest of the basket was
        let left_out = released(reservation_id, held, ReleaseCause::PartialCommit, None);
        return Ok(if command.keep_remainder { Vec::new() } else { vec![left_out] });
    };
    let sold = Told::Changed(StockDelta::from(quantity).negated());
    Ok(vec![Event::StockCommitted {
        reservation_id,
        quantity,
        returned,
        kept,
        transaction: command.transaction.clone(),
        customer: command.customer.clone(),
        posting: post(inventory, sold, command.occurred_at, context)?,
    }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        added, at, commit, commit_some, committed, customer, delta, expire, expired_event, given,
        keeping_rest, now, positive, quantity, released, reservation, reserved, sold_some,
        transaction,
    };
    use crate::{Command, Posting};

    #[test]
    fn sold_units_leave_the_store() {
        given([added(5), reserved(1, 3, 300)])
            .when(commit(1))
            .then([committed(1, 3, 0)])
            .on_hand(2)
            .reserved(0)
            .available(2);
    }

    #[test]
    fn the_rest_of_a_partial_sale_returns() {
        given([added(5), reserved(1, 3, 300)])
            .when(commit_some(1, 1))
            .then([committed(1, 1, 2)])
            .on_hand(4)
            .reserved(0)
            .available(4);
    }

    #[test]
    fn the_rest_can_stay_held() {
        given([added(5), reserved(1, 3, 300)])
            .when(keeping_rest(commit_some(1, 1)))
            .then([sold_some(1, 1, 2)])
            .on_hand(4)
            .reserved(2)
            .available(2);
        let rest = || [added(5), reserved(1, 3, 300), sold_some(1, 1, 2)];
        given(rest()).when(commit(1)).then([committed(1, 2, 0)]).on_hand(2).reserved(0);
        given(rest()).when(commit_some(1, 1)).then([committed(1, 1, 1)]).on_hand(3).available(3);
        given(rest()).when(commit_some(1, 3)).refused_as("commit-exceeds-hold");
    }

    #[test]
    fn with_nothing_left_to_keep_the_promise_ends() {
        given([added(5), reserved(1, 3, 300)])
            .when(keeping_rest(commit(1)))
            .then([committed(1, 3, 0)])
            .reserved(0);
    }

    #[test]
    fn a_line_of_which_nothing_was_sold_stays_held_with_the_rest() {
        given([added(5), reserved(1, 3, 300)])
            .when(keeping_rest(commit_some(1, 0)))
            .then([])
            .reserved(3);
    }

    #[test]
    fn what_stays_held_runs_out_at_the_same_deadline() {
        let history = || [added(5), reserved(1, 3, 60), sold_some(1, 1, 2)];
        given(history()).at(59_999).when(commit(1)).then([committed(1, 2, 0)]);
        given(history()).at(60_000).when(commit(1)).refused_as("reservation-expired");
        given(history()).at(60_000).when(expire(9)).then([expired_event(1, 2)]).available(4);
    }

    /// medusajs/medusa#14885: a partial sale fails when nothing else is available.
    #[test]
    fn a_partial_sale_needs_no_other_available_unit() {
        given([added(3), reserved(1, 3, 300)])
            .when(commit_some(1, 2))
            .then([committed(1, 2, 1)])
            .available(1);
    }

    #[test]
    fn a_line_left_out_of_the_sale_is_released() {
        given([added(5), reserved(1, 3, 300)])
            .when(commit_some(1, 0))
            .then([released(1, 3, ReleaseCause::PartialCommit)])
            .on_hand(5)
            .available(5);
    }

    #[test]
    fn no_more_than_promised_can_be_sold() {
        given([added(5), reserved(1, 3, 300)]).when(commit_some(1, 3)).then([committed(1, 3, 0)]);
        given([added(5), reserved(1, 3, 300)]).when(commit_some(1, 4)).refused(
            Refusal::CommitExceedsHold {
                reservation_id: reservation(1),
                requested: quantity(4),
                held: positive(3),
            },
        );
    }

    #[test]
    fn an_unknown_promise_cannot_be_sold() {
        let not_active = Refusal::ReservationNotActive { reservation_id: reservation(1) };
        given([added(5)]).when(commit(1)).refused(not_active);
        given([added(5), reserved(2, 1, 300)]).when(commit(1)).refused(not_active);
    }

    #[test]
    fn a_promise_ends_once() {
        let not_active = Refusal::ReservationNotActive { reservation_id: reservation(1) };
        let sold = [added(5), reserved(1, 3, 300), committed(1, 1, 2)];
        given(sold).when(commit(1)).refused(not_active);
        let cancelled = released(1, 3, ReleaseCause::Cancelled);
        given([added(5), reserved(1, 3, 300), cancelled]).when(commit(1)).refused(not_active);
    }

    #[test]
    fn the_deadline_is_half_open() {
        let history = || [added(5), reserved(1, 3, 60)];
        given(history()).at(59_999).when(commit(1)).then([committed(1, 3, 0)]);
        for moment in [60_000, 60_001] {
            for command in [commit(1), commit_some(1, 0), commit_some(1, 9)] {
                given(history()).at(moment).when(command).refused(Refusal::ReservationExpired {
                    reservation_id: reservation(1),
                    expires_at: at(60_000),
                });
            }
        }
    }

    #[test]
    fn a_sale_records_its_transaction_and_customer() {
        let command = Command::CommitReservation(CommitReservation {
            reservation_id: reservation(1),
            quantity: None,
            keep_remainder: false,
            transaction: transaction("receipt 12"),
            customer: Some(customer("maria")),
            occurred_at: None,
        });
        given([added(5), reserved(1, 3, 300)]).when(command).then([Event::StockCommitted {
            reservation_id: reservation(1),
            quantity: positive(3),
            returned: quantity(0),
            kept: quantity(0),
            transaction: transaction("receipt 12"),
            customer: Some(customer("maria")),
            posting: Posting::plain(now(), delta(-3)),
        }]);
    }
}
