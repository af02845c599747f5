//! Batches of tills, given/when/then.

use kit_core::Timestamp;

use super::*;
use crate::testing::{at, delta, now, transaction};
use crate::{FUTURE_TOLERANCE, NextStep, ProductId, RecordStep, StepOutcome};

fn line(units_sold: i64, millis: i64) -> PosLine {
    PosLine {
        id: None,
        product: ProductId::from_uuid(Uuid::from_u128(1)),
        change: delta(-units_sold),
        occurred_at: at(millis),
        transaction: transaction("receipt 7"),
    }
}

fn terms(lines: Vec<PosLine>) -> PosBatchTerms {
    let store = StoreId::from_uuid(Uuid::from_u128(2));
    let till = TillId::new("till 1").unwrap();
    PosBatchTerms { store, till, sequence: 3, opened_at: None, lines }
}

fn receive(terms: &PosBatchTerms) -> PosBatchCommand {
    PosBatchCommand::ReceivePosBatch(ReceivePosBatch { terms: terms.clone() })
}

fn given(events: &[PosBatchEvent]) -> PosBatch {
    events.iter().fold(PosBatch::default(), evolve_pos_batch)
}

fn received(terms: &PosBatchTerms) -> PosBatchEvent {
    PosBatchEvent::Received(terms.clone())
}

fn decide(
    history: &[PosBatchEvent],
    command: &PosBatchCommand,
    now: Timestamp,
) -> Result<Vec<PosBatchEvent>, PosBatchRefusal> {
    decide_pos_batch(&given(history), command, now)
}

#[test]
fn a_batch_is_received_whole_and_is_then_to_be_merged() {
    let terms = terms(vec![line(1, -5_000), line(-2, -4_000)]);
    assert_eq!(decide(&[], &receive(&terms), now()), Ok(vec![received(&terms)]));
    let batch = given(&[received(&terms)]);
    let step = MergeLines { terms: terms.clone() };
    assert_eq!(batch.next_step(), NextStep::Perform { number: 1, step });
    assert_eq!((batch.terms(), batch.is_merged()), (Some(&terms), false));
}

#[test]
fn what_comes_again_changes_nothing_even_when_it_could_not_come_any_more() {
    let terms = terms(vec![line(1, -5_000)]);
    let much_later = now().after(POS_AGE_MAX * 2);
    assert_eq!(decide(&[received(&terms)], &receive(&terms), much_later), Ok(vec![]));
}

#[test]
fn another_batch_under_the_same_number_is_refused_with_what_differs() {
    let first = terms(vec![line(1, -5_000), line(1, -4_000)]);
    let mut other = first.clone();
    other.opened_at = Some(at(-6_000));
    other.lines[1].change = delta(3);
    other.lines[1].id = Some(crate::PosLineId::new("L2").unwrap());
    other.lines.push(line(1, -3_000));
    let Err(PosBatchRefusal::SequenceReused { differences }) =
        decide(&[received(&first)], &receive(&other), now())
    else {
        panic!("it must be refused")
    };
    let told: Vec<_> = differences
        .iter()
        .map(|one| (one.pointer.as_str(), one.received.as_deref(), one.sent.as_deref()))
        .collect();
    let opened_at = at(-6_000).to_string();
    assert_eq!(
        told,
        [
            ("/openedAt", None, Some(opened_at.as_str())),
            ("/lines", Some("2 lines"), Some("3 lines")),
            ("/lines/1/lineId", None, Some("L2")),
            ("/lines/1/quantity", Some("1"), Some("-3")),
        ]
    );
}

#[test]
fn only_so_many_differences_are_told() {
    let lines = |units| (0..1_000).map(|millis| line(units, -millis)).collect();
    let (first, other) = (terms(lines(1)), terms(lines(2)));
    let refused = decide(&[received(&first)], &receive(&other), now());
    let Err(PosBatchRefusal::SequenceReused { differences }) = refused else { panic!() };
    assert_eq!(differences.len(), POS_DIFFERENCES_MAX);
}

#[test]
fn every_line_whose_moment_cannot_be_is_named() {
    let tolerated = i64::try_from(FUTURE_TOLERANCE.as_millis()).unwrap();
    let oldest = i64::try_from(POS_AGE_MAX.as_millis()).unwrap();
    let fine = terms(vec![line(1, tolerated), line(1, -oldest)]);
    assert_eq!(decide(&[], &receive(&fine), now()), Ok(vec![received(&fine)]));

    let mut bad = terms(vec![line(1, tolerated + 1), line(1, 0), line(1, -oldest - 1)]);
    let future = PosTimeFault::Future { at: at(tolerated + 1), now: now() };
    let old = PosTimeFault::TooOld { at: at(-oldest - 1) };
    let refused = PosBatchRefusal::Times(vec![(0, future), (2, old)]);
    assert_eq!(decide(&[], &receive(&bad), now()), Err(refused));

    bad.lines = vec![line(1, -1_000), line(1, -1_001)];
    bad.opened_at = Some(at(-1_000));
    let fault = PosTimeFault::BeforeOpened { at: at(-1_001), opened_at: at(-1_000) };
    let refused = PosBatchRefusal::Times(vec![(1, fault)]);
    assert_eq!(decide(&[], &receive(&bad), now()), Err(refused));
}

#[test]
fn a_number_and_some_lines_are_needed() {
    let refused = |terms: &PosBatchTerms| decide(&[], &receive(terms), now()).unwrap_err();
    assert_eq!(refused(&terms(vec![])), PosBatchRefusal::LineCount(0));
    let many = terms(vec![line(1, 0); POS_LINES_MAX + 1]);
    assert_eq!(refused(&many), PosBatchRefusal::LineCount(POS_LINES_MAX + 1));
    for sequence in [0, POS_SEQUENCE_MAX + 1] {
        let terms = PosBatchTerms { sequence, ..terms(vec![line(1, 0)]) };
        assert_eq!(refused(&terms), PosBatchRefusal::Sequence(sequence));
    }
}

#[test]
fn what_came_of_the_lines_is_recorded_once() {
    let terms = terms(vec![line(1, -3), line(1, -2), line(-1, -1)]);
    let outcomes = vec![
        LineOutcome::Merged { missing: 0 },
        LineOutcome::Merged { missing: 4 },
        LineOutcome::Refused("too many".to_owned()),
    ];
    let record = PosBatchCommand::RecordMerge(RecordMerge { outcomes });
    let merged = PosBatchEvent::Merged {
        shortfalls: vec![ShortLine { line: 1, units: 4 }],
        refused: vec![RefusedLine { line: 2, detail: "too many".to_owned() }],
    };
    assert_eq!(decide(&[received(&terms)], &record, now()), Ok(vec![merged.clone()]));
    let history = [received(&terms), merged];
    assert_eq!(decide(&history, &record, now()), Ok(vec![]));
    let batch = given(&history);
    assert_eq!((batch.next_step(), batch.shortfalls().len()), (NextStep::Ended, 1));
    assert_eq!(batch.refused()[0].line, 2);
    assert_eq!(decide(&[], &record, now()), Err(PosBatchRefusal::Unknown));
}

#[test]
fn that_merging_fails_is_told_once() {
    let terms = terms(vec![line(1, 0)]);
    let outcome = StepOutcome::Delayed { attempts: 9, detail: "disk full".to_owned() };
    let record = PosBatchCommand::RecordStep(RecordStep { step: 1, outcome });
    let told = PosBatchEvent::StepDelayed { attempts: 9, detail: "disk full".to_owned() };
    assert_eq!(decide(&[received(&terms)], &record, now()), Ok(vec![told.clone()]));
    let delayed = given(&[received(&terms), told.clone()]);
    assert_eq!(delayed.delayed().map(|delayed| delayed.attempts), Some(9));
    assert_eq!(decide(&[received(&terms), told], &record, now()), Ok(vec![]));
    let done = RecordStep { step: 1, outcome: StepOutcome::Done };
    let done = PosBatchCommand::RecordStep(done);
    assert_eq!(decide(&[received(&terms)], &done, now()), Ok(vec![]));
}

#[test]
fn a_batch_is_known_by_store_till_and_number() {
    let store = |number| StoreId::from_uuid(Uuid::from_u128(number));
    let till = |name| TillId::new(name).unwrap();
    let id = pos_batch_id(store(1), &till("7"), 1);
    assert_eq!(id, pos_batch_id(store(1), &till("7"), 1));
    for other in [
        pos_batch_id(store(2), &till("7"), 1),
        pos_batch_id(store(1), &till("8"), 1),
        pos_batch_id(store(1), &till("7"), 2),
        pos_batch_id(store(1), &till("1/7"), 1),
    ] {
        assert_ne!(id, other);
    }
}

#[test]
fn names_are_those_of_the_log() {
    let events = [
        received(&terms(vec![])),
        PosBatchEvent::Merged { shortfalls: vec![], refused: vec![] },
        PosBatchEvent::StepDelayed { attempts: 1, detail: String::new() },
    ];
    assert_eq!(events.map(|event| event.type_name()), PosBatchEvent::TYPE_NAMES);
}
