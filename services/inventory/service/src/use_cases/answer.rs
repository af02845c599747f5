//! What a caller is told after a command: the stock levels after it, and the reservation that it was about.

use gondola_inventory_domain::{ReservationId, StoreId};
use kit_core::{Position, Timestamp};

use super::stock_level::StockLevel;

/// The result of a [`super::StoreCommand`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The store.
    pub store: StoreId,
    /// The moment of the decision.
    pub as_of: Timestamp,
    /// The reservation that was made, ended or extended.
    pub reservation: Option<ReservationId>,
    /// Its deadline, while it is active.
    pub expires_at: Option<Timestamp>,
    /// What became of each line, in the order of the command's lines.
    pub lines: Vec<LineAnswer>,
}

/// What became of one line of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineAnswer {
    /// The stock level after the command.
    pub level: StockLevel,
    /// Units of this line that the command reserved, sold or released.
    pub quantity: u32,
}

impl Answer {
    /// The answer with the position of the command's last event, which is known only once it is durable.
    #[must_use]
    pub(super) fn at(mut self, position: Position) -> Self {
        for line in &mut self.lines {
            line.level.position = position;
        }
        self
    }
}
