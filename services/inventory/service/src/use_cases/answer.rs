//! The answer to a command: the stock level after it, or the reservation that it changed.

use gondola_inventory_domain::{LineStatus, ProductId, ReservationId, StoreId};
use kit_core::{Position, Timestamp, Version};
use kit_event_store::EventStoreError;
use kit_executor::CommandReceipt;

use super::command_error::CommandError;
use super::stock_level::StockLevel;

/// The answer to a [`super::StockRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StockAnswer {
    /// The stock level after a receipt, a correction, a count or a new policy.
    Level(StockLevel),
    /// The reservation that was made, changed or ended.
    Reservation(ReservationAnswer),
}

/// What became of a request.
pub type Performed = Result<CommandReceipt<StockAnswer>, CommandError>;

/// A reservation after a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservationAnswer {
    /// Its id.
    pub id: ReservationId,
    /// The store.
    pub store: StoreId,
    /// Status after the command.
    pub status: LineStatus,
    /// Its deadline, while it is active.
    pub expires_at: Option<Timestamp>,
    /// Its lines, at least one.
    pub lines: Vec<ReservationAnswerLine>,
}

/// One product of a reservation after a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReservationAnswerLine {
    /// The product.
    pub product: ProductId,
    /// Units that the command reserved, sold or released.
    pub quantity: u32,
    /// Units of the product still available.
    pub available: u32,
    /// Version of the stock level.
    pub version: Version,
}

/// The result of a [`super::command::StoreCommand`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreAnswer {
    /// The store.
    pub(super) store: StoreId,
    /// The time of the decision.
    pub(super) as_of: Timestamp,
    /// The reservation that was made, ended or extended.
    pub(super) reservation: Option<ReservationId>,
    /// Its deadline, while it is active.
    pub(super) expires_at: Option<Timestamp>,
    /// What became of each line, in the order of the command's lines.
    pub(super) lines: Vec<LineAnswer>,
}

/// What became of one line of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineAnswer {
    /// The stock level after the command; its position is known only once the command is durable.
    pub(super) level: StockLevel,
    /// Units of this line that the command reserved, sold or released.
    pub(super) quantity: u32,
}

impl StoreAnswer {
    /// The answer to a command to one stock level, whose last event is at `position`.
    ///
    /// Fails when an answer that was kept under an idempotency key is of another command.
    pub(super) fn into_level(self, position: Position) -> Result<StockAnswer, EventStoreError> {
        match self.lines.as_slice() {
            [line] => Ok(StockAnswer::Level(StockLevel { position, ..line.level })),
            lines => Err(unusable(format_args!("has {} stock levels instead of one", lines.len()))),
        }
    }

    /// The answer to a command about a reservation; `status` is the one after it.
    ///
    /// Fails when an answer that was kept under an idempotency key is of another command.
    pub(super) fn into_reservation(
        self,
        status: LineStatus,
    ) -> Result<StockAnswer, EventStoreError> {
        let id = self.reservation.ok_or_else(|| unusable(format_args!("has no reservation")))?;
        let line = |LineAnswer { level, quantity }: LineAnswer| ReservationAnswerLine {
            product: level.product,
            quantity,
            available: level.available(),
            version: level.version,
        };
        Ok(StockAnswer::Reservation(ReservationAnswer {
            id,
            store: self.store,
            status,
            expires_at: self.expires_at,
            lines: self.lines.into_iter().map(line).collect(),
        }))
    }
}

fn unusable(why: std::fmt::Arguments<'_>) -> EventStoreError {
    EventStoreError::Corrupt(format!("the stored answer of this idempotency key {why}"))
}
