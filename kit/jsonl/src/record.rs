//! The JSON shape of events, claims and segment headers.

use std::borrow::Cow;
use std::sync::Arc;

use kit_core::{
    Actor, EncodedEvent, Metadata, Position, RecordedEvent, StreamId, Timestamp, Version,
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use kit_event_store::{Claim, ClaimKey, FoundClaim};

/// The shape of the journal. Since 2 a header names the log; the name of an older log is the id of its first event.
pub(crate) const FORMAT: u16 = 2;

/// What every version of a segment's first frame has.
#[derive(Deserialize)]
pub(crate) struct AnyHeader {
    /// Version of the journal's shape.
    pub(crate) format: u16,
}

/// The body of a segment's first frame.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SegmentHeader {
    /// Version of the journal's shape.
    pub(crate) format: u16,
    /// Number of the segment, from 1.
    pub(crate) segment: u32,
    /// Position of the last event of the segments before.
    pub(crate) after: Position,
    /// Which log it is from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) incarnation: Option<Uuid>,
}

/// The body of every other frame, as it is read. A field that is not known belongs to a newer program, so the frame must
/// not be read without it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group<'a> {
    /// The events in log order, each exactly a line of its stream's file.
    #[serde(borrow)]
    pub(crate) events: Vec<&'a RawValue>,
    /// The claims taken.
    #[serde(borrow)]
    pub(crate) claims: Vec<ClaimRecord<'a>>,
}

/// What the start needs to know of an event.
#[derive(Deserialize)]
pub(crate) struct EventPlace<'a> {
    pub(crate) event_id: Uuid,
    #[serde(borrow)]
    pub(crate) stream: Cow<'a, str>,
    pub(crate) version: Version,
    pub(crate) position: Position,
    pub(crate) recorded_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventRecord<'a> {
    event_id: Uuid,
    #[serde(borrow)]
    event_type: Cow<'a, str>,
    schema_version: u16,
    #[serde(borrow)]
    stream: Cow<'a, str>,
    version: Version,
    position: Position,
    occurred_at: Timestamp,
    recorded_at: Timestamp,
    correlation_id: Uuid,
    causation_id: Uuid,
    #[serde(borrow)]
    actor: Cow<'a, str>,
    #[serde(borrow)]
    data: &'a RawValue,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    personal: Option<&'a RawValue>,
}

/// A claim as JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClaimRecord<'a> {
    #[serde(borrow)]
    namespace: Cow<'a, str>,
    #[serde(borrow)]
    key: Cow<'a, str>,
    #[serde(borrow)]
    value: Cow<'a, str>,
    expires_at: Option<Timestamp>,
    position: Position,
}

impl ClaimRecord<'_> {
    /// The claim as the port knows it.
    pub(crate) fn into_found(self) -> (ClaimKey, FoundClaim) {
        let namespace = Cow::Owned(self.namespace.into_owned());
        let key = ClaimKey { namespace, key: self.key.into() };
        (
            key,
            FoundClaim {
                value: self.value.into(),
                expires_at: self.expires_at,
                position: self.position,
            },
        )
    }
}

/// Makes sure that a text is a JSON object, and one that fits in a line.
pub(crate) fn one_line_object(text: &mut Box<str>) -> Result<(), String> {
    if text.contains(['\n', '\r']) || text.trim().len() != text.len() {
        // Inside a JSON string a line break is always escaped, so these are white space only.
        *text = text.trim().replace(['\n', '\r'], " ").into();
    }
    let begins_object = text.starts_with('{');
    match serde_json::from_str::<&RawValue>(text) {
        Ok(_) if begins_object => Ok(()),
        Ok(_) => Err("it is not a JSON object".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// The body of a group's frame.
pub(crate) fn encode_group<'a>(
    events: impl Iterator<Item = &'a Arc<RecordedEvent>>,
    claims: &[(Claim, Position)],
) -> Result<Vec<u8>, serde_json::Error> {
    let mut body = br#"{"events":["#.to_vec();
    for (index, event) in events.enumerate() {
        if index > 0 {
            body.push(b',');
        }
        encode_event(&mut body, event)?;
    }
    body.extend_from_slice(br#"],"claims":"#);
    let claims = claims.iter().map(|(claim, position)| ClaimRecord {
        namespace: Cow::Borrowed(&claim.key.namespace),
        key: Cow::Borrowed(&claim.key.key),
        value: Cow::Borrowed(&claim.value),
        expires_at: claim.expires_at,
        position: *position,
    });
    serde_json::to_writer(&mut body, &claims.collect::<Vec<_>>())?;
    body.push(b'}');
    Ok(body)
}

/// Writes an event as one JSON object, without a line break.
pub(crate) fn encode_event(
    to: &mut Vec<u8>,
    recorded: &RecordedEvent,
) -> Result<(), serde_json::Error> {
    let RecordedEvent { position, stream, version, event, metadata } = recorded;
    let record = EventRecord {
        event_id: event.event_id,
        event_type: Cow::Borrowed(&event.event_type),
        schema_version: event.schema_version,
        stream: Cow::Borrowed(stream.as_str()),
        version: *version,
        position: *position,
        occurred_at: event.occurred_at,
        recorded_at: metadata.recorded_at,
        correlation_id: metadata.correlation_id,
        causation_id: metadata.causation_id,
        actor: Cow::Borrowed(metadata.actor.as_str()),
        data: serde_json::from_str(&event.data)?,
        personal: event.personal.as_deref().map(serde_json::from_str).transpose()?,
    };
    serde_json::to_writer(to, &record)
}

/// Reads an event back.
pub(crate) fn decode_event(line: &[u8]) -> Result<RecordedEvent, String> {
    let record: EventRecord<'_> =
        serde_json::from_slice(line).map_err(|error| error.to_string())?;
    let boxed = |json: &RawValue| Box::from(json.get());
    Ok(RecordedEvent {
        position: record.position,
        stream: StreamId::new(record.stream.as_ref()).map_err(|error| error.to_string())?,
        version: record.version,
        event: EncodedEvent {
            event_id: record.event_id,
            event_type: Cow::Owned(record.event_type.into_owned()),
            schema_version: record.schema_version,
            occurred_at: record.occurred_at,
            data: boxed(record.data),
            personal: record.personal.map(boxed),
        },
        metadata: Metadata {
            correlation_id: record.correlation_id,
            causation_id: record.causation_id,
            actor: Actor::new(&record.actor).map_err(|error| error.to_string())?,
            recorded_at: record.recorded_at,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_brought_into_one_line() {
        let mut text: Box<str> = "  {\r\n \"a\": \"b\\n\"\n}\n".into();
        one_line_object(&mut text).unwrap();
        assert_eq!(&*text, "{   \"a\": \"b\\n\" }");
    }

    #[test]
    fn what_is_not_an_object_is_refused() {
        for bad in ["", "[]", "null", "{", "{}}", "{\"a\":1}\n{\"b\":2}"] {
            assert!(one_line_object(&mut bad.into()).is_err(), "{bad:?} must be refused");
        }
    }
}
