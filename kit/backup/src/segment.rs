//! Segments: runs of events with their claims as gzipped JSON, one value an event. Segments put together are a segment.

use std::borrow::Cow;
use std::io::{self, BufReader, Read, Write as _};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use kit_core::{
    Actor, EncodedEvent, Metadata, Position, RecordedEvent, StreamId, Timestamp, Version,
};
use kit_event_store::{Claim, ClaimKey, LoggedEvent};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

/// Bytes from which on a segment is followed by another.
pub(crate) const SEGMENT_BYTES: usize = 4 << 20;

/// An event as JSON.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line<'a> {
    position: Position,
    stream: Cow<'a, str>,
    version: Version,
    event_id: Uuid,
    event_type: Cow<'a, str>,
    schema_version: u16,
    occurred_at: Timestamp,
    recorded_at: Timestamp,
    correlation_id: Uuid,
    causation_id: Uuid,
    actor: Cow<'a, str>,
    data: Cow<'a, RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    personal: Option<Cow<'a, RawValue>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    claims: Vec<ClaimLine<'a>>,
}

/// A claim as JSON.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClaimLine<'a> {
    namespace: Cow<'a, str>,
    key: Cow<'a, str>,
    value: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<Timestamp>,
}

/// A segment that is being written.
pub(crate) struct SegmentWriter {
    packed: GzEncoder<Vec<u8>>,
    /// Position of its first event.
    pub(crate) first: Position,
    /// Position of its last event.
    pub(crate) last: Position,
}

impl SegmentWriter {
    /// Begins one behind a position.
    pub(crate) fn after(position: Position) -> Self {
        let packed = GzEncoder::new(Vec::new(), Compression::fast());
        Self { packed, first: position.next(), last: position }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.last < self.first
    }

    pub(crate) fn is_full(&self) -> bool {
        self.packed.get_ref().len() >= SEGMENT_BYTES
    }

    pub(crate) fn add(&mut self, one: &LoggedEvent) -> io::Result<()> {
        let line = Line::of(one)?;
        serde_json::to_writer(&mut self.packed, &line)?;
        self.packed.write_all(b"\n")?;
        self.last = one.event.position;
        Ok(())
    }

    pub(crate) fn finish(self) -> io::Result<Vec<u8>> {
        self.packed.finish()
    }
}

impl<'a> Line<'a> {
    fn of(one: &'a LoggedEvent) -> io::Result<Self> {
        let RecordedEvent { position, stream, version, event, metadata } = &*one.event;
        let raw = |text: &'a str| serde_json::from_str::<&RawValue>(text).map(Cow::Borrowed);
        let claim = |claim: &'a Claim| ClaimLine {
            namespace: Cow::Borrowed(&claim.key.namespace),
            key: Cow::Borrowed(&claim.key.key),
            value: Cow::Borrowed(&claim.value),
            expires_at: claim.expires_at,
        };
        Ok(Self {
            position: *position,
            stream: Cow::Borrowed(stream.as_str()),
            version: *version,
            event_id: event.event_id,
            event_type: Cow::Borrowed(&event.event_type),
            schema_version: event.schema_version,
            occurred_at: event.occurred_at,
            recorded_at: metadata.recorded_at,
            correlation_id: metadata.correlation_id,
            causation_id: metadata.causation_id,
            actor: Cow::Borrowed(metadata.actor.as_str()),
            data: raw(&event.data)?,
            personal: event.personal.as_deref().map(raw).transpose()?,
            claims: one.claims.iter().map(claim).collect(),
        })
    }

    fn into_event(self) -> Result<LoggedEvent, String> {
        let raw = |text: Cow<'_, RawValue>| Box::<str>::from(text.get());
        let event = RecordedEvent {
            position: self.position,
            stream: StreamId::new(&*self.stream).map_err(|error| error.to_string())?,
            version: self.version,
            event: EncodedEvent {
                event_id: self.event_id,
                event_type: Cow::Owned(self.event_type.into_owned()),
                schema_version: self.schema_version,
                occurred_at: self.occurred_at,
                data: raw(self.data),
                personal: self.personal.map(raw),
            },
            metadata: Metadata {
                correlation_id: self.correlation_id,
                causation_id: self.causation_id,
                actor: Actor::new(&self.actor).map_err(|error| error.to_string())?,
                recorded_at: self.recorded_at,
            },
        };
        let claim = |line: ClaimLine<'_>| {
            let namespace = Cow::Owned(line.namespace.into_owned());
            Claim {
                key: ClaimKey { namespace, key: (&*line.key).into() },
                value: (&*line.value).into(),
                expires_at: line.expires_at,
            }
        };
        Ok(LoggedEvent {
            event: event.into(),
            claims: self.claims.into_iter().map(claim).collect(),
        })
    }
}

/// The events of a segment, one after the other; an error says what is wrong.
pub(crate) fn events(packed: &[u8]) -> impl Iterator<Item = Result<LoggedEvent, String>> {
    let text: Box<dyn Read + '_> = Box::new(BufReader::new(MultiGzDecoder::new(packed)));
    let lines = serde_json::Deserializer::from_reader(text).into_iter::<Line<'static>>();
    lines.map(|line| line.map_err(|error| error.to_string())?.into_event())
}
