//! What one stock level can be asked to do.

use kit_core::Timestamp;

use crate::{
    Customer, OrderRef, PositiveQuantity, Reason, Reference, ReservationId, StockDelta,
    StockQuantity, StoreId, TimeToLive, TransactionRef, TransferId,
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
    /// See [`DispatchTransfer`].
    DispatchTransfer(DispatchTransfer),
    /// See [`ReceiveTransfer`].
    ReceiveTransfer(ReceiveTransfer),
}

impl Command {
    /// When it happened in the shop, if the caller said so: the business time of the events.
    #[must_use]
    pub fn occurred_at(&self) -> Option<Timestamp> {
        match self {
            Self::AddStock(command) => command.occurred_at,
            Self::AdjustStock(command) => command.occurred_at,
            Self::CountStock(command) => command.occurred_at,
            Self::CommitReservation(command) => command.occurred_at,
            Self::ReserveStock(command) => command.sold_at,
            Self::DispatchTransfer(command) => command.occurred_at,
            Self::ReceiveTransfer(command) => command.occurred_at,
            _ => None,
        }
    }
}

/// Record that units arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddStock {
    /// Units that arrived.
    pub quantity: PositiveQuantity,
    /// The reason, as free text.
    pub reason: Option<Reason>,
    /// The business document, such as a delivery note.
    pub reference: Option<Reference>,
    /// When they arrived; `None` is now.
    pub occurred_at: Option<Timestamp>,
}

/// Reserve units until a deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReserveStock {
    /// Id of the new reservation; the caller ensures that it is unique for ever.
    pub reservation_id: ReservationId,
    /// How many; all or none.
    pub quantity: PositiveQuantity,
    /// The deadline is now plus this.
    pub ttl: TimeToLive,
    /// The reason, as free text.
    pub reason: Option<Reason>,
    /// The order that it is for.
    pub order: Option<OrderRef>,
    /// The customer that it is for.
    pub customer: Option<Customer>,
    /// When the units were sold, for a sale that is written down afterwards: they must have been on hand then, too.
    pub sold_at: Option<Timestamp>,
}

/// The sale happened: reserved units leave the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommitReservation {
    /// The reservation.
    pub reservation_id: ReservationId,
    /// How many were sold; `None` is all, and zero leaves this line out of the sale.
    pub quantity: Option<StockQuantity>,
    /// Whether what was not sold is still held; otherwise it returns.
    pub keep_remainder: bool,
    /// Reference of the sale, such as a receipt number.
    pub transaction: TransactionRef,
    /// The customer, if known.
    pub customer: Option<Customer>,
    /// When it was sold; `None` is now.
    pub occurred_at: Option<Timestamp>,
}

/// Give reserved units back before the deadline, without a sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseReservation {
    /// The reservation.
    pub reservation_id: ReservationId,
    /// How many; `None` is all, and zero leaves this line as it is. The rest is still held.
    pub quantity: Option<StockQuantity>,
    /// The reason, as free text.
    pub reason: Option<Reason>,
}

/// Extend a reservation: the deadline becomes now plus `ttl`.
///
/// It never becomes earlier: callers may rely on a deadline that was returned. An extension that would end before the
/// present deadline is granted and changes nothing. A reservation can be extended any number of times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtendReservation {
    /// The reservation.
    pub reservation_id: ReservationId,
    /// The deadline is now plus this.
    pub ttl: TimeToLive,
}

/// Units appeared or went away other than by delivery or sale: breakage, theft, a sale of an offline till.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdjustStock {
    /// The change; not zero.
    pub delta: StockDelta,
    /// The reason, as free text.
    pub reason: Reason,
    /// What it belongs to.
    pub reference: Option<Reference>,
    /// When it happened; `None` is now.
    pub occurred_at: Option<Timestamp>,
    /// What to do when the units left do not cover the holds.
    pub on_shortage: OnShortage,
    /// The units have left whether or not the books have them: what they lack becomes the shortfall, and the newest
    /// holds that on hand does not cover are revoked.
    pub already_left: bool,
}

/// Record a count of the shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountStock {
    /// Units counted, including reserved ones.
    pub counted: StockQuantity,
    /// The reason, as free text.
    pub reason: Option<Reason>,
    /// What it belongs to, such as a stocktake.
    pub reference: Option<Reference>,
    /// When it was counted; `None` is now. What happened after it is not undone, what happened before it is in it.
    pub occurred_at: Option<Timestamp>,
    /// What to do when the units left do not cover the holds.
    pub on_shortage: OnShortage,
}

/// Change what is kept back and when to reorder; `None` keeps a value as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetStockPolicy {
    /// Units that are not offered.
    pub safety_stock: Option<StockQuantity>,
    /// Reorder when at most this many units are available.
    pub reorder_point: Option<StockQuantity>,
}

/// End overdue holds, those with the oldest deadline first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpireReservations {
    /// Most holds to end.
    pub limit: usize,
}

/// Held units leave for another store: all that the hold of the transfer has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DispatchTransfer {
    /// The transfer.
    pub transfer_id: TransferId,
    /// The hold that was made for it.
    pub reservation_id: ReservationId,
    /// Where they go.
    pub destination: StoreId,
    /// When they left; `None` is now.
    pub occurred_at: Option<Timestamp>,
}

/// Units of a transfer arrive: at its destination, or back at its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiveTransfer {
    /// The transfer.
    pub transfer_id: TransferId,
    /// Where they come from.
    pub from: StoreId,
    /// Units that go on the shelf.
    pub quantity: PositiveQuantity,
    /// When they arrived; `None` is now.
    pub occurred_at: Option<Timestamp>,
}

/// What to do when a correction leaves fewer units on hand than are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnShortage {
    /// Refuse the correction.
    #[default]
    Refuse,
    /// Revoke the newest holds, whole ones, until the units on hand cover the rest.
    RevokeNewest,
}
