//! A request's body that must keep arriving, and how its failures look to a caller.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::BoxError;
use axum::body::Bytes;
use http::StatusCode;
use hyper::body::{Body, Frame, SizeHint};

use crate::Problem;
use crate::patience::{Patience, Silence, Timer};

/// When to try again after a server began to shut down: the next one is up by then.
const RETRY_AFTER_DRAIN: Duration = Duration::from_secs(5);

/// Why the rest of a request's body is not waited for. The text is for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyCut {
    /// The peer sends nothing.
    #[error("nothing more of the body arrived for {} s", .0.as_secs())]
    Stalled(Duration),
    /// The server is about to end.
    #[error("the server is shutting down and waits for no more of the body")]
    Draining,
}

/// A request's body that must keep arriving.
pub(crate) struct Arriving<B> {
    body: B,
    patience: Arc<Patience>,
    /// Since the next frame is awaited.
    silence: Option<Silence>,
    /// Runs from the first time that a frame is awaited.
    end_of_drain: Option<Timer>,
}

impl<B> Arriving<B> {
    pub(crate) fn new(body: B, patience: Arc<Patience>) -> Self {
        Self { body, patience, silence: None, end_of_drain: None }
    }

    /// Whether the frame that is awaited is awaited no longer.
    fn poll_cut(&mut self, context: &mut Context<'_>) -> Poll<BodyCut> {
        let Self { patience, silence, end_of_drain, .. } = self;
        let drained = end_of_drain.get_or_insert_with(|| patience.end_of_drain());
        if drained.as_mut().poll(context).is_ready() {
            return Poll::Ready(BodyCut::Draining);
        }
        let silence = silence.get_or_insert_with(|| Silence::begin(patience.without_progress));
        silence.poll_too_long(context).map(|()| BodyCut::Stalled(patience.without_progress))
    }
}

impl<B> Body for Arriving<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) {
            this.silence = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let cut = ready!(this.poll_cut(context));
        Poll::Ready(Some(Err(cut.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The problem of a body that could not be read to its end: 408 when its sender was too slow, 503 when the server is
/// shutting down, 400 when it broke off.
pub fn body_failed(error: &(dyn Error + 'static)) -> Problem {
    let mut causes = std::iter::successors(Some(error), |&error| error.source());
    match causes.find_map(|cause| cause.downcast_ref::<BodyCut>()) {
        Some(stalled @ BodyCut::Stalled(_)) => body_too_slow(stalled.to_string()),
        Some(draining @ BodyCut::Draining) => {
            Problem::unavailable(draining.to_string(), RETRY_AFTER_DRAIN)
        }
        None => Problem::bad_request("the body broke off or is wrongly framed"),
    }
}

/// 408: the body did not arrive in time.
pub fn body_too_slow(detail: impl Into<String>) -> Problem {
    let (code, title) = ("body-timeout", "Request body too slow");
    Problem::new(StatusCode::REQUEST_TIMEOUT, code, title).detail(detail)
}
