//! I5 and the log side of I3: positions, versions, ids, time and commands.

use super::super::checker::Checker;
use super::super::entry::{
    Entry,
    Invariant::{I3, I5},
};
use super::log::Log;
use super::{assert_broken, check};

fn three_adds() -> Log {
    Log::new().add(1, 1).add(1, 1).add(2, 1)
}

#[test]
fn positions_are_without_gaps_and_rise() {
    assert!(check(&three_adds()).is_ok());
    let gap = three_adds().damage(3, |event| event.position = 5);
    assert_broken(&gap, I5, 5, "position 3 was expected: 2 missing");
    let back = three_adds().damage(3, |event| event.position = 2);
    assert_broken(&back, I5, 2, "it comes after position 2");
    let late = three_adds().damage(1, |event| event.position = 2);
    assert_broken(&late, I5, 2, "position 1 was expected");
}

#[test]
fn versions_are_without_gaps_from_one() {
    let gap = three_adds().damage(2, |event| event.version = 3);
    assert_broken(&gap, I5, 2, "version 3 was found where 2 was expected");
    let twice = three_adds().damage(2, |event| event.version = 1);
    assert_broken(&twice, I5, 2, "version 1 was found where 2 was expected");
    let first = three_adds().damage(3, |event| event.version = 2);
    assert_broken(&first, I5, 3, "version 2 was found where 1 was expected");
}

#[test]
fn event_ids_are_unique() {
    let log = three_adds();
    let id = log.events[0].id;
    let log = log.damage(3, |event| event.id = id);
    assert_broken(&log, I5, 3, &id.to_string());
}

#[test]
fn time_does_not_go_back_within_a_stream() {
    let back = |event: &mut super::log::Event| {
        let at = event.metadata.recorded_at - 2_001;
        event.metadata.recorded_at = at;
    };
    assert_broken(&three_adds().damage(2, back), I5, 2, "1001 ms before the event in front of it");
    // shards decide side by side, so between streams it may
    assert!(check(&three_adds().damage(3, back)).is_ok());
}

#[test]
fn the_chain_of_a_stream_leads_to_the_event_before() {
    let log = three_adds();
    let walk = |links: [u64; 3]| {
        let mut checker = Checker::new();
        let mut events = log.events.iter().zip(links);
        events.try_for_each(|(event, previous)| {
            checker.event(&Entry { previous: Some(previous), ..event.entry() })
        })
    };
    assert_eq!(walk([0, 1, 0]), Ok(()));
    let violation = walk([0, 0, 0]).unwrap_err();
    assert_eq!((violation.invariant, violation.position), (I5, Some(2)));
    let violation = walk([0, 1, 2]).unwrap_err();
    assert_eq!((violation.invariant, violation.position), (I5, Some(3)));
}

#[test]
fn what_cannot_be_read_is_not_passed_over() {
    let unknown = three_adds().damage(2, |event| event.name = "StockMeltedEvent".into());
    assert_broken(&unknown, I5, 2, "StockMeltedEvent cannot be read");
    let newer = three_adds().damage(2, |event| event.schema_version = 2);
    assert_broken(&newer, I5, 2, "its shape has version 2");
    let torn = three_adds().damage(2, |event| event.data = r#"{"quantity":"#.into());
    assert_broken(&torn, I5, 2, "cannot be read");
    let misnamed = three_adds().damage(3, |event| event.stream = "inventory-nowhere".to_owned());
    assert_broken(&misnamed, I5, 3, "the stream is not named");
}

#[test]
fn a_command_is_one_piece_and_never_comes_again() {
    let log = three_adds();
    let first = log.events[0].metadata.clone();
    let log = log.damage(3, |event| event.metadata = first);
    assert_broken(&log, I3, 3, "comes again");
}

#[test]
fn a_command_that_was_written_twice_in_a_row_is_found() {
    let copy = |from: usize, at: usize, log: Log| {
        let metadata = log.events[from - 1].metadata.clone();
        log.damage(at, |event| event.metadata = metadata)
    };
    let twice = copy(1, 2, three_adds());
    assert_broken(&twice, I3, 2, "changes the stock level twice, first at position 1");
    let later = three_adds();
    let command = later.events[0].metadata.causation_id;
    let later = later.damage(2, |event| event.metadata.causation_id = command);
    assert_broken(&later, I3, 2, "it was recorded more than once");
}

#[test]
fn a_command_changes_one_store() {
    let log = Log::new().add(1, 5).in_store(6).add(1, 5);
    let metadata = log.events[0].metadata.clone();
    let log = log.damage(2, |event| event.metadata = metadata);
    assert_broken(&log, I3, 2, "changes two stores");
}

#[test]
fn streams_of_other_things_are_checked_for_order_only() {
    let rename = |event: &mut super::log::Event| {
        event.stream = "product-1".to_owned();
        event.data = "{}".into();
        event.version = 1;
    };
    let report = check(&three_adds().damage(2, rename)).unwrap();
    assert_eq!((report.streams, report.stock_levels), (3, 2));
    let broken = three_adds().damage(2, rename).damage(2, |event| event.version = 7);
    assert_eq!(check(&broken).unwrap_err().stream.as_deref(), Some("product-1"));
}
