//! What the golden tests of processes share: an event as a log has it, made of a sample.

use kit_core::{Actor, EncodedEvent, Metadata, Position, RecordedEvent, StreamId, Version};
use serde_json::Value;
use uuid::Uuid;

/// An event at position 7 of this stream, with the data of a sample, and with its personal compartment where it has one.
pub(crate) fn recorded(
    stream: &str,
    event_type: &str,
    version: u16,
    sample: &Value,
) -> RecordedEvent {
    let recorded_at = "2026-11-27T08:30:00Z".parse().unwrap();
    RecordedEvent {
        position: Position::new(7),
        stream: StreamId::new(stream).unwrap(),
        version: Version::new(1),
        event: EncodedEvent {
            event_id: Uuid::from_u128(9),
            event_type: event_type.to_owned().into(),
            schema_version: version,
            occurred_at: recorded_at,
            data: sample["data"].to_string().into(),
            personal: sample.get("personal").map(|personal| personal.to_string().into()),
        },
        metadata: Metadata {
            correlation_id: Uuid::nil(),
            causation_id: Uuid::nil(),
            actor: Actor::system("test"),
            recorded_at,
        },
    }
}
