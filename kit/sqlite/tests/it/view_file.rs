//! Files of views: which are kept, which are thrown away, and which prove that the log has lost events.

use std::path::{Path, PathBuf};

use kit_core::Position;
use kit_event_store::{Incarnation, LogMark};
use kit_sqlite::{ViewFileError, ViewSchema, checkpoint, remove_view, set_checkpoint};
use tempfile::TempDir;
use uuid::Uuid;

const SCHEMA: ViewSchema<'_> =
    ViewSchema { version: 7, tables: "CREATE TABLE IF NOT EXISTS seen (name TEXT);" };

fn log_at(position: u64) -> LogMark {
    LogMark { incarnation: Incarnation::new(Uuid::nil()), position: Position::new(position) }
}

/// A view with some rows, applied up to a position, and closed.
fn view_at(folder: &Path, applied: u64) -> PathBuf {
    let path = folder.join("view.db");
    let mut file = SCHEMA.open(&path, log_at(applied)).unwrap();
    assert_eq!(checkpoint(&file).unwrap(), Position::ZERO, "a new view has applied nothing");
    let change = file.transaction().unwrap();
    for _ in 0..500 {
        change.execute("INSERT INTO seen VALUES ('a row among others')", []).unwrap();
    }
    set_checkpoint(&change, Position::new(applied)).unwrap();
    change.commit().unwrap();
    path
}

fn rows(schema: ViewSchema<'_>, path: &Path, log: LogMark) -> u32 {
    let file = schema.open(path, log).unwrap();
    file.query_row("SELECT count(*) FROM seen", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_view_of_this_log_and_schema_is_kept() {
    let folder = TempDir::new().unwrap();
    let path = view_at(folder.path(), 3);
    for head in [3, 4] {
        assert_eq!(rows(SCHEMA, &path, log_at(head)), 500);
    }
    assert_eq!(checkpoint(&SCHEMA.open(&path, log_at(3)).unwrap()).unwrap(), Position::new(3));
}

#[test]
fn a_view_that_is_ahead_of_its_log_proves_a_loss() {
    let folder = TempDir::new().unwrap();
    let path = view_at(folder.path(), 3);
    let refused = SCHEMA.open(&path, log_at(2)).unwrap_err();
    let ViewFileError::LostEvents(lost) = refused else { panic!("{refused}") };
    assert_eq!((lost.at, lost.end), (Position::new(3), Position::new(2)));
    assert_eq!(rows(SCHEMA, &path, log_at(3)), 500, "the proof is kept");
}

#[test]
fn a_view_of_another_log_or_schema_is_thrown_away() {
    let folder = TempDir::new().unwrap();
    let other = Incarnation::new(Uuid::max());
    for position in [2, 3, 4] {
        let path = view_at(folder.path(), 3);
        let log = LogMark { incarnation: other, ..log_at(position) };
        assert_eq!(rows(SCHEMA, &path, log), 0);
        remove_view(&path).unwrap();
    }
    let path = view_at(folder.path(), 3);
    let next = ViewSchema { version: 8, ..SCHEMA };
    assert_eq!(rows(next, &path, log_at(3)), 0);
}

#[test]
fn a_view_of_before_logs_had_names_is_thrown_away() {
    let folder = TempDir::new().unwrap();
    let path = view_at(folder.path(), 3);
    SCHEMA.open(&path, log_at(3)).unwrap().execute_batch("DROP TABLE followed_log").unwrap();
    assert_eq!(rows(SCHEMA, &path, log_at(3)), 0);
}

#[test]
fn what_is_no_view_or_damaged_is_thrown_away() {
    let folder = TempDir::new().unwrap();
    let path = view_at(folder.path(), 3);
    let whole = std::fs::read(&path).unwrap();
    let mut noise = whole.clone();
    let middle = noise.len() / 2;
    noise[middle..].fill(0xa5);
    for damaged in [&noise[..], &whole[..whole.len() / 2], b"not a database at all"] {
        std::fs::write(&path, damaged).unwrap();
        assert_eq!(rows(SCHEMA, &path, log_at(3)), 0);
    }
}

#[test]
fn nothing_of_a_removed_view_is_left() {
    let folder = TempDir::new().unwrap();
    let path = view_at(folder.path(), 3);
    let writer = SCHEMA.open(&path, log_at(3)).unwrap();
    writer.execute("INSERT INTO seen VALUES ('more')", []).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "file, -wal and -shm");
    remove_view(&path).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    remove_view(&path).unwrap();
}
