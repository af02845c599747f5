//! The state of one stock level and how events change it.

use kit_core::Timestamp;

use crate::holds::Holds;
use crate::{Event, Hold, PhysicalStock, ReservationId, StockQuantity};

/// The most holds that one stock level keeps at a time.
pub const HOLDS_MAX: usize = 500_000;

/// One product in one store: units on hand and the holds on them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    pub(crate) stock: PhysicalStock,
    pub(crate) policy: StockPolicy,
    pub(crate) holds: Holds,
    pub(crate) reservations_made: u64,
}

/// Safety stock and reorder point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct StockPolicy {
    /// Units that are not offered, though they are available.
    pub safety_stock: StockQuantity,
    /// Reorder when at most this many units are available.
    pub reorder_point: StockQuantity,
}

impl Inventory {
    /// A stock level of which nothing is recorded, which will remember so many physical facts; see
    /// [`PhysicalStock::remembering`].
    #[must_use]
    pub fn remembering(recent_max: usize) -> Self {
        Self { stock: PhysicalStock::remembering(recent_max), ..Self::default() }
    }

    /// Units physically in the store.
    #[must_use]
    pub fn on_hand(&self) -> StockQuantity {
        self.stock.on_hand()
    }

    /// Units that were taken beyond what the books had, since the latest count.
    #[must_use]
    pub fn shortfall(&self) -> StockQuantity {
        self.stock.shortfall()
    }

    /// Business time of the latest count.
    #[must_use]
    pub fn counted_at(&self) -> Option<Timestamp> {
        self.stock.counted_at()
    }

    /// Units of all holds on record, overdue ones included.
    #[must_use]
    pub fn reserved(&self) -> StockQuantity {
        StockQuantity::saturating_new(self.holds.units())
    }

    /// Units of the holds that are still good at `now`; O(number of overdue holds).
    #[must_use]
    pub fn reserved_at(&self, now: Timestamp) -> StockQuantity {
        let overdue: u64 =
            self.holds.overdue(now).map(|(_, quantity)| u64::from(quantity.get())).sum();
        StockQuantity::saturating_new(self.holds.units().saturating_sub(overdue))
    }

    /// Units on hand without an active hold at `now`; O(number of overdue holds).
    #[must_use]
    pub fn available_at(&self, now: Timestamp) -> StockQuantity {
        self.on_hand().saturating_sub(self.reserved_at(now))
    }

    /// Available to promise: units that may be reserved at `now`, which is available minus safety stock, at least zero.
    #[must_use]
    pub fn offered_at(&self, now: Timestamp) -> StockQuantity {
        self.available_at(now).saturating_sub(self.policy.safety_stock)
    }

    /// Safety stock and reorder point.
    #[must_use]
    pub fn policy(&self) -> StockPolicy {
        self.policy
    }

    /// A hold on record, perhaps overdue; O(log n).
    #[must_use]
    pub fn hold(&self, id: ReservationId) -> Option<&Hold> {
        self.holds.get(id)
    }

    /// All holds on record, overdue ones included, in the order of their ids.
    pub fn holds(&self) -> impl ExactSizeIterator<Item = &Hold> {
        self.holds.iter()
    }

    /// How many holds are on record, overdue ones included.
    #[must_use]
    pub fn hold_count(&self) -> usize {
        self.holds.len()
    }

    /// The earliest deadline on record, perhaps in the past: when the sweeper is next needed here.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.holds.next_deadline()
    }

    /// The earliest deadline after `now`; O(number of overdue holds).
    #[must_use]
    pub fn next_deadline_after(&self, now: Timestamp) -> Option<Timestamp> {
        self.holds.next_deadline_after(now)
    }
}

/// Folds an event into the state.
///
/// Total: history never fails. An event about an unknown hold changes nothing but what is on hand, and numbers
/// stop at their bounds. Takes the state by value, so that no map is ever copied.
#[must_use]
pub fn evolve(mut inventory: Inventory, event: &Event) -> Inventory {
    let state = &mut inventory;
    if let Some((told, posting)) = event.physical() {
        state.stock.post(told, posting);
    }
    match event {
        Event::StockReserved { reservation_id, quantity, created_at, expires_at, .. } => {
            state.holds.insert(Hold {
                reservation_id: *reservation_id,
                quantity: *quantity,
                created_at: *created_at,
                expires_at: *expires_at,
                sequence: state.reservations_made,
            });
            state.reservations_made = state.reservations_made.saturating_add(1);
        }
        Event::StockCommitted { reservation_id, kept, .. }
        | Event::StockReleased { reservation_id, kept, .. } => {
            state.holds.keep(*reservation_id, *kept);
        }
        Event::StockTransferredOut { reservation_id, .. } => {
            state.holds.keep(*reservation_id, StockQuantity::ZERO);
        }
        Event::ReservationExtended { reservation_id, expires_at } => {
            state.holds.extend(*reservation_id, *expires_at);
        }
        Event::StockAdded { .. }
        | Event::StockAdjusted { .. }
        | Event::StockTransferredIn { .. } => {}
        Event::StockPolicyChanged { safety_stock, reorder_point } => {
            state.policy =
                StockPolicy { safety_stock: *safety_stock, reorder_point: *reorder_point };
        }
    }
    inventory
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReleaseCause;
    use crate::testing::{
        added, adjusted, at, committed, extended, given, now, policy, quantity, released,
        released_some, reservation, reserved, sold_some,
    };

    #[test]
    fn an_unknown_stock_level_is_empty() {
        let empty = Inventory::default();
        assert_eq!(empty.available_at(now()), StockQuantity::ZERO);
        assert_eq!((empty.hold_count(), empty.next_deadline()), (0, None));
    }

    #[test]
    fn numbers_depend_on_the_moment_that_is_asked_for() {
        let history = [added(9), policy(2, 5), reserved(1, 3, 10), reserved(2, 4, 20)];
        let inventory = given(history).inventory();
        let numbers = |moment| {
            let units = [inventory.reserved_at(moment), inventory.available_at(moment)];
            [units[0].get(), units[1].get(), inventory.offered_at(moment).get()]
        };
        assert_eq!(numbers(at(9_999)), [7, 2, 0]);
        assert_eq!(numbers(at(10_000)), [4, 5, 3]);
        assert_eq!(numbers(at(19_999)), [4, 5, 3]);
        assert_eq!(numbers(at(20_000)), [0, 9, 7]);
        assert_eq!(inventory.reserved(), quantity(7));
    }

    #[test]
    fn holds_are_found_by_id_and_by_deadline() {
        let history = [added(9), reserved(2, 3, 20), reserved(1, 4, 10), extended(1, 30_000)];
        let inventory = given(history).inventory();
        assert_eq!(inventory.next_deadline(), Some(at(20_000)));
        let hold = inventory.hold(reservation(1)).unwrap();
        assert_eq!((hold.created_at, hold.expires_at, hold.sequence), (now(), at(30_000), 1));
        assert_eq!(inventory.hold(reservation(3)), None);
        let ids: Vec<_> = inventory.holds().map(|hold| hold.reservation_id).collect();
        assert_eq!(ids, [reservation(1), reservation(2)]);
    }

    #[test]
    fn a_hold_goes_on_with_what_it_keeps() {
        let history = [added(9), reserved(1, 5, 10), sold_some(1, 2, 3), released_some(1, 1, 2)];
        let inventory = given(history).inventory();
        let hold = inventory.hold(reservation(1)).unwrap();
        assert_eq!((hold.quantity.get(), hold.expires_at, hold.sequence), (2, at(10_000), 0));
        assert_eq!((inventory.reserved(), inventory.on_hand()), (quantity(2), quantity(7)));
        assert_eq!(inventory.reserved_at(at(10_000)), StockQuantity::ZERO);
        let ended = evolve(inventory, &committed(1, 2, 0));
        assert_eq!((ended.hold_count(), ended.reserved()), (0, StockQuantity::ZERO));
    }

    #[test]
    fn history_never_fails() {
        let nonsense = [
            committed(1, 5, 0),
            released(1, 5, ReleaseCause::Cancelled),
            extended(1, 1_000),
            adjusted(-7),
            reserved(1, 5, 10),
            reserved(1, 6, 20),
            added(1_000_000_000),
            added(1_000_000_000),
            adjusted(1_000_000_000),
        ];
        let after = nonsense.iter().fold(Inventory::default(), evolve);
        assert_eq!(after.on_hand(), StockQuantity::MAX);
        assert_eq!((after.reserved(), after.hold_count()), (quantity(6), 1));
        let promised_too_much = evolve(Inventory::default(), &reserved(1, 5, 10));
        assert_eq!(promised_too_much.available_at(now()), StockQuantity::ZERO);
    }
}
