//! A basket that a process holds in one store under one reservation: held, sold whole, or released.

use gondola_inventory_domain::{
    Command, CommitReservation, Customer, LineCommand, OrderRef, PositiveQuantity, ProductId,
    Reason, Refusal, ReleaseReservation, ReservationId, ReserveStock, StoreId, TimeToLive,
    TransactionRef,
};
use uuid::Uuid;

use super::command::{StoreCommand, Subject};
use super::decider::StoreRefusal;
use super::store_steps::of_step;

/// Where a basket is held, and under which id.
#[derive(Clone, Copy)]
pub(super) struct HeldBasket {
    pub(super) store: StoreId,
    pub(super) reservation_id: ReservationId,
}

/// What its hold is for, and for how long.
#[derive(Clone)]
pub(super) struct HoldTerms {
    pub(super) ttl: TimeToLive,
    pub(super) reason: Option<Reason>,
    pub(super) order: Option<OrderRef>,
    pub(super) customer: Option<Customer>,
}

impl HeldBasket {
    /// Its units are held; the reservation's own id makes that happen once.
    pub(super) fn hold(
        self,
        lines: &[(ProductId, PositiveQuantity)],
        terms: &HoldTerms,
    ) -> StoreCommand {
        let HoldTerms { ttl, reason, order, customer } = terms;
        let line = |(product, quantity): &(ProductId, PositiveQuantity)| {
            let reserve = ReserveStock {
                reservation_id: self.reservation_id,
                quantity: *quantity,
                ttl: *ttl,
                reason: reason.clone(),
                order: order.clone(),
                customer: customer.clone(),
                sold_at: None,
            };
            LineCommand::required(*product, Command::ReserveStock(reserve))
        };
        let subject = Subject::NewReservation { id: self.reservation_id, chosen: true };
        StoreCommand::reservation(self.store, lines.iter().map(line).collect(), subject)
    }

    /// All that was held is sold: less would be told as if all were.
    pub(super) fn sell(
        self,
        lines: &[(ProductId, PositiveQuantity)],
        (transaction, customer): (&TransactionRef, Option<&Customer>),
        command_id: Uuid,
    ) -> StoreCommand {
        let line = |(product, quantity): &(ProductId, PositiveQuantity)| {
            let commit = CommitReservation {
                reservation_id: self.reservation_id,
                quantity: Some((*quantity).into()),
                keep_remainder: false,
                transaction: transaction.clone(),
                customer: customer.cloned(),
                occurred_at: None,
            };
            LineCommand::required(*product, Command::CommitReservation(commit))
        };
        of_step(self.store, lines.iter().map(line).collect(), command_id)
    }

    /// Whatever is still held of these products is given back.
    pub(super) fn release(self, products: &[ProductId], command_id: Uuid) -> StoreCommand {
        let reservation_id = self.reservation_id;
        let line = |product: &ProductId| {
            let (quantity, reason) = (None, None);
            let release = ReleaseReservation { reservation_id, quantity, reason };
            let release = Command::ReleaseReservation(release);
            LineCommand { optional: true, ..LineCommand::required(*product, release) }
        };
        of_step(self.store, products.iter().map(line).collect(), command_id)
    }
}

/// Whether all that is wrong with a sale is that its units are not held any more, or not all of them.
pub(super) fn is_gone(refusal: &StoreRefusal) -> bool {
    let gone = |refusal: &Refusal| {
        matches!(
            refusal,
            Refusal::ReservationNotActive { .. }
                | Refusal::ReservationExpired { .. }
                | Refusal::CommitExceedsHold { .. }
        )
    };
    matches!(refusal, StoreRefusal::Lines(lines) if lines.iter().all(|line| gone(&line.refusal)))
}
