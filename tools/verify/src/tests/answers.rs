//! The other side of I3: the answers that clients got, against the log.

use super::super::acked::Acknowledged;
use super::super::entry::{Invariant::I3, Violation};
use super::log::{Log, reservation_id};
use super::{Acked, Checker, check_with};

/// Positions: 1 and 2 added, 3 reserved, 4 committed, 5 reserved, 6 released.
fn log() -> Log {
    Log::new()
        .add_with_reference(1, 50, "delivery-1")
        .add(1, 50)
        .reserve(1, &[(1, 5)])
        .commit(1, &[(1, 5, 0)])
        .reserve(2, &[(1, 5)])
        .release(2, 1, 5, "cancelled")
}

fn compare(log: &Log, file: &str) -> Result<Acknowledged, Violation> {
    let acked = Acked::read(file.as_bytes()).expect("the file is readable");
    check_with(log, Checker::new().with_acked(acked)).map(|report| report.acknowledged.unwrap())
}

fn line(kind: &str, outcome: &str, reservation: u128) -> String {
    let id = reservation_id(reservation);
    format!("{{\"kind\":\"{kind}\",\"outcome\":\"{outcome}\",\"reservationId\":\"{id}\"}}\n")
}

#[track_caller]
fn assert_broken(found: Result<Acknowledged, Violation>, position: Option<u64>, reason: &str) {
    let violation = found.expect_err("the log is not what clients were told");
    assert_eq!((violation.invariant, violation.position), (I3, position), "{violation}");
    assert!(violation.message.contains(reason), "{violation}");
}

#[test]
fn answers_that_the_log_bears_out() {
    let mut file: String = [
        line("reserve", "acked", 1),
        line("commit", "acked", 1),
        line("release", "refused", 1),
        line("reserve", "unknown", 2),
        line("commit", "refused", 2),
        line("release", "acked", 2),
        line("reserve", "refused", 3),
        line("reserve", "unknown", 4),
    ]
    .concat();
    file.push_str(
        "{\"kind\":\"add\",\"outcome\":\"acked\",\"reference\":\"delivery-1\",\"position\":1}\n\n",
    );
    file.push_str("{\"kind\":\"add\",\"outcome\":\"acked\",\"position\":2,\"quantity\":50}\n");
    file.push_str("{\"kind\":\"add\",\"outcome\":\"unknown\",\"reference\":\"delivery-2\"}");
    let found = compare(&log(), &file).unwrap();
    assert_eq!(found, Acknowledged { acked: 5, refused: 3, unknown: 3 });
}

#[test]
fn an_acknowledged_command_that_is_not_in_the_log_was_lost() {
    let file = [line("reserve", "acked", 1), line("reserve", "acked", 9)].concat();
    assert_broken(compare(&log(), &file), None, "was acknowledged (line 2), but is not in the log");
    assert_broken(compare(&log(), &line("commit", "acked", 2)), None, "the commit of reservation");
    assert_broken(
        compare(&log(), &line("release", "acked", 1)),
        None,
        "the release of reservation",
    );
    let add = r#"{"kind":"add","outcome":"acked","reference":"delivery-9"}"#;
    assert_broken(compare(&log(), add), None, "the add with reference \"delivery-9\"");
    let add = r#"{"kind":"add","outcome":"acked","position":7}"#;
    assert_broken(compare(&log(), add), None, "the add at position 7");
    let add = r#"{"kind":"add","outcome":"acked","position":3}"#;
    assert_broken(compare(&log(), add), Some(3), "is not here");
}

#[test]
fn a_refused_command_must_not_be_in_the_log() {
    for (kind, reservation, position) in [("reserve", 1, 3), ("commit", 1, 4), ("release", 2, 6)] {
        let found = compare(&log(), &line(kind, "refused", reservation));
        assert_broken(found, Some(position), "was refused (line 1), but is in the log");
    }
    let add = r#"{"kind":"add","outcome":"refused","reference":"delivery-1"}"#;
    assert_broken(compare(&log(), add), Some(1), "this add was refused");
}

#[test]
fn a_delivery_is_in_the_log_once() {
    let twice = log().add_with_reference(1, 50, "delivery-1");
    for outcome in ["acked", "unknown"] {
        let add = format!(r#"{{"kind":"add","outcome":"{outcome}","reference":"delivery-1"}}"#);
        assert_broken(compare(&twice, &add), Some(7), "is in the log more than once");
    }
}

#[test]
fn the_position_of_an_answer_covers_its_events() {
    let at = |position: u64| {
        let id = reservation_id(1);
        let line = format!(
            r#"{{"kind":"commit","outcome":"acked","reservationId":"{id}","position":{position}}}"#
        );
        compare(&log(), &line)
    };
    assert!(at(4).is_ok());
    // a repeated command is answered with a later position
    assert!(at(6).is_ok());
    assert_broken(at(3), Some(4), "was answered with position 3 (line 1), before its event");
}

#[test]
fn the_strongest_line_about_a_thing_counts() {
    let acked = [line("reserve", "refused", 1), line("reserve", "acked", 1)].concat();
    assert!(compare(&log(), &acked).is_ok());
    let unknown = [line("reserve", "unknown", 1), line("reserve", "refused", 1)].concat();
    assert!(compare(&log(), &unknown).is_ok());
    let lost = [line("reserve", "acked", 9), line("reserve", "refused", 9)].concat();
    assert_broken(compare(&log(), &lost), None, "line 1");
}

/// Releasing an overdue reservation is granted, and the log records the true cause of its end.
#[test]
fn a_release_after_the_deadline_counts_as_released_only_for_who_asked() {
    let log = Log::new().add(1, 5).reserve(1, &[(1, 5)]).later(300).release(1, 1, 5, "expired");
    for outcome in ["acked", "refused", "unknown"] {
        assert!(compare(&log, &line("release", outcome, 1)).is_ok(), "{outcome}");
    }
}

#[test]
fn a_line_that_says_nothing_useful_is_refused_with_its_number() {
    let bad = [
        "{",
        r#"{"kind":"reserve","outcome":"acked"}"#,
        r#"{"kind":"add","outcome":"acked"}"#,
        r#"{"kind":"steal","outcome":"acked","position":1}"#,
        r#"{"kind":"add","outcome":"perhaps","position":1}"#,
    ];
    for text in bad {
        let error = Acked::read(format!("\n{text}").as_bytes()).unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error:#}");
    }
}

#[test]
fn parts_of_a_reservation_are_sold_and_given_back_any_number_of_times() {
    let log = || {
        let log = Log::new().add(1, 50).reserve(1, &[(1, 5)]).commit_keeping(1, (1, 1, 4));
        log.commit_keeping(1, (1, 1, 3)).release_keeping(1, (1, 1, 2), "cancelled")
    };
    let sold = line("commit", "acked", 1);
    assert_eq!(compare(&log(), &sold).unwrap().acked, 1);
    assert_eq!(compare(&log().commit(1, &[(1, 2, 0)]), &sold).unwrap().acked, 1);
    let refused = line("commit", "refused", 1);
    assert_eq!(compare(&log(), &refused).unwrap().refused, 1);
    let given_back = line("release", "acked", 1);
    assert_eq!(compare(&log(), &given_back).unwrap().acked, 1);
}
