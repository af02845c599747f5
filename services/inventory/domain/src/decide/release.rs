//! Decides `ReleaseReservation`: reserved units are given back without a sale.

use kit_core::Timestamp;

use super::active_hold;
use crate::{
    Event, Inventory, PositiveQuantity, Refusal, ReleaseCause, ReleaseReservation, StockQuantity,
};

pub(super) fn release(
    inventory: &Inventory,
    command: &ReleaseReservation,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let reservation_id = command.reservation_id;
    let held = active_hold(inventory, reservation_id, now)?.quantity;
    let requested = command.quantity.unwrap_or(held.into());
    let Some(kept) = StockQuantity::from(held).checked_sub(requested) else {
        return Err(Refusal::ReleaseExceedsHold { reservation_id, requested, held });
    };
    let Ok(quantity) = PositiveQuantity::try_from(requested) else { return Ok(Vec::new()) };
    let (cause, reason) = (ReleaseCause::Cancelled, command.reason.clone());
    Ok(vec![Event::StockReleased { reservation_id, quantity, kept, cause, reason }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::testing::{
        added, at, given, positive, quantity, reason, release, release_some, released,
        released_some, reservation, reserved,
    };

    #[test]
    fn released_units_are_available_again() {
        given([added(5), reserved(1, 3, 300)])
            .when(release(1))
            .then([released(1, 3, ReleaseCause::Cancelled)])
            .on_hand(5)
            .reserved(0)
            .available(5);
    }

    #[test]
    fn some_units_can_be_given_back_and_the_rest_stays_held() {
        given([added(5), reserved(1, 3, 300)])
            .when(release_some(1, 2))
            .then([released_some(1, 2, 1)])
            .on_hand(5)
            .reserved(1)
            .available(4);
        let rest = || [added(5), reserved(1, 3, 300), released_some(1, 2, 1)];
        given(rest()).when(release(1)).then([released(1, 1, ReleaseCause::Cancelled)]).reserved(0);
        given(rest()).when(release_some(1, 2)).refused(Refusal::ReleaseExceedsHold {
            reservation_id: reservation(1),
            requested: quantity(2),
            held: positive(1),
        });
    }

    #[test]
    fn all_units_given_back_one_by_one_end_the_promise() {
        given([added(5), reserved(1, 1, 300)]).when(release_some(1, 1)).then([released(
            1,
            1,
            ReleaseCause::Cancelled,
        )]);
        given([added(5), reserved(1, 1, 300)]).when(release_some(1, 0)).then([]).reserved(1);
    }

    #[test]
    fn the_reason_is_recorded() {
        let reservation_id = reservation(1);
        let (reason, quantity) = (Some(reason("changed my mind")), positive(3));
        let command = ReleaseReservation { reservation_id, quantity: None, reason: reason.clone() };
        let kept = StockQuantity::ZERO;
        let cause = ReleaseCause::Cancelled;
        given([added(5), reserved(1, 3, 300)])
            .when(Command::ReleaseReservation(command))
            .then([Event::StockReleased { reservation_id, quantity, kept, cause, reason }]);
    }

    /// Its units are free already: whether the sweeper has recorded that must not change the answer.
    #[test]
    fn an_overdue_promise_cannot_be_released() {
        let history = || [added(5), reserved(1, 3, 60)];
        let cancelled = released(1, 3, ReleaseCause::Cancelled);
        given(history()).at(59_999).when(release(1)).then([cancelled]);
        for moment in [60_000, 60_001] {
            given(history()).at(moment).when(release(1)).refused(Refusal::ReservationExpired {
                reservation_id: reservation(1),
                expires_at: at(60_000),
            });
        }
    }

    #[test]
    fn a_promise_that_is_not_there_cannot_be_released() {
        let not_active = Refusal::ReservationNotActive { reservation_id: reservation(1) };
        given([added(5)]).when(release(1)).refused(not_active);
        let cancelled = released(1, 3, ReleaseCause::Cancelled);
        given([added(5), reserved(1, 3, 300), cancelled]).when(release(1)).refused(not_active);
    }
}
