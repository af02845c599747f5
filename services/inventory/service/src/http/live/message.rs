//! A message of the live feed, the same on each wire.

use std::sync::Arc;
use std::time::Duration;

use axum::response::sse;
use kit_core::{Position, RecordedEvent};
use kit_event_store::{EventStoreError, Incarnation};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use crate::http::feed::FeedEvent;
use crate::use_cases::Catalogue;

/// How long a browser waits before it opens a stream that has ended again.
const RETRY: Duration = Duration::from_secs(2);

/// The name of the message that comes now and then.
const HEARTBEAT: &str = "heartbeat";

/// Why the server ends a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Reason {
    /// The client took events more slowly than they came, for longer than they are kept.
    TooSlow,
    /// The caller would not be let in any more, or not for the same stores.
    Credential,
    /// The server ends.
    Shutdown,
    /// The log could not be read.
    LogFailed,
}

impl Reason {
    /// As answers and metrics have it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::TooSlow => "too-slow",
            Self::Credential => "credential",
            Self::Shutdown => "shutdown",
            Self::LogFailed => "log-failed",
        }
    }
}

/// What a client is told.
pub(super) struct Message {
    name: Arc<str>,
    id: Option<u64>,
    data: Box<RawValue>,
    /// Whether it is the first one, which says how to come back.
    is_first: bool,
    /// Present in the last one.
    pub(super) last: Option<Reason>,
}

#[derive(Serialize)]
struct Begun {
    incarnation: Uuid,
    position: u64,
}

#[derive(Serialize)]
struct Heartbeat {
    position: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ended {
    reason: Reason,
    resume_after: u64,
}

/// A message as a text of a WebSocket.
#[derive(Serialize)]
struct Text<'m> {
    event: &'m str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    data: &'m RawValue,
}

impl Message {
    fn new(name: &str, id: Option<Position>, data: &impl Serialize) -> serde_json::Result<Self> {
        let (name, id) = (Arc::from(name), id.map(Position::get));
        Ok(Self { name, id, data: to_raw_value(data)?, is_first: false, last: None })
    }

    /// Which log it is, and from where on events come.
    pub(super) fn begun(log: Incarnation, after: Position) -> serde_json::Result<Self> {
        let begun = Begun { incarnation: log.as_uuid(), position: after.get() };
        Ok(Self { is_first: true, ..Self::new("log", Some(after), &begun)? })
    }

    /// An event.
    pub(super) fn event(
        recorded: &RecordedEvent,
        catalogue: &Catalogue,
    ) -> Result<Self, EventStoreError> {
        let event = FeedEvent::of(recorded, catalogue)?;
        let message = Self::new(&recorded.event.event_type, Some(recorded.position), &event);
        message.map_err(|error| EventStoreError::Corrupt(error.to_string()))
    }

    /// Everything up to a position has been sent.
    pub(super) fn heartbeat(position: Position) -> serde_json::Result<Self> {
        Self::new(HEARTBEAT, Some(position), &Heartbeat { position: position.get() })
    }

    /// The last message.
    pub(super) fn ended(reason: Reason, after: Position) -> serde_json::Result<Self> {
        let ended = Ended { reason, resume_after: after.get() };
        Ok(Self { last: Some(reason), ..Self::new("ended", Some(after), &ended)? })
    }

    /// Whether it says no more than that all is well.
    pub(super) fn is_heartbeat(&self) -> bool {
        &*self.name == HEARTBEAT
    }

    /// As a server-sent event.
    pub(super) fn into_sse(self) -> sse::Event {
        let event = sse::Event::default().event(&*self.name).data(self.data.get());
        let event = if self.is_first { event.retry(RETRY) } else { event };
        match self.id {
            Some(id) => event.id(id.to_string()),
            None => event,
        }
    }

    /// As a text of a WebSocket.
    pub(super) fn to_text(&self) -> serde_json::Result<String> {
        serde_json::to_string(&Text { event: &self.name, id: self.id, data: &self.data })
    }
}
