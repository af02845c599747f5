//! The accept loop: HTTP/1.1 connections with timers and limits, and an orderly end.

use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use kit_core::{Clock as _, SystemClock, Timestamp};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::door::{self, Door};
use crate::in_flight::InFlight;
use crate::patience::Patience;
use crate::taken::Taken;

/// Pause after the system refused to hand over a connection (out of file descriptors, say), to avoid a busy loop of
/// failing `accept` calls.
const ACCEPT_PAUSE: Duration = Duration::from_millis(500);

/// Connections that are accepted beyond the limit at once, to be told so, and for health checks.
const EXTRA_CONNECTIONS_MAX: usize = 64;

/// How long the head of a request may take on such a connection.
const EXTRA_HEAD_TIMEOUT: Duration = Duration::from_secs(1);

/// How long the rest of a request's head is waited for after shutdown began.
const DRAIN_HEAD_TIMEOUT: Duration = Duration::from_secs(1);

/// Limits and timers of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    /// How long a request's head may take. Also how long a kept-alive connection may idle, so behind a load
    /// balancer that reuses connections it must exceed the balancer's own idle time.
    pub header_read_timeout: Duration,
    /// How long a request's body may make no progress, and how long an answer that its client does not read. Then the
    /// body ends with an error (408), and the connection is closed.
    pub progress_timeout: Duration,
    /// Most connections at once. 64 more get an answer to one request: to a health check its own, to every other 503.
    /// Beyond those new ones wait, unaccepted.
    pub connections_max: usize,
    /// Read buffer of a connection in bytes, and so the longest request head (431 beyond); at least 8192.
    pub buffer_bytes_max: usize,
    /// How long a body in flight may still take to arrive after shutdown began, and an answer that its client does not
    /// read to leave.
    pub drain_peer_timeout: Duration,
    /// How long requests in flight may go on after shutdown began; then they are cut.
    pub drain_deadline: Duration,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            header_read_timeout: Duration::from_secs(10),
            progress_timeout: Duration::from_secs(20),
            connections_max: 10_000,
            buffer_bytes_max: 64 * 1024,
            drain_peer_timeout: Duration::from_secs(5),
            drain_deadline: Duration::from_secs(25),
        }
    }
}

/// Serves until `shutdown` is cancelled: then stops accepting, lets requests in flight finish and returns, at
/// the drain deadline at the latest.
///
/// An answer that streams for ever (server-sent events) must end on the same token, or it is cut at the
/// deadline. So must what a connection has been upgraded to (a WebSocket), which nobody waits for here; it keeps its place among the
/// connections. Fails where the listener has no address, and when the machine's clock stands before 1970.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    config: ServerConfig,
    shutdown: CancellationToken,
) -> io::Result<()> {
    datable(SystemClock.now())?;
    let address = listener.local_addr()?;
    let drain_deadline = config.drain_deadline;
    let mut server = Server::new(router, config, shutdown.clone());
    tracing::info!(%address, "listening");
    // Dropping the loop's future drops the listener: new connections are refused from then on.
    let ended = shutdown.run_until_cancelled(server.accept_forever(listener)).await;
    server.drain(drain_deadline).await;
    tracing::info!(%address, "stopped listening");
    ended.map_or(Ok(()), Err)
}

/// Fails where the time has no place in the `Date` of an answer: hyper would panic at every request.
fn datable(now: Timestamp) -> io::Result<()> {
    if now > Timestamp::default() {
        return Ok(());
    }
    Err(io::Error::other(
        "the machine's clock stands before 1970, which no HTTP answer can say; set it and start again",
    ))
}

struct Server {
    protocol: http1::Builder,
    door: Door,
    places: Arc<Semaphore>,
    /// Serves a single request and then closes.
    extra_protocol: http1::Builder,
    /// Lets health checks in and nobody else.
    extra_door: Door,
    extra_places: Arc<Semaphore>,
    patience: Arc<Patience>,
    connections: JoinSet<()>,
    /// Cancelled when connections are to end after the requests that they have.
    closing: CancellationToken,
}

impl Server {
    fn new(router: Router, config: ServerConfig, drain: CancellationToken) -> Self {
        let closing = drain.child_token();
        let patience = Arc::new(Patience {
            without_progress: config.progress_timeout,
            in_drain: config.drain_peer_timeout,
            drain,
        });
        let protocol = protocol(&config);
        let mut extra_protocol = protocol.clone();
        let extra_head_timeout = EXTRA_HEAD_TIMEOUT.min(config.header_read_timeout);
        extra_protocol.header_read_timeout(extra_head_timeout).keep_alive(false);
        let only_health = door::only_health(router.clone(), config.connections_max);
        Self {
            protocol,
            door: Door::new(router, Arc::clone(&patience)),
            places: Arc::new(Semaphore::new(config.connections_max)),
            extra_protocol,
            extra_door: Door::new(only_health, Arc::clone(&patience)),
            extra_places: Arc::new(Semaphore::new(EXTRA_CONNECTIONS_MAX)),
            patience,
            connections: JoinSet::new(),
            closing,
        }
    }

    /// Accepts connections until the clock is wrong, and gives that error.
    async fn accept_forever(&mut self, listener: TcpListener) -> io::Error {
        loop {
            // whatever place it will have, no connection is accepted without one
            let extra_place = Self::place(&self.extra_places).await;
            let accepted = listener.accept().await;
            if let Err(wrong_clock) = datable(SystemClock.now()) {
                return wrong_clock;
            }
            match accepted {
                Ok((stream, peer)) => self.admit(stream, peer.ip(), extra_place),
                Err(error) if ended_before_accepted(&error) => {}
                Err(error) => {
                    tracing::warn!(%error, "cannot accept connections, pausing");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
            while self.connections.try_join_next().is_some() {}
        }
    }

    async fn place(places: &Arc<Semaphore>) -> OwnedSemaphorePermit {
        let place = Arc::clone(places).acquire_owned().await;
        place.expect("nobody closes the semaphore")
    }

    /// Serves a connection: in a usual place if there is one, else in the extra one that it has.
    fn admit(&mut self, stream: TcpStream, peer: IpAddr, extra_place: OwnedSemaphorePermit) {
        let (protocol, door, place) = match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => (self.protocol.clone(), self.door.clone(), place),
            Err(_none) => (self.extra_protocol.clone(), self.extra_door.clone(), extra_place),
        };
        self.spawn(&protocol, door, (stream, peer), place);
    }

    fn spawn(
        &mut self,
        protocol: &http1::Builder,
        door: Door,
        (stream, peer): (TcpStream, IpAddr),
        place: OwnedSemaphorePermit,
    ) {
        // Without it small answers wait for the peer's acknowledgement; failing only makes them slower.
        let _ = stream.set_nodelay(true);
        let in_flight = InFlight::default();
        let stream = Taken::new(stream, Arc::clone(&self.patience), in_flight.clone(), place);
        let door = door.for_connection(in_flight.clone(), peer);
        let connection = protocol.serve_connection(TokioIo::new(stream), door).with_upgrades();
        let half_a_request = half_a_request(self.patience.drain.clone(), in_flight);
        let closing = self.closing.clone();
        self.connections.spawn(async move {
            let mut connection = pin!(connection);
            let served = async {
                tokio::select! {
                    // first, so that what can be written has been
                    biased;
                    ended = connection.as_mut() => return ended,
                    () = closing.cancelled() => connection.as_mut().graceful_shutdown(),
                }
                connection.await
            };
            tokio::select! {
                biased;
                ended = served => if let Err(error) = ended {
                    tracing::debug!(%error, "connection ended early");
                },
                () = half_a_request => tracing::debug!("no whole request before the end"),
            }
        });
    }

    async fn drain(self, deadline: Duration) {
        let Self { closing, mut connections, .. } = self;
        closing.cancel();
        let ended = async { while connections.join_next().await.is_some() {} };
        if tokio::time::timeout(deadline, ended).await.is_err() {
            let connections = connections.len();
            tracing::warn!(connections, "drain deadline passed, cutting connections");
        }
        connections.shutdown().await;
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

fn protocol(config: &ServerConfig) -> http1::Builder {
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

/// Errors of the one connection, after which the next can be accepted at once.
fn ended_before_accepted(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests {
    use kit_core::Timestamp;

    use super::datable;

    #[test]
    fn a_clock_before_1970_ends_the_server() {
        // the system's clock gives 1970 for everything before
        assert!(datable(Timestamp::default()).unwrap_err().to_string().contains("before 1970"));
        assert!(datable(Timestamp::from_millis(1)).is_ok());
    }
}
