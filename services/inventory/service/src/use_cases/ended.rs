//! A change of a reservation that was refused: was it done already, or what became of the reservation?

use std::sync::Arc;

use gondola_inventory_domain::{LineStatus, Reservation, StoreId};
use kit_core::Position;
use kit_executor::{CommandReceipt, Rejection};

use super::answer::{Performed, ReservationAnswer, ReservationAnswerLine, StockAnswer};
use super::claims::PartialSale;
use super::command_error::CommandError;
use super::decider::StoreRefusal;
use super::plan::Changed;
use super::queries::Freshness;
use super::read_error::ReadError;
use super::stock_commands::StockCommands;

impl StockCommands {
    /// Answers a change of a reservation that was refused at a position: the same again when it is a repetition, else how
    /// the reservation ended, else the refusal.
    pub(super) async fn explain_change(
        &self,
        store: StoreId,
        changed: &Changed,
        refusal: StoreRefusal,
        position: Position,
    ) -> Performed {
        if let Some(sale) = &changed.sale
            && let Some(recorded) = self.recorded(sale).await?
        {
            return self.repeat_sale(changed, &recorded, position).await;
        }
        if refusal.is_only_ended() {
            return self.explain_ended(changed, position).await;
        }
        Err(CommandError::rejected(store, Rejection::Refused { refusal, position }))
    }

    /// What the transaction of a partial sale has sold of its reservation, if it has.
    async fn recorded(&self, sale: &PartialSale) -> Result<Option<Arc<str>>, CommandError> {
        let key = std::slice::from_ref(&sale.key);
        let found = self.log.find_claims(key, self.clock.now()).await?;
        Ok(found.into_iter().flatten().next().map(|claim| claim.value))
    }

    /// A partial sale whose transaction was recorded before: nothing is sold again.
    async fn repeat_sale(
        &self,
        changed: &Changed,
        recorded: &str,
        position: Position,
    ) -> Performed {
        if changed.sale.as_ref().is_none_or(|sale| *sale.sold != *recorded) {
            return Err(CommandError::TransactionReused(changed.id));
        }
        match self.viewed(changed, position).await? {
            Some(reservation) => self.answer_again(&reservation, position).await,
            None => Err(CommandError::UnknownReservation(changed.id)),
        }
    }

    /// Answers a change that was refused because the reservation has ended.
    ///
    /// The refusal itself came from the log; the read model only says which one, so it is awaited up to `position`, which
    /// the refusal has seen.
    async fn explain_ended(&self, changed: &Changed, position: Position) -> Performed {
        let Some(reservation) = self.viewed(changed, position).await? else {
            // an earlier request of its group was to make it, and was refused
            return Err(CommandError::UnknownReservation(changed.id));
        };
        let now = self.clock.now();
        if reservation.is_repetition(&changed.change, now) {
            return self.answer_again(&reservation, position).await;
        }
        let end = reservation.main_end(now);
        let in_part = reservation.status(now) == LineStatus::Active;
        Err(CommandError::Ended { reservation: Box::new(reservation), end, in_part })
    }

    async fn viewed(
        &self,
        changed: &Changed,
        position: Position,
    ) -> Result<Option<Reservation>, ReadError> {
        Ok(self.queries.reservation_at(changed.id, position).await?)
    }

    /// How a reservation stands, as the answer to a repetition.
    async fn answer_again(&self, reservation: &Reservation, position: Position) -> Performed {
        let mut lines = Vec::with_capacity(reservation.lines.len());
        for line in &reservation.lines {
            let found = self.queries.level(reservation.store, line.product, Freshness::Own).await?;
            let Some(level) = found else { continue };
            let sold = line.committed > 0;
            lines.push(ReservationAnswerLine {
                product: line.product,
                quantity: if sold { line.committed } else { line.quantity },
                available: level.available(),
                version: level.version,
            });
        }
        let status = reservation.status(self.clock.now());
        let answer = StockAnswer::Reservation(ReservationAnswer {
            id: reservation.id,
            store: reservation.store,
            status,
            expires_at: (status == LineStatus::Active).then_some(reservation.expires_at),
            lines,
        });
        Ok(CommandReceipt { answer, position, repeated: true })
    }
}
