//! Checksums of stored events: each covers all that is stored of one event, and a chain covers the order of all of them.
//!
//! Both are CRC-32C. They tell damage of a disk, not the work of an attacker.

use kit_core::{Position, RecordedEvent};

/// In place of the length of a text that is not there.
const NO_TEXT: u64 = u64::MAX;

/// Usual size of what is summed up; more costs a second allocation.
const USUAL_BYTES: usize = 1_024;

/// The checksum of an event as it is stored: numbers as 8 bytes, ids as 16, texts after their length, all little-endian
/// and in the order of the columns, with the name of the stream after its number.
pub(crate) fn of_event(
    event: &RecordedEvent,
    stream: Position,
    previous: Position,
    claims: Option<&str>,
) -> u32 {
    let RecordedEvent { position, stream: name, version, event, metadata } = event;
    let mut bytes = Vec::with_capacity(USUAL_BYTES);
    add_number(&mut bytes, position.get());
    add_number(&mut bytes, stream.get());
    add_text(&mut bytes, Some(name.as_str()));
    add_number(&mut bytes, version.get());
    add_number(&mut bytes, previous.get());
    bytes.extend_from_slice(event.event_id.as_bytes());
    add_text(&mut bytes, Some(&event.event_type));
    add_number(&mut bytes, u64::from(event.schema_version));
    bytes.extend_from_slice(&event.occurred_at.as_millis().to_le_bytes());
    bytes.extend_from_slice(&metadata.recorded_at.as_millis().to_le_bytes());
    bytes.extend_from_slice(metadata.correlation_id.as_bytes());
    bytes.extend_from_slice(metadata.causation_id.as_bytes());
    add_text(&mut bytes, Some(metadata.actor.as_str()));
    add_text(&mut bytes, Some(&event.data));
    add_text(&mut bytes, event.personal.as_deref());
    add_text(&mut bytes, claims);
    crc32c::crc32c(&bytes)
}

/// The chain up to an event with this checksum; `before` is the chain up to the event before it, 0 at the first.
pub(crate) fn chain(before: u32, checksum: u32) -> u32 {
    crc32c::crc32c_append(before, &checksum.to_le_bytes())
}

fn add_number(bytes: &mut Vec<u8>, number: u64) {
    bytes.extend_from_slice(&number.to_le_bytes());
}

fn add_text(bytes: &mut Vec<u8>, text: Option<&str>) {
    add_number(bytes, text.map_or(NO_TEXT, |text| text.len() as u64));
    bytes.extend_from_slice(text.unwrap_or_default().as_bytes());
}
