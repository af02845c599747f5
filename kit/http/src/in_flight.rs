//! Whether a connection has a request that is not answered to its end.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::BoxError;
use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use axum::routing::future::RouteFuture;
use hyper::body::{Frame, SizeHint};

/// What a connection has in flight; clones are about the same connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct InFlight(Arc<AtomicUsize>);

/// A part of a request or its answer that is in flight until it is dropped.
#[derive(Debug)]
pub(crate) struct Part(InFlight);

impl InFlight {
    /// Begins a part.
    pub(crate) fn begin(&self) -> Part {
        self.0.fetch_add(1, Ordering::Relaxed);
        Part(self.clone())
    }

    /// Whether there is none.
    pub(crate) fn is_none(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// An answer that is being made.
pub(crate) struct Answering {
    pub(crate) answer: RouteFuture<Infallible>,
    /// `None` once the answer has its head, and the part with it.
    pub(crate) part: Option<Part>,
}

impl Future for Answering {
    type Output = Result<Response<Leaving>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = Pin::new(&mut self.answer).poll(context);
        answer.map_ok(|answer| {
            let part = self.part.take();
            answer.map(|body| Leaving { body, _part: part })
        })
    }
}

/// The body of an answer, in flight until it has left.
pub(crate) struct Leaving {
    body: Body,
    _part: Option<Part>,
}

impl HttpBody for Leaving {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        Pin::new(&mut self.body).poll_frame(context).map_err(Into::into)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
