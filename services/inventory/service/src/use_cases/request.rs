//! What callers may ask of stock: one request for each use case, with stores and products by id or by code.

use gondola_inventory_domain::{
    AddStock, AdjustStock, CountStock, CustomerRef, OrderRef, Part, PositiveQuantity, Reason,
    ReservationId, SetStockPolicy, TimeToLive, TransactionRef,
};
use kit_core::{Timestamp, Version};

use super::catalogue::{LevelRef, ProductRef, StoreRef, Wanted};

/// A request to change stock; [`super::StockCommands::perform`] performs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StockRequest {
    /// Units arrived.
    AddStock {
        /// The stock level.
        level: LevelRef,
        /// How many, and why.
        add: AddStock,
    },
    /// Stock differs from what was recorded by a known number of units.
    AdjustStock {
        /// The stock level.
        level: LevelRef,
        /// The difference, and why.
        adjustment: AdjustStock,
    },
    /// The shelf was counted.
    CountStock {
        /// The stock level.
        level: LevelRef,
        /// What was found.
        count: CountStock,
    },
    /// Safety stock or reorder point changes.
    SetPolicy {
        /// The stock level.
        level: LevelRef,
        /// The new values.
        policy: SetStockPolicy,
    },
    /// Reserve units of one product.
    Reserve {
        /// The stock level.
        level: LevelRef,
        /// How many units; all or none.
        quantity: PositiveQuantity,
        /// For whom and how long.
        terms: ReservationTerms,
    },
    /// Reserve several products of one store, all or nothing.
    ReserveBasket {
        /// The store.
        store: StoreRef,
        /// 1 to 500 lines; those of one product are added up.
        lines: Vec<(ProductRef, PositiveQuantity)>,
        /// For whom and how long.
        terms: ReservationTerms,
    },
    /// The sale of a reservation happened.
    Commit {
        /// The reservation.
        reservation: ReservationId,
        /// The sale.
        transaction: TransactionRef,
        /// The customer, if known.
        customer: Option<CustomerRef>,
        /// What was sold of it.
        sold: Part<ProductRef>,
        /// Whether what was not sold is still held; otherwise it returns.
        keep_remainder: bool,
        /// When it was sold; `None` is now.
        occurred_at: Option<Timestamp>,
    },
    /// Units of a reservation are given back.
    Release {
        /// The reservation.
        reservation: ReservationId,
        /// What of it.
        part: Part<ProductRef>,
        /// The reason, as free text.
        reason: Option<Reason>,
    },
    /// The deadline of a reservation becomes now plus a time to live, never earlier than it was.
    Extend {
        /// The reservation.
        reservation: ReservationId,
        /// Time from now until the deadline.
        ttl: TimeToLive,
    },
    /// Another request about one stock level, if that is still at the version that the caller has seen.
    IfVersion {
        /// The version that the caller has seen.
        expected: Version,
        /// What to do.
        request: Box<StockRequest>,
    },
    /// One half of a sale that another system made and that is only written down here.
    ///
    /// Unlike [`StockRequest::Reserve`] it makes a reservation that is not found by its id: its sender keeps the stock
    /// level itself and names it again in the other half. A claim for each line would double what the import of a year
    /// of sales writes, and would never be looked up.
    RecordSale {
        /// The stock level.
        level: LevelRef,
        /// The reservation, by an id that the sender makes and never uses again.
        reservation: ReservationId,
        /// Whether the units are reserved or sold.
        half: SaleHalf,
    },
}

/// The two halves of a sale that is written down, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaleHalf {
    /// The units are reserved, for the default time.
    Reserve {
        /// How many units.
        quantity: PositiveQuantity,
        /// When they were sold: they must have been on hand then, too. `None` is now.
        sold_at: Option<Timestamp>,
    },
    /// All reserved units are sold.
    Commit {
        /// The sale.
        transaction: TransactionRef,
        /// The customer, if known.
        customer: Option<CustomerRef>,
        /// When it was sold; `None` is now.
        occurred_at: Option<Timestamp>,
    },
}

/// For whom a reservation is made, and how long it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReservationTerms {
    /// The caller's own id of it; one is made when absent.
    pub reservation: Option<ReservationId>,
    /// Time from now until the deadline.
    pub ttl: TimeToLive,
    /// The reason, as free text.
    pub reason: Option<Reason>,
    /// The order that it is for.
    pub order: Option<OrderRef>,
    /// The customer that it is for.
    pub customer: Option<CustomerRef>,
}

impl StockRequest {
    /// Adds what must be looked up in the catalogue to perform it.
    pub(super) fn want<'a>(&'a self, wanted: &mut Wanted<'a>) {
        if matches!(self, Self::Reserve { .. } | Self::ReserveBasket { .. }) {
            wanted.entries();
        }
        match self {
            Self::IfVersion { request, .. } => request.want(wanted),
            Self::AddStock { level, .. }
            | Self::AdjustStock { level, .. }
            | Self::CountStock { level, .. }
            | Self::SetPolicy { level, .. }
            | Self::Reserve { level, .. }
            | Self::RecordSale { level, .. } => wanted.level(level),
            Self::ReserveBasket { store, lines, .. } => {
                wanted.store(store);
                wanted.lines(lines);
            }
            Self::Commit { sold: Part::Lines(lines), .. }
            | Self::Release { part: Part::Lines(lines), .. } => wanted.lines(lines),
            Self::Commit { .. } | Self::Release { .. } | Self::Extend { .. } => {}
        }
    }

    /// The customer that it names, if it names one.
    pub(super) fn customer(&self) -> Option<&CustomerRef> {
        match self {
            Self::IfVersion { request, .. } => request.customer(),
            Self::Reserve { terms, .. } | Self::ReserveBasket { terms, .. } => {
                terms.customer.as_ref()
            }
            Self::Commit { customer, .. }
            | Self::RecordSale { half: SaleHalf::Commit { customer, .. }, .. } => customer.as_ref(),
            _ => None,
        }
    }

    /// The reservation whose stock levels must be found to perform it.
    pub(super) const fn changed_reservation(&self) -> Option<ReservationId> {
        match self {
            Self::Commit { reservation, .. }
            | Self::Release { reservation, .. }
            | Self::Extend { reservation, .. } => Some(*reservation),
            _ => None,
        }
    }
}
