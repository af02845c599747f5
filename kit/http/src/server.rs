//! The accept loop: connections with timers and limits, and an orderly end.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use kit_core::{Clock as _, SystemClock, Timestamp};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::connection::{self, Handshake, Serving};
use crate::door::{self, Door};
use crate::in_flight::InFlight;
use crate::patience::Patience;
use crate::taken::Taken;
use crate::tls::Tls;

/// Pause after the system refused to hand over a connection (out of file descriptors, say), to avoid a busy loop of
/// failing `accept` calls.
const ACCEPT_PAUSE: Duration = Duration::from_millis(500);

/// Connections that are accepted beyond the limit at once, to be told so, and for health checks.
const EXTRA_CONNECTIONS_MAX: usize = 64;

/// How long the head of a request may take on such a connection.
const EXTRA_HEAD_TIMEOUT: Duration = Duration::from_secs(1);

/// How long TLS may take on such a connection.
const EXTRA_HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(1);

/// Limits and timers of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerConfig {
    /// How long a client may take to agree on TLS, where there is TLS; then the connection is closed.
    pub handshake_timeout: Duration,
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
            handshake_timeout: Duration::from_secs(5),
            header_read_timeout: Duration::from_secs(10),
            progress_timeout: Duration::from_secs(20),
            connections_max: 10_000,
            buffer_bytes_max: 64 * 1024,
            drain_peer_timeout: Duration::from_secs(5),
            drain_deadline: Duration::from_secs(25),
        }
    }
}

/// Serves HTTP/1.1 until `shutdown` is cancelled: then stops accepting, lets requests in flight finish and returns, at
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
    serve_over(None, listener, router, config, shutdown).await
}

/// The same over TLS, where there is any: HTTP/2 then with clients that ask for it, in connections that carry at most 100
/// requests at once and end after `header_read_timeout` without any.
pub async fn serve_over(
    tls: Option<&Tls>,
    listener: TcpListener,
    router: Router,
    config: ServerConfig,
    shutdown: CancellationToken,
) -> io::Result<()> {
    datable(SystemClock.now())?;
    let address = listener.local_addr()?;
    let drain_deadline = config.drain_deadline;
    let mut server = Server::new(router, config, tls, &shutdown);
    tracing::info!(%address, tls = tls.is_some(), "listening");
    // Dropping the loop's future drops the listener: new connections are refused from then on.
    let ended = shutdown.run_until_cancelled(server.accept_forever(listener)).await;
    server.drain(drain_deadline).await;
    tracing::info!(%address, "stopped_listening");
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
    /// Of usual places.
    usual: Arc<Serving>,
    places: Arc<Semaphore>,
    /// Of extra ones: lets health checks in and nobody else, for a single request.
    extra: Arc<Serving>,
    extra_places: Arc<Semaphore>,
    patience: Arc<Patience>,
    connections: JoinSet<()>,
    /// Cancelled when connections are to end after the requests that they have.
    closing: CancellationToken,
}

impl Server {
    fn new(
        router: Router,
        config: ServerConfig,
        tls: Option<&Tls>,
        drain: &CancellationToken,
    ) -> Self {
        let closing = drain.child_token();
        let patience = Arc::new(Patience {
            without_progress: config.progress_timeout,
            in_drain: config.drain_peer_timeout,
            drain: drain.clone(),
        });
        let (http1, http2) = (connection::http1(&config), connection::http2(&config));
        let only_health = door::only_health(router.clone(), config.connections_max);
        let timeout = config.handshake_timeout;
        let usual = Serving {
            door: Door::new(router, Arc::clone(&patience)),
            tls: tls.map(|tls| Handshake { acceptor: tls.usual(), timeout }),
            http1,
            http2,
            config,
            drain: closing.clone(),
        };
        let mut extra = Serving {
            door: Door::new(only_health, Arc::clone(&patience)),
            tls: tls.map(|tls| Handshake {
                acceptor: tls.extra(),
                timeout: EXTRA_HANDSHAKE_TIMEOUT.min(timeout),
            }),
            ..usual.clone()
        };
        let extra_head_timeout = EXTRA_HEAD_TIMEOUT.min(config.header_read_timeout);
        extra.http1.header_read_timeout(extra_head_timeout).keep_alive(false);
        Self {
            usual: Arc::new(usual),
            places: Arc::new(Semaphore::new(config.connections_max)),
            extra: Arc::new(extra),
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
                    tracing::warn!(%error, "connections_not_accepted");
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
        let (serving, place) = match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => (Arc::clone(&self.usual), place),
            Err(_none) => (Arc::clone(&self.extra), extra_place),
        };
        // Without it small answers wait for the peer's acknowledgement; failing only makes them slower.
        let _ = stream.set_nodelay(true);
        let in_flight = InFlight::default();
        let stream = Taken::new(stream, Arc::clone(&self.patience), in_flight.clone(), place);
        let door = serving.door.clone().for_connection(in_flight.clone(), peer);
        self.connections.spawn(async move { serving.serve(stream, door, in_flight).await });
    }

    /// Tells the connections to end and waits for them.
    async fn drain(self, deadline: Duration) {
        let Self { closing, mut connections, .. } = self;
        closing.cancel();
        let ended = async { while connections.join_next().await.is_some() {} };
        if tokio::time::timeout(deadline, ended).await.is_err() {
            let connections = connections.len();
            tracing::warn!(connections, "connections_cut_after_drain");
        }
        connections.shutdown().await;
    }
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
