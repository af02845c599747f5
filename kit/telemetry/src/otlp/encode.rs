//! Spans as a request of OTLP: `opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest`.
//!
//! The numbers are those of the fields in opentelemetry-proto 1.x, where they never change. Tests read it with the types that
//! the project OpenTelemetry makes of its own definition.

use std::time::{SystemTime, UNIX_EPOCH};

use kit_trace::{FinishedSpan, Kind, SpanContext, Value};

use super::protobuf::Message;

/// `STATUS_CODE_ERROR`.
const ERROR: u64 = 2;

/// The flags of a sampled span.
const SAMPLED: u32 = 1;

/// A request with spans of one process.
pub(super) fn request(resource: &[(&'static str, String)], spans: &[FinishedSpan]) -> Vec<u8> {
    let mut request = Message::default();
    request.message(1, |of_resource| {
        of_resource.message(1, |written| {
            for (name, value) in resource {
                attribute(written, 1, name, &Value::from(value.clone()));
            }
        });
        of_resource.message(2, |of_scope| {
            of_scope.message(1, |scope| {
                scope.bytes(1, "kit-trace");
                scope.bytes(2, env!("CARGO_PKG_VERSION"));
            });
            for one in spans {
                of_scope.message(2, |written| span(written, one));
            }
        });
    });
    request.into_bytes()
}

fn span(to: &mut Message, span: &FinishedSpan) {
    to.bytes(1, span.context.trace_id.to_be_bytes());
    to.bytes(2, span.context.span_id.to_be_bytes());
    if span.parent_id != 0 {
        to.bytes(4, span.parent_id.to_be_bytes());
    }
    to.bytes(5, &*span.name);
    to.number(6, kind(span.kind));
    to.fixed64(7, nanos(span.began));
    to.fixed64(8, nanos(span.ended));
    for (name, value) in &span.attributes {
        attribute(to, 9, name, value);
    }
    for other in &span.links {
        to.message(13, |written| link(written, *other));
    }
    if let Some(why) = &span.failure {
        to.message(15, |status| {
            status.bytes(2, &**why);
            status.number(3, ERROR);
        });
    }
    to.fixed32(16, SAMPLED);
}

fn link(to: &mut Message, other: SpanContext) {
    to.bytes(1, other.trace_id.to_be_bytes());
    to.bytes(2, other.span_id.to_be_bytes());
    to.fixed32(6, u32::from(other.is_sampled));
}

fn attribute(to: &mut Message, field: u32, name: &str, value: &Value) {
    to.message(field, |pair| {
        pair.bytes(1, name);
        pair.message(2, |any| match value {
            Value::Text(text) => any.bytes(1, &**text),
            // two's complement, as int64 is written
            Value::Number(number) => any.number(3, number.cast_unsigned()),
        });
    });
}

fn kind(kind: Kind) -> u64 {
    match kind {
        Kind::Internal => 1,
        Kind::Server => 2,
        Kind::Client => 3,
        Kind::Producer => 4,
        Kind::Consumer => 5,
    }
}

fn nanos(moment: SystemTime) -> u64 {
    let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
