//! Decides `ExtendReservation`: a reservation gets a later deadline.

use kit_core::Timestamp;

use super::active_hold;
use crate::{Event, ExtendReservation, Inventory, Refusal};

pub(super) fn extend(
    inventory: &Inventory,
    command: &ExtendReservation,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let hold = active_hold(inventory, command.reservation_id, now)?;
    let expires_at = now.after(command.ttl.as_duration());
    if expires_at <= hold.expires_at {
        return Ok(Vec::new());
    }
    Ok(vec![Event::ReservationExtended { reservation_id: hold.reservation_id, expires_at }])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        added, at, commit, committed, extend, extended, given, reservation, reserve, reserved,
    };

    #[test]
    fn the_deadline_becomes_now_plus_the_time_to_live() {
        let after = given([added(1), reserved(1, 1, 60)])
            .at(30_000)
            .when(extend(1, 60))
            .then([extended(1, 90_000)])
            .available(0)
            .inventory();
        assert_eq!(after.next_deadline(), Some(at(90_000)));
    }

    #[test]
    fn units_stay_promised_until_the_new_deadline() {
        let history = || [added(1), reserved(1, 1, 60), extended(1, 90_000)];
        given(history()).at(89_999).when(commit(1)).then([committed(1, 1, 0)]);
        given(history()).at(89_999).when(reserve(2, 1)).refused_as("insufficient-stock");
        given(history()).at(90_000).when(commit(1)).refused_as("reservation-expired");
        given(history()).at(90_000).when(reserve(2, 1)).granted().available(0);
    }

    #[test]
    fn a_deadline_never_becomes_earlier() {
        given([added(1), reserved(1, 1, 60)]).when(extend(1, 30)).then([]);
        given([added(1), reserved(1, 1, 60)]).when(extend(1, 60)).then([]);
        given([added(1), reserved(1, 1, 60)]).at(1).when(extend(1, 60)).then([extended(1, 60_001)]);
    }

    /// woocommerce/woocommerce#67354: the owner's renewal is blocked by their own hold.
    #[test]
    fn the_owner_of_the_last_unit_can_extend() {
        given([added(1), reserved(1, 1, 60)]).when(extend(1, 61)).then([extended(1, 61_000)]);
    }

    #[test]
    fn a_promise_can_be_extended_until_just_before_its_deadline() {
        let history = || [added(1), reserved(1, 1, 60)];
        given(history()).at(59_999).when(extend(1, 60)).then([extended(1, 119_999)]);
        for moment in [60_000, 60_001] {
            given(history()).at(moment).when(extend(1, 60)).refused(Refusal::ReservationExpired {
                reservation_id: reservation(1),
                expires_at: at(60_000),
            });
        }
    }

    #[test]
    fn a_promise_that_is_not_there_cannot_be_extended() {
        let reservation_id = reservation(1);
        given([added(1)])
            .when(extend(1, 60))
            .refused(Refusal::ReservationNotActive { reservation_id });
    }
}
