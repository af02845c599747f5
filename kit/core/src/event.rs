//! The event envelope: what is known about an event besides its meaning.

use std::borrow::Cow;

use uuid::Uuid;

use crate::{Actor, Position, StreamId, Timestamp, Version};

/// Caller, time and correlation of a command; the same for all its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// Groups everything that one request of the outside world led to.
    pub correlation_id: Uuid,
    /// The command that caused the event; each command has its own.
    pub causation_id: Uuid,
    /// The person, service or job that sent the command.
    pub actor: Actor,
    /// When the command was decided, on the server's monotonic clock.
    pub recorded_at: Timestamp,
}

/// An event as its codec wrote it: not yet in any stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedEvent {
    /// Unique for ever; a `UUIDv7`.
    pub event_id: Uuid,
    /// Name of the event, such as `StockReservedEvent`.
    pub event_type: Cow<'static, str>,
    /// Version of the shape of `data`, from 1.
    pub schema_version: u16,
    /// Business time: when it happened in the shop, which for an offline till may be long before it was recorded.
    pub occurred_at: Timestamp,
    /// What happened, as a JSON object without personal data.
    pub data: Box<str>,
    /// Personal data of the event as a JSON object, apart from `data`, so that it can be encrypted per person.
    pub personal: Option<Box<str>>,
}

/// A recorded event, with its positions in the log and in its stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedEvent {
    /// Position in the global order.
    pub position: Position,
    /// The stream it belongs to.
    pub stream: StreamId,
    /// Version of the stream after this event, from 1.
    pub version: Version,
    /// The event as its codec wrote it.
    pub event: EncodedEvent,
    /// Caller, time and correlation of its command.
    pub metadata: Metadata,
}
