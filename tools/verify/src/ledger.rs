//! Stock and reservations, folded from the log: I1, I2 and I4.

use serde::Serialize;
use uuid::Uuid;

use super::entry::{Broken, Entry, Invariant, require};
use super::facts::Fact;
use super::level::{Level, units};
use super::lines::{Ending, Line, Lines, Made, Status};
use super::payload::{
    Adjusted, Cause, Committed, Effect, Extended, Payload, Released, Reserved, TransferredIn,
    TransferredOut,
};

/// The stock of all levels.
#[derive(Default)]
pub(super) struct Ledger {
    levels: Vec<Level>,
    lines: Lines,
    totals: Totals,
}

/// Units moved, over all levels.
#[derive(Clone, Copy, Default)]
pub(super) struct Totals {
    received: i128,
    committed: i128,
    adjusted: i128,
    transferred: i128,
}

/// Units moved, and where that leaves them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Units {
    /// Units that arrived.
    pub received: i128,
    /// Units that were sold.
    pub committed: i128,
    /// Units found or lost; and where a receipt or a sale changed less or more than it says, the difference.
    pub adjusted: i128,
    /// Units that came from other stores, less those that left for them: negative while units are on their way.
    pub transferred: i128,
    /// Units in the stores.
    pub on_hand: i128,
    /// Units that were taken beyond what the books had.
    pub shortfall: i128,
    /// Units of those that reservations hold.
    pub reserved: i128,
}

impl Totals {
    /// What must be on hand in all levels together.
    pub(super) fn on_hand(self) -> i128 {
        self.received - self.committed + self.adjusted + self.transferred
    }
}

impl Ledger {
    /// Makes room for a new stock level.
    pub(super) fn open_level(&mut self, product: Uuid, store: Uuid) -> u32 {
        self.levels.push(Level::new(product, store));
        u32::try_from(self.levels.len() - 1).unwrap_or(u32::MAX)
    }

    /// Applies an event and checks what must hold after it.
    pub(super) fn apply(
        &mut self,
        index: u32,
        payload: &Payload<'_>,
        entry: &Entry<'_>,
        transaction: u64,
    ) -> Result<(), Broken> {
        match payload {
            Payload::Added(added) => {
                units("quantity", added.quantity, 1)?;
                let told = added.quantity;
                let level = self.level_mut(index);
                let moved = level.post(Fact::By(told), (told, 0), added.effect, entry)?;
                self.book(index, (told, 0, moved - told));
            }
            Payload::Reserved(reserved) => self.reserve(index, reserved, entry, transaction)?,
            Payload::Committed(committed) => self.commit(index, committed, entry)?,
            Payload::Released(released) => self.release(index, released, entry)?,
            Payload::Extended(extended) => self.extend(index, extended, entry)?,
            Payload::Adjusted(adjusted) => self.adjust(index, adjusted, entry)?,
            Payload::TransferredOut(out) => self.transfer_out(index, out, entry)?,
            Payload::TransferredIn(into) => self.transfer_in(index, into, entry)?,
            Payload::PolicyChanged(policy) => {
                units("safety stock", policy.safety_stock, 0)?;
                units("reorder point", policy.reorder_point, 0)?;
                let level = self.level_mut(index);
                level.safety_stock = policy.safety_stock;
                level.reorder_point = policy.reorder_point;
            }
        }
        let level = self.level_mut(index);
        level.version = entry.version;
        level.position = entry.position;
        level.freed_last = matches!(payload, Payload::Released(_));
        level.check()?;
        level.check_facts()
    }

    /// Adds up what was received, committed and adjusted.
    fn book(&mut self, index: u32, (received, committed, adjusted): (i64, i64, i64)) {
        let level = self.level_mut(index);
        level.received += received;
        level.committed += committed;
        level.adjusted += adjusted;
        self.totals.received += i128::from(received);
        self.totals.committed += i128::from(committed);
        self.totals.adjusted += i128::from(adjusted);
    }

    fn reserve(
        &mut self,
        index: u32,
        reserved: &Reserved<'_>,
        entry: &Entry<'_>,
        transaction: u64,
    ) -> Result<(), Broken> {
        let Reserved { reservation_id, quantity, created_at, expires_at, order_id } = reserved;
        units("quantity", *quantity, 1)?;
        require(created_at.0 == entry.recorded_at, Invariant::I4, || {
            format!("reservation {reservation_id} begins at another time than it was recorded")
        })?;
        let made = Made {
            reservation: *reservation_id,
            level: index,
            quantity: *quantity,
            created_at: created_at.0,
            expires_at: expires_at.0,
            transaction,
            order: self.lines.mark(order_id.as_deref()),
        };
        let levels = &self.levels;
        self.lines.make(&made, |level| levels[level as usize].product)?;
        self.level_mut(index).reserved += quantity;
        Ok(())
    }

    fn commit(
        &mut self,
        index: u32,
        committed: &Committed<'_>,
        entry: &Entry<'_>,
    ) -> Result<(), Broken> {
        let Committed { reservation_id, quantity, returned, kept, transaction_id, effect } =
            committed;
        units("quantity", *quantity, 1)?;
        units("returned", *returned, 0)?;
        units("kept", *kept, 0)?;
        let ending = Ending {
            status: Status::Committed,
            released: quantity + returned,
            kept: *kept,
            committed: *quantity,
            at: entry.recorded_at,
            sale: self.lines.mark(Some(transaction_id)),
        };
        self.lines.end(*reservation_id, index, ending)?;
        let level = self.level_mut(index);
        let moved = level.post(Fact::By(-quantity), (-quantity, 0), *effect, entry)?;
        level.reserved -= quantity + returned;
        self.book(index, (0, *quantity, moved + quantity));
        Ok(())
    }

    fn release(
        &mut self,
        index: u32,
        released: &Released,
        entry: &Entry<'_>,
    ) -> Result<(), Broken> {
        let Released { reservation_id, quantity, kept, cause } = released;
        units("quantity", *quantity, 1)?;
        units("kept", *kept, 0)?;
        let status = match cause {
            Cause::Cancelled => Status::Cancelled,
            Cause::Expired => Status::Expired,
            Cause::PartialCommit => Status::PartialCommit,
            Cause::Shortage => Status::Shortage,
        };
        let at = entry.recorded_at;
        let ending = Ending { status, released: *quantity, kept: *kept, committed: 0, at, sale: 0 };
        self.lines.end(*reservation_id, index, ending)?;
        self.level_mut(index).reserved -= quantity;
        Ok(())
    }

    fn extend(&mut self, index: u32, extended: &Extended, entry: &Entry<'_>) -> Result<(), Broken> {
        let Extended { reservation_id, expires_at } = extended;
        self.lines.extend(*reservation_id, index, entry.recorded_at, expires_at.0)
    }

    fn adjust(&mut self, index: u32, adjusted: &Adjusted, entry: &Entry<'_>) -> Result<(), Broken> {
        let Adjusted { delta, counted, effect } = *adjusted;
        units("size of the adjustment", delta.saturating_abs(), i64::from(counted.is_none()))?;
        let fact = match counted {
            None => Fact::By(delta),
            // a count of the past was applied as a difference by earlier releases, which say no effect
            Some(_) if effect.is_none() && entry.occurred_at < entry.recorded_at => {
                Fact::To(self.level(index).on_hand + delta)
            }
            Some(counted) => {
                units("counted", counted, 0)?;
                Fact::To(counted)
            }
        };
        let moved = self.level_mut(index).post(fact, (delta, 0), effect, entry)?;
        require(counted.is_none() || moved == delta, Invariant::I1, || {
            format!("a count that changed on hand by {moved} says {delta}")
        })?;
        self.book(index, (0, 0, moved));
        Ok(())
    }

    fn transfer_out(
        &mut self,
        index: u32,
        out: &TransferredOut,
        entry: &Entry<'_>,
    ) -> Result<(), Broken> {
        let TransferredOut { reservation_id, quantity, effect, .. } = *out;
        units("quantity", quantity, 1)?;
        let (status, at) = (Status::Transferred, entry.recorded_at);
        let ending = Ending { status, released: quantity, kept: 0, committed: 0, at, sale: 0 };
        self.lines.end(reservation_id, index, ending)?;
        self.level_mut(index).reserved -= quantity;
        self.transfer(index, -quantity, effect, entry)
    }

    fn transfer_in(
        &mut self,
        index: u32,
        into: &TransferredIn,
        entry: &Entry<'_>,
    ) -> Result<(), Broken> {
        units("quantity", into.quantity, 1)?;
        self.transfer(index, into.quantity, into.effect, entry)
    }

    /// Units that came from another store, negative ones left for one.
    fn transfer(
        &mut self,
        index: u32,
        told: i64,
        effect: Option<Effect>,
        entry: &Entry<'_>,
    ) -> Result<(), Broken> {
        let moved = self.level_mut(index).post(Fact::By(told), (told, 0), effect, entry)?;
        self.level_mut(index).transferred += told;
        self.totals.transferred += i128::from(told);
        self.book(index, (0, 0, moved - told));
        Ok(())
    }

    /// Checks the sums at the end of the log; the error names the level that is wrong.
    pub(super) fn check_sums(&self) -> Result<(), (u32, Broken)> {
        let mut held = vec![0_i64; self.levels.len()];
        for line in self.lines.all().filter(|line| line.status == Status::Active) {
            held[line.level as usize] += i64::from(line.held);
        }
        let mut on_hand = 0;
        for ((index, level), held) in (0..).zip(&self.levels).zip(held) {
            level.check_sums(held).map_err(|broken| (index, broken))?;
            on_hand += i128::from(level.on_hand);
        }
        let expected = self.totals.on_hand();
        let last = u32::try_from(self.levels.len().saturating_sub(1)).unwrap_or(u32::MAX);
        require(on_hand == expected, Invariant::I1, || {
            format!(
                "all levels together have {on_hand} on hand, but {expected} remain of what moved"
            )
        })
        .map_err(|broken| (last, broken))
    }

    /// Units over all stock levels.
    pub(super) fn units(&self) -> Units {
        let Totals { received, committed, adjusted, transferred } = self.totals;
        let on_hand = self.levels.iter().map(|level| i128::from(level.on_hand)).sum();
        let shortfall = self.levels.iter().map(|level| i128::from(level.shortfall)).sum();
        let reserved = self.levels.iter().map(|level| i128::from(level.reserved)).sum();
        Units { received, committed, adjusted, transferred, on_hand, shortfall, reserved }
    }

    /// Whether there is no stock level at all.
    pub(super) fn is_empty(&self) -> bool {
        self.levels.is_empty()
    }

    /// A stock level.
    pub(super) fn level(&self, index: u32) -> &Level {
        &self.levels[index as usize]
    }

    fn level_mut(&mut self, index: u32) -> &mut Level {
        &mut self.levels[index as usize]
    }

    /// All stock levels.
    pub(super) fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// All lines of reservations.
    pub(super) fn lines(&self) -> &Lines {
        &self.lines
    }

    /// What must be on hand in all levels together.
    pub(super) fn totals(&self) -> Totals {
        self.totals
    }

    /// A line of a reservation by its product.
    pub(super) fn find_line(&self, reservation: Uuid, product: Uuid) -> Option<(u32, &Line)> {
        self.lines.find(reservation, |line| self.level(line.level).product == product)
    }
}
