//! The cost of a decision with very many active holds.

use std::time::{Duration, Instant};

use gondola_inventory_domain::{
    Balance, Command, CommitReservation, ExtendReservation, Hold, Inventory, InventoryParts,
    PhysicalParts, PositiveQuantity, ReleaseReservation, ReservationId, ReserveStock,
    StockQuantity, TimeToLive, TransactionRef, decide, evolve,
};
use kit_core::Timestamp;
use uuid::Uuid;

/// Commands of each kind in one measurement.
const ROUNDS: u64 = 100;

/// An id without any order, like those of clients.
fn id(number: u64) -> ReservationId {
    let mixed = u128::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835);
    ReservationId::from_uuid(Uuid::from_u128(mixed))
}

fn crowded(holds: u64) -> Inventory {
    let hold = |number| Hold {
        reservation_id: id(number),
        quantity: PositiveQuantity::new(1).unwrap(),
        created_at: Timestamp::from_millis(0),
        expires_at: Timestamp::from_millis(
            300_000 + i64::try_from(number * 7_919 % holds).unwrap(),
        ),
        sequence: number,
    };
    let full = Balance { on_hand: StockQuantity::UNITS_MAX.into(), shortfall: 0 };
    Inventory::restore(InventoryParts {
        stock: PhysicalParts { present: full, base: full, ..PhysicalParts::default() },
        holds: (0..holds).map(hold).collect(),
        reservations_made: holds,
        ..InventoryParts::default()
    })
    .unwrap()
}

/// Reserves, extends, then commits or releases: decided and evolved, with as many holds after it as before.
fn cost(inventory: &mut Inventory, first: u64) -> Duration {
    let now = Timestamp::from_millis(1);
    let transaction = TransactionRef::new("sale").unwrap();
    let (quantity, reason, order, customer) = (PositiveQuantity::new(1).unwrap(), None, None, None);
    let mut state = std::mem::take(inventory);
    let begin = Instant::now();
    for number in first..first + ROUNDS {
        let reservation_id = id(number);
        let (reason, order, customer) = (reason.clone(), order.clone(), Option::clone(&customer));
        let ttl = TimeToLive::default();
        let sold_at = None;
        let reserve =
            ReserveStock { reservation_id, quantity, ttl, reason, order, customer, sold_at };
        let ttl = TimeToLive::from_seconds(600).unwrap();
        let last = if number % 2 == 0 {
            Command::ReleaseReservation(ReleaseReservation {
                reservation_id,
                quantity: None,
                reason: None,
            })
        } else {
            let (quantity, transaction, customer) = (None, transaction.clone(), None);
            let commit = CommitReservation {
                reservation_id,
                quantity,
                keep_remainder: false,
                transaction,
                customer,
                occurred_at: None,
            };
            Command::CommitReservation(commit)
        };
        for command in [
            Command::ReserveStock(reserve),
            Command::ExtendReservation(ExtendReservation { reservation_id, ttl }),
            last,
        ] {
            let events = decide(&state, &command, now).unwrap();
            assert_eq!(events.len(), 1);
            state = events.iter().fold(state, evolve);
        }
    }
    let cost = begin.elapsed();
    *inventory = state;
    cost
}

/// A cost of O(n) anywhere would make the hundredfold crowd about a hundred times dearer, O(log n) less than twice,
/// and colder caches a few times. The best of many measurements is compared, so a busy machine does not matter.
#[test]
fn a_hundred_times_more_holds_cost_hardly_more() {
    const BETWEEN_LOG_AND_LINEAR: u32 = 20;
    let (mut small, mut large) = (crowded(1_000), crowded(100_000));
    let mut best = (Duration::MAX, Duration::MAX);
    for measurement in 0..8 {
        let first = 1_000_000 + measurement * ROUNDS;
        best = (best.0.min(cost(&mut small, first)), best.1.min(cost(&mut large, first)));
    }
    assert_eq!((small.hold_count(), large.hold_count()), (1_000, 100_000));
    let (small, large) = best;
    assert!(large < small * BETWEEN_LOG_AND_LINEAR, "{small:?} for 1,000, {large:?} for 100,000");
}
