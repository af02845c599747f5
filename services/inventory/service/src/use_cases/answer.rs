//! What a caller is told after a command: the stock level after it, or the reservation that it was about.

use gondola_inventory_domain::{LineStatus, ProductId, ReservationId, StoreId};
use kit_core::{Position, Timestamp, Version};
use kit_event_store::StoreError;
use serde::{Deserialize, Serialize};

use super::queries::{LevelRow, row};

/// The answer to a [`super::StockRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StockAnswer {
    /// The stock level after a receipt, a correction, a count or a new policy.
    Level(LevelRow),
    /// The reservation that was made, changed or ended.
    Reservation(ReservationAnswer),
}

/// A reservation after a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservationAnswer {
    /// Its id.
    pub id: ReservationId,
    /// The store.
    pub store: StoreId,
    /// How it stands after the command.
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

/// The result of a [`super::command::StoreCommand`]; kept under its idempotency key, so its shape only ever grows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreAnswer {
    /// The store.
    pub(super) store: StoreId,
    /// The moment of the decision.
    pub(super) as_of: Timestamp,
    /// The reservation that was made, ended or extended.
    pub(super) reservation: Option<ReservationId>,
    /// Its deadline, while it is active.
    pub(super) expires_at: Option<Timestamp>,
    /// The stock levels, in the order of the command's lines.
    pub(super) levels: Vec<LevelAnswer>,
}

/// One stock level after a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LevelAnswer {
    /// The product.
    pub product: ProductId,
    /// Units physically in the store.
    pub on_hand: u32,
    /// Units reserved.
    pub reserved: u32,
    /// On hand less reserved.
    pub available: u32,
    /// Available less safety stock.
    pub offered: u32,
    /// Units that are not offered.
    pub safety_stock: u32,
    /// Reorder at or below so many available units.
    pub reorder_point: u32,
    /// Version of the stock level.
    pub version: Version,
    /// Units of this line that the command reserved, sold or released.
    pub quantity: u32,
}

impl StoreAnswer {
    /// The answer to a command to one stock level, whose last event is at `position`.
    ///
    /// Fails when an answer that was kept under an idempotency key is of another command.
    pub(super) fn into_level(self, position: Position) -> Result<StockAnswer, StoreError> {
        match self.levels.as_slice() {
            [level] => Ok(StockAnswer::Level(row(self.store, level, position, self.as_of))),
            levels => {
                Err(unusable(format_args!("has {} stock levels instead of one", levels.len())))
            }
        }
    }

    /// The answer to a command about a reservation, which stands like this after it.
    ///
    /// Fails when an answer that was kept under an idempotency key is of another command.
    pub(super) fn into_reservation(self, status: LineStatus) -> Result<StockAnswer, StoreError> {
        let id = self.reservation.ok_or_else(|| unusable(format_args!("has no reservation")))?;
        let line = |level: LevelAnswer| ReservationAnswerLine {
            product: level.product,
            quantity: level.quantity,
            available: level.available,
            version: level.version,
        };
        Ok(StockAnswer::Reservation(ReservationAnswer {
            id,
            store: self.store,
            status,
            expires_at: self.expires_at,
            lines: self.levels.into_iter().map(line).collect(),
        }))
    }
}

fn unusable(why: std::fmt::Arguments<'_>) -> StoreError {
    StoreError::Corrupt(format!("the stored answer of this idempotency key {why}"))
}
