//! A piece of work within a trace, from its beginning to its end.

use std::borrow::Cow;
use std::time::{Instant, SystemTime};

use crate::context::SpanContext;
use crate::current::current;
use crate::tracer;

/// What sort of work a span is, as OpenTelemetry has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Within a process.
    Internal,
    /// The answer to a request of another process.
    Server,
    /// A request to another process, or to a database.
    Client,
    /// A message that is sent.
    Producer,
    /// A message that is handled.
    Consumer,
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(Cow<'static, str>),
    /// A number.
    Number(i64),
}

impl From<&'static str> for Value {
    fn from(text: &'static str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// A span that has ended.
#[derive(Clone, Debug)]
pub struct FinishedSpan {
    /// Which it is.
    pub context: SpanContext,
    /// The span that it is a part of; 0 for the first of its trace.
    pub parent_id: u64,
    /// What was done, with few different values.
    pub name: Cow<'static, str>,
    /// What sort of work.
    pub kind: Kind,
    /// When it began, by the machine's clock.
    pub began: SystemTime,
    /// When it ended.
    pub ended: SystemTime,
    /// What else is known of it, by the names of OpenTelemetry's conventions.
    pub attributes: Vec<(&'static str, Value)>,
    /// Spans of this or other traces that it has to do with.
    pub links: Vec<SpanContext>,
    /// Why it failed, if it did.
    pub failure: Option<Cow<'static, str>>,
}

/// A piece of work that is recorded; it ends when it is dropped.
#[derive(Debug)]
pub struct Span {
    context: SpanContext,
    started: Instant,
    /// Present until the span is dropped.
    finished: Option<Box<FinishedSpan>>,
}

impl Span {
    /// Begins a part of the work that the current future does, if that is traced.
    #[inline]
    pub fn of_current(kind: Kind, name: impl FnOnce() -> Cow<'static, str>) -> Option<Self> {
        Self::begin(current()?, kind, name)
    }

    /// Begins a part of a span, or the first of a trace; `None` where the trace is not sampled.
    pub fn begin(
        parent: SpanContext,
        kind: Kind,
        name: impl FnOnce() -> Cow<'static, str>,
    ) -> Option<Self> {
        let is_recorded = parent.is_sampled && tracer::get().is_some();
        is_recorded.then(|| Self::begin_as(tracer::new_span_id(), parent, kind, name()))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "spans of several processes are compared to the microsecond, and nothing is decided by them"
    )]
    pub(crate) fn begin_as(
        span_id: u64,
        parent: SpanContext,
        kind: Kind,
        name: Cow<'static, str>,
    ) -> Self {
        let began = SystemTime::now();
        let context = SpanContext { span_id, ..parent };
        let finished = FinishedSpan {
            context,
            parent_id: parent.span_id,
            name,
            kind,
            began,
            ended: began,
            attributes: Vec::new(),
            links: Vec::new(),
            failure: None,
        };
        Self { context, started: Instant::now(), finished: Some(Box::new(finished)) }
    }

    /// Which span it is.
    pub fn context(&self) -> SpanContext {
        self.context
    }

    /// Says more of the work, under a name of OpenTelemetry's conventions.
    pub fn set(&mut self, name: &'static str, value: impl Into<Value>) {
        self.say(|span| span.attributes.push((name, value.into())));
    }

    /// The same, and gives the span back.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.set(name, value);
        self
    }

    /// Says that it has to do with another span.
    pub fn link(&mut self, other: SpanContext) {
        self.say(|span| span.links.push(other));
    }

    /// Says that it failed, and why.
    pub fn fail(&mut self, why: impl Into<Cow<'static, str>>) {
        self.say(|span| span.failure = Some(why.into()));
    }

    fn say(&mut self, what: impl FnOnce(&mut FinishedSpan)) {
        if let Some(span) = self.finished.as_deref_mut() {
            what(span);
        }
    }
}

/// Begins the span of work that is done once for several: a part of the first one's trace that is sampled, with links to
/// those of all.
pub fn span_of_many(
    works: &[SpanContext],
    kind: Kind,
    name: impl FnOnce() -> Cow<'static, str>,
) -> Option<Span> {
    let mut sampled = works.iter().copied().filter(|work| work.is_sampled);
    let mut span = Span::begin(sampled.next()?, kind, name)?;
    sampled.for_each(|other| span.link(other));
    Some(span)
}

impl Drop for Span {
    fn drop(&mut self) {
        if let Some((tracer, mut span)) = tracer::get().zip(self.finished.take()) {
            span.ended = span.began + self.started.elapsed();
            tracer.record(*span);
        }
    }
}
