//! Messages as records of Kafka, and back.

use std::sync::Arc;

use kit_event_bus::Message;
use kit_trace::SpanContext;
use rdkafka::message::{BorrowedMessage, Header, Headers, Message as _, OwnedHeaders};
use uuid::Uuid;

/// The header with a message's id, as the Kafka binding of `CloudEvents` calls it.
const ID: &str = "ce_id";

/// The header that says what the payload is.
const CONTENT_TYPE: &str = "content-type";

/// The header with the span that sent a message (W3C Trace Context).
const TRACEPARENT: &str = "traceparent";

/// The headers of a message's record.
pub(crate) fn headers(message: &Message, content_type: &str) -> OwnedHeaders {
    let id = message.id.to_string();
    let headers = OwnedHeaders::new_with_capacity(3)
        .insert(Header { key: CONTENT_TYPE, value: Some(content_type) })
        .insert(Header { key: ID, value: Some(&id) });
    match message.trace {
        Some(trace) => headers.insert(Header { key: TRACEPARENT, value: Some(&trace.to_string()) }),
        None => headers,
    }
}

/// Reads a record of a topic; what cannot be read of it is empty, and its id is made from its place.
pub(crate) fn message(record: &BorrowedMessage<'_>, topic: Arc<str>) -> Message {
    let (key, payload) = (text(record.key()), text(record.payload()));
    let id = id(record);
    if key.is_none() || payload.is_none() || id.is_none() {
        let (partition, offset) = (record.partition(), record.offset());
        tracing::warn!(%topic, partition, offset, "kafka_record_is_no_message");
    }
    Message {
        id: id.unwrap_or_else(|| id_of_place(record)),
        topic,
        key: key.unwrap_or_default().into(),
        payload: payload.unwrap_or_default().into(),
        trace: header(record, TRACEPARENT).and_then(SpanContext::parse),
    }
}

fn text(bytes: Option<&[u8]>) -> Option<&str> {
    std::str::from_utf8(bytes?).ok()
}

fn id(record: &BorrowedMessage<'_>) -> Option<Uuid> {
    header(record, ID)?.parse().ok()
}

fn header<'a>(record: &'a BorrowedMessage<'_>, key: &str) -> Option<&'a str> {
    let headers = record.headers()?;
    let header = headers.iter().find(|header| header.key == key)?;
    text(header.value)
}

/// The same at each delivery.
fn id_of_place(record: &BorrowedMessage<'_>) -> Uuid {
    let place = format!("{}/{}/{}", record.topic(), record.partition(), record.offset());
    Uuid::new_v5(&Uuid::NAMESPACE_URL, place.as_bytes())
}
