//! The life of a transfer, given/when/then.

use kit_core::Timestamp;
use uuid::Uuid;

use super::*;
use crate::testing::{at, now, positive, quantity, reason};
use crate::{ProductId, Reference, StoreId, TimeToLive};

fn store(number: u128) -> StoreId {
    StoreId::from_uuid(Uuid::from_u128(number))
}

fn product(number: u128) -> ProductId {
    ProductId::from_uuid(Uuid::from_u128(number))
}

fn request() -> TransferCommand {
    TransferCommand::RequestTransfer(RequestTransfer {
        source: store(1),
        destination: store(2),
        lines: vec![(product(1), positive(5)), (product(2), positive(3))],
        hold: TimeToLive::from_seconds(60).unwrap(),
        reference: Some(Reference::new("DN-1").unwrap()),
        reason: None,
    })
}

fn done(step: u32) -> TransferCommand {
    TransferCommand::RecordStep(RecordStep { step, outcome: StepOutcome::Done })
}

fn refused(step: u32) -> TransferCommand {
    let outcome = StepOutcome::Refused("no".to_owned());
    TransferCommand::RecordStep(RecordStep { step, outcome })
}

const DISPATCH: TransferCommand = TransferCommand::SendTransfer(SendTransfer { occurred_at: None });
const CANCEL: TransferCommand = TransferCommand::CancelTransfer(CancelTransfer { reason: None });
const EXPIRE: TransferCommand = TransferCommand::ExpireTransfer(ExpireTransfer);
const RETURN: TransferCommand =
    TransferCommand::ReturnTransfer(ReturnTransfer { reason: None, occurred_at: None });

/// A receipt: product, accepted, over, damaged, short.
fn receive(lines: &[(u128, [i64; 4])]) -> TransferCommand {
    let arrival = |(number, units): &(u128, [i64; 4])| {
        let [accepted, over, damaged, short] = units.map(quantity);
        Arrival { product: product(*number), accepted, over, damaged, short }
    };
    TransferCommand::ReceiveArrivals(ReceiveArrivals {
        lines: lines.iter().map(arrival).collect(),
        reason: Some(reason("counted")),
        occurred_at: None,
    })
}

/// A transfer after commands that were all granted; what was sent is always accounted for.
#[track_caller]
fn after(commands: &[TransferCommand]) -> Transfer {
    commands.iter().fold(Transfer::default(), |transfer, command| apply(transfer, command, now()))
}

#[track_caller]
fn apply(transfer: Transfer, command: &TransferCommand, at: Timestamp) -> Transfer {
    let events = decide_transfer(&transfer, command, at).unwrap();
    let transfer = events.iter().fold(transfer, evolve_transfer);
    let left = !matches!(
        transfer.status(),
        TransferStatus::Requested
            | TransferStatus::Held
            | TransferStatus::Cancelled
            | TransferStatus::Refused
    );
    for line in transfer.lines() {
        let found = line.in_transit + line.accepted + line.damaged + line.short + line.returned;
        assert_eq!(found, if left { line.quantity } else { 0 }, "after {command:?}: {line:?}");
    }
    transfer
}

#[track_caller]
fn assert_refused(transfer: &Transfer, command: &TransferCommand, code: &str) {
    let refusal = decide_transfer(transfer, command, now()).unwrap_err();
    assert_eq!(refusal.code(), code, "{refusal}");
}

#[track_caller]
fn step(transfer: &Transfer) -> TransferStep {
    match transfer.next_step() {
        NextStep::Perform { step, .. } => step,
        other => panic!("{other:?}"),
    }
}

fn in_transit() -> Transfer {
    after(&[request(), done(1), DISPATCH, done(2)])
}

#[test]
fn names_are_those_of_the_log() {
    let names: std::collections::BTreeSet<_> = TransferEvent::TYPE_NAMES.into();
    assert_eq!(names.len(), TransferEvent::TYPE_NAMES.len());
    assert_eq!(TransferEvent::Returned.type_name(), "TransferReturnedEvent");
    let delayed = TransferEvent::StepDelayed { attempts: 1, detail: String::new() };
    assert_eq!(delayed.type_name(), "TransferStepDelayedEvent");
}

#[test]
fn what_is_asked_for_is_held_sent_and_received() {
    let lines = vec![(product(1), positive(5)), (product(2), positive(3))];
    let held = TransferStep::Hold { store: store(1), lines, until: at(60_000) };
    assert_eq!(step(&after(&[request()])), held);
    let transfer = after(&[request(), done(1)]);
    assert_eq!(transfer.next_step(), NextStep::Wait { until: Some(at(60_000)) });
    assert_eq!(in_transit().next_step(), NextStep::Wait { until: None });
    let receipt = receive(&[(1, [5, 0, 0, 0]), (2, [3, 0, 0, 0])]);
    let ordered = apply(in_transit(), &receipt, now());
    assert_eq!(ordered.status(), TransferStatus::InTransit, "until the destination has them");
    let closed = apply(ordered, &done(3), now());
    assert_eq!((closed.status(), closed.next_step()), (TransferStatus::Closed, NextStep::Ended));
}

#[test]
fn it_is_received_in_parts_and_differences_are_told() {
    let first = apply(in_transit(), &receive(&[(1, [3, 0, 1, 0])]), now());
    let lines = vec![(product(1), positive(3))];
    let (to, from, occurred_at) = (store(2), store(1), None);
    assert_eq!(step(&first), TransferStep::PutAway { store: to, from, lines, occurred_at });
    let first = apply(first, &done(3), now());
    assert_eq!((first.status(), first.lines()[0].in_transit), (TransferStatus::InTransit, 1));
    let second = apply(first, &receive(&[(1, [0, 0, 0, 1]), (2, [3, 2, 0, 0])]), now());
    let lines = vec![(product(2), positive(5))];
    assert_eq!(step(&second), TransferStep::PutAway { store: to, from, lines, occurred_at });
    let closed = apply(second, &done(4), now());
    let line = closed.lines()[0];
    assert_eq!([line.accepted, line.over, line.damaged, line.short], [3, 0, 1, 1]);
    assert_eq!((closed.lines()[1].accepted, closed.lines()[1].over), (3, 2));
    assert_eq!(closed.status(), TransferStatus::Closed);
}

#[test]
fn what_will_never_come_needs_nothing_of_the_destination() {
    let lost = apply(in_transit(), &receive(&[(1, [0, 0, 0, 5]), (2, [0, 0, 3, 0])]), now());
    assert_eq!((lost.status(), lost.next_step()), (TransferStatus::Closed, NextStep::Ended));
}

#[test]
fn a_receipt_must_fit_what_is_in_transit() {
    let transfer = in_transit();
    for lines in [
        &[(1, [6, 0, 0, 0])][..],
        &[(1, [3, 0, 2, 1])],
        &[(3, [1, 0, 0, 0])],
        &[(1, [1, 0, 0, 0]), (1, [1, 0, 0, 0])],
        &[(1, [0, 0, 0, 0])],
        &[(1, [5, 999_999_999, 0, 0])],
        &[],
    ] {
        assert_refused(&transfer, &receive(lines), "invalid-transfer");
    }
}

#[test]
fn a_source_that_has_not_enough_ends_it() {
    let transfer = after(&[request(), refused(1)]);
    assert_eq!((transfer.status(), transfer.refusal()), (TransferStatus::Refused, Some("no")));
    assert_eq!(transfer.next_step(), NextStep::Ended);
    assert_refused(&transfer, &DISPATCH, "transfer-state");
}

#[test]
fn what_was_not_sent_is_released_when_it_is_cancelled() {
    let cancelled = after(&[request(), done(1), CANCEL]);
    let products = vec![product(1), product(2)];
    assert_eq!(step(&cancelled), TransferStep::Release { store: store(1), products });
    for outcome in [done(2), refused(2)] {
        let ended = apply(cancelled.clone(), &outcome, now());
        assert_eq!(ended.status(), TransferStatus::Cancelled);
    }
    assert_refused(&in_transit(), &CANCEL, "transfer-state");
}

/// The outcome of a hold that is under way must be known before it can be released: a late success would hold for ever.
#[test]
fn a_cancellation_waits_for_the_outcome_of_the_hold() {
    let wanted = after(&[request(), CANCEL]);
    assert!(matches!(step(&wanted), TransferStep::Hold { .. }));
    assert_refused(&wanted, &CANCEL, "transfer-busy");
    let held = apply(wanted.clone(), &done(1), now());
    assert!(matches!(step(&held), TransferStep::Release { .. }));
    assert_refused(&held, &DISPATCH, "transfer-busy");
    assert_eq!(apply(wanted, &refused(1), now()).status(), TransferStatus::Refused);
}

#[test]
fn goods_that_the_source_does_not_let_go_are_released() {
    let transfer = after(&[request(), done(1), DISPATCH, refused(2)]);
    assert_eq!(transfer.cancellation().unwrap().cause, CancelCause::Refused);
    assert!(matches!(step(&transfer), TransferStep::Release { .. }));
    assert_eq!(apply(transfer, &done(3), now()).status(), TransferStatus::Cancelled);
}

#[test]
fn the_time_of_the_hold_runs_out_once() {
    let held = after(&[request(), done(1)]);
    assert_eq!(apply(held.clone(), &EXPIRE, at(59_999)), held);
    let expired = apply(held, &EXPIRE, at(60_000));
    assert_eq!(expired.cancellation().unwrap().cause, CancelCause::Expired);
    assert_eq!(apply(expired.clone(), &EXPIRE, at(60_001)), expired);
    assert_eq!(apply(in_transit(), &EXPIRE, at(60_001)), in_transit());
}

#[test]
fn what_is_in_transit_can_go_back() {
    let part = apply(in_transit(), &receive(&[(1, [2, 0, 0, 0])]), now());
    assert_refused(&part, &RETURN, "transfer-busy");
    let part = apply(part, &done(3), now());
    let back = apply(part, &RETURN, now());
    let lines = vec![(product(1), positive(3)), (product(2), positive(3))];
    let (to, from, occurred_at) = (store(1), store(2), None);
    assert_eq!(step(&back), TransferStep::PutAway { store: to, from, lines, occurred_at });
    let back = apply(back, &done(4), now());
    assert_eq!((back.status(), back.lines()[0].returned), (TransferStatus::Returned, 3));
}

/// A refusal that another try could contradict must not end the step: the units would arrive twice.
#[test]
fn a_receipt_that_is_refused_stays_to_be_done() {
    let transfer = apply(in_transit(), &receive(&[(1, [5, 0, 0, 0])]), now());
    let transfer = apply(transfer, &refused(3), now());
    assert_eq!(transfer.delayed().unwrap().detail, "no");
    assert!(matches!(step(&transfer), TransferStep::PutAway { .. }));
    assert_eq!(apply(transfer, &done(3), now()).lines()[0].accepted, 5);
}

/// Two tries of a hold, of which one is refused and a later one succeeds.
#[test]
fn a_hold_that_succeeds_late_is_released() {
    let late = apply(after(&[request(), refused(1)]), &done(1), now());
    assert!(matches!(step(&late), TransferStep::Release { .. }));
    let ended = apply(late, &done(2), now());
    assert_eq!(ended.status(), TransferStatus::Cancelled);
    assert_eq!(apply(ended.clone(), &done(1), now()), ended);
}

#[test]
fn nothing_happens_in_the_future() {
    let held = after(&[request(), done(1)]);
    let dispatch =
        |millis| TransferCommand::SendTransfer(SendTransfer { occurred_at: Some(at(millis)) });
    assert_refused(&held, &dispatch(300_001), "occurred-in-future");
    assert!(decide_transfer(&held, &dispatch(300_000), now()).is_ok());
}

#[test]
fn an_outcome_that_is_known_or_of_another_step_changes_nothing() {
    let held = after(&[request(), done(1)]);
    assert_eq!(apply(held.clone(), &done(1), now()), held);
    let ordered = apply(held, &DISPATCH, now());
    assert_eq!(apply(ordered.clone(), &refused(1), now()), ordered);
}

#[test]
fn a_step_that_fails_again_and_again_is_told_once_and_stays_to_be_done() {
    let outcome = StepOutcome::Delayed { attempts: 10, detail: "away".to_owned() };
    let delayed = TransferCommand::RecordStep(RecordStep { step: 1, outcome });
    let transfer = after(&[request(), delayed.clone()]);
    assert_eq!(transfer.delayed().unwrap().attempts, 10);
    assert!(matches!(step(&transfer), TransferStep::Hold { .. }));
    assert_eq!(apply(transfer.clone(), &delayed, now()), transfer);
    let tried = |attempts| {
        let outcome = StepOutcome::Delayed { attempts, detail: "full".to_owned() };
        TransferCommand::RecordStep(RecordStep { step: 1, outcome })
    };
    assert_eq!(apply(transfer.clone(), &tried(19), now()), transfer);
    let told_again = apply(transfer.clone(), &tried(20), now());
    assert_eq!(told_again.delayed().unwrap().detail, "full");
    assert_eq!(apply(transfer, &done(1), now()).delayed(), None);
    // goods that are there must go somewhere
    let back = apply(apply(in_transit(), &RETURN, now()), &refused(3), now());
    assert!(back.delayed().is_some() && matches!(step(&back), TransferStep::PutAway { .. }));
}

#[test]
fn a_transfer_goes_from_one_store_to_another_and_begins_once() {
    let TransferCommand::RequestTransfer(request) = request() else { unreachable!() };
    let within = RequestTransfer { destination: request.source, ..request.clone() };
    assert_refused(
        &Transfer::default(),
        &TransferCommand::RequestTransfer(within),
        "invalid-transfer",
    );
    let again = TransferCommand::RequestTransfer(request);
    assert_refused(&after(std::slice::from_ref(&again)), &again, "transfer-state");
    assert_refused(&Transfer::default(), &DISPATCH, "not-found");
}
