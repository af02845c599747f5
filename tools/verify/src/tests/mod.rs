//! The checker on logs written by hand: whole ones pass, and each way of breaking one is found where it happens.

mod answers;
mod claims;
mod journal;
mod late;
mod log;
mod order;
mod reservations;
mod sagas;
mod stock;
mod transfers;
mod views;

use super::acked::Acked;
use super::check::Reports;
use super::checker::Checker;
use super::entry::{Invariant, Violation};
use super::report::Report;
use log::Log;

/// Folds a log from beginning to end.
fn check(log: &Log) -> Result<Report, Violation> {
    check_with(log, Checker::new())
}

fn check_with(log: &Log, mut checker: Checker) -> Result<Report, Violation> {
    for event in &log.events {
        event.check(&mut checker)?;
    }
    Ok(Report::new(checker.finish()?, None, None))
}

/// Asserts that a log is found broken at a position, for this reason.
#[track_caller]
fn assert_broken(log: &Log, invariant: Invariant, position: u64, reason: &str) {
    let violation = check(log).expect_err("the log is broken");
    let found = (violation.invariant, violation.position);
    assert_eq!(found, (invariant, Some(position)), "{violation}");
    assert!(violation.message.contains(reason), "{violation}");
    assert!(violation.stream.is_some_and(|stream| stream.starts_with("inventory-")));
}

/// A log with everything in it that may happen.
fn whole_log() -> Log {
    Log::new()
        .add(1, 100)
        .policy(1, 5, 10)
        .reserve(1, &[(1, 10)])
        .commit(1, &[(1, 7, 3)])
        .reserve(2, &[(1, 4)])
        .extend(2, 1, 600)
        .release(2, 1, 4, "cancelled")
        .reserve(3, &[(1, 20)])
        .later(300)
        .release(3, 1, 20, "expired")
        .add(2, 8)
        .reserve(4, &[(1, 2), (2, 3)])
        .commit_part(4, &[(1, 2, 0)], &[(2, 3)])
        .adjust(2, -1)
        .count(2, 1, 8)
        .reserve(5, &[(2, 6)])
        .revoke_and_adjust(5, 2, 6, -5)
        .reserve(6, &[(1, 1), (2, 1)])
}

#[test]
fn what_was_checked_is_told_by_name() {
    let reports = Reports { inventory: check(&whole_log()).unwrap(), store: None };
    let tables = reports.tables();
    let last = tables.lines().last().unwrap();
    let named =
        "I1 conservation, I2 never oversold, I3 nothing lost or twice, I4 one end, I5 order";
    assert_eq!(last, format!("invariants    {named}"));
}

#[test]
fn a_whole_log_holds_everything_and_its_numbers_add_up() {
    let report = check(&whole_log()).unwrap();
    let checked: Vec<_> = report.checked.iter().map(Invariant::to_string).collect();
    assert_eq!(checked, ["I1", "I2", "I3", "I4", "I5"]);
    assert_eq!((report.streams, report.stock_levels), (2, 2));
    let units = &report.units;
    assert_eq!((units.received, units.committed, units.adjusted), (108, 9, -5));
    assert_eq!((units.on_hand, units.reserved), (94, 2));
    let made = &report.reservations;
    assert_eq!((made.made, made.lines), (6, 8));
    assert_eq!((made.committed, made.cancelled, made.expired), (2, 1, 1));
    assert_eq!((made.partial_commit, made.shortage, made.active), (1, 1, 2));
}

#[test]
fn an_empty_log_holds() {
    let report = check(&Log::new()).unwrap();
    assert_eq!((report.events, report.checked), (0, vec![Invariant::I3, Invariant::I5]));
}

#[test]
fn the_report_is_readable_by_people_and_by_machines() {
    let report = check(&whole_log()).unwrap();
    let table = report.table("inventory");
    assert!(
        table.contains("108 received - 9 committed - 5 adjusted = 94 on hand, 2 of them reserved")
    );
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["units"]["onHand"], 94);
    assert_eq!(json["reservations"]["partialCommit"], 1);
    assert_eq!(json["checked"][0], "I1");
}
