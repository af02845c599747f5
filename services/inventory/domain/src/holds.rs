//! The active holds of one stock level, indexed by id and by deadline.

use std::collections::{BTreeMap, BinaryHeap};

use kit_core::Timestamp;

use crate::{PositiveQuantity, ReservationId, StockQuantity};

/// Units held for a reservation in `[created_at, expires_at)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The reservation.
    pub reservation_id: ReservationId,
    /// How many units.
    pub quantity: PositiveQuantity,
    /// From when on.
    pub created_at: Timestamp,
    /// The deadline: from then on the units are free.
    pub expires_at: Timestamp,
    /// Number of holds this stock level had made before: the order of creation, which ids need not follow.
    pub sequence: u64,
}

impl Hold {
    /// Whether the deadline has passed: half-open, so at `expires_at` itself it has.
    #[must_use]
    pub fn is_overdue_at(&self, now: Timestamp) -> bool {
        self.expires_at <= now
    }
}

/// All holds that have not ended, overdue ones included; every single-hold operation is O(log n).
///
/// Ordered maps rather than hash maps: they are deterministic, they need no defence against chosen ids, and an
/// empty one allocates nothing, which matters for millions of stock levels without any hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holds {
    by_id: BTreeMap<ReservationId, Hold>,
    by_deadline: BTreeMap<(Timestamp, ReservationId), PositiveQuantity>,
    /// The earliest deadline, cached: nearly every decision only checks whether it has passed.
    next_deadline: Option<Timestamp>,
    units: u64,
}

impl Holds {
    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Units of all holds. Wide enough for any history, so that adding never overflows.
    pub(crate) fn units(&self) -> u64 {
        self.units
    }

    pub(crate) fn get(&self, id: ReservationId) -> Option<&Hold> {
        self.by_id.get(&id)
    }

    /// In the order of their ids.
    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &Hold> {
        self.by_id.values()
    }

    pub(crate) fn next_deadline(&self) -> Option<Timestamp> {
        self.next_deadline
    }

    pub(crate) fn next_deadline_after(&self, now: Timestamp) -> Option<Timestamp> {
        let first = self.next_deadline?;
        if first > now {
            return Some(first);
        }
        self.by_deadline.keys().map(|(deadline, _)| *deadline).find(|deadline| *deadline > now)
    }

    fn first_deadline(&self) -> Option<Timestamp> {
        self.by_deadline.first_key_value().map(|((deadline, _), _)| *deadline)
    }

    /// The oldest deadline first; reads only as many entries as it yields, and one more.
    pub(crate) fn overdue(
        &self,
        now: Timestamp,
    ) -> impl Iterator<Item = (ReservationId, PositiveQuantity)> {
        let any = self.next_deadline.is_some_and(|deadline| deadline <= now);
        let by_deadline = any.then(|| self.by_deadline.iter()).into_iter().flatten();
        let overdue = by_deadline.take_while(move |((deadline, _), _)| *deadline <= now);
        overdue.map(|((_, id), quantity)| (*id, *quantity))
    }

    /// The holds that are not overdue, the newest first: O(n) to begin, O(log n) for each.
    pub(crate) fn active_newest_first(
        &self,
        now: Timestamp,
    ) -> impl Iterator<Item = (ReservationId, PositiveQuantity)> {
        let active = self.by_id.values().filter(|hold| !hold.is_overdue_at(now));
        let mut by_age: BinaryHeap<_> =
            active.map(|hold| (hold.sequence, hold.reservation_id, hold.quantity)).collect();
        std::iter::from_fn(move || by_age.pop()).map(|(_, id, quantity)| (id, quantity))
    }

    /// Adds a hold; one with the same id gives way.
    pub(crate) fn insert(&mut self, hold: Hold) {
        self.remove(hold.reservation_id);
        self.by_deadline.insert((hold.expires_at, hold.reservation_id), hold.quantity);
        self.by_id.insert(hold.reservation_id, hold);
        let first = self.next_deadline.map_or(hold.expires_at, |first| first.min(hold.expires_at));
        self.next_deadline = Some(first);
        self.units = self.units.saturating_add(u64::from(hold.quantity.get()));
    }

    /// Ends a hold; nothing happens when there is none.
    pub(crate) fn remove(&mut self, id: ReservationId) {
        if let Some(hold) = self.by_id.remove(&id) {
            self.by_deadline.remove(&(hold.expires_at, id));
            self.next_deadline = self.first_deadline();
            self.units = self.units.saturating_sub(u64::from(hold.quantity.get()));
        }
    }

    /// Lets a hold keep so many of its units, or ends it when that is none; nothing happens when there is none.
    pub(crate) fn keep(&mut self, id: ReservationId, units: StockQuantity) {
        let (Some(hold), Ok(kept)) = (self.by_id.get_mut(&id), PositiveQuantity::try_from(units))
        else {
            return self.remove(id);
        };
        let (before, after) = (u64::from(hold.quantity.get()), u64::from(kept.get()));
        self.units = self.units.saturating_sub(before).saturating_add(after);
        hold.quantity = kept;
        self.by_deadline.insert((hold.expires_at, id), kept);
    }

    /// Moves a hold's deadline; nothing happens when there is none.
    pub(crate) fn extend(&mut self, id: ReservationId, expires_at: Timestamp) {
        if let Some(hold) = self.by_id.get_mut(&id) {
            self.by_deadline.remove(&(hold.expires_at, id));
            hold.expires_at = expires_at;
            self.by_deadline.insert((expires_at, id), hold.quantity);
            self.next_deadline = self.first_deadline();
        }
    }
}
