//! The data of events as the document describes it: a schema for each type of event, made of the shapes that write it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::event_data::{self, EventDataShape};

/// What the data of an event may be.
///
/// Its type is a member of the event beside it, so that no `discriminator` can tell them apart: generators take it as an object,
/// and `x-event-data` has the schema of each type.
pub(in crate::http) struct EventData;

/// The name of the schema of a type of event.
fn name(event_type: &str) -> String {
    format!("{event_type}Data")
}

impl PartialSchema for EventData {
    fn schema() -> RefOr<Schema> {
        let reference = |shape: EventDataShape| {
            let target = format!("#/components/schemas/{}", name(shape.event_type));
            (shape.event_type, json!({ "$ref": target }))
        };
        let all: BTreeMap<_, Value> = event_data::all().into_iter().map(reference).collect();
        ObjectBuilder::new()
            .description(Some(
                "What happened. `x-event-data` has the schema of each `eventType`; a later release may have more types and members.",
            ))
            .extensions(Some(ExtensionsBuilder::new().add("x-event-data", json!(all)).build()))
            .into()
    }
}

impl ToSchema for EventData {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("EventData")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        for mut shape in event_data::all() {
            schemas.append(&mut shape.parts);
            let (name, sample) = (name(shape.event_type), shape.sample());
            schemas.push((name, described(shape, sample)));
        }
    }
}

/// The schema with a sample, and with words about it.
fn described(shape: EventDataShape, sample: Value) -> RefOr<Schema> {
    let mut schema = shape.schema;
    if let RefOr::T(Schema::Object(object)) = &mut schema {
        object.description = Some(format!("The `data` of a `{}`.", shape.event_type));
        object.example = Some(sample);
    }
    schema
}
