//! Decides `ReleaseReservation`: a reservation ends without a sale.

use kit_core::Timestamp;

use crate::{Event, Inventory, Refusal, ReleaseCause, ReleaseReservation};

pub(super) fn release(
    inventory: &Inventory,
    command: &ReleaseReservation,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let reservation_id = command.reservation_id;
    let hold =
        inventory.hold(reservation_id).ok_or(Refusal::ReservationNotActive { reservation_id })?;
    // The units are available again in both cases; the event records the true cause.
    let overdue = hold.is_overdue_at(now);
    let cause = if overdue { ReleaseCause::Expired } else { ReleaseCause::Cancelled };
    let reason = command.reason.clone();
    Ok(vec![Event::StockReleased { reservation_id, quantity: hold.quantity, cause, reason }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Command;
    use crate::testing::{
        added, given, positive, reason, release, released, reservation, reserved,
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
    fn the_reason_is_recorded() {
        let reservation_id = reservation(1);
        let (reason, quantity) = (Some(reason("changed my mind")), positive(3));
        let command = ReleaseReservation { reservation_id, reason: reason.clone() };
        let cause = ReleaseCause::Cancelled;
        given([added(5), reserved(1, 3, 300)])
            .when(Command::ReleaseReservation(command))
            .then([Event::StockReleased { reservation_id, quantity, cause, reason }]);
    }

    #[test]
    fn an_overdue_promise_is_recorded_as_expired() {
        let history = || [added(5), reserved(1, 3, 60)];
        let cases = [
            (59_999, ReleaseCause::Cancelled),
            (60_000, ReleaseCause::Expired),
            (60_001, ReleaseCause::Expired),
        ];
        for (moment, cause) in cases {
            given(history()).at(moment).when(release(1)).then([released(1, 3, cause)]);
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
