//! What a connection has in flight: requests that are not answered to their end, and how it goes on.

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
pub(crate) struct InFlight(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    parts: AtomicUsize,
    /// Answers of which the last piece is not yet known to have left, and that have more.
    unread: AtomicUsize,
    /// Whatever shows that the peer is there; wraps around.
    events: AtomicUsize,
}

/// A part of a request or its answer that is in flight until it is dropped.
#[derive(Debug)]
pub(crate) struct Part(InFlight);

/// An answer that waits for its peer until it is dropped.
#[derive(Debug)]
pub(crate) struct Unread(InFlight);

impl InFlight {
    /// Begins a part.
    pub(crate) fn begin(&self) -> Part {
        self.0.parts.fetch_add(1, Ordering::Relaxed);
        self.note_written();
        Part(self.clone())
    }

    /// Whether there is none.
    pub(crate) fn is_none(&self) -> bool {
        self.0.parts.load(Ordering::Relaxed) == 0
    }

    /// Notes that something has left.
    pub(crate) fn note_written(&self) {
        self.0.events.fetch_add(1, Ordering::Relaxed);
    }

    /// Changes whenever a request arrives or something leaves.
    pub(crate) fn events(&self) -> usize {
        self.0.events.load(Ordering::Relaxed)
    }

    /// An answer has handed out a piece and has more.
    pub(crate) fn hand_out(&self) -> Unread {
        self.0.unread.fetch_add(1, Ordering::Relaxed);
        Unread(self.clone())
    }

    /// Whether an answer could go on if its peer took more of it.
    pub(crate) fn has_unread(&self) -> bool {
        self.0.unread.load(Ordering::Relaxed) > 0
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.0.0.parts.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        self.0.0.unread.fetch_sub(1, Ordering::Relaxed);
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
            answer.map(|body| Leaving { body, unread: None, part })
        })
    }
}

/// The body of an answer, in flight until it has left.
pub(crate) struct Leaving {
    body: Body,
    /// Since a piece was handed out and until the next one is asked for.
    unread: Option<Unread>,
    part: Option<Part>,
}

impl HttpBody for Leaving {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.unread = None;
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if matches!(frame, Poll::Ready(Some(Ok(_)))) && !self.body.is_end_stream() {
            self.unread = self.part.as_ref().map(|part| part.0.hand_out());
        }
        frame.map_err(Into::into)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
