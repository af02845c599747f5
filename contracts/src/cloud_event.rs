//! The envelope on the wire: `CloudEvents` 1.0 in structured JSON.

use std::borrow::Cow;

use kit_core::{Position, RecordedEvent, Timestamp, Version};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::IntegrationEvent;

/// An integration event with what is known of it besides its meaning.
///
/// `type`, `source` and `subject` follow from the event and are written, but not kept: see
/// [`IntegrationEvent::event_type`] and its neighbours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloudEvent {
    /// Id of the domain event it was made from; consumers recognise duplicates by it.
    pub id: Uuid,
    /// Business time: when it happened in the shop.
    pub time: Timestamp,
    /// Which log the position is in: another one when an older state of it was put back. What a consumer has from
    /// another log than an event's is not older or newer than it, but to be thrown away. `None` from publishers that did
    /// not tell it yet.
    pub incarnation: Option<Uuid>,
    /// The domain event's place in the publishing context's log.
    pub position: Position,
    /// The domain event's place in its stream.
    pub stream_version: Version,
    /// Groups everything that one request of the outside world led to.
    pub correlation_id: Uuid,
    /// What happened.
    pub event: IntegrationEvent,
}

/// The text is not an integration event that this version knows.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// Not a `CloudEvents` envelope as we write it.
    #[error("not a gondola event in CloudEvents 1.0 structured JSON")]
    Envelope(#[source] serde_json::Error),
    /// Another version or content than ours.
    #[error("cannot read {attribute} {value:?}, only {expected:?}")]
    Unsupported {
        /// The envelope's attribute.
        attribute: &'static str,
        /// Its value.
        value: String,
        /// What can be read.
        expected: &'static str,
    },
    /// A newer publisher's event: not broken, but this consumer must be upgraded before it goes on.
    #[error("event type {event_type:?} is not known to this version; upgrade the consumer")]
    UnknownType {
        /// The type.
        event_type: String,
    },
    /// The data does not have the shape of its type.
    #[error("the data of a {event_type} event does not have its shape")]
    Data {
        /// The type.
        event_type: &'static str,
        /// What is wrong with it.
        #[source]
        source: serde_json::Error,
    },
}

impl CloudEvent {
    const SPEC_VERSION: &'static str = "1.0";
    const CONTENT_TYPE: &'static str = "application/json";

    /// What a recorded domain event of a log means to other contexts.
    #[must_use]
    pub const fn of(recorded: &RecordedEvent, log: Uuid, event: IntegrationEvent) -> Self {
        Self {
            id: recorded.event.event_id,
            time: recorded.event.occurred_at,
            incarnation: Some(log),
            position: recorded.position,
            stream_version: recorded.version,
            correlation_id: recorded.metadata.correlation_id,
            event,
        }
    }

    /// The event as a JSON object.
    ///
    /// # Panics
    /// Never: all fields are text, numbers and objects with text keys.
    #[must_use]
    pub fn to_json(&self) -> String {
        let written = Written {
            specversion: Self::SPEC_VERSION,
            id: self.id,
            source: self.event.source(),
            event_type: self.event.event_type(),
            subject: self.event.subject(),
            time: self.time,
            datacontenttype: Self::CONTENT_TYPE,
            incarnation: self.incarnation,
            position: self.position.to_string(),
            streamversion: self.stream_version.to_string(),
            correlationid: self.correlation_id,
            data: &self.event,
        };
        serde_json::to_string(&written).expect("an integration event can be written as JSON")
    }

    /// Reads an event; fields it does not know are ignored.
    pub fn from_json(text: &str) -> Result<Self, DecodeError> {
        let read: Read<'_> = serde_json::from_str(text).map_err(DecodeError::Envelope)?;
        require("specversion", &read.specversion, Self::SPEC_VERSION)?;
        require("datacontenttype", &read.datacontenttype, Self::CONTENT_TYPE)?;
        Ok(Self {
            id: read.id,
            time: read.time,
            incarnation: read.incarnation,
            position: Position::new(number(&read.position).map_err(DecodeError::Envelope)?),
            stream_version: Version::new(
                number(&read.streamversion).map_err(DecodeError::Envelope)?,
            ),
            correlation_id: read.correlationid,
            event: IntegrationEvent::decode(&read.event_type, read.data)?,
        })
    }
}

fn require(
    attribute: &'static str,
    value: &str,
    expected: &'static str,
) -> Result<(), DecodeError> {
    if value == expected {
        return Ok(());
    }
    Err(DecodeError::Unsupported { attribute, value: value.chars().take(40).collect(), expected })
}

/// Reads a counter; on the wire it is text, because an integer attribute of `CloudEvents` has only 32 bits.
fn number(text: &str) -> Result<u64, serde_json::Error> {
    serde_json::from_str(text)
}

/// The attributes in the order they are written.
#[derive(Serialize)]
struct Written<'a> {
    specversion: &'static str,
    id: Uuid,
    source: &'static str,
    #[serde(rename = "type")]
    event_type: &'static str,
    subject: String,
    time: Timestamp,
    datacontenttype: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    incarnation: Option<Uuid>,
    position: String,
    streamversion: String,
    correlationid: Uuid,
    data: &'a IntegrationEvent,
}

/// The attributes that a reader needs.
#[derive(Deserialize)]
struct Read<'a> {
    #[serde(borrow)]
    specversion: Cow<'a, str>,
    id: Uuid,
    #[serde(borrow, rename = "type")]
    event_type: Cow<'a, str>,
    time: Timestamp,
    #[serde(borrow)]
    datacontenttype: Cow<'a, str>,
    incarnation: Option<Uuid>,
    #[serde(borrow)]
    position: Cow<'a, str>,
    #[serde(borrow)]
    streamversion: Cow<'a, str>,
    correlationid: Uuid,
    #[serde(borrow)]
    data: &'a RawValue,
}
