//! What one stock level can be asked to do.

use kit_core::Timestamp;

use crate::{
    CustomerRef, OrderRef, PositiveQuantity, Reason, Reference, ReservationId, StockDelta,
    StockQuantity, TimeToLive, TransactionRef,
};

/// A request to one stock level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// See [`AddStock`].
    AddStock(AddStock),
    /// See [`ReserveStock`].
    ReserveStock(ReserveStock),
    /// See [`CommitReservation`].
    CommitReservation(CommitReservation),
    /// See [`ReleaseReservation`].
    ReleaseReservation(ReleaseReservation),
    /// See [`ExtendReservation`].
    ExtendReservation(ExtendReservation),
    /// See [`AdjustStock`].
    AdjustStock(AdjustStock),
    /// See [`CountStock`].
    CountStock(CountStock),
    /// See [`SetStockPolicy`].
    SetStockPolicy(SetStockPolicy),
    /// See [`ExpireReservations`].
    ExpireReservations(ExpireReservations),
}

impl Command {
    /// When it happened in the shop, if the caller said so: the business time of the events.
    #[must_use]
    pub fn occurred_at(&self) -> Option<Timestamp> {
        match self {
            Self::AddStock(command) => command.occurred_at,
            Self::AdjustStock(command) => command.occurred_at,
            Self::CountStock(command) => command.occurred_at,
            _ => None,
        }
    }
}

/// Units arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddStock {
    /// How many.
    pub quantity: PositiveQuantity,
    /// Why.
    pub reason: Option<Reason>,
    /// What it belongs to, such as a delivery note.
    pub reference: Option<Reference>,
    /// When they arrived; `None` is now.
    pub occurred_at: Option<Timestamp>,
}

/// Promise units until a deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReserveStock {
    /// Name of the promise; unique for ever, which the caller sees to.
    pub reservation_id: ReservationId,
    /// How many; all or none.
    pub quantity: PositiveQuantity,
    /// The deadline is now plus this.
    pub ttl: TimeToLive,
    /// Why.
    pub reason: Option<Reason>,
    /// The order that it is for.
    pub order: Option<OrderRef>,
    /// The customer that it is for.
    pub customer: Option<CustomerRef>,
}

/// The sale happened: promised units leave the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitReservation {
    /// The promise.
    pub reservation_id: ReservationId,
    /// How many were sold; `None` is all. The rest returns, and zero leaves this line out of the sale.
    pub quantity: Option<StockQuantity>,
    /// The sale.
    pub transaction: TransactionRef,
    /// Who bought.
    pub customer: Option<CustomerRef>,
}

/// The promise is void.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseReservation {
    /// The promise.
    pub reservation_id: ReservationId,
    /// Why.
    pub reason: Option<Reason>,
}

/// Keep a promise alive: the deadline becomes now plus `ttl`.
///
/// It never becomes earlier: a caller who was told a deadline may rely on it. An extension that would end before
/// the present deadline is granted and changes nothing. A promise can be extended any number of times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendReservation {
    /// The promise.
    pub reservation_id: ReservationId,
    /// The deadline is now plus this.
    pub ttl: TimeToLive,
}

/// Units appeared or went away other than by delivery or sale: breakage, theft, a sale of an offline till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdjustStock {
    /// The change; not zero.
    pub delta: StockDelta,
    /// Why.
    pub reason: Reason,
    /// What it belongs to.
    pub reference: Option<Reference>,
    /// When it happened; `None` is now.
    pub occurred_at: Option<Timestamp>,
    /// What to do when promised units are gone.
    pub on_shortage: OnShortage,
}

/// Somebody counted the shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountStock {
    /// What lay there, promised units included.
    pub counted: StockQuantity,
    /// What was on hand by the log at the moment of counting, when the count is reported late: the difference
    /// to `counted` is applied to the present, so movements since then are not undone. `None` is a count of now.
    pub on_hand_then: Option<StockQuantity>,
    /// Why.
    pub reason: Option<Reason>,
    /// What it belongs to, such as a stocktake.
    pub reference: Option<Reference>,
    /// When it was counted; `None` is now.
    pub occurred_at: Option<Timestamp>,
    /// What to do when promised units are gone.
    pub on_shortage: OnShortage,
}

/// Change what is kept back and when to reorder; `None` keeps a value as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetStockPolicy {
    /// Units that are not offered.
    pub safety_stock: Option<StockQuantity>,
    /// Reorder at or below so many available units.
    pub reorder_point: Option<StockQuantity>,
}

/// Tidy up: end overdue promises, those with the oldest deadline first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpireReservations {
    /// At most so many.
    pub limit: usize,
}

/// What to do when a correction leaves fewer units on hand than are promised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnShortage {
    /// Refuse the correction.
    #[default]
    Refuse,
    /// Revoke the newest promises, whole ones, until the rest can be kept.
    RevokeNewest,
}
