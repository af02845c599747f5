//! Random commands, events and steps of time.

use std::ops::RangeInclusive;

use gondola_inventory_domain::{
    AddStock, AdjustStock, Command, CommitReservation, CountStock, DispatchTransfer, Event,
    ExpireReservations, ExtendReservation, OnShortage, PositiveQuantity, Posting, Reason,
    ReceiveTransfer, ReleaseCause, ReleaseReservation, ReservationId, ReserveStock, SetStockPolicy,
    StockDelta, StockQuantity, StoreId, TimeToLive, TransactionRef, TransferId,
};
use kit_core::Timestamp;
use proptest::option;
use proptest::prelude::*;
use uuid::Uuid;

/// How wild the numbers are.
#[derive(Clone)]
pub(crate) struct Ranges {
    pub(crate) ids: u128,
    pub(crate) units: RangeInclusive<i64>,
    pub(crate) ttl_seconds: RangeInclusive<i64>,
}

impl Ranges {
    /// Few ids, few units and short holds, so that commands meet.
    pub(crate) fn crowded() -> Self {
        Self { ids: 10, units: 0..=12, ttl_seconds: 1..=6 }
    }

    /// Everything that the types allow.
    pub(crate) fn all() -> Self {
        Self { ids: 4, units: 0..=1_000_000_000, ttl_seconds: 1..=7_776_000 }
    }

    fn quantity(&self) -> impl Strategy<Value = StockQuantity> + use<> {
        self.units.clone().prop_map(|units| StockQuantity::new(units).unwrap())
    }

    fn positive(&self) -> impl Strategy<Value = PositiveQuantity> + use<> {
        self.units.clone().prop_map(|units| PositiveQuantity::new(units.max(1)).unwrap())
    }

    fn delta(&self) -> impl Strategy<Value = StockDelta> + use<> {
        let most = *self.units.end();
        (-most..=most).prop_map(|units| StockDelta::new(units).unwrap())
    }

    fn reservation_id(&self) -> impl Strategy<Value = ReservationId> + use<> {
        (0..self.ids).prop_map(|id| ReservationId::from_uuid(Uuid::from_u128(id)))
    }

    fn ttl(&self) -> impl Strategy<Value = TimeToLive> + use<> {
        self.ttl_seconds.clone().prop_map(|seconds| TimeToLive::from_seconds(seconds).unwrap())
    }
}

/// How many milliseconds pass before the next command: often none, often exactly to a deadline.
pub(crate) fn pause() -> impl Strategy<Value = i64> {
    prop_oneof![4 => Just(0), 4 => Just(1_000), 1 => Just(1), 1 => Just(999), 2 => 0..4_000_i64]
}

pub(crate) fn moment() -> impl Strategy<Value = Timestamp> {
    prop_oneof![-5_000..5_000_i64, any::<i64>()].prop_map(Timestamp::from_millis)
}

pub(crate) fn command(ranges: &Ranges) -> impl Strategy<Value = Command> + use<> {
    prop_oneof![
        2 => ranges.positive().prop_map(add),
        8 => reserve(ranges),
        4 => commit(ranges),
        2 => release(ranges),
        2 => extend(ranges),
        2 => adjust(ranges),
        2 => count(ranges),
        1 => set_policy(ranges),
        2 => ranges.reservation_id().prop_map(dispatch),
        1 => ranges.positive().prop_map(receive),
        1 => (0..4_usize).prop_map(|limit| Command::ExpireReservations(ExpireReservations { limit })),
    ]
}

fn add(quantity: PositiveQuantity) -> Command {
    Command::AddStock(AddStock { quantity, reason: None, reference: None, occurred_at: None })
}

fn transfer() -> TransferId {
    TransferId::from_uuid(Uuid::from_u128(7))
}

fn other_store() -> StoreId {
    StoreId::from_uuid(Uuid::from_u128(8))
}

fn dispatch(reservation_id: ReservationId) -> Command {
    Command::DispatchTransfer(DispatchTransfer {
        transfer_id: transfer(),
        reservation_id,
        destination: other_store(),
        occurred_at: None,
    })
}

fn receive(quantity: PositiveQuantity) -> Command {
    Command::ReceiveTransfer(ReceiveTransfer {
        transfer_id: transfer(),
        from: other_store(),
        quantity,
        occurred_at: None,
    })
}

fn reserve(ranges: &Ranges) -> impl Strategy<Value = Command> + use<> {
    (ranges.reservation_id(), ranges.positive(), ranges.ttl()).prop_map(
        |(reservation_id, quantity, ttl)| {
            let (reason, order, customer) = (None, None, None);
            Command::ReserveStock(ReserveStock {
                reservation_id,
                quantity,
                ttl,
                reason,
                order,
                customer,
                sold_at: None,
            })
        },
    )
}

fn commit(ranges: &Ranges) -> impl Strategy<Value = Command> + use<> {
    (ranges.reservation_id(), option::of(ranges.quantity()), any::<bool>()).prop_map(
        |(reservation_id, quantity, keep_remainder)| {
            let (transaction, customer) = (sale(), None);
            Command::CommitReservation(CommitReservation {
                reservation_id,
                quantity,
                keep_remainder,
                transaction,
                customer,
                occurred_at: None,
            })
        },
    )
}

fn release(ranges: &Ranges) -> impl Strategy<Value = Command> + use<> {
    let some = option::of(ranges.quantity());
    (ranges.reservation_id(), some).prop_map(|(reservation_id, quantity)| {
        Command::ReleaseReservation(ReleaseReservation { reservation_id, quantity, reason: None })
    })
}

fn extend(ranges: &Ranges) -> impl Strategy<Value = Command> + use<> {
    (ranges.reservation_id(), ranges.ttl()).prop_map(|(reservation_id, ttl)| {
        Command::ExtendReservation(ExtendReservation { reservation_id, ttl })
    })
}

fn adjust(ranges: &Ranges) -> impl Strategy<Value = Command> + use<> {
    (ranges.delta(), on_shortage()).prop_map(|(delta, on_shortage)| {
        let reason = Reason::new("breakage").unwrap();
        let (reference, occurred_at) = (None, None);
        Command::AdjustStock(AdjustStock {
            delta,
            reason,
            reference,
            occurred_at,
            on_shortage,
            already_left: false,
        })
    })
}

fn count(ranges: &Ranges) -> impl Strategy<Value = Command> + use<> {
    (ranges.quantity(), on_shortage()).prop_map(|(counted, on_shortage)| {
        let (reason, reference, occurred_at) = (None, None, None);
        Command::CountStock(CountStock { counted, reason, reference, occurred_at, on_shortage })
    })
}

fn set_policy(ranges: &Ranges) -> impl Strategy<Value = Command> + use<> {
    (option::of(ranges.quantity()), option::of(ranges.quantity())).prop_map(
        |(safety_stock, reorder_point)| {
            Command::SetStockPolicy(SetStockPolicy { safety_stock, reorder_point })
        },
    )
}

fn on_shortage() -> impl Strategy<Value = OnShortage> {
    prop_oneof![Just(OnShortage::Refuse), Just(OnShortage::RevokeNewest)]
}

fn sale() -> TransactionRef {
    TransactionRef::new("sale").unwrap()
}

/// Any effect of a physical fact.
fn posting(ranges: &Ranges) -> impl Strategy<Value = Posting> + use<> {
    let included = option::weighted(0.1, moment());
    (moment(), any::<bool>(), ranges.delta(), ranges.delta(), included).prop_map(
        |(occurred_at, is_late, on_hand, shortfall, included_in_count_of)| Posting {
            occurred_at,
            is_late,
            on_hand,
            shortfall,
            included_in_count_of,
        },
    )
}

fn committed(ranges: &Ranges) -> impl Strategy<Value = Event> + use<> {
    let units = (ranges.positive(), ranges.quantity(), kept(ranges));
    (ranges.reservation_id(), units, posting(ranges)).prop_map(
        |(reservation_id, (quantity, returned, kept), posting)| Event::StockCommitted {
            reservation_id,
            quantity,
            returned,
            kept,
            transaction: sale(),
            customer: None,
            posting,
        },
    )
}

/// What a hold keeps: mostly nothing.
fn kept(ranges: &Ranges) -> impl Strategy<Value = StockQuantity> + use<> {
    prop_oneof![2 => Just(StockQuantity::ZERO), 1 => ranges.quantity()]
}

/// Any event, whether or not a decision would ever give it.
pub(crate) fn event(ranges: &Ranges) -> impl Strategy<Value = Event> + use<> {
    let (reason, reference, order, customer) = (None, None, None, None);
    prop_oneof![
        (ranges.positive(), posting(ranges)).prop_map(move |(quantity, posting)| {
            Event::StockAdded { quantity, reason: None, reference: None, posting }
        }),
        (ranges.reservation_id(), ranges.positive(), moment(), moment()).prop_map(
            move |(reservation_id, quantity, created_at, expires_at)| {
                Event::StockReserved {
                    reservation_id,
                    quantity,
                    created_at,
                    expires_at,
                    reason: reason.clone(),
                    order: order.clone(),
                    customer: customer.clone(),
                }
            }
        ),
        committed(ranges),
        (ranges.reservation_id(), ranges.positive(), posting(ranges)).prop_map(
            |(reservation_id, quantity, posting)| Event::StockTransferredOut {
                transfer_id: transfer(),
                reservation_id,
                quantity,
                destination: other_store(),
                posting,
            }
        ),
        (ranges.positive(), posting(ranges)).prop_map(|(quantity, posting)| {
            let (transfer_id, from) = (transfer(), other_store());
            Event::StockTransferredIn { transfer_id, quantity, from, posting }
        }),
        (ranges.reservation_id(), ranges.positive(), kept(ranges)).prop_map(
            |(reservation_id, quantity, kept)| {
                let cause = ReleaseCause::Cancelled;
                Event::StockReleased { reservation_id, quantity, kept, cause, reason: None }
            }
        ),
        (ranges.reservation_id(), moment()).prop_map(|(reservation_id, expires_at)| {
            Event::ReservationExtended { reservation_id, expires_at }
        }),
        (ranges.delta(), option::of(ranges.quantity()), posting(ranges)).prop_map(
            move |(delta, counted, posting)| Event::StockAdjusted {
                delta,
                counted,
                reason: None,
                reference: reference.clone(),
                posting,
            }
        ),
        (ranges.quantity(), ranges.quantity()).prop_map(|(safety_stock, reorder_point)| {
            Event::StockPolicyChanged { safety_stock, reorder_point }
        }),
    ]
}
