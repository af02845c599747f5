//! Decides `ReserveStock`: units are held until a deadline.

use super::expired;
use super::post::{Context, post};
use crate::{
    Event, HOLDS_MAX, Inventory, PositiveQuantity, Posting, Refusal, ReservationId, ReserveStock,
    StockDelta, StockQuantity, Told,
};

pub(super) fn reserve(
    inventory: &Inventory,
    command: &ReserveStock,
    context: Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let now = context.now;
    let mut room = Room { inventory, freed: Vec::with_capacity(1), freed_units: 0 };
    // Before stock is checked: the refusal must not report a shortage that the caller's own hold causes.
    if let Some(hold) = inventory.hold(command.reservation_id) {
        if !hold.is_overdue_at(now) {
            return Err(Refusal::ReservationExists { reservation_id: hold.reservation_id });
        }
        room.free(hold.reservation_id, hold.quantity);
    }
    let own = command.reservation_id;
    let mut overdue = inventory.holds.overdue(now).filter(|(id, _)| *id != own);
    while room.offered() < command.quantity.into() || room.is_full() {
        match overdue.next() {
            Some((id, quantity)) => room.free(id, quantity),
            None => return Err(room.refusal(command.quantity)),
        }
    }
    check_sale(inventory, command, context)?;
    let mut events = room.freed;
    events.push(Event::StockReserved {
        reservation_id: command.reservation_id,
        quantity: command.quantity,
        created_at: now,
        expires_at: now.after(command.ttl.as_duration()),
        reason: command.reason.clone(),
        order: command.order.clone(),
        customer: command.customer.clone(),
    });
    Ok(events)
}

/// Checks that the units of a sale that is written down afterwards were on hand when it happened.
fn check_sale(
    inventory: &Inventory,
    command: &ReserveStock,
    context: Context<'_>,
) -> Result<(), Refusal> {
    if command.sold_at.is_none() {
        return Ok(());
    }
    let sold = Told::Changed(StockDelta::from(command.quantity).negated());
    let Posting { occurred_at, shortfall: missing, .. } =
        post(inventory, sold, command.sold_at, context)?;
    if missing.get() > 0 { Err(Refusal::NotOnHandThen { occurred_at, missing }) } else { Ok(()) }
}

/// Units that can be reserved after some overdue holds have ended.
struct Room<'a> {
    inventory: &'a Inventory,
    freed: Vec<Event>,
    freed_units: u64,
}

impl Room<'_> {
    fn free(&mut self, reservation_id: ReservationId, quantity: PositiveQuantity) {
        self.freed.push(expired(reservation_id, quantity));
        self.freed_units += u64::from(quantity.get());
    }

    fn available(&self) -> StockQuantity {
        let reserved = self.inventory.holds.units().saturating_sub(self.freed_units);
        self.inventory.on_hand().saturating_sub(StockQuantity::saturating_new(reserved))
    }

    fn offered(&self) -> StockQuantity {
        self.available().saturating_sub(self.inventory.policy().safety_stock)
    }

    fn is_full(&self) -> bool {
        self.inventory.hold_count() - self.freed.len() >= HOLDS_MAX
    }

    /// The refusal when ending all overdue holds does not free enough units.
    fn refusal(&self, requested: PositiveQuantity) -> Refusal {
        let (available, offered) = (self.available(), self.offered());
        if offered < requested.into() {
            Refusal::InsufficientStock { requested, available, offered }
        } else {
            Refusal::TooManyHolds { limit: HOLDS_MAX }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        added, at, customer, expired_event, given, now, order, policy, positive, quantity, reason,
        reservation, reserve, reserved, reserved_at,
    };
    use crate::{Command, Hold, InventoryParts, TimeToLive};

    fn insufficient(requested: i64, available: i64, offered: i64) -> Refusal {
        Refusal::InsufficientStock {
            requested: positive(requested),
            available: quantity(available),
            offered: quantity(offered),
        }
    }

    #[test]
    fn promised_units_stay_on_hand_but_are_not_available() {
        given([added(5)])
            .when(reserve(1, 3))
            .then([reserved(1, 3, 300)])
            .on_hand(5)
            .reserved(3)
            .available(2);
    }

    #[test]
    fn the_promise_records_who_why_and_until_when() {
        let command = Command::ReserveStock(ReserveStock {
            reservation_id: reservation(1),
            quantity: positive(2),
            ttl: TimeToLive::from_seconds(60).unwrap(),
            reason: Some(reason("checkout")),
            order: Some(order("order 9")),
            customer: Some(customer("maria")),
            sold_at: None,
        });
        let event = Event::StockReserved {
            reservation_id: reservation(1),
            quantity: positive(2),
            created_at: now(),
            expires_at: at(60_000),
            reason: Some(reason("checkout")),
            order: Some(order("order 9")),
            customer: Some(customer("maria")),
        };
        assert!(!format!("{command:?} {event:?}").contains("maria"), "customers stay out of logs");
        given([added(5)]).when(command).then([event]);
    }

    #[test]
    fn the_last_unit_can_be_promised_once() {
        given([added(1)]).when(reserve(1, 1)).then([reserved(1, 1, 300)]).available(0);
        given([added(1), reserved(1, 1, 300)]).when(reserve(2, 1)).refused(insufficient(1, 0, 0));
    }

    #[test]
    fn an_unknown_stock_level_has_nothing_to_promise() {
        given([]).when(reserve(1, 1)).refused(insufficient(1, 0, 0));
    }

    #[test]
    fn safety_stock_is_available_but_not_offered() {
        given([added(5), policy(2, 0)]).when(reserve(1, 4)).refused(insufficient(4, 5, 3));
        given([added(5), policy(2, 0)])
            .when(reserve(1, 3))
            .then([reserved(1, 3, 300)])
            .available(2);
        given([added(5), policy(9, 0)]).when(reserve(1, 1)).refused(insufficient(1, 5, 0));
    }

    #[test]
    fn an_active_id_is_refused_even_when_stock_is_short() {
        let exists = Refusal::ReservationExists { reservation_id: reservation(1) };
        given([added(5), reserved(1, 1, 300)]).when(reserve(1, 1)).refused(exists);
        // woocommerce/woocommerce#67354: the owner is blocked by their own hold.
        given([added(1), reserved(1, 1, 300)]).when(reserve(1, 1)).refused(exists);
    }

    /// `TigerBeetle`'s counters lag behind its timeouts and commercetools frees holds minutes later; here the units are
    /// free at the deadline itself, and no sweeper runs in this test.
    #[test]
    fn units_are_free_at_the_deadline_itself() {
        let history = || [added(1), reserved(1, 1, 60)];
        given(history()).at(59_999).when(reserve(2, 1)).refused(insufficient(1, 0, 0));
        for moment in [60_000, 60_001] {
            given(history())
                .at(moment)
                .when(reserve(2, 1))
                .then([expired_event(1, 1), reserved_at(2, 1, moment, 300)])
                .available(0);
        }
    }

    #[test]
    fn overdue_holds_stay_when_other_units_suffice() {
        given([added(5), reserved(1, 2, 60)])
            .at(60_000)
            .when(reserve(2, 3))
            .then([reserved_at(2, 3, 60_000, 300)])
            .reserved(5)
            .available(2);
    }

    #[test]
    fn only_as_many_overdue_holds_end_as_are_needed_the_oldest_deadline_first() {
        let history = [added(6), reserved(1, 2, 30), reserved(2, 2, 10), reserved(3, 2, 20)];
        given(history).at(40_000).when(reserve(4, 3)).then([
            expired_event(2, 2),
            expired_event(3, 2),
            reserved_at(4, 3, 40_000, 300),
        ]);
    }

    #[test]
    fn a_refusal_counts_overdue_holds_as_free() {
        given([added(6), policy(1, 0), reserved(1, 2, 10), reserved(2, 3, 60)])
            .at(10_000)
            .when(reserve(3, 3))
            .refused(insufficient(3, 3, 2));
    }

    #[test]
    fn an_overdue_id_can_be_promised_again_as_though_it_had_been_swept() {
        given([added(5), reserved(1, 2, 10)])
            .at(10_000)
            .when(reserve(1, 1))
            .then([expired_event(1, 2), reserved_at(1, 1, 10_000, 300)])
            .reserved(1);
    }

    #[test]
    fn there_is_a_most_of_holds_and_overdue_ones_give_way() {
        let holds = (0..500_000_u32).map(|number| Hold {
            reservation_id: reservation(u128::from(number)),
            quantity: positive(1),
            created_at: now(),
            expires_at: if number == 7 { at(1_000) } else { at(2_000) },
            sequence: u64::from(number),
        });
        let inventory = Inventory::restore(InventoryParts {
            stock: given([added(1_000_000_000)]).inventory().parts().stock,
            holds: holds.collect(),
            reservations_made: 500_000,
            ..InventoryParts::default()
        })
        .unwrap();
        let another = reserve(1_000_000, 1);
        let refused = crate::decide(&inventory, &another, at(999)).unwrap_err();
        assert_eq!(refused, Refusal::TooManyHolds { limit: 500_000 });
        let events = crate::decide(&inventory, &another, at(1_000)).unwrap();
        assert_eq!(events, [expired_event(7, 1), reserved_at(1_000_000, 1, 1_000, 300)]);
    }
}
