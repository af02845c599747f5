//! Files of views: which are kept, and which are thrown away.

use std::path::{Path, PathBuf};

use kit_core::Position;
use kit_sqlite::{ViewSchema, checkpoint, remove_view, set_checkpoint};
use tempfile::TempDir;

const SCHEMA: ViewSchema<'_> =
    ViewSchema { version: 7, tables: "CREATE TABLE IF NOT EXISTS seen (name TEXT);" };

/// A view with one row, applied up to a position, and closed.
fn view_at(folder: &Path, applied: u64) -> PathBuf {
    let path = folder.join("view.db");
    let mut file = SCHEMA.open(&path).unwrap();
    assert_eq!(checkpoint(&file).unwrap(), Position::ZERO, "a new view has applied nothing");
    let change = file.transaction().unwrap();
    change.execute("INSERT INTO seen VALUES ('row')", []).unwrap();
    set_checkpoint(&change, Position::new(applied)).unwrap();
    change.commit().unwrap();
    path
}

fn rows(path: &Path) -> u32 {
    let file = SCHEMA.open(path).unwrap();
    file.query_row("SELECT count(*) FROM seen", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_view_of_this_log_and_schema_is_kept() {
    let folder = TempDir::new().unwrap();
    let path = view_at(folder.path(), 3);
    for head in [3, 4] {
        assert!(!SCHEMA.remove_unusable(&path, Position::new(head)).unwrap());
    }
    assert_eq!(checkpoint(&SCHEMA.open(&path).unwrap()).unwrap(), Position::new(3));
    assert_eq!(rows(&path), 1);
}

#[test]
fn a_view_that_is_ahead_of_its_log_is_thrown_away() {
    let folder = TempDir::new().unwrap();
    let path = view_at(folder.path(), 3);
    assert!(SCHEMA.remove_unusable(&path, Position::new(2)).unwrap());
    assert_eq!(rows(&path), 0);
}

#[test]
fn a_view_of_another_schema_is_thrown_away() {
    let folder = TempDir::new().unwrap();
    let path = view_at(folder.path(), 3);
    let next = ViewSchema { version: 8, ..SCHEMA };
    assert!(next.remove_unusable(&path, Position::new(3)).unwrap());
    assert_eq!(rows(&path), 0);
}

#[test]
fn what_is_no_view_is_thrown_away() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("view.db");
    assert!(!SCHEMA.remove_unusable(&path, Position::ZERO).unwrap(), "there is none");
    std::fs::write(&path, "not a database at all").unwrap();
    assert!(SCHEMA.remove_unusable(&path, Position::ZERO).unwrap());
    assert_eq!(rows(&path), 0);
}

#[test]
fn nothing_of_a_removed_view_is_left() {
    let folder = TempDir::new().unwrap();
    let path = view_at(folder.path(), 3);
    let writer = SCHEMA.open(&path).unwrap();
    writer.execute("INSERT INTO seen VALUES ('more')", []).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "file, -wal and -shm");
    remove_view(&path).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    remove_view(&path).unwrap();
}
