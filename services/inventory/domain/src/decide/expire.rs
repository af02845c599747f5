//! Decides `ExpireReservations`: overdue holds are ended.

use kit_core::Timestamp;

use super::expired;
use crate::{Event, ExpireReservations, Inventory};

pub(super) fn expire(
    inventory: &Inventory,
    command: &ExpireReservations,
    now: Timestamp,
) -> Vec<Event> {
    let overdue = inventory.holds.overdue(now).take(command.limit);
    overdue.map(|(id, quantity)| expired(id, quantity)).collect()
}

#[cfg(test)]
mod tests {
    use crate::testing::{added, expire, expired_event, extended, given, reserved};

    #[test]
    fn overdue_promises_end_the_oldest_deadline_first() {
        let history = [added(9), reserved(1, 2, 30), reserved(2, 3, 10), reserved(3, 4, 60)];
        given(history)
            .at(30_000)
            .when(expire(10))
            .then([expired_event(2, 3), expired_event(1, 2)])
            .reserved(4)
            .available(5);
    }

    #[test]
    fn no_more_end_than_the_limit() {
        let history = || [added(9), reserved(1, 2, 30), reserved(2, 3, 10), reserved(3, 4, 20)];
        given(history()).at(30_000).when(expire(1)).then([expired_event(2, 3)]).available(9);
        given(history()).at(30_000).when(expire(0)).then([]);
    }

    #[test]
    fn nothing_ends_before_its_deadline() {
        let history = || [added(1), reserved(1, 1, 60)];
        given(history()).at(59_999).when(expire(10)).then([]);
        given(history()).at(60_000).when(expire(10)).then([expired_event(1, 1)]);
        given(history()).at(60_001).when(expire(10)).then([expired_event(1, 1)]);
        given([]).when(expire(10)).then([]);
    }

    #[test]
    fn an_extended_promise_is_not_tidied_up() {
        let history = || [added(1), reserved(1, 1, 60), extended(1, 90_000)];
        given(history()).at(60_000).when(expire(10)).then([]);
        given(history()).at(90_000).when(expire(10)).then([expired_event(1, 1)]);
    }
}
