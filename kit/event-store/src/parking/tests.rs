//! Which events are admitted, and when a change takes effect.

use kit_core::{EncodedEvent, Metadata, Timestamp};
use uuid::Uuid;

use super::*;

fn recorded(stream: usize, version: u64, position: u64) -> RecordedEvent {
    RecordedEvent {
        position: Position::new(position),
        stream: name(stream),
        version: Version::new(version),
        metadata: Metadata {
            correlation_id: Uuid::nil(),
            causation_id: Uuid::nil(),
            actor: kit_core::Actor::system("system:test"),
            recorded_at: Timestamp::default(),
        },
        event: EncodedEvent {
            event_id: Uuid::nil(),
            event_type: "Any".into(),
            schema_version: 1,
            occurred_at: Timestamp::default(),
            data: "{}".into(),
            personal: None,
        },
    }
}

fn name(stream: usize) -> StreamId {
    StreamId::new(format!("any-{stream:05}")).unwrap()
}

#[expect(clippy::unnecessary_wraps, reason = "reading may fail, this one does not")]
fn readable(recorded: &RecordedEvent) -> Result<u64, EventStoreError> {
    Ok(recorded.version.get())
}

fn unreadable(_: &RecordedEvent) -> Result<u64, EventStoreError> {
    Err(EventStoreError::Corrupt("of a newer version".to_owned()))
}

/// A parking whose stream 1 cannot be read from version 2 on.
fn parked() -> Parking {
    let parking = Parking::default();
    let mut change = parking.begin();
    change.admit(&recorded(1, 2, 7), unreadable).unwrap();
    change.commit();
    parking
}

#[test]
fn a_stream_is_passed_over_from_the_event_that_cannot_be_read() {
    let parking = Parking::default();
    let mut change = parking.begin();
    assert_eq!(change.admit(&recorded(1, 1, 1), readable).unwrap(), Some(1));
    assert_eq!(change.admit(&recorded(1, 2, 2), unreadable).unwrap(), None);
    assert_eq!(change.admit(&recorded(1, 3, 3), readable).unwrap(), None, "out of order");
    assert_eq!(change.admit(&recorded(2, 1, 4), readable).unwrap(), Some(1), "another stream");
    let reason = "of a newer version".to_owned();
    let (applied, position) = (Version::new(1), Position::new(2));
    let expected = ParkedStream { stream: name(1), applied, position, reason };
    assert_eq!(change.changed().collect::<Vec<_>>(), [&expected]);
    assert!(parking.is_empty(), "nothing is stored yet");
    change.commit();
    assert_eq!(parking.streams(), [expected]);
}

#[test]
fn a_change_that_was_not_stored_parks_nothing() {
    let parking = Parking::default();
    parking.begin().admit(&recorded(1, 2, 7), unreadable).unwrap();
    assert!(parking.is_empty());
}

#[test]
fn a_failure_of_the_store_parks_nothing() {
    let parking = Parking::default();
    let mut change = parking.begin();
    let busy = |_: &RecordedEvent| Err::<(), _>(EventStoreError::Unavailable("busy".to_owned()));
    change.admit(&recorded(1, 1, 1), busy).unwrap_err();
    change.commit();
    assert!(parking.is_empty());
}

#[test]
fn a_parked_stream_goes_on_where_it_stopped_and_is_parked_again_further_on() {
    let parking = parked();
    let mut change = parking.begin();
    assert!(change.passes_over(&recorded(1, 3, 9)));
    assert_eq!(change.admit(&recorded(1, 2, 7), readable).unwrap(), Some(2));
    assert_eq!(change.admit(&recorded(1, 3, 9), readable).unwrap(), Some(3));
    assert_eq!(change.admit(&recorded(1, 4, 11), unreadable).unwrap(), None);
    change.commit();
    let now = parking.find(&name(1)).unwrap();
    assert_eq!((now.applied, now.position), (Version::new(3), Position::new(11)));
    parking.release(&name(1));
    assert!(parking.is_empty());
}

#[test]
fn beyond_a_number_of_streams_the_fault_is_not_in_the_events() {
    let parking = Parking::default();
    let mut change = parking.begin();
    for stream in 0..PARKED_STREAMS_MAX {
        change.admit(&recorded(stream, 1, 1), unreadable).unwrap();
    }
    let refused = change.admit(&recorded(PARKED_STREAMS_MAX, 1, 1), unreadable).unwrap_err();
    assert!(matches!(refused, ProjectionError::TooManyParked { .. }), "{refused}");
    assert!(refused.to_string().contains("of a newer version"), "{refused}");
    let again = change.admit(&recorded(5, 1, 1), unreadable);
    assert_eq!(again.unwrap(), None, "one that is parked already");
}
