//! From a command to what is said of its events, by this process or another.
//!
//! The log keeps the ids of a command and of the request behind it for ever, and no trace. A trace that begins here is called
//! like the correlation id, and the span of a command like the end of its id, so that any process that reads an event can
//! tell both. What differs, since a caller named the trace, is remembered for a while by the process that decided.

use std::borrow::Cow;

use uuid::Uuid;

use crate::context::SpanContext;
use crate::current::current;
use crate::span::{Kind, Span};
use crate::tracer;

/// Begins the span of a command: a part of the current work, or the first of a trace of its own.
#[inline]
pub fn command(correlation_id: Uuid, command_id: Uuid, name: &'static str) -> Option<Span> {
    let tracer = tracer::get()?;
    let parent = current().unwrap_or_else(|| tracer.root(correlation_id));
    let span_id = tracer::span_id_of(command_id);
    let context = SpanContext { span_id, ..parent };
    if context != tracer.derived(correlation_id, command_id) {
        tracer.remember(command_id, context);
    }
    let name = Cow::Borrowed(name);
    parent.is_sampled.then(|| Span::begin_as(span_id, parent, Kind::Internal, name))
}

/// The span of the command that caused an event; `None` where nothing is traced.
#[inline]
pub fn of_event(correlation_id: Uuid, command_id: Uuid) -> Option<SpanContext> {
    let tracer = tracer::get()?;
    let remembered = tracer.remembered(command_id);
    Some(remembered.unwrap_or_else(|| tracer.derived(correlation_id, command_id)))
}
