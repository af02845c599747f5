//! Which trace a future works for, known to all that it calls.

use crate::context::SpanContext;
use crate::span::Span;
use crate::tracer;

tokio::task_local! {
    static CURRENT: SpanContext;
}

/// What the current future works for; `None` where nothing is traced, and outside of [`within`].
#[inline]
pub fn current() -> Option<SpanContext> {
    tracer::get()?;
    CURRENT.try_with(|current| *current).ok()
}

/// Runs a future as work for a span, if there is one.
pub async fn within<F: Future>(context: Option<SpanContext>, work: F) -> F::Output {
    match context {
        None => work.await,
        // boxed: it would make the future larger where nothing is traced
        Some(context) => Box::pin(CURRENT.scope(context, work)).await,
    }
}

/// Runs a future as the work of a span, which ends with it.
pub async fn traced<F: Future>(span: Option<Span>, work: F) -> F::Output {
    let done = within(span.as_ref().map(Span::context), work).await;
    drop(span);
    done
}

/// Calls a function as work for a span, if there is one.
pub fn within_call<T>(context: Option<SpanContext>, call: impl FnOnce() -> T) -> T {
    match context {
        None => call(),
        Some(context) => CURRENT.sync_scope(context, call),
    }
}

/// A future that works for what the present one works for, to be run as a task of its own.
pub fn carry<F: Future>(work: F) -> impl Future<Output = F::Output> {
    within(current(), work)
}
