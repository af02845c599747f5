//! The log as JSON, one event a line.

use std::io::Write;

use anyhow::Context;
use gondola_inventory_domain::parse_stream_id;
use kit_core::{Position, RecordedEvent, Timestamp};
use kit_event_store::EventLog;
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::output::Output;

/// Events per read of the log.
const PAGE: usize = 10_000;

/// An event as it is exported; the same names as in the event feed of the API.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names on the wire")]
struct Event<'a> {
    position: u64,
    event_id: Uuid,
    event_type: &'a str,
    schema_version: u16,
    stream: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    store_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<Uuid>,
    version: u64,
    occurred_at: Timestamp,
    recorded_at: Timestamp,
    correlation_id: Uuid,
    causation_id: Uuid,
    actor: &'a str,
    data: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    personal: Option<&'a RawValue>,
}

/// Makes of a stored compartment what is to be written.
pub type ReadPersonal = Box<dyn Fn(&str) -> anyhow::Result<String> + Send + Sync>;

/// What is to be written of personal data.
pub enum PersonalData {
    /// Nothing.
    LeftOut,
    /// The compartment of an event as this makes it of what is stored.
    Read(ReadPersonal),
}

/// Writes the events after a position, with their personal data if wanted.
pub async fn export_events(
    log: &dyn EventLog,
    after: Position,
    personal: PersonalData,
    mut output: Output,
) -> anyhow::Result<()> {
    let written = write_all(log, after, &personal, &mut output).await;
    output.finish(written)
}

async fn write_all(
    log: &dyn EventLog,
    mut after: Position,
    personal: &PersonalData,
    output: &mut Output,
) -> anyhow::Result<()> {
    loop {
        let page = log.read_all(after, PAGE).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.position;
        for event in &page {
            write(output, event, personal)?;
        }
    }
}

fn write(
    output: &mut Output,
    recorded: &RecordedEvent,
    personal: &PersonalData,
) -> anyhow::Result<()> {
    let event = &recorded.event;
    let level = parse_stream_id(&recorded.stream);
    let json = |text: &'_ str| -> anyhow::Result<Box<RawValue>> {
        let unreadable = || format!("the event at position {} is no JSON", recorded.position);
        RawValue::from_string(text.to_owned()).with_context(unreadable)
    };
    let data = json(&event.data)?;
    let personal = match (personal, event.personal.as_deref()) {
        (PersonalData::Read(read), Some(stored)) => Some(json(&read(stored)?)?),
        _ => None,
    };
    let line = Event {
        position: recorded.position.get(),
        event_id: event.event_id,
        event_type: &event.event_type,
        schema_version: event.schema_version,
        stream: recorded.stream.as_str(),
        store_id: level.map(|(_, store)| store.as_uuid()),
        product_id: level.map(|(product, _)| product.as_uuid()),
        version: recorded.version.get(),
        occurred_at: event.occurred_at,
        recorded_at: recorded.metadata.recorded_at,
        correlation_id: recorded.metadata.correlation_id,
        causation_id: recorded.metadata.causation_id,
        actor: recorded.metadata.actor.as_str(),
        data: &data,
        personal: personal.as_deref(),
    };
    serde_json::to_writer(&mut *output, &line).map_err(std::io::Error::from)?;
    output.write_all(b"\n")?;
    Ok(())
}
