//! I6: rows of views that differ from the log, one by one.

use std::path::Path;

use rusqlite::Connection;
use tempfile::TempDir;

use super::super::entry::{Invariant, Violation};
use super::super::failure::Failure;
use super::super::views::{Compared, Views};
use super::log::{Log, STORE, product_id, reservation_id, store_id};
use super::{Checker, whole_log};

/// The parts of the views' tables that are compared.
const TABLES: &str = "
PRAGMA user_version = 4;
CREATE TABLE checkpoint (id INTEGER PRIMARY KEY, position INTEGER NOT NULL);
CREATE TABLE stock_levels (
  store_id BLOB, product_id BLOB, on_hand INTEGER, reserved INTEGER, safety_stock INTEGER,
  reorder_point INTEGER, version INTEGER, position INTEGER, shortfall INTEGER, counted_at INTEGER,
  next_deadline INTEGER);
CREATE TABLE reservation_lines (
  reservation_id BLOB, product_id BLOB, store_id BLOB, quantity INTEGER, committed INTEGER,
  status INTEGER, created_at INTEGER, expires_at INTEGER, ended_at INTEGER, order_id TEXT,
  transaction_id TEXT, held INTEGER);";

/// A log of three events and its views, written down by hand.
fn log_and_views(folder: &Path) -> (Log, Connection) {
    let log = Log::new().add(1, 10).reserve(1, &[(1, 4)]).commit(1, &[(1, 3, 1)]);
    let views = Connection::open(folder.join("views.db")).unwrap();
    views.execute_batch(TABLES).unwrap();
    views.execute("INSERT INTO checkpoint VALUES (1, 3)", []).unwrap();
    let (product, store) = (product_id(1), store_id(STORE));
    views
        .execute(
            "INSERT INTO stock_levels VALUES (?1, ?2, 7, 0, 0, 0, 3, 3, 0, NULL, NULL)",
            [store.as_bytes(), product.as_bytes()],
        )
        .unwrap();
    let made = log.events[1].metadata.recorded_at;
    let (expires, ended) = (made + 300_000, made + 1_000);
    let sql = format!(
        "INSERT INTO reservation_lines VALUES \
         (?1, ?2, ?3, 4, 3, 1, {made}, {expires}, {ended}, 'o-\"1\"', 't-1', 0)"
    );
    let reservation = reservation_id(1);
    views.execute(&sql, [reservation.as_bytes(), product.as_bytes(), store.as_bytes()]).unwrap();
    (log, views)
}

fn compare(folder: &Path, log: &Log) -> Result<Compared, Failure> {
    let mut views = Views::open(&folder.join("views.db")).unwrap();
    let mut checker = Checker::new();
    for event in log.events.iter().filter(|event| event.position <= views.position()) {
        event.check(&mut checker).unwrap();
    }
    views.compare(&checker)
}

#[test]
fn equal_views_are_found_equal() {
    let folder = TempDir::new().unwrap();
    let (log, views) = log_and_views(folder.path());
    let expected = Compared { position: 3, stock_levels: 1, reservation_lines: 1 };
    assert_eq!(compare(folder.path(), &log).unwrap(), expected);
    // the log goes on, the views do not: they are compared where they stand
    assert_eq!(compare(folder.path(), &log.add(1, 5).add(2, 5)).unwrap(), expected);
    views
        .execute_batch(
            "DELETE FROM stock_levels; DELETE FROM reservation_lines; DELETE FROM checkpoint",
        )
        .unwrap();
    let empty = Compared { position: 0, stock_levels: 0, reservation_lines: 0 };
    assert_eq!(compare(folder.path(), &whole_log()).unwrap(), empty);
}

#[track_caller]
fn violation_after(sql: &str) -> Violation {
    let folder = TempDir::new().unwrap();
    let (log, views) = log_and_views(folder.path());
    views.execute_batch(sql).unwrap();
    match compare(folder.path(), &log) {
        Err(Failure::Broken(violation)) => violation,
        other => panic!("{sql} should be found, got {other:?}"),
    }
}

#[test]
fn every_column_that_differs_is_found() {
    for column in
        ["on_hand", "reserved", "safety_stock", "reorder_point", "version", "position", "shortfall"]
    {
        let sql = format!("UPDATE stock_levels SET {column} = {column} + 1");
        let violation = violation_after(&sql);
        assert_eq!((violation.invariant, violation.position), (Invariant::I6, Some(3)));
        assert!(violation.message.contains(column), "{violation}");
    }
    let deadline = violation_after("UPDATE stock_levels SET next_deadline = 7");
    assert!(deadline.message.contains("next_deadline"), "{deadline}");
    let counted = violation_after("UPDATE stock_levels SET counted_at = 7");
    assert!(counted.message.contains("counted_at"), "{counted}");
    let columns =
        ["quantity", "committed", "held", "status", "created_at", "expires_at", "ended_at"];
    for column in columns {
        let sql = format!("UPDATE reservation_lines SET {column} = {column} + 1");
        let violation = violation_after(&sql);
        assert_eq!((violation.invariant, violation.position), (Invariant::I6, Some(3)));
        assert!(violation.message.contains(&format!("another {column}")), "{violation}");
    }
    for (column, value) in [
        ("store_id", "product_id"),
        ("ended_at", "NULL"),
        ("order_id", "'o-2'"),
        ("order_id", "NULL"),
        ("transaction_id", "'t-2'"),
    ] {
        let violation =
            violation_after(&format!("UPDATE reservation_lines SET {column} = {value}"));
        assert!(violation.message.contains(&format!("another {column}")), "{violation}");
    }
}

/// The views have one deadline for a reservation, the latest of its lines.
#[test]
fn a_line_that_ended_before_an_extension_has_the_new_deadline_in_the_views() {
    let folder = TempDir::new().unwrap();
    let (log, views) = log_and_views(folder.path());
    let log = log.add(2, 9).reserve(2, &[(1, 1), (2, 1)]).commit_keeping(2, (1, 1, 0));
    let log = log.extend(2, 2, 600);
    let recorded_at = |position: usize| log.events[position - 1].metadata.recorded_at;
    let (made, ended, extended) = (recorded_at(5), recorded_at(7), recorded_at(8));
    let deadline = extended + 600_000;
    let insert_line = |product: u128, ending: String| {
        let ids = [reservation_id(2), product_id(product), store_id(STORE)];
        let sql = format!("INSERT INTO reservation_lines VALUES (?1, ?2, ?3, 1, {ending})");
        views.execute(&sql, ids.each_ref().map(uuid::Uuid::as_bytes)).unwrap();
    };
    insert_line(1, format!("1, 1, {made}, {deadline}, {ended}, 'o-\"2\"', 'part', 0"));
    insert_line(2, format!("0, 0, {made}, {deadline}, NULL, 'o-\"2\"', NULL, 1"));
    let level =
        format!("INSERT INTO stock_levels VALUES (?1, ?2, 9, 1, 0, 0, 3, 8, 0, NULL, {deadline})");
    let ids = [store_id(STORE), product_id(2)];
    views.execute(&level, ids.each_ref().map(uuid::Uuid::as_bytes)).unwrap();
    let others = "UPDATE stock_levels SET on_hand = 6, version = 5, position = 7 WHERE version = 3 AND on_hand = 7; \
        UPDATE checkpoint SET position = 8";
    views.execute_batch(others).unwrap();
    assert_eq!(compare(folder.path(), &log).unwrap().reservation_lines, 3);
}

#[test]
fn rows_too_few_and_rows_too_many_are_found() {
    let missing = violation_after("DELETE FROM stock_levels");
    assert!(missing.message.contains("do not have this stock level"), "{missing}");
    let missing = violation_after("DELETE FROM reservation_lines");
    let id = reservation_id(1).to_string();
    assert!(missing.message.contains(&id), "{missing}");
    let extra = "(store_id, product_id, on_hand, reserved, safety_stock, reorder_point, version, position, shortfall) \
        SELECT store_id, zeroblob(16), 0, 0, 0, 0, 1, 1, 0 FROM stock_levels";
    let extra = violation_after(&format!("INSERT INTO stock_levels {extra}"));
    assert!(extra.message.contains("the log has none"), "{extra}");
    let extra = violation_after("UPDATE reservation_lines SET reservation_id = zeroblob(16)");
    assert!(extra.message.contains("the log has none"), "{extra}");
}

#[test]
fn a_checkpoint_that_is_off_is_found() {
    let behind = violation_after("UPDATE checkpoint SET position = 2");
    assert_eq!(behind.invariant, Invariant::I6);
    let folder = TempDir::new().unwrap();
    let (_, views) = log_and_views(folder.path());
    views.execute_batch("UPDATE checkpoint SET position = 4").unwrap();
    let violation =
        Views::open(&folder.path().join("views.db")).unwrap().check_position(3).unwrap_err();
    assert!(
        violation.message.contains("stand at position 4, but the log ends at 3"),
        "{violation}"
    );
}

#[test]
fn views_with_other_tables_cannot_be_compared() {
    let folder = TempDir::new().unwrap();
    let (_, views) = log_and_views(folder.path());
    views.execute_batch("PRAGMA user_version = 5").unwrap();
    let error = Views::open(&folder.path().join("views.db")).err().unwrap();
    assert!(error.to_string().contains("tables of version 5"), "{error}");
}
