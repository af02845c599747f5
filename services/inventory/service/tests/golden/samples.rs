//! What the golden tests of processes share: the samples, and an event as a log has it, made of one.

use std::collections::BTreeMap;
use std::path::Path;

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

/// The samples whose types of event begin so, by type and what is particular about each.
pub(crate) fn of(prefix: &str) -> BTreeMap<(String, String), Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut samples = BTreeMap::new();
    for path in files {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let Some((event_type, rest)) = stem.split_once(".v1") else { continue };
        if event_type.starts_with(prefix) {
            let sample = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            let particular = rest.trim_start_matches('.').to_owned();
            samples.insert((event_type.to_owned(), particular), sample);
        }
    }
    samples
}
