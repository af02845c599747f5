//! A stock level taken apart into plain values and put together again.

use std::collections::BTreeSet;

use kit_core::Timestamp;

use crate::holds::Holds;
use crate::{
    Balance, Hold, Inventory, PhysicalStock, RecentFact, ReservationId, StockPolicy, StockQuantity,
};

/// Everything that makes up an [`Inventory`], for a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InventoryParts {
    /// The physical stock.
    pub stock: PhysicalParts,
    /// What is kept back and when to reorder.
    pub policy: StockPolicy,
    /// All holds on record, in any order.
    pub holds: Vec<Hold>,
    /// Number of holds ever made here; each hold's sequence is lower.
    pub reservations_made: u64,
}

/// Everything that makes up a [`PhysicalStock`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhysicalParts {
    /// On hand and shortfall.
    pub present: Balance,
    /// Business time of the latest count.
    pub counted_at: Option<Timestamp>,
    /// Facts that were posted.
    pub posted: u32,
    /// On hand and shortfall before the first recent fact.
    pub base: Balance,
    /// The latest business time of the facts since the count that are only in `base`.
    pub settled_until: Option<Timestamp>,
    /// The newest facts since the count, in the order of their business times.
    pub recent: Vec<RecentFact>,
}

/// Parts that no history leads to; drop the snapshot and fold the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidParts {
    /// Two holds with one id.
    #[error("the snapshot has two holds of {reservation_id}: drop it and fold the events")]
    DuplicateHold {
        /// The duplicate id.
        reservation_id: ReservationId,
    },
    /// A hold whose place in the order of creation is taken or not yet reached.
    #[error(
        "the snapshot's hold of {reservation_id} has the impossible sequence {sequence}: \
         drop it and fold the events"
    )]
    ImpossibleSequence {
        /// Id of the hold's reservation.
        reservation_id: ReservationId,
        /// Its sequence number.
        sequence: u64,
    },
    /// Recent facts that do not lead to what is on hand.
    #[error("the snapshot's recent facts do not lead to its stock: drop it and fold the events")]
    ImpossibleStock,
    /// More units held than on hand.
    #[error(
        "the snapshot promises {reserved} units of {on_hand} on hand: drop it and fold the events"
    )]
    ReservedExceedsOnHand {
        /// Units of all holds.
        reserved: u64,
        /// Units on hand.
        on_hand: StockQuantity,
    },
}

impl Inventory {
    /// Takes the state apart; [`Inventory::restore`] gives an equal one back.
    #[must_use]
    pub fn parts(&self) -> InventoryParts {
        InventoryParts {
            stock: self.stock.parts(),
            policy: self.policy,
            holds: self.holds.iter().copied().collect(),
            reservations_made: self.reservations_made,
        }
    }

    /// Puts a state together from its parts, which may come from a damaged file.
    pub fn restore(parts: InventoryParts) -> Result<Self, InvalidParts> {
        let mut holds = Holds::default();
        let mut sequences = BTreeSet::new();
        for hold in parts.holds {
            let Hold { reservation_id, sequence, .. } = hold;
            if holds.get(reservation_id).is_some() {
                return Err(InvalidParts::DuplicateHold { reservation_id });
            }
            if sequence >= parts.reservations_made || !sequences.insert(sequence) {
                return Err(InvalidParts::ImpossibleSequence { reservation_id, sequence });
            }
            holds.insert(hold);
        }
        let stock = PhysicalStock::restore(parts.stock).ok_or(InvalidParts::ImpossibleStock)?;
        let (reserved, on_hand) = (holds.units(), stock.on_hand());
        if reserved > u64::from(on_hand.get()) {
            return Err(InvalidParts::ReservedExceedsOnHand { reserved, on_hand });
        }
        let InventoryParts { policy, reservations_made, .. } = parts;
        Ok(Self { stock, policy, holds, reservations_made })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{added, given, reservation, reserved};

    fn parts() -> InventoryParts {
        given([added(10), reserved(7, 2, 300), reserved(3, 4, 60)]).inventory().parts()
    }

    #[test]
    fn parts_restore_to_the_same_state() {
        let inventory = given([added(10), reserved(7, 2, 300), reserved(3, 4, 60)]).inventory();
        assert_eq!(Inventory::restore(inventory.parts()), Ok(inventory));
    }

    #[test]
    fn facts_that_do_not_lead_to_the_stock_are_refused() {
        let damage = |change: fn(&mut PhysicalParts)| {
            let mut damaged = parts();
            change(&mut damaged.stock);
            Inventory::restore(damaged)
        };
        let impossible = Err(InvalidParts::ImpossibleStock);
        assert_eq!(damage(|stock| stock.present.on_hand += 1), impossible);
        assert_eq!(damage(|stock| stock.base.shortfall = -1), impossible);
        assert_eq!(damage(|stock| stock.recent[0].number = 2), impossible);
        assert_eq!(damage(|stock| stock.recent = vec![stock.recent[0]; 65]), impossible);
    }

    #[test]
    fn two_holds_with_one_id_are_refused() {
        let mut damaged = parts();
        damaged.holds[1].reservation_id = damaged.holds[0].reservation_id;
        assert!(matches!(Inventory::restore(damaged), Err(InvalidParts::DuplicateHold { .. })));
    }

    #[test]
    fn a_sequence_that_is_taken_or_not_yet_reached_is_refused() {
        let mut damaged = parts();
        damaged.holds[1].sequence = damaged.holds[0].sequence;
        let error = Inventory::restore(damaged).unwrap_err();
        assert_eq!(
            error,
            InvalidParts::ImpossibleSequence { reservation_id: reservation(7), sequence: 1 }
        );
        let damaged = InventoryParts { reservations_made: 1, ..parts() };
        let error = Inventory::restore(damaged).unwrap_err();
        assert!(matches!(error, InvalidParts::ImpossibleSequence { sequence: 1, .. }));
    }

    #[test]
    fn more_promised_than_there_is_is_refused() {
        let stock = given([added(5)]).inventory().parts().stock;
        let damaged = InventoryParts { stock, ..parts() };
        let error = Inventory::restore(damaged).unwrap_err();
        assert!(error.to_string().contains("promises 6 units of 5 on hand"), "{error}");
    }
}
