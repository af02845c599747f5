//! The life of a split reservation, given/when/then.

use kit_core::Timestamp;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::testing::{at, now, positive, reason, transaction};
use crate::{NextStep, RecordStep, StepOutcome, TimeToLive};

fn store(number: u128) -> StoreId {
    StoreId::from_uuid(Uuid::from_u128(number))
}

fn line(units: i64) -> (ProductId, PositiveQuantity) {
    (ProductId::from_uuid(Uuid::from_u128(9)), positive(units))
}

fn part(number: u128) -> PlannedPart {
    PlannedPart { store: store(number), lines: vec![line(2)] }
}

fn requested(wanted: Wanted) -> SplitReservationCommand {
    SplitReservationCommand::RequestSplitReservation(RequestSplitReservation {
        wanted,
        ttl: TimeToLive::from_seconds(60).unwrap(),
        reason: None,
        order: None,
        customer: None,
    })
}

/// Two units from each of these stores.
fn parts(stores: &[u128]) -> SplitReservationCommand {
    requested(Wanted::Parts(stores.iter().copied().map(part).collect()))
}

/// Two units from any store.
fn basket() -> SplitReservationCommand {
    requested(Wanted::Basket(SplitBasket {
        lines: vec![line(2)],
        strategy: SourcingStrategy::FewestParcels,
        near: None,
        stores: None,
        parcels_max: 5,
    }))
}

fn plan(step: u32, stores: &[u128]) -> SplitReservationCommand {
    let parts = stores.iter().copied().map(part).collect();
    SplitReservationCommand::RecordPlan(RecordPlan { step, parts })
}

fn recorded(step: u32, outcome: StepOutcome) -> SplitReservationCommand {
    SplitReservationCommand::RecordStep(RecordStep { step, outcome })
}

fn done(step: u32) -> SplitReservationCommand {
    recorded(step, StepOutcome::Done)
}

fn refused(step: u32) -> SplitReservationCommand {
    recorded(step, StepOutcome::Refused("no".to_owned()))
}

fn commit(sale: &str) -> SplitReservationCommand {
    let transaction = transaction(sale);
    SplitReservationCommand::CommitSplitReservation(CommitSplitReservation {
        transaction,
        customer: None,
    })
}

fn release() -> SplitReservationCommand {
    let reason = Some(reason("changed my mind"));
    SplitReservationCommand::ReleaseSplitReservation(ReleaseSplitReservation { reason })
}

const EXPIRE: SplitReservationCommand =
    SplitReservationCommand::ExpireSplitReservation(ExpireSplitReservation);

/// A split reservation after commands that were all granted.
#[track_caller]
fn after(commands: &[SplitReservationCommand]) -> SplitReservation {
    let none = SplitReservation::default();
    commands.iter().fold(none, |split, command| apply(split, command, now()))
}

#[track_caller]
fn apply(
    split: SplitReservation,
    command: &SplitReservationCommand,
    at: Timestamp,
) -> SplitReservation {
    let events = decide_split(&split, command, at).unwrap();
    let split = events.iter().fold(split, evolve_split);
    assert_all_or_nothing(&split);
    split
}

/// What is committed is committed in all parts of the last plan; an end otherwise leaves nothing held or sold.
#[track_caller]
fn assert_all_or_nothing(split: &SplitReservation) {
    let ended = split.next_step() == NextStep::Ended && split.terms().is_some();
    for part in split.parts() {
        let (is_last, status) = (part.plan == split.plan(), part.status);
        match split.status() {
            SplitStatus::Committed if is_last => assert_eq!(status, PartStatus::Committed),
            SplitStatus::Active if is_last => assert_eq!(status, PartStatus::Active),
            _ if ended => assert!(
                matches!(
                    status,
                    PartStatus::Refused
                        | PartStatus::Skipped
                        | PartStatus::Released
                        | PartStatus::Revoked
                        | PartStatus::Returned
                ),
                "{split:?}"
            ),
            _ => {}
        }
    }
}

#[track_caller]
fn assert_refused(split: &SplitReservation, command: &SplitReservationCommand, code: &str) {
    let refusal = decide_split(split, command, now()).unwrap_err();
    assert_eq!(refusal.code(), code, "{refusal}");
}

#[track_caller]
fn step(split: &SplitReservation) -> (u32, SplitStep) {
    match split.next_step() {
        NextStep::Perform { number, step } => (number, step),
        other => panic!("{other:?}"),
    }
}

/// What is next, as a word and a store.
#[track_caller]
fn next(split: &SplitReservation) -> (&'static str, u128) {
    let (word, store) = match step(split).1 {
        SplitStep::Plan { .. } => ("plan", StoreId::from_uuid(Uuid::nil())),
        SplitStep::Hold { store, .. } => ("hold", store),
        SplitStep::Commit { store, .. } => ("commit", store),
        SplitStep::Release { store, .. } => ("release", store),
        SplitStep::Return { store, .. } => ("return", store),
    };
    (word, store.as_uuid().as_u128())
}

fn statuses(split: &SplitReservation) -> Vec<&'static str> {
    split.parts().iter().map(|part| part.status.as_str()).collect()
}

fn active() -> SplitReservation {
    after(&[parts(&[2, 1, 3]), done(1), done(2), done(3)])
}

#[test]
fn parts_are_held_one_by_one_in_the_order_of_their_stores() {
    let mut split = after(&[parts(&[2, 1, 3])]);
    for (number, store) in [(1, 1), (2, 2), (3, 3)] {
        assert_eq!((split.status(), next(&split)), (SplitStatus::Requested, ("hold", store)));
        split = apply(split, &done(number), now());
    }
    assert_eq!(split.status(), SplitStatus::Active);
    assert_eq!(split.next_step(), NextStep::Wait { until: Some(at(60_000)) });
}

/// A commit that is ordered at the last moment has that long.
#[test]
fn stores_hold_their_parts_longer_than_it_lasts() {
    let SplitStep::Hold { expires_at, until, .. } = step(&after(&[parts(&[1])])).1 else {
        panic!()
    };
    assert_eq!((expires_at, until), (at(60_000), at(60_000 + 3_600_000)));
}

#[test]
fn one_refused_part_releases_those_that_are_held_and_the_rest_is_not_tried() {
    let split = after(&[parts(&[1, 2, 3]), done(1), refused(2)]);
    assert_eq!((split.status(), next(&split)), (SplitStatus::Releasing, ("release", 1)));
    let split = apply(split, &done(3), now());
    assert_eq!(split.next_step(), NextStep::Ended);
    assert_eq!((split.status(), split.detail()), (SplitStatus::Refused, Some("no")));
    assert_eq!(statuses(&split), ["released", "refused", "skipped"]);
}

#[test]
fn a_commit_sells_all_parts() {
    let mut split = apply(active(), &commit("T-1"), at(59_999));
    for (number, store) in [(4, 1), (5, 2), (6, 3)] {
        assert_eq!((split.status(), next(&split)), (SplitStatus::Committing, ("commit", store)));
        split = apply(split, &done(number), now());
    }
    assert_eq!((split.status(), split.next_step()), (SplitStatus::Committed, NextStep::Ended));
    // the same again is the same; another sale is not
    assert_eq!(apply(split.clone(), &commit("T-1"), at(99_999)), split);
    assert_refused(&split, &commit("T-2"), "split-reservation-state");
    assert_refused(&split, &release(), "split-reservation-state");
}

#[test]
fn a_part_that_cannot_be_sold_undoes_the_sale_of_the_others() {
    let mut split = apply(active(), &commit("T-1"), now());
    split = apply(apply(split, &done(4), now()), &refused(5), now());
    // one of its products had ended: the others are held, and are freed before anything is returned
    assert_eq!((split.status(), next(&split)), (SplitStatus::Releasing, ("release", 2)));
    assert_eq!(statuses(&split), ["revoked", "committed", "active"]);
    split = apply(split, &done(6), now());
    assert_eq!(next(&split), ("release", 3));
    split = apply(split, &done(7), now());
    assert_eq!(next(&split), ("return", 1));
    // goods that are there must go somewhere
    split = apply(split, &refused(8), now());
    assert_eq!((split.delayed().is_some(), next(&split)), (true, ("return", 1)));
    split = apply(split, &done(8), now());
    assert_eq!((split.status(), split.next_step()), (SplitStatus::Revoked, NextStep::Ended));
    assert_eq!(statuses(&split), ["revoked", "returned", "released"]);
    assert_eq!((split.detail(), split.parts()[0].detail.as_deref()), (Some("no"), Some("no")));
    assert_refused(&split, &commit("T-1"), "split-reservation-state");
}

/// Where nothing at all is left of it the release is refused, and the part is as little held.
#[test]
fn a_part_of_which_nothing_is_left_needs_no_release_to_succeed() {
    let split = after(&[parts(&[1]), done(1), commit("T-1"), refused(2)]);
    assert_eq!(next(&split), ("release", 1));
    let split = apply(split, &refused(3), now());
    assert_eq!((split.status(), statuses(&split)), (SplitStatus::Revoked, vec!["revoked"]));
    assert_eq!(split.next_step(), NextStep::Ended);
}

/// The numbers of its steps are the ids of what stores have done already.
#[test]
fn one_that_began_by_the_first_definition_goes_on_by_it() {
    let mut events = decide_split(&SplitReservation::default(), &parts(&[1, 2]), now()).unwrap();
    let [SplitReservationEvent::Requested { definition, .. }] = &mut events[..] else { panic!() };
    assert_eq!(std::mem::replace(definition, 1), SPLIT_DEFINITION);
    let split = events.iter().fold(SplitReservation::default(), evolve_split);
    let steps = [done(1), done(2), commit("T-1"), refused(3)];
    let split = steps.iter().fold(split, |split, command| apply(split, command, now()));
    assert_eq!(next(&split), ("release", 2), "of the part that is whole");
    let split = apply(split, &done(4), now());
    assert_eq!(
        (split.next_step(), statuses(&split)),
        (NextStep::Ended, vec!["revoked", "released"])
    );
}

#[test]
fn a_release_gives_all_parts_back() {
    let split = [release(), done(4), done(5), done(6)];
    let split = split.iter().fold(active(), |split, command| apply(split, command, now()));
    assert_eq!((split.status(), split.next_step()), (SplitStatus::Released, NextStep::Ended));
    assert_eq!(apply(split.clone(), &release(), now()), split);
}

#[test]
fn what_is_released_while_it_is_being_held_is_released_after_the_hold_is_known() {
    let split = after(&[parts(&[1, 2]), release()]);
    assert_eq!(next(&split), ("hold", 1));
    let split = apply(split, &done(1), now());
    assert_eq!((next(&split), statuses(&split)), (("release", 1), vec!["active", "skipped"]));
    assert_eq!(apply(split, &done(2), now()).status(), SplitStatus::Released);
    let refused = after(&[parts(&[1, 2]), release(), refused(1)]);
    assert_eq!((refused.status(), refused.next_step()), (SplitStatus::Released, NextStep::Ended));
}

#[test]
fn the_deadline_releases_all_parts_and_is_half_open() {
    assert_eq!(apply(active(), &EXPIRE, at(59_999)), active());
    let split = apply(active(), &EXPIRE, at(60_000));
    assert_eq!((split.status(), next(&split)), (SplitStatus::Releasing, ("release", 1)));
    let split =
        [done(4), done(5), done(6)].iter().fold(split, |split, done| apply(split, done, now()));
    assert_eq!(split.status(), SplitStatus::Expired);
    for late in [commit("T-1"), release()] {
        assert_refused(&split, &late, "reservation-expired");
        let refusal = decide_split(&active(), &late, at(60_000)).unwrap_err();
        assert_eq!(refusal, SplitRefusal::Expired { expires_at: at(60_000) });
    }
    // what was ordered in time is finished
    let ordered = apply(active(), &commit("T-1"), at(59_999));
    assert_eq!(apply(ordered.clone(), &EXPIRE, at(60_000)), ordered);
}

#[test]
fn stores_are_found_for_a_basket() {
    let split = after(&[basket()]);
    assert_eq!(next(&split).0, "plan");
    assert_refused(&split, &commit("T-1"), "split-reservation-busy");
    let split = apply(split, &plan(1, &[2, 1]), now());
    // what another driver has found changes nothing
    assert_eq!(apply(split.clone(), &plan(1, &[3]), now()), split);
    assert_eq!(apply(split.clone(), &done(1), now()), split);
    let split = apply(apply(split, &done(2), now()), &done(3), now());
    assert_eq!((split.status(), split.parts().len()), (SplitStatus::Active, 2));
}

#[test]
fn a_store_that_refuses_is_not_asked_again() {
    let mut split = after(&[basket(), plan(1, &[1, 2]), done(2), refused(3)]);
    assert_eq!((split.status(), next(&split)), (SplitStatus::Requested, ("release", 1)));
    split = apply(split, &done(4), now());
    let SplitStep::Plan { excluded, .. } = step(&split).1 else { panic!("{split:?}") };
    assert_eq!(excluded, [store(2)]);
    split = apply(split, &plan(5, &[1, 3]), now());
    split = apply(apply(split, &done(6), now()), &done(7), now());
    assert_eq!((split.status(), split.plan()), (SplitStatus::Active, 2));
    assert_eq!(statuses(&split), ["released", "refused", "active", "active"]);
    let sold = [commit("T-1"), done(8), done(9)];
    let split = sold.iter().fold(split, |split, command| apply(split, command, now()));
    assert_eq!(statuses(&split), ["released", "refused", "committed", "committed"]);
}

#[test]
fn stores_are_looked_for_so_often_and_no_more() {
    let tries =
        [basket(), plan(1, &[1]), refused(2), plan(3, &[2]), refused(4), plan(5, &[3]), refused(6)];
    let split = after(&tries);
    assert_eq!((split.status(), split.plan()), (SplitStatus::Refused, PLANS_MAX));
    let missing = after(&[basket(), refused(1)]);
    assert_eq!((missing.status(), missing.next_step()), (SplitStatus::Refused, NextStep::Ended));
}

/// Two drivers try a hold: one is refused, the other has it after that was told.
#[test]
fn a_hold_that_is_told_as_refused_and_succeeds_is_released() {
    let split = after(&[parts(&[1, 2]), done(1), refused(2)]);
    let split = apply(split, &done(2), now());
    assert_eq!(next(&split), ("release", 1));
    let split = apply(split, &done(3), now());
    assert_eq!(next(&split), ("release", 2));
    let split = apply(split, &done(4), now());
    assert_eq!((split.status(), statuses(&split)), (SplitStatus::Refused, vec!["released"; 2]));
    // even after its end, and while stores are looked for again
    let split = after(&[parts(&[1]), refused(1), done(1)]);
    assert_eq!(next(&split), ("release", 1));
    let split = after(&[basket(), plan(1, &[1]), refused(2), done(2), plan(3, &[2])]);
    assert_eq!(next(&split), ("release", 1));
    let split = [done(4), done(5), commit("T-1"), done(6)];
    let first = after(&[basket(), plan(1, &[1]), refused(2), done(2), plan(3, &[2])]);
    let split = split.iter().fold(first, |split, command| apply(split, command, now()));
    assert_eq!(
        (split.status(), statuses(&split)),
        (SplitStatus::Committed, vec!["released", "committed"])
    );
}

#[test]
fn a_step_that_fails_again_and_again_is_told_once() {
    let outcome = StepOutcome::Delayed { attempts: 10, detail: "away".to_owned() };
    let split = after(&[parts(&[1]), recorded(1, outcome.clone())]);
    assert_eq!(split.delayed().unwrap().attempts, 10);
    assert_eq!(apply(split.clone(), &recorded(1, outcome), now()), split);
    assert_eq!(apply(split, &done(1), now()).delayed(), None);
}

#[test]
fn what_is_asked_for_has_bounds() {
    let none = SplitReservation::default();
    assert_refused(&none, &parts(&[]), "invalid-split-reservation");
    assert_refused(&none, &parts(&(1..=21).collect::<Vec<_>>()), "invalid-split-reservation");
    assert_refused(&none, &parts(&[1, 1]), "invalid-split-reservation");
    assert_refused(&none, &commit("T-1"), "not-found");
    assert_refused(&active(), &parts(&[1]), "split-reservation-state");
    let SplitReservationCommand::RequestSplitReservation(request) = parts(&[1]) else { panic!() };
    let ttl = TimeToLive::from_seconds(86_401).unwrap();
    let long = RequestSplitReservation { ttl, ..request };
    let long = SplitReservationCommand::RequestSplitReservation(long);
    assert_refused(&none, &long, "invalid-split-reservation");
}

proptest! {
    /// Whatever is wanted when, and however its steps end, told twice or late: it ends as all or nothing.
    #[test]
    fn every_life_ends_as_all_or_nothing(
        found in any::<bool>(),
        stores in 1_u128..5,
        moves in prop::collection::vec((0_u8..9, any::<bool>()), 0..60),
    ) {
        let begin = if found { basket() } else { parts(&(1..=stores).collect::<Vec<_>>()) };
        let mut split = after(&[begin]);
        let mut time = 0;
        let mut before = 0;
        for (what, yes) in moves.into_iter().chain([(0, true); 60]) {
            let number = match split.next_step() {
                NextStep::Perform { number, .. } => number,
                _ => 0,
            };
            let is_plan = matches!(split.next_step(), NextStep::Perform { step: SplitStep::Plan { .. }, .. });
            time += 1_500;
            let command = match what {
                5 => commit("T-1"),
                6 => release(),
                7 => done(before),
                8 => refused(before),
                _ if number == 0 => EXPIRE,
                _ if is_plan && yes => plan(number, &[stores, stores + 1]),
                _ if yes => done(number),
                _ => refused(number),
            };
            before = number;
            if let Ok(events) = decide_split(&split, &command, at(time)) {
                split = events.iter().fold(split, evolve_split);
                assert_all_or_nothing(&split);
            }
        }
        prop_assert_eq!(split.next_step(), NextStep::Ended, "{:?}", split);
    }
}
