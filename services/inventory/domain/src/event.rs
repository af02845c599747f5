//! What happened to one stock level.

use kit_core::Timestamp;

use crate::{
    Customer, OrderRef, PositiveQuantity, Posting, Reason, Reference, ReservationId, StockDelta,
    StockQuantity, StoreId, Told, TransactionRef, TransferId,
};

/// A change of one stock level; never altered once it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Units arrived.
    StockAdded {
        /// Units that arrived.
        quantity: PositiveQuantity,
        /// The reason, as free text.
        reason: Option<Reason>,
        /// What it belongs to.
        reference: Option<Reference>,
        /// When, and what it changed.
        posting: Posting,
    },
    /// Units were reserved for `[created_at, expires_at)`.
    StockReserved {
        /// The reservation.
        reservation_id: ReservationId,
        /// Units held.
        quantity: PositiveQuantity,
        /// From when on.
        created_at: Timestamp,
        /// The deadline: from then on the units are free.
        expires_at: Timestamp,
        /// The reason, as free text.
        reason: Option<Reason>,
        /// The order that it is for.
        order: Option<OrderRef>,
        /// The customer that it is for.
        customer: Option<Customer>,
    },
    /// Reserved units were sold; the hold ends, unless some of them are still held.
    StockCommitted {
        /// The reservation.
        reservation_id: ReservationId,
        /// How many were sold.
        quantity: PositiveQuantity,
        /// Held units that were not sold and are available again.
        returned: StockQuantity,
        /// Units that the hold keeps; none ends it.
        kept: StockQuantity,
        /// Reference of the sale, such as a receipt number.
        transaction: TransactionRef,
        /// The customer, if known.
        customer: Option<Customer>,
        /// When, and what it changed.
        posting: Posting,
    },
    /// Held units are available again without a sale; the hold ends, unless some of them are still held.
    StockReleased {
        /// The reservation.
        reservation_id: ReservationId,
        /// How many units.
        quantity: PositiveQuantity,
        /// Units that the hold keeps; none ends it.
        kept: StockQuantity,
        /// Why they are not held any more.
        cause: ReleaseCause,
        /// The reason, as free text.
        reason: Option<Reason>,
    },
    /// A hold got a later deadline.
    ReservationExtended {
        /// The reservation.
        reservation_id: ReservationId,
        /// The new deadline.
        expires_at: Timestamp,
    },
    /// Units on hand were corrected.
    StockAdjusted {
        /// Units that came or went as they were told; of a count, the change of the units on hand.
        delta: StockDelta,
        /// What was counted, when the correction comes from a count.
        counted: Option<StockQuantity>,
        /// The reason, as free text.
        reason: Option<Reason>,
        /// What it belongs to.
        reference: Option<Reference>,
        /// When, and what it changed.
        posting: Posting,
    },
    /// What is kept back and when to reorder changed.
    StockPolicyChanged {
        /// Units that are not offered.
        safety_stock: StockQuantity,
        /// Reorder when at most this many units are available.
        reorder_point: StockQuantity,
    },
    /// Held units left for another store; the hold ends.
    StockTransferredOut {
        /// The transfer.
        transfer_id: TransferId,
        /// The hold that was made for it.
        reservation_id: ReservationId,
        /// Units that left.
        quantity: PositiveQuantity,
        /// Where they go.
        destination: StoreId,
        /// When, and what it changed.
        posting: Posting,
    },
    /// Units of a transfer arrived.
    StockTransferredIn {
        /// The transfer.
        transfer_id: TransferId,
        /// Units that arrived.
        quantity: PositiveQuantity,
        /// Where they come from.
        from: StoreId,
        /// When, and what it changed.
        posting: Posting,
    },
}

impl Event {
    /// What a physical fact says and where it stands; `None` for an event that moves no goods.
    #[must_use]
    pub fn physical(&self) -> Option<(Told, &Posting)> {
        match self {
            Self::StockAdded { quantity, posting, .. }
            | Self::StockTransferredIn { quantity, posting, .. } => {
                Some((Told::Changed(StockDelta::from(*quantity)), posting))
            }
            Self::StockCommitted { quantity, posting, .. }
            | Self::StockTransferredOut { quantity, posting, .. } => {
                Some((Told::Changed(StockDelta::from(*quantity).negated()), posting))
            }
            Self::StockAdjusted { counted: Some(counted), posting, .. } if posting.is_late => {
                Some((Told::Counted(*counted), posting))
            }
            Self::StockAdjusted { counted: Some(_), delta, posting, .. } => {
                Some((Told::CountedNow(*delta), posting))
            }
            Self::StockAdjusted { delta, posting, .. } => Some((Told::Changed(*delta), posting)),
            _ => None,
        }
    }

    /// The names that [`type_name`](Self::type_name) gives.
    pub const TYPE_NAMES: [&'static str; 9] = [
        "StockAddedEvent",
        "StockReservedEvent",
        "StockCommittedEvent",
        "StockReleasedEvent",
        "ReservationExtendedEvent",
        "StockAdjustedEvent",
        "StockPolicyChangedEvent",
        "StockTransferredOutEvent",
        "StockTransferredInEvent",
    ];

    /// The event's name in the log and on the wire.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::StockAdded { .. } => "StockAddedEvent",
            Self::StockReserved { .. } => "StockReservedEvent",
            Self::StockCommitted { .. } => "StockCommittedEvent",
            Self::StockReleased { .. } => "StockReleasedEvent",
            Self::ReservationExtended { .. } => "ReservationExtendedEvent",
            Self::StockAdjusted { .. } => "StockAdjustedEvent",
            Self::StockPolicyChanged { .. } => "StockPolicyChangedEvent",
            Self::StockTransferredOut { .. } => "StockTransferredOutEvent",
            Self::StockTransferredIn { .. } => "StockTransferredInEvent",
        }
    }
}

/// Why units are not held any more, without a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReleaseCause {
    /// A caller released them before the deadline.
    Cancelled,
    /// The deadline passed.
    Expired,
    /// The basket was sold without this line.
    PartialCommit,
    /// A correction showed that the units are not there.
    Shortage,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{
        added, adjusted, committed, extended, policy, released, reserved, transferred_in,
        transferred_out,
    };

    #[test]
    fn names_are_those_of_the_wire() {
        let events = [
            added(1),
            reserved(1, 1, 60),
            committed(1, 1, 0),
            released(1, 1, ReleaseCause::Cancelled),
            extended(1, 60_000),
            adjusted(1),
            policy(1, 1),
            transferred_out(1, 1),
            transferred_in(1),
        ];
        assert_eq!(events.map(|event| event.type_name()), Event::TYPE_NAMES);
    }
}
