//! The server over raw sockets: abuse is cut off, shutdown loses nothing.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::{get, post};
use kit_http::{HttpConfig, Json, Readiness, ServerConfig, Tls, serve_over, standard_layers};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Long enough that only a hang reaches it.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// A server with a few routes.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) shutdown: CancellationToken,
    pub(crate) server: JoinHandle<std::io::Result<()>>,
    /// A handler at `/wait` has begun.
    pub(crate) begun: Arc<Notify>,
    /// Lets that handler finish.
    pub(crate) finish: Arc<Notify>,
}

pub(crate) async fn start(config: ServerConfig) -> Running {
    start_with(config, Router::new()).await
}

/// The same with more routes, among them those of health.
pub(crate) async fn start_with(config: ServerConfig, more: Router) -> Running {
    start_over(None, config, more).await
}

/// The same over TLS, where there is any.
pub(crate) async fn start_over(tls: Option<Tls>, config: ServerConfig, more: Router) -> Running {
    let (begun, finish) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (begins, may_finish) = (Arc::clone(&begun), Arc::clone(&finish));
    let wait = get(move || {
        let (begins, may_finish) = (Arc::clone(&begins), Arc::clone(&may_finish));
        async move {
            begins.notify_one();
            may_finish.notified().await;
            "done"
        }
    });
    let echo = post(|Json(any): Json<serde_json::Value>| async move { Json(any) });
    let router = Router::new()
        .route("/hello", get(|| async { "hello" }))
        .route("/wait", wait)
        .route("/echo", echo)
        .merge(more)
        .merge(Readiness::new(Vec::new()).routes());
    let https = tls.is_some();
    let router = standard_layers(router, HttpConfig { https, ..HttpConfig::default() });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = CancellationToken::new();
    let ends = shutdown.clone();
    let server =
        tokio::spawn(async move { serve_over(tls.as_ref(), listener, router, config, ends).await });
    Running { address, shutdown, server, begun, finish }
}

impl Running {
    pub(crate) async fn send(&self, bytes: impl AsRef<[u8]>) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes.as_ref()).await.unwrap();
        stream
    }

    /// Sends and reads until the server closes.
    pub(crate) async fn exchange(&self, bytes: impl AsRef<[u8]>) -> String {
        rest(&mut self.send(bytes).await).await
    }
}

pub(crate) async fn rest(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    // A reset after the answer is as good an end as any.
    let closed = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await.is_ok();
    assert!(closed, "still open after {:?}", String::from_utf8_lossy(&bytes));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads one answer with a body that ends in `end`, leaving the connection open.
pub(crate) async fn answer(stream: &mut (impl AsyncRead + Unpin), end: &str) -> String {
    let mut text = String::new();
    while !text.ends_with(end) {
        let mut chunk = [0; 1024];
        let read = timeout(PATIENCE, stream.read(&mut chunk)).await.expect("an answer").unwrap();
        assert_ne!(read, 0, "closed after {text:?}");
        text.push_str(std::str::from_utf8(&chunk[..read]).unwrap());
    }
    text
}

pub(crate) const HELLO: &str = "GET /hello HTTP/1.1\r\nhost: a\r\n\r\n";
pub(crate) const HELLO_AND_CLOSE: &str =
    "GET /hello HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn connections_are_kept_and_pipelined() {
    let running = start(ServerConfig::default()).await;
    let mut stream = running.send(HELLO).await;
    assert!(answer(&mut stream, "hello").await.starts_with("HTTP/1.1 200 OK"));
    stream.write_all([HELLO, HELLO_AND_CLOSE].concat().as_bytes()).await.unwrap();
    assert_eq!(rest(&mut stream).await.matches("HTTP/1.1 200 OK").count(), 2);
}

#[tokio::test]
async fn slow_heads_and_idle_connections_are_cut() {
    let header_read_timeout = Duration::from_millis(200);
    let running = start(ServerConfig { header_read_timeout, ..ServerConfig::default() }).await;
    for head in ["", "GET /hello HTTP/1.1\r\nhost:"] {
        let begun = Instant::now();
        assert!(!running.exchange(head).await.contains("200 OK"));
        // and not too early; how late is a matter of the machine
        let cut_after = begun.elapsed();
        assert!(cut_after >= header_read_timeout / 2, "{head:?} was cut after {cut_after:?}");
    }
}

#[tokio::test]
async fn malformed_and_oversize_requests_get_4xx() {
    let running = start(ServerConfig::default()).await;
    let long = "x".repeat(100_000);
    let many = "a: b\r\n".repeat(1_000);
    let post =
        "POST /echo HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\n";
    let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x10000)).repeat(5);
    for (request, status) in [
        ("nonsense\r\n\r\n".to_owned(), 400),
        ("GET /hello\0 HTTP/1.1\r\nhost: a\r\n\r\n".to_owned(), 400),
        ("GET /hello HTTP/9.9\r\nhost: a\r\n\r\n".to_owned(), 400),
        (format!("GET /hello HTTP/1.1\r\nhost: a\r\nx: {long}\r\n\r\n"), 431),
        (format!("GET /hello HTTP/1.1\r\nhost: a\r\n{many}\r\n"), 431),
        (format!("{post}content-length: 4\r\ncontent-length: 5\r\n\r\ntrue"), 400),
        (format!("{post}transfer-encoding: chunked\r\n\r\nzz\r\n"), 400),
        (format!("{post}content-length: 300000\r\n\r\n{}", " ".repeat(300_000)), 413),
        (format!("{post}transfer-encoding: chunked\r\n\r\n{chunk}"), 413),
    ] {
        let shown = &request[..request.len().min(120)];
        let answer = running.exchange(&request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{shown:?}: {answer:?}");
    }
    assert!(running.exchange(HELLO_AND_CLOSE).await.ends_with("hello"), "still serving");
}

#[tokio::test]
async fn a_body_cut_short_harms_nobody() {
    let running = start(ServerConfig::default()).await;
    let head = "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";
    let mut stream = running.send(format!("{head}content-length: 10\r\n\r\ntru")).await;
    stream.shutdown().await.unwrap();
    assert!(!rest(&mut stream).await.contains("200 OK"));
    assert!(running.exchange(HELLO_AND_CLOSE).await.ends_with("hello"));
}

#[tokio::test]
async fn shutdown_finishes_what_is_in_flight() {
    let running = start(ServerConfig::default()).await;
    let mut idle = running.send(HELLO).await;
    answer(&mut idle, "hello").await;
    let mut in_flight = running.send("GET /wait HTTP/1.1\r\nhost: a\r\n\r\n").await;
    running.begun.notified().await;

    running.shutdown.cancel();
    assert_eq!(rest(&mut idle).await, "", "an idle connection is closed at once");
    let refused = async {
        while TcpStream::connect(running.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, refused).await.expect("new connections are refused");
    // for longer than for half a request
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(!running.server.is_finished(), "waits for the request in flight");

    running.finish.notify_one();
    assert!(rest(&mut in_flight).await.ends_with("done"));
    timeout(PATIENCE, running.server).await.expect("returns").unwrap().unwrap();
}

#[tokio::test]
async fn a_stuck_request_is_cut_at_the_drain_deadline() {
    let drain_deadline = Duration::from_millis(100);
    let running = start(ServerConfig { drain_deadline, ..ServerConfig::default() }).await;
    let mut stuck = running.send("GET /wait HTTP/1.1\r\nhost: a\r\n\r\n").await;
    running.begun.notified().await;
    running.shutdown.cancel();
    assert_eq!(rest(&mut stuck).await, "");
    timeout(PATIENCE, running.server).await.expect("returns").unwrap().unwrap();
}
