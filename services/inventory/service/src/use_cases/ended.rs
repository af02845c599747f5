//! A change of a reservation that is not active any more: was it done already, or how did the reservation end?

use gondola_inventory_domain::{LineStatus, Reservation, ReservationChange, ReservationId};
use kit_core::Position;
use kit_executor::CommandReceipt;

use super::answer::{Performed, ReservationAnswer, ReservationAnswerLine, StockAnswer};
use super::command_error::CommandError;
use super::plan::Expected;
use super::queries::Freshness;
use super::read_error::ReadError;
use super::stock_commands::StockCommands;

impl StockCommands {
    /// Answers a change that was refused because the reservation has ended: the same again when it is a repetition,
    /// else how it ended.
    ///
    /// The refusal itself came from the log; the read model only says which one, so it is awaited up to `position`, which
    /// the refusal has seen.
    pub(super) async fn explain_ended(
        &self,
        id: ReservationId,
        change: &ReservationChange,
        position: Position,
    ) -> Performed {
        let Some(reservation) =
            self.queries.reservation_at(id, position).await.map_err(ReadError::from)?
        else {
            // an earlier request of its group was to make it, and was refused
            return Err(CommandError::UnknownReservation(id));
        };
        let now = self.clock.now();
        if !reservation.is_repetition(change, now) {
            let end = reservation.main_end(now);
            return Err(CommandError::Ended { reservation: Box::new(reservation), end });
        }
        let answer = self.answer_again(&reservation, change).await?;
        Ok(CommandReceipt { answer, position, repeated: true })
    }

    async fn answer_again(
        &self,
        reservation: &Reservation,
        change: &ReservationChange,
    ) -> Result<StockAnswer, CommandError> {
        let mut lines = Vec::with_capacity(reservation.lines.len());
        for line in &reservation.lines {
            let found = self.queries.level(reservation.store, line.product, Freshness::Own).await?;
            let Some(level) = found else { continue };
            let sold = line.status == LineStatus::Committed;
            lines.push(ReservationAnswerLine {
                product: line.product,
                quantity: if sold { line.committed } else { line.quantity },
                available: level.available(),
                version: level.version,
            });
        }
        Ok(StockAnswer::Reservation(ReservationAnswer {
            id: reservation.id,
            store: reservation.store,
            status: Expected::status_after(change),
            expires_at: None,
            lines,
        }))
    }
}
