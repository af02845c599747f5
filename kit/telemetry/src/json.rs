//! The JSON form of a log line.

use std::fmt;
use std::sync::Arc;

use kit_core::Clock;
use serde::ser::{SerializeMap, Serializer};
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::secrets::without_passwords;
use crate::trace_id;

/// The line's own keys; an event's field of such a name gets a `_` behind it, so that no key comes twice.
const OWN_KEYS: [&str; 5] = ["timestamp", "level", "event", "target", "trace_id"];

/// Writes each event as one line of JSON, with its fields beside the line's own keys.
pub(crate) struct JsonLines {
    pub(crate) clock: Arc<dyn Clock>,
}

impl<S, N> FormatEvent<S, N> for JsonLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'w> FormatFields<'w> + 'static,
{
    fn format_event(
        &self,
        _context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let line = self.line(event).map_err(|_| fmt::Error)?;
        let line = std::str::from_utf8(&line).map_err(|_| fmt::Error)?;
        writeln!(writer, "{line}")
    }
}

impl JsonLines {
    fn line(&self, event: &Event<'_>) -> serde_json::Result<Vec<u8>> {
        let mut content = Content::default();
        event.record(&mut content);
        let metadata = event.metadata();
        let mut line = Vec::with_capacity(256);
        let mut json = serde_json::Serializer::new(&mut line);
        let mut map = json.serialize_map(None)?;
        map.serialize_entry("timestamp", &self.clock.now())?;
        map.serialize_entry("level", metadata.level().as_str())?;
        map.serialize_entry("event", &without_passwords(&content.message))?;
        for (name, value) in &content.fields {
            if OWN_KEYS.contains(name) {
                map.serialize_entry(&format!("{name}_"), value)?;
            } else {
                map.serialize_entry(name, value)?;
            }
        }
        if let Some(trace_id) = trace_id() {
            map.serialize_entry("trace_id", &trace_id)?;
        }
        map.serialize_entry("target", metadata.target())?;
        map.end()?;
        Ok(line)
    }
}

/// What an event says, taken out of `tracing`'s visitor.
#[derive(Default)]
struct Content {
    message: String,
    fields: Vec<(&'static str, Value)>,
}

impl Content {
    fn put(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(text)) => self.message = text,
            (name, Value::String(text)) => {
                self.fields.push((name, without_passwords(&text).into()));
            }
            (name, value) => self.fields.push((name, value)),
        }
    }
}

impl Visit for Content {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, Value::String(format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value.into());
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.put(field, u64::try_from(value).map_or_else(|_| value.to_string().into(), Into::into));
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.put(field, i64::try_from(value).map_or_else(|_| value.to_string().into(), Into::into));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value.into());
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        let mut text = value.to_string();
        let mut cause = value.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        self.put(field, text.into());
    }
}
