//! A view that follows a log in a file of its own: what is written for which events, and what is known after a start.

use std::path::Path;
use std::sync::Arc;

use kit_core::{Position, RecordedEvent};
use kit_event_store::parking::ParkingChange;
use kit_event_store::projection::{Projection as _, ProjectionError};
use kit_event_store::{EventStoreError, Incarnation, LogMark};
use kit_sqlite::{FollowedView, ViewSchema, checkpoint, unwritable};
use rusqlite::{Connection, Transaction};
use tempfile::TempDir;
use uuid::Uuid;

use crate::recorded::recorded;

const SCHEMA: ViewSchema<'_> =
    ViewSchema { version: 1, tables: "CREATE TABLE IF NOT EXISTS seen (position INTEGER);" };

/// The view has a row for each event that is called so.
const WANTED: &str = "Wanted";

fn write(
    change: &Transaction<'_>,
    parking: &mut ParkingChange,
    events: &[Arc<RecordedEvent>],
) -> Result<bool, ProjectionError> {
    let mut has_rows = false;
    let readable = |event: &RecordedEvent| match &*event.event.event_type {
        "Unreadable" => Err(EventStoreError::Corrupt("newer".into())),
        other => Ok(other == WANTED),
    };
    for event in events {
        if parking.admit(event, readable)? == Some(true) {
            let insert = "INSERT INTO seen VALUES (?1)";
            let position = i64::try_from(event.position.get()).unwrap();
            change.execute(insert, [position]).map_err(|error| unwritable(&error))?;
            has_rows = true;
        }
    }
    Ok(has_rows)
}

fn event(position: u64, event_type: &'static str) -> Arc<RecordedEvent> {
    Arc::new(recorded(&format!("any-{position}"), 1, position, event_type))
}

fn open(path: &Path) -> FollowedView {
    let end = Position::new(u64::from(u32::MAX));
    let log = LogMark { incarnation: Incarnation::new(Uuid::nil()), position: end };
    FollowedView::open("test", path, SCHEMA, log, write).unwrap()
}

/// Rows and checkpoint as the file has them.
fn stored(path: &Path) -> (i64, Position) {
    let file = Connection::open(path).unwrap();
    let rows = file.query_row("SELECT count(*) FROM seen", [], |row| row.get(0)).unwrap();
    (rows, checkpoint(&file).unwrap())
}

#[tokio::test]
async fn events_without_rows_are_applied_and_written_now_and_then() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("view.db");
    let mut view = open(&path);
    view.apply(vec![event(1, WANTED)]).await.unwrap();
    assert_eq!(stored(&path), (1, Position::new(1)));
    for position in [2, 3, 10_000] {
        view.apply(vec![event(position, "Other")]).await.unwrap();
        assert_eq!(view.checkpoint().await.unwrap(), Position::new(position));
        assert_eq!(stored(&path), (1, Position::new(1)), "{position}");
    }
    view.apply(vec![event(10_001, "Other")]).await.unwrap();
    assert_eq!(stored(&path), (1, Position::new(10_001)));
    // a start goes on from what is written
    view.apply(vec![event(10_002, "Other")]).await.unwrap();
    drop(view);
    let mut view = open(&path);
    assert_eq!(view.checkpoint().await.unwrap(), Position::new(10_001));
    view.apply(vec![event(10_002, "Other"), event(10_003, WANTED)]).await.unwrap();
    assert_eq!(stored(&path), (2, Position::new(10_003)));
}

#[tokio::test]
async fn a_parked_stream_is_written_though_no_row_is() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("view.db");
    let mut view = open(&path);
    view.apply(vec![event(1, "Unreadable")]).await.unwrap();
    assert_eq!(stored(&path), (0, Position::new(1)));
    drop(view);
    let mut view = open(&path);
    let stream = event(1, "Unreadable").stream.clone();
    assert!(view.parking().find(&stream).is_some());
    view.release(&stream).await.unwrap();
    assert!(view.parking().is_empty());
    drop(view);
    assert!(open(&path).parking().is_empty());
}
