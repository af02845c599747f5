//! A connection that ends when its peer does not read.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::OwnedSemaphorePermit;

use crate::in_flight::{InFlight, Part};
use crate::patience::{Patience, Timer};

/// A connection whose peer must take what is written to it.
pub(crate) struct Taken<S> {
    stream: S,
    patience: Arc<Patience>,
    in_flight: InFlight,
    /// Run while a write waits: for progress, and for the end of the drain.
    waiting: Option<([Timer; 2], Part)>,
    /// Among the connections of the server, also of one that goes on as a WebSocket.
    _place: OwnedSemaphorePermit,
}

impl<S> Taken<S> {
    pub(crate) fn new(
        stream: S,
        patience: Arc<Patience>,
        in_flight: InFlight,
        place: OwnedSemaphorePermit,
    ) -> Self {
        Self { stream, patience, in_flight, waiting: None, _place: place }
    }

    /// The outcome of a write, which is an error when it has waited for too long.
    fn limited<T>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waiting = None;
            return written;
        }
        let (patience, in_flight) = (&self.patience, &self.in_flight);
        let (timers, _) = self.waiting.get_or_insert_with(|| {
            ([patience.stall(), patience.end_of_drain()], in_flight.begin())
        });
        if timers.iter_mut().any(|timer| timer.as_mut().poll(context).is_ready()) {
            let error = io::Error::new(io::ErrorKind::TimedOut, "the peer does not read");
            return Poll::Ready(Err(error));
        }
        Poll::Pending
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Taken<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Taken<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if written.is_ready() {
            self.in_flight.note_written();
        }
        self.limited(context, written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.limited(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(context);
        self.limited(context, shut)
    }
}
