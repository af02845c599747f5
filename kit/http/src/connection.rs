//! One connection from its first byte to its end: TLS where there is, then HTTP/1.1 or HTTP/2.

use std::io;
use std::pin::pin;
use std::time::Duration;

use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::door::Door;
use crate::forsaken::Forsaken;
use crate::in_flight::InFlight;
use crate::server::ServerConfig;
use crate::tls::H2;

/// How long the rest of a request's head is waited for after shutdown began, and how long a connection that was told to end
/// may do nothing.
const DRAIN_HEAD_TIMEOUT: Duration = Duration::from_secs(1);

/// Requests of one HTTP/2 connection at once; the client is told so, and more are refused.
const STREAMS_MAX: u32 = 100;

/// Bytes of bodies that an HTTP/2 connection may bring before they are read: of all its requests, and of one.
const UNREAD_BYTES_MAX: u32 = 1024 * 1024;
const UNREAD_BYTES_OF_ONE_MAX: u32 = 256 * 1024;

/// Bytes of one answer that wait for its client.
const UNSENT_BYTES_MAX: usize = 256 * 1024;

/// Requests that were withdrawn before anybody has looked at them; with more the connection ends (CVE-2023-44487).
const WITHDRAWN_MAX: usize = 20;

/// Requests that are wrong by themselves; with more the connection ends.
const WRONG_MAX: usize = 100;

/// How the connections of one kind of place are served.
#[derive(Clone)]
pub(crate) struct Serving {
    pub(crate) door: Door,
    pub(crate) tls: Option<Handshake>,
    pub(crate) http1: http1::Builder,
    pub(crate) http2: http2::Builder<TokioExecutor>,
    pub(crate) config: ServerConfig,
    /// Cancelled when the drain begins.
    pub(crate) drain: CancellationToken,
}

/// What comes before HTTP.
#[derive(Clone)]
pub(crate) struct Handshake {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) timeout: Duration,
}

impl Serving {
    /// Serves a connection that has this in flight to its end.
    pub(crate) async fn serve<S>(&self, stream: S, door: Door, in_flight: InFlight)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let half_a_request = half_a_request(self.drain.clone(), in_flight.clone());
        let served = async {
            let Some(tls) = &self.tls else { return self.http1(stream, door).await };
            let stream = match tls.shake(stream).await {
                Ok(stream) => stream,
                Err(error) => return tracing::debug!(%error, "no TLS with a client"),
            };
            if stream.get_ref().1.alpn_protocol() == Some(H2) {
                self.http2(stream, door, in_flight).await;
            } else {
                self.http1(stream, door).await;
            }
        };
        tokio::select! {
            // first, so that what can be written has been
            biased;
            () = served => {}
            () = half_a_request => tracing::debug!("no whole request before the end"),
        }
    }

    async fn http1<S>(&self, stream: S, door: Door)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let connection = self.http1.serve_connection(TokioIo::new(stream), door).with_upgrades();
        let mut connection = pin!(connection);
        let ended = tokio::select! {
            biased;
            ended = connection.as_mut() => ended,
            () = self.drain.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        tell(ended);
    }

    /// The same for HTTP/2, whose connections nothing ends by itself when nothing goes on.
    async fn http2<S>(&self, stream: S, door: Door, in_flight: InFlight)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let connection = self.http2.serve_connection(TokioIo::new(stream), door);
        let mut connection = pin!(connection);
        let (idle, unread) = (self.config.header_read_timeout, self.config.progress_timeout);
        tokio::select! {
            biased;
            ended = connection.as_mut() => return tell(ended),
            () = self.drain.cancelled() => {}
            forsaken = Forsaken::by_peer(&in_flight, idle, unread) => match forsaken {
                Forsaken::Idle => {}
                Forsaken::Unread => return tracing::debug!("the peer takes no more of an answer"),
            },
        }
        GracefulConnection::graceful_shutdown(connection.as_mut());
        let unread = self.config.drain_peer_timeout;
        tokio::select! {
            biased;
            ended = connection => tell(ended),
            _ = Forsaken::by_peer(&in_flight, DRAIN_HEAD_TIMEOUT, unread) => {}
        }
    }
}

impl Handshake {
    async fn shake<S>(&self, stream: S) -> io::Result<tokio_rustls::server::TlsStream<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let accepted = tokio::time::timeout(self.timeout, self.acceptor.accept(stream)).await;
        accepted.unwrap_or_else(|_elapsed| Err(io::ErrorKind::TimedOut.into()))
    }
}

fn tell(ended: hyper::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended early");
    }
}

/// Ends some time after the drain began, on a connection that has not brought a whole request's head by then.
async fn half_a_request(drain: CancellationToken, in_flight: InFlight) {
    drain.cancelled().await;
    tokio::time::sleep(DRAIN_HEAD_TIMEOUT).await;
    if !in_flight.is_none() {
        // after the answer the connection ends by itself
        std::future::pending::<()>().await;
    }
}

pub(crate) fn http1(config: &ServerConfig) -> http1::Builder {
    let mut protocol = http1::Builder::new();
    // The number of headers stays at hyper's 100: setting it costs an allocation per request.
    protocol
        .timer(TokioTimer::new())
        // small answers leave in one plain write
        .writev(false)
        .header_read_timeout(config.header_read_timeout)
        .max_buf_size(config.buffer_bytes_max)
        .max_header_size(config.buffer_bytes_max);
    protocol
}

pub(crate) fn http2(config: &ServerConfig) -> http2::Builder<TokioExecutor> {
    let mut protocol = http2::Builder::new(TokioExecutor::new());
    protocol
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(u32::try_from(config.buffer_bytes_max).unwrap_or(u32::MAX))
        .initial_connection_window_size(UNREAD_BYTES_MAX)
        .initial_stream_window_size(UNREAD_BYTES_OF_ONE_MAX)
        .max_send_buf_size(UNSENT_BYTES_MAX)
        .max_pending_accept_reset_streams(WITHDRAWN_MAX)
        .max_local_error_reset_streams(WRONG_MAX);
    protocol
}
