//! The ledger against a model that counts everything anew, and what no count may miss.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use gondola_inventory_domain::{Customer, CustomerKey, ProductId, ReservationId};
use kit_core::{Position, Timestamp};
use uuid::Uuid;

use super::ledger::{Decided, HeldLine, HoldLedger, Ticket, WantedHold};
use super::limits::{Amount, HoldLimit, HoldLimits, Holder};

/// Random histories; each prints its seed when it fails.
const SEEDS: u64 = 200;

/// Random numbers (`SplitMix64`): the same seed gives the same.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}

fn reservation(number: u64) -> ReservationId {
    ReservationId::from_uuid(Uuid::from_u128(number.into()))
}

fn product(number: u64) -> ProductId {
    ProductId::from_uuid(Uuid::from_u128(number.into()))
}

fn customer(number: u64) -> Holder {
    let key = CustomerKey::from_uuid(Uuid::from_u128(number.into()));
    Holder::Customer(Customer::Key(key))
}

fn caller(number: u64) -> Holder {
    Holder::Caller(format!("key-{number}").into())
}

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_millis(i64::try_from(seconds * 1_000).unwrap())
}

fn per_customer(units: u32, reservations: u32) -> HoldLimits {
    let per_customer =
        HoldLimit { units: NonZeroU32::new(units), reservations: NonZeroU32::new(reservations) };
    HoldLimits { per_customer, ..HoldLimits::default() }
}

fn wanted(number: u64, units: u64) -> WantedHold {
    WantedHold { reservation: reservation(number), units, holders: vec![customer(1)] }
}

fn ticket(number: u64) -> Ticket {
    Ticket::Reservation(reservation(number))
}

fn line(number: u64, units: u32, expires_at: Timestamp) -> HeldLine {
    let (reservation, product) = (reservation(number), product(1));
    HeldLine { reservation, product, units, expires_at, holders: vec![customer(1)] }
}

fn held(ledger: &HoldLedger) -> [u64; 2] {
    let Amount { units, reservations } = ledger.held(&customer(1), None);
    [units, reservations]
}

/// Lines by reservation and product: units, deadline, holders.
type Model = BTreeMap<(u64, u64), (u32, u64, [Holder; 2])>;

fn counted(model: &Model, holder: &Holder, now: Option<u64>) -> Amount {
    let mut reservations = std::collections::BTreeSet::new();
    let mut units = 0;
    for ((id, _), (held, deadline, holders)) in model {
        if holders.contains(holder) && now.is_none_or(|now| *deadline > now) {
            reservations.insert(*id);
            units += u64::from(*held);
        }
    }
    Amount { units, reservations: reservations.len() as u64 }
}

#[test]
fn after_any_history_the_counts_are_those_of_a_model() {
    for seed in 0..SEEDS {
        let mut random = Random(seed);
        let (mut ledger, mut model) = (HoldLedger::default(), Model::new());
        for step in 0..300 {
            let (id, thing) = (random.below(12), random.below(3));
            match random.below(4) {
                0 if !model.keys().any(|(known, _)| *known == id) => {
                    let holders = [customer(random.below(3)), caller(random.below(2))];
                    let deadline = random.below(100);
                    for thing in 0..=thing {
                        let units = 1 + u32::try_from(random.below(9)).unwrap();
                        let line = HeldLine {
                            reservation: reservation(id),
                            product: product(thing),
                            units,
                            expires_at: at(deadline),
                            holders: holders.to_vec(),
                        };
                        ledger.make(line);
                        model.insert((id, thing), (units, deadline, holders.clone()));
                    }
                }
                1 => {
                    let deadline = random.below(100);
                    ledger.extend(reservation(id), at(deadline));
                    for ((known, _), line) in &mut model {
                        if *known == id {
                            line.1 = deadline;
                        }
                    }
                }
                _ => {
                    let kept = model.get(&(id, thing)).map_or(0, |line| line.0);
                    let kept = u32::try_from(random.below(u64::from(kept) + 1)).unwrap();
                    let kept = if random.below(2) == 0 { 0 } else { kept };
                    ledger.keep(reservation(id), product(thing), kept);
                    if kept == 0 {
                        model.remove(&(id, thing));
                    } else if let Some(line) = model.get_mut(&(id, thing)) {
                        line.0 = kept;
                    }
                }
            }
            let now = random.below(100);
            for holder in [customer(0), customer(1), customer(2), caller(0), caller(1)] {
                for moment in [None, Some(now)] {
                    assert_eq!(
                        ledger.held(&holder, moment.map(at)),
                        counted(&model, &holder, moment),
                        "seed {seed}, step {step}: {holder:?} at {moment:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_hold_counts_once_from_before_it_is_decided_until_it_ends() {
    let mut ledger = HoldLedger::default();
    let limits = per_customer(10, 2);
    ledger.enter(&ticket(1), &wanted(1, 6), limits, None).unwrap();
    assert_eq!(held(&ledger), [6, 1], "while it is decided");
    let reached = ledger.enter(&ticket(2), &wanted(2, 5), limits, None).unwrap_err();
    assert_eq!((reached.limit, reached.held, reached.requested), (10, 6, 5));
    ledger.leave(&ticket(1), Decided::Held(Position::new(7)));
    assert_eq!(held(&ledger), [6, 1], "when it is answered, before the log is seen");
    ledger.make(line(1, 6, at(60)));
    assert_eq!(held(&ledger), [6, 1], "once it is seen");
    ledger.advance(Position::new(7));
    assert_eq!(held(&ledger), [6, 1], "when its place is given up");
    ledger.keep(reservation(1), product(1), 0);
    assert_eq!(held(&ledger), [0, 0]);
}

#[test]
fn a_hold_that_is_seen_before_its_answer_counts_once() {
    let mut ledger = HoldLedger::default();
    ledger.enter(&ticket(1), &wanted(1, 6), per_customer(10, 2), None).unwrap();
    ledger.make(line(1, 6, at(60)));
    ledger.advance(Position::new(7));
    assert_eq!(held(&ledger), [6, 1]);
    ledger.leave(&ticket(1), Decided::Held(Position::new(7)));
    assert_eq!(held(&ledger), [6, 1]);
}

#[test]
fn what_is_refused_gives_its_place_back_and_what_nobody_knows_keeps_it() {
    let mut ledger = HoldLedger::default();
    let limits = per_customer(10, 9);
    ledger.enter(&ticket(1), &wanted(1, 6), limits, None).unwrap();
    ledger.leave(&ticket(1), Decided::NotHeld);
    assert_eq!(held(&ledger), [0, 0]);
    ledger.enter(&ticket(2), &wanted(2, 6), limits, None).unwrap();
    ledger.leave(&ticket(2), Decided::Unknown(at(60)));
    ledger.enter(&ticket(3), &wanted(3, 6), limits, Some(at(59))).unwrap_err();
    ledger.enter(&ticket(3), &wanted(3, 6), limits, Some(at(60))).unwrap();
    assert_eq!(held(&ledger), [6, 1]);
}

#[test]
fn repetitions_of_one_request_share_a_place() {
    let mut ledger = HoldLedger::default();
    let limits = per_customer(10, 1);
    let sent = || Ticket::Key("k".into(), "what".into());
    ledger.enter(&sent(), &wanted(1, 10), limits, None).unwrap();
    ledger.enter(&sent(), &wanted(2, 10), limits, None).unwrap();
    assert_eq!(held(&ledger), [10, 1]);
    ledger.leave(&sent(), Decided::Held(Position::new(5)));
    ledger.advance(Position::new(5));
    assert_eq!(held(&ledger), [10, 1], "one of them still waits");
    ledger.leave(&sent(), Decided::Held(Position::new(5)));
    assert_eq!(held(&ledger), [0, 0]);
}

#[test]
fn a_deadline_that_may_move_while_it_passes_is_not_over() {
    let mut ledger = HoldLedger::default();
    ledger.make(line(1, 6, at(60)));
    ledger.begin_extension(reservation(1));
    let units = |ledger: &HoldLedger| ledger.held(&customer(1), Some(at(60))).units;
    assert_eq!(units(&ledger), 6);
    ledger.end_extension(reservation(1), Decided::Held(Position::new(9)));
    assert_eq!(units(&ledger), 6, "the log has it, and the ledger has not");
    ledger.extend(reservation(1), at(120));
    ledger.advance(Position::new(9));
    assert_eq!(units(&ledger), 6);
    ledger.begin_extension(reservation(1));
    ledger.end_extension(reservation(1), Decided::NotHeld);
    assert_eq!(ledger.held(&customer(1), Some(at(120))).units, 0);
}
