//! Random lives of a stock level against the reference and the invariants.

use gondola_inventory_domain::{
    Command, Event, ExpireReservations, Inventory, PositiveQuantity, Posting, ReservationId,
    ReserveStock, TimeToLive, decide, evolve,
};
use kit_core::Timestamp;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::Config;
use uuid::Uuid;

use crate::reference::Reference;
use crate::strategies::{Ranges, command, event, moment, pause};

type Life = Vec<(i64, Command)>;

fn life() -> impl Strategy<Value = Life> {
    vec((pause(), command(&Ranges::crowded())), 1..120)
}

fn config() -> Config {
    Config { cases: 400, failure_persistence: None, ..Config::default() }
}

/// Decides every command of a life; calls back with the state before it, the command, the time and the answer.
fn live(
    life: &Life,
    mut each: impl FnMut(&Inventory, &Command, Timestamp, &Result<Vec<Event>, &'static str>),
) -> (Inventory, Vec<Event>) {
    let (mut inventory, mut log, mut millis) = (Inventory::default(), Vec::new(), 0);
    for (pause, command) in life {
        millis += pause;
        let now = Timestamp::from_millis(millis);
        let answer = decide(&inventory, command, now).map_err(|refusal| refusal.code());
        each(&inventory, command, now, &answer);
        let events = answer.unwrap_or_default();
        inventory = events.iter().fold(inventory, evolve);
        log.extend(events);
    }
    (inventory, log)
}

fn check_against(reference: &Reference, inventory: &Inventory, now: Timestamp) {
    let millis = now.as_millis();
    let (on_hand, reserved) =
        (i64::from(inventory.on_hand().get()), i64::from(inventory.reserved().get()));
    assert_eq!(on_hand, reference.on_hand);
    let moved = reference.added - reference.committed + reference.adjusted + reference.transferred;
    assert_eq!(on_hand, moved, "conservation");
    assert_eq!(reserved, reference.reserved());
    assert!(0 <= reserved && reserved <= on_hand, "{reserved} reserved of {on_hand}");
    let sum: i64 = inventory.holds().map(|hold| i64::from(hold.quantity.get())).sum();
    assert_eq!(sum, reserved, "the holds add up");
    assert_eq!(i64::from(inventory.reserved_at(now).get()), reference.active_units(millis));
    assert_eq!(i64::from(inventory.available_at(now).get()), reference.available(millis));
    assert_eq!(i64::from(inventory.offered_at(now).get()), reference.offered(millis));
    let deadline = reference.open.iter().map(|open| open.expires_at).min();
    assert_eq!(inventory.next_deadline().map(Timestamp::as_millis), deadline);
}

proptest! {
    #![proptest_config(config())]

    /// Every command is granted or refused as the reference says, has the effect that it says, and leaves all
    /// numbers equal and all invariants intact after every single event.
    #[test]
    fn decisions_follow_the_reference(life in life()) {
        let mut reference = Reference::default();
        live(&life, |inventory, command, now, answer| {
            let verdict = reference.verdict(command, now.as_millis());
            assert_eq!(answer.as_ref().map(|_| ()).map_err(|code| *code), verdict, "{command:?}");
            check_against(&reference, inventory, now);
            let Ok(events) = answer else { return };
            let before = reference.before();
            let mut state = inventory.clone();
            for event in events {
                state = evolve(state, event);
                reference.apply(event, now.as_millis());
                check_against(&reference, &state, now);
            }
            reference.check_effect(&before, command, now);
        });
    }

    /// saleor/saleor#17657, medusajs/medusa#12401: counters drift. Here a replay gives the very state, and so does
    /// a snapshot taken anywhere with the rest of the history folded onto it.
    #[test]
    fn replay_and_snapshots_give_the_kept_state(life in life(), cut in any::<prop::sample::Index>()) {
        let (kept, log) = live(&life, |_, _, _, _| {});
        let repeated = log.iter().fold(Inventory::default(), evolve);
        prop_assert_eq!(&repeated, &kept);
        let (first, rest) = log.split_at(cut.index(log.len() + 1));
        let snapshot = first.iter().fold(Inventory::default(), evolve).parts();
        let restored = Inventory::restore(snapshot.clone()).unwrap();
        prop_assert_eq!(restored.parts(), snapshot);
        prop_assert_eq!(rest.iter().fold(restored, evolve), kept);
    }

    /// Whether the sweeper has run is not visible in any answer, except that a swept hold is no longer known.
    #[test]
    fn the_sweeper_changes_no_answer(life in life()) {
        live(&life, |inventory, command, now, answer| {
            let sweep = Command::ExpireReservations(ExpireReservations { limit: usize::MAX });
            let swept = decide(inventory, &sweep, now).unwrap();
            let swept = swept.iter().fold(inventory.clone(), evolve);
            assert_eq!(swept.available_at(now), inventory.available_at(now));
            assert_eq!(swept.offered_at(now), inventory.offered_at(now));
            let late = decide(&swept, command, now);
            match (answer, late) {
                (Ok(events), Ok(late)) => {
                    let unswept = events.iter().fold(inventory.clone(), evolve);
                    let late = late.iter().fold(swept, evolve);
                    assert_eq!(late.on_hand(), unswept.on_hand());
                    assert_eq!(late.available_at(now), unswept.available_at(now));
                }
                (Err(code), Err(late)) if *code == late.code() => {}
                (early, late) => {
                    let id = match command {
                        Command::CommitReservation(command) => command.reservation_id,
                        Command::ExtendReservation(command) => command.reservation_id,
                        Command::ReleaseReservation(command) => command.reservation_id,
                        Command::DispatchTransfer(command) => command.reservation_id,
                        other => panic!("{other:?}: {early:?}, after a sweep {late:?}"),
                    };
                    assert!(inventory.hold(id).is_some_and(|hold| hold.is_overdue_at(now)));
                    assert_eq!(late.unwrap_err().code(), "reservation-not-active");
                }
            }
        });
    }

    /// Any history folds, however absurd, and any command can be decided on what comes out, at any time.
    #[test]
    fn nothing_panics_whatever_the_history(
        history in vec(event(&Ranges::all()), 0..60),
        commands in vec((moment(), command(&Ranges::all())), 0..40),
    ) {
        let mut inventory = history.iter().fold(Inventory::default(), evolve);
        for (now, command) in commands {
            let sum: u64 = inventory.holds().map(|hold| u64::from(hold.quantity.get())).sum();
            prop_assert_eq!(u64::from(inventory.reserved().get()), sum.min(1_000_000_000));
            let _ = (inventory.offered_at(now), Inventory::restore(inventory.parts()));
            if let Ok(events) = decide(&inventory, &command, now) {
                inventory = events.iter().fold(inventory, evolve);
            }
        }
    }
}

/// odoo/odoo#32857, inventree/InvenTree#12478: racing holds oversell. A stock level decides one after another, so
/// however many callers ask, exactly as many units are reserved as there are.
#[test]
fn exactly_as_many_promises_as_units() {
    let now = Timestamp::from_millis(0);
    for (units, askers) in [(1, 2), (5, 20), (50, 200), (200, 50)] {
        let quantity = PositiveQuantity::new(units).unwrap();
        let posting = Posting::plain(now, quantity.into());
        let added = Event::StockAdded { quantity, reason: None, reference: None, posting };
        let mut inventory = evolve(Inventory::default(), &added);
        let mut promised = 0;
        for asker in 0..askers {
            let reserve = Command::ReserveStock(ReserveStock {
                reservation_id: ReservationId::from_uuid(Uuid::from_u128(asker)),
                quantity: PositiveQuantity::new(1).unwrap(),
                ttl: TimeToLive::default(),
                reason: None,
                order: None,
                customer: None,
                sold_at: None,
            });
            if let Ok(events) = decide(&inventory, &reserve, now) {
                inventory = events.iter().fold(inventory, evolve);
                promised += 1;
            }
        }
        assert_eq!(promised, units.min(i64::try_from(askers).unwrap()));
    }
}
