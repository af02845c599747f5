//! What a view's file keeps of parked streams: with its rows or not at all.

use kit_core::{Position, RecordedEvent, StreamId, Version};
use kit_event_store::parking::{ParkedStream, Parking, ParkingChange};
use kit_event_store::{EventStoreError, Incarnation, LogMark};
use kit_sqlite::{
    ViewSchema, checkpoint, parked_streams, release_stream, set_checkpoint, set_parking,
};
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

use crate::recorded::recorded;

fn open(folder: &TempDir) -> Connection {
    let schema = ViewSchema { version: 1, tables: "" };
    let log = LogMark { incarnation: Incarnation::new(Uuid::nil()), position: Position::new(9) };
    schema.open(&folder.path().join("view.db"), log).unwrap()
}

/// A change that parks a stream at version 3, position 7.
fn change(name: &str) -> ParkingChange {
    let mut change = Parking::default().begin();
    let event = recorded(name, 3, 7, "Any");
    let unreadable = |_: &RecordedEvent| Err::<(), _>(EventStoreError::Corrupt("newer".into()));
    change.admit(&event, unreadable).unwrap();
    change
}

#[test]
fn parked_streams_outlive_the_process_and_a_change_that_is_rolled_back_does_not() {
    let folder = TempDir::new().unwrap();
    let mut file = open(&folder);
    let stored = file.transaction().unwrap();
    set_parking(&stored, &change("any-1")).unwrap();
    stored.commit().unwrap();
    let dropped = file.transaction().unwrap();
    set_parking(&dropped, &change("any-2")).unwrap();
    drop(dropped);
    drop(file);

    let file = open(&folder);
    let expected = ParkedStream {
        stream: StreamId::new("any-1").unwrap(),
        applied: Version::new(2),
        position: Position::new(7),
        reason: "newer".to_owned(),
    };
    assert_eq!(parked_streams(&file).unwrap(), std::slice::from_ref(&expected));
    release_stream(&file, &expected.stream).unwrap();
    assert_eq!(parked_streams(&file).unwrap(), []);
}

#[test]
fn what_is_taken_up_again_does_not_set_the_checkpoint_back() {
    let file = open(&TempDir::new().unwrap());
    for (applied, at) in [(5, 5), (3, 5), (8, 8)] {
        set_checkpoint(&file, Position::new(applied)).unwrap();
        assert_eq!(checkpoint(&file).unwrap(), Position::new(at));
    }
}
