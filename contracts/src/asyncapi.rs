//! What is published, as an `AsyncAPI` 3 document: topics, messages, and the shapes of their data.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;

use crate::event::Described;
use crate::{IntegrationEvent, topics};

/// The content type of a message.
const CONTENT_TYPE: &str = "application/cloudevents+json";

/// The shapes of data types by name, with those inside them.
pub(crate) type Schemas = Vec<(String, RefOr<Schema>)>;

/// The document.
///
/// # Panics
/// Never: all shapes can be written as JSON.
#[must_use]
pub fn asyncapi(version: &str) -> Value {
    let events: Vec<Described> = IntegrationEvent::described();
    let (mut channels, mut operations, mut messages) =
        (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let mut schemas = BTreeMap::from([("CloudEvent".to_owned(), envelope())]);
    for event in events {
        channels.insert(event.event_type, channel(&event));
        operations
            .insert(format!("publish{}", event.name), operation(&event, "send", event.summary));
        let used = operation(&event, "receive", used_by(&event));
        operations.insert(format!("receive{}", event.name), used);
        messages.insert(event.name, message(&event));
        for (name, schema) in event.schemas {
            let schema = serde_json::to_value(schema).expect("a schema can be written as JSON");
            schemas.insert(name, schema);
        }
    }
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Gondola: integration events",
            "version": version,
            "description": "What the contexts of Gondola tell each other and everybody else, at least once, and in order \
                for each topic and key. Every event carries the whole present state of its subject: keep the one with the \
                highest version, and forget all of another incarnation when a greater one appears. A shape never changes, \
                but fields may be added.",
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": {
            "kafka": {
                "host": "localhost:9092",
                "protocol": "kafka",
                "description": "The brokers of --event-bus; a prefix given there stands before each topic.",
            },
        },
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas},
    })
}

fn channel(event: &Described) -> Value {
    let compacted = topics::OF_WHOLE_STATES.contains(&event.event_type);
    let kept = if compacted { "compact" } else { "delete" };
    json!({
        "address": event.event_type,
        "description": event.summary,
        "messages": {event.name: {"$ref": format!("#/components/messages/{}", event.name)}},
        "bindings": {"kafka": {"topicConfiguration": {"cleanup.policy": [kept]}}},
    })
}

/// What the contexts themselves do with an event of another one.
fn used_by(event: &Described) -> &'static str {
    if topics::CATALOGUE.contains(&event.event_type) {
        "The inventory context knows the names of stores and products by it."
    } else if topics::ALERTS.contains(&event.event_type) {
        "Webhooks are told of it; it is not on the bus."
    } else {
        "The store context shows the stock of stores by it."
    }
}

fn operation(event: &Described, action: &str, summary: &str) -> Value {
    let channel = format!("#/channels/{}", event.event_type);
    json!({
        "action": action,
        "summary": summary,
        "channel": {"$ref": channel},
        "messages": [{"$ref": format!("{channel}/messages/{}", event.name)}],
    })
}

fn message(event: &Described) -> Value {
    json!({
        "name": event.event_type,
        "title": event.name,
        "summary": event.summary,
        "contentType": CONTENT_TYPE,
        "headers": {
            "type": "object",
            "required": ["content-type", "ce_id"],
            "properties": {
                "content-type": {"type": "string"},
                "ce_id": {"type": "string", "format": "uuid", "description": "The id of the event."},
            },
        },
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/CloudEvent"},
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": event.event_type},
                        "source": {"const": event.source()},
                        "data": {"$ref": format!("#/components/schemas/{}", event.data)},
                    },
                },
            ],
        },
        "bindings": {
            "kafka": {"key": {"type": "string", "description": "The same as the subject of the event."}},
        },
    })
}

/// The attributes of every event; those of `CloudEvents` as it describes them, and ours.
fn envelope() -> Value {
    let text = |description: &str| json!({"type": "string", "description": description});
    let id =
        |description: &str| json!({"type": "string", "format": "uuid", "description": description});
    let number = |description: &str| json!({"type": "string", "pattern": "^[0-9]+$", "description": description});
    json!({
        "type": "object",
        "description": "CloudEvents 1.0 in structured JSON.",
        "required": [
            "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "position", "streamversion",
            "correlationid", "data",
        ],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": id("Unique for ever; a repeat has the same."),
            "source": text("The context that tells it."),
            "type": text("What happened, with its version; also the topic."),
            "subject": text("What it is about: a store, a product, store/product for a stock level, or an alert; also the key."),
            "time": {"type": "string", "format": "date-time", "description": "When it happened in the shop."},
            "datacontenttype": {"const": "application/json"},
            "incarnation": id("Which log the position is in: a greater one when an older log was put back."),
            "position": number("Its place in the log of its context."),
            "streamversion": number("Its place in the stream of its subject."),
            "correlationid": id("Groups everything that one request led to."),
            "data": {"type": "object"},
        },
    })
}
