//! HTTP/2 over TLS: many requests in one connection, within the same timers and limits as without.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::{get, post};
use h2::client::SendRequest;
use h2::{Reason, RecvStream};
use http::{Request, Response, StatusCode};
use kit_http::ServerConfig;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::CertificateDer;

use crate::server::{HELLO_AND_CLOSE, PATIENCE, Running, rest};
use crate::tls::{connect, start};

const H2: &[u8] = b"h2";
const BOTH: [&[u8]; 2] = [H2, b"http/1.1"];

/// What HTTP/2 begins with, and settings that are empty.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";

/// Kinds of frames.
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const GO_AWAY: u8 = 7;

struct Client {
    send: SendRequest<Bytes>,
    connection: JoinHandle<Result<(), h2::Error>>,
}

async fn client(running: &Running, trusted: &CertificateDer<'static>, window: u32) -> Client {
    let stream = connect(running, trusted, &BOTH).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(H2), "the better one of both");
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(window).enable_push(false);
    let (send, connection) = builder.handshake::<_, Bytes>(stream).await.unwrap();
    Client { send, connection: tokio::spawn(connection) }
}

impl Client {
    async fn ask(&mut self, path: &str, body: Option<&'static str>) -> Response<RecvStream> {
        let method = if body.is_some() { "POST" } else { "GET" };
        let request = Request::builder()
            .method(method)
            .uri(format!("https://localhost{path}"))
            .header("content-type", "application/json")
            .body(())
            .unwrap();
        let mut ready = self.send.clone().ready().await.unwrap();
        let (answer, mut sending) = ready.send_request(request, body.is_none()).unwrap();
        if let Some(body) = body {
            sending.send_data(body.into(), true).unwrap();
        }
        timeout(PATIENCE, answer).await.expect("an answer").unwrap()
    }
}

async fn text(answer: Response<RecvStream>) -> String {
    let mut body = answer.into_body();
    let mut read = Vec::new();
    while let Some(data) = body.data().await {
        let data = data.unwrap();
        body.flow_control().release_capacity(data.len()).unwrap();
        read.extend_from_slice(&data);
    }
    String::from_utf8(read).unwrap()
}

#[tokio::test]
async fn many_requests_share_a_connection() {
    let (running, trusted) = start(ServerConfig::default(), Router::new()).await;
    let mut client = client(&running, &trusted, 65_535).await;
    let mut waits = client.send.clone().ready().await.unwrap();
    let (waiting, _) =
        waits.send_request(Request::get("https://localhost/wait").body(()).unwrap(), true).unwrap();
    running.begun.notified().await;

    let answer = client.ask("/echo", Some("{\"a\":1}")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.headers().contains_key("x-request-id"));
    assert_eq!(text(answer).await, "{\"a\":1}");
    assert_eq!(client.ask("/echo", Some("{")).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(client.ask("/nowhere", None).await.status(), StatusCode::NOT_FOUND);

    running.finish.notify_one();
    assert_eq!(text(timeout(PATIENCE, waiting).await.unwrap().unwrap()).await, "done");
}

#[tokio::test]
async fn a_drain_finishes_what_is_in_flight_and_closes_what_is_idle() {
    let (running, trusted) = start(ServerConfig::default(), Router::new()).await;
    let mut idle = client(&running, &trusted, 65_535).await;
    idle.ask("/hello", None).await;
    let busy = client(&running, &trusted, 65_535).await;
    let mut send = busy.send.clone().ready().await.unwrap();
    let (waiting, _) =
        send.send_request(Request::get("https://localhost/wait").body(()).unwrap(), true).unwrap();
    running.begun.notified().await;

    running.shutdown.cancel();
    timeout(PATIENCE, idle.connection).await.expect("closed").unwrap().unwrap();
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(!running.server.is_finished(), "waits for the request in flight");
    running.finish.notify_one();
    assert_eq!(text(timeout(PATIENCE, waiting).await.unwrap().unwrap()).await, "done");
    timeout(PATIENCE, running.server).await.expect("returns").unwrap().unwrap();
}

#[tokio::test]
async fn a_connection_with_nothing_in_flight_ends() {
    let header_read_timeout = Duration::from_millis(500);
    let config = ServerConfig { header_read_timeout, ..ServerConfig::default() };
    let (running, trusted) = start(config, Router::new()).await;
    // one that asks and then nothing more is told to go
    let mut asks = client(&running, &trusted, 65_535).await;
    asks.ask("/hello", None).await;
    let begun = Instant::now();
    timeout(PATIENCE, asks.connection).await.expect("closed").unwrap().unwrap();
    assert!(begun.elapsed() >= header_read_timeout / 2, "{:?}", begun.elapsed());
    // those that never say a whole word are cut: no preface, no request, half a head
    let half_a_head = frame(HEADERS, 0, 1, b"\x82");
    for sent in [&[][..], PREFACE, &[PREFACE, &half_a_head].concat()] {
        let mut stream = connect(&running, &trusted, &[H2]).await.unwrap();
        stream.write_all(sent).await.unwrap();
        rest(&mut stream).await;
    }
    // one whose answer takes its time is not
    let waits = client(&running, &trusted, 65_535).await;
    let mut send = waits.send.clone().ready().await.unwrap();
    let (waiting, _) =
        send.send_request(Request::get("https://localhost/wait").body(()).unwrap(), true).unwrap();
    running.begun.notified().await;
    tokio::time::sleep(header_read_timeout * 3).await;
    running.finish.notify_one();
    assert_eq!(text(timeout(PATIENCE, waiting).await.unwrap().unwrap()).await, "done");
}

#[tokio::test]
async fn an_answer_for_which_a_client_grants_no_window_is_given_up() {
    let progress_timeout = Duration::from_millis(500);
    let config = ServerConfig { progress_timeout, ..ServerConfig::default() };
    let at_work = AtWork::default();
    let made = at_work.clone();
    let pieces = get(move || {
        let worker = made.begin();
        let pieces = (0..1_000).map(move |_| {
            let _in_use = &worker;
            Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; 10_000]))
        });
        std::future::ready(Body::from_stream(futures_util::stream::iter(pieces)))
    });
    let (running, trusted) = start(config, Router::new().route("/pieces", pieces)).await;
    let mut client = client(&running, &trusted, 1_000).await;
    let answer = client.ask("/pieces", None).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(at_work.now(), 1, "the answer has begun");
    let given_up = async {
        while at_work.now() > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, given_up).await.expect("the answer is given up");
    timeout(PATIENCE, client.connection).await.expect("and its connection").unwrap().unwrap_err();
}

#[tokio::test]
async fn a_body_that_does_not_go_on_is_refused() {
    let progress_timeout = Duration::from_millis(300);
    let config = ServerConfig { progress_timeout, ..ServerConfig::default() };
    let (running, trusted) = start(config, Router::new()).await;
    let client = client(&running, &trusted, 65_535).await;
    let mut send = client.send.clone().ready().await.unwrap();
    let request =
        Request::post("https://localhost/echo").header("content-type", "application/json");
    let (answer, mut sending) = send.send_request(request.body(()).unwrap(), false).unwrap();
    sending.send_data("tr".into(), false).unwrap();
    let answer = timeout(PATIENCE, answer).await.expect("an answer").unwrap();
    assert_eq!(answer.status(), StatusCode::REQUEST_TIMEOUT);
}

/// A frame of HTTP/2.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = length[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// `GET /slow` with the names of the static table: method, scheme, authority `a`, path.
fn get_slow() -> Vec<u8> {
    let mut head = vec![0x82, 0x87, 0x01, 1, b'a', 0x04, 5];
    head.extend(b"/slow");
    head
}

/// Reads frames until the server closes or says that it will; gives the reason.
async fn gone_away(stream: &mut TlsStream<TcpStream>) -> Option<u32> {
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await.ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length.try_into().unwrap()];
        stream.read_exact(&mut payload).await.ok()?;
        if head[3] == GO_AWAY {
            return Some(u32::from_be_bytes(payload[4..8].try_into().unwrap()));
        }
    }
}

/// How many handlers are at work, and how many ever were at once.
#[derive(Clone, Default)]
struct AtWork(Arc<(AtomicUsize, AtomicUsize)>);

struct Worker(AtWork);

impl AtWork {
    fn now(&self) -> usize {
        self.0.0.load(Ordering::SeqCst)
    }

    fn most(&self) -> usize {
        self.0.1.load(Ordering::SeqCst)
    }

    fn begin(&self) -> Worker {
        let now = self.0.0.fetch_add(1, Ordering::SeqCst) + 1;
        self.0.1.fetch_max(now, Ordering::SeqCst);
        Worker(self.clone())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.0.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn slow(at_work: &AtWork) -> Router {
    let at_work = at_work.clone();
    let work = move || async move {
        let _worker = at_work.begin();
        tokio::time::sleep(PATIENCE).await;
    };
    Router::new().route("/slow", get(work.clone())).route("/slow-post", post(work))
}

#[tokio::test]
async fn requests_that_are_withdrawn_at_once_end_the_connection() {
    let at_work = AtWork::default();
    let (running, trusted) = start(ServerConfig::default(), slow(&at_work)).await;
    let mut stream = connect(&running, &trusted, &[H2]).await.unwrap();
    let (mut reading, mut writing) = {
        let other = connect(&running, &trusted, &[]).await.unwrap();
        (std::mem::replace(&mut stream, other), stream)
    };
    // rapid reset: no more of them than a client could send within a moment
    let flood = async {
        reading.write_all(PREFACE).await?;
        for request in 0..10_000 {
            let id = request * 2 + 1;
            let mut both = frame(HEADERS, 0x5, id, &get_slow());
            both.extend(frame(RST_STREAM, 0, id, &8_u32.to_be_bytes()));
            reading.write_all(&both).await?;
        }
        reading.flush().await
    };
    let broken_off = timeout(PATIENCE, flood).await.expect("nothing hangs").is_err();
    let reason = timeout(PATIENCE, gone_away(&mut reading)).await.expect("the connection ends");
    let calm = u32::from(Reason::ENHANCE_YOUR_CALM);
    assert!(broken_off || reason.is_none() || reason == Some(calm), "{reason:?}");
    assert!(at_work.most() <= 100, "{} at once", at_work.most());
    // all others are served as before
    writing.write_all(HELLO_AND_CLOSE.as_bytes()).await.unwrap();
    let begun = Instant::now();
    assert!(rest(&mut writing).await.ends_with("hello"));
    assert!(begun.elapsed() < PATIENCE / 2, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn no_more_than_a_hundred_requests_are_at_work_in_one_connection() {
    let at_work = AtWork::default();
    let (running, trusted) = start(ServerConfig::default(), slow(&at_work)).await;
    let mut stream = connect(&running, &trusted, &[H2]).await.unwrap();
    stream.write_all(PREFACE).await.unwrap();
    for request in 0..150 {
        stream.write_all(&frame(HEADERS, 0x5, request * 2 + 1, &get_slow())).await.unwrap();
    }
    stream.flush().await.unwrap();
    let mut refused = Vec::new();
    while refused.len() < 50 {
        let mut head = [0; 9];
        let read = timeout(PATIENCE / 2, stream.read_exact(&mut head)).await;
        read.unwrap_or_else(|_| panic!("refused so far: {refused:?}")).unwrap();
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let mut payload = vec![0; length.try_into().unwrap()];
        stream.read_exact(&mut payload).await.unwrap();
        if head[3] == RST_STREAM {
            refused.push(u32::from_be_bytes(head[5..9].try_into().unwrap()));
        }
    }
    assert!(at_work.most() <= 100, "{} at once", at_work.most());
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let (running, trusted) = start(ServerConfig::default(), Router::new()).await;
    let mut client = client(&running, &trusted, 65_535).await;
    let mut send = client.send.clone().ready().await.unwrap();
    let request = Request::get("https://localhost/hello").header("x-long", "x".repeat(100_000));
    let answer = send.send_request(request.body(()).unwrap(), true).map(|(answer, _)| answer);
    if let Ok(answer) = answer
        && let Ok(answer) = timeout(PATIENCE, answer).await.expect("an end")
    {
        assert_eq!(answer.status(), StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    assert_eq!(client.ask("/hello", None).await.status(), StatusCode::OK, "the connection goes on");
}
