//! Events as a log gives them to a view.

use kit_core::{
    Actor, EncodedEvent, Metadata, Position, RecordedEvent, StreamId, Timestamp, Version,
};
use uuid::Uuid;

/// An event of a stream at a position, with a schema version that tells nothing.
pub(crate) fn recorded(
    stream: &str,
    version: u64,
    position: u64,
    event_type: &'static str,
) -> RecordedEvent {
    RecordedEvent {
        position: Position::new(position),
        stream: StreamId::new(stream).unwrap(),
        version: Version::new(version),
        metadata: Metadata {
            correlation_id: Uuid::nil(),
            causation_id: Uuid::nil(),
            actor: Actor::system("system:test"),
            recorded_at: Timestamp::default(),
        },
        event: EncodedEvent {
            event_id: Uuid::nil(),
            event_type: event_type.into(),
            schema_version: 1,
            occurred_at: Timestamp::default(),
            data: "{}".into(),
            personal: None,
        },
    }
}
