//! Traces: the way of one request through processes, logs and the event bus.
//!
//! Until [`start`] is called, each function here is one load and one branch: no span is made, nothing is allocated and no
//! clock is read. What is not sampled afterwards costs its context, which other processes must be told, and no span.
//!
//! ```
//! use kit_trace::{Kind, Span};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let work = async {
//!     // a part of the work, in the trace of the request if there is one
//!     let span = Span::of_current(Kind::Internal, || "look up".into());
//!     assert!(span.is_none(), "nobody records in this process");
//! };
//! kit_trace::within(kit_trace::current(), work).await;
//! # }
//! ```

mod context;
mod current;
mod events;
mod sampling;
mod span;
mod tracer;

pub use context::SpanContext;
pub use current::{carry, current, traced, within, within_call};
pub use events::{command, of_event};
pub use sampling::{InvalidRatio, SamplingRatio};
pub use span::{FinishedSpan, Kind, Span, Value, span_of_many};
pub use tracer::{AlreadyStarted, Recorder, start};

use std::borrow::Cow;

use uuid::Uuid;

/// Work on a request or message that has come in.
pub struct Entered {
    /// What the work belongs to.
    pub context: SpanContext,
    /// Its span, if it is sampled.
    pub span: Option<Span>,
}

/// Begins the work on a request: in the trace of a caller that states one, else in one of its own, which is called like the
/// request's correlation id. `None` where nothing is traced.
#[inline]
pub fn enter<'a>(
    traceparent: impl FnOnce() -> Option<&'a str>,
    correlation_id: Uuid,
    name: impl FnOnce() -> Cow<'static, str>,
) -> Option<Entered> {
    let tracer = tracer::get()?;
    let stated = traceparent().and_then(SpanContext::parse);
    let parent = stated.unwrap_or_else(|| tracer.root(correlation_id));
    let span = Span::begin(parent, Kind::Server, name);
    let context = span.as_ref().map_or(parent, Span::context);
    Some(Entered { context, span })
}
