//! Peers that take a server's time and memory: they send nothing, read nothing, or are too many.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::{get, post};
use http_body::{Body as HttpBody, Frame};
use kit_http::ServerConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::server::{HELLO, HELLO_AND_CLOSE, PATIENCE, Running, answer, rest, start, start_with};

const POST: &str =
    "POST /echo HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 4\r\n\r\n";
const ENDLESS: &str = "GET /endless HTTP/1.1\r\nhost: a\r\n\r\n";

/// What has become of an answer.
#[derive(Clone, Default)]
struct Fate {
    bytes: Arc<AtomicUsize>,
    ended: Arc<Notify>,
}

/// An answer without end.
struct Endless(Fate);

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.bytes.fetch_add(0x10000, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(Bytes::from(vec![b'x'; 0x10000])))))
    }
}

impl Drop for Endless {
    fn drop(&mut self) {
        self.0.ended.notify_one();
    }
}

async fn start_endless(config: ServerConfig) -> (Running, Fate) {
    let fate = Fate::default();
    let served = fate.clone();
    let route = get(move || async move { Body::new(Endless(served)) });
    (start_with(config, Router::new().route("/endless", route)).await, fate)
}

/// Short, for what is to run out.
fn hurried() -> ServerConfig {
    let progress_timeout = Duration::from_millis(200);
    ServerConfig { progress_timeout, ..ServerConfig::default() }
}

/// Long enough for a pause that a busy machine makes longer, for what is not to run out.
fn steady() -> ServerConfig {
    ServerConfig { progress_timeout: Duration::from_secs(1), ..ServerConfig::default() }
}

/// Waits for ever, but for the drain.
fn patient() -> ServerConfig {
    let (progress_timeout, drain_peer_timeout) = (PATIENCE * 2, Duration::from_millis(200));
    ServerConfig { progress_timeout, drain_peer_timeout, ..ServerConfig::default() }
}

#[tokio::test]
async fn a_body_that_does_not_go_on_is_refused() {
    let running = start(hurried()).await;
    for sent in [POST.to_owned(), format!("{POST}tr")] {
        let begun = Instant::now();
        let told = running.exchange(&sent).await;
        assert!(begun.elapsed() >= hurried().progress_timeout, "not before");
        assert!(told.starts_with("HTTP/1.1 408 "), "{told}");
        assert!(told.contains("\"code\":\"body-timeout\""), "{told}");
        assert!(told.contains("nothing more of the body arrived"), "{told}");
    }
}

#[tokio::test]
async fn a_body_that_goes_on_slowly_is_served() {
    let running = start(steady()).await;
    let mut stream = running.send(POST).await;
    for byte in ["t", "r", "u", "e"] {
        tokio::time::sleep(steady().progress_timeout / 3).await;
        stream.write_all(byte.as_bytes()).await.unwrap();
    }
    assert!(answer(&mut stream, "true").await.starts_with("HTTP/1.1 200 OK"));
}

/// Reads a body until it has to wait, does something else for a while, and goes on reading.
async fn busy_in_between(body: Body) -> String {
    let mut body = Box::pin(body);
    let mut next = async || poll_fn(|context| body.as_mut().poll_frame(context)).await;
    let mut read = next().await.unwrap().unwrap().into_data().unwrap().to_vec();
    let waits = timeout(Duration::from_millis(1), next()).await;
    assert!(waits.is_err(), "the client has not sent more");
    tokio::time::sleep(steady().progress_timeout * 3).await;
    while let Some(frame) = next().await {
        match frame.map(|frame| frame.into_data().unwrap_or_default()) {
            Ok(data) => read.extend_from_slice(&data),
            Err(error) => return error.to_string(),
        }
    }
    String::from_utf8(read).unwrap()
}

#[tokio::test]
async fn the_time_in_which_nobody_reads_a_body_is_not_the_clients() {
    let router = Router::new().route("/busy", post(busy_in_between));
    let running = start_with(steady(), router).await;
    let head = "POST /busy HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\n\r\n";
    let mut stream = running.send(format!("{head}tr")).await;
    tokio::time::sleep(steady().progress_timeout * 2).await;
    stream.write_all(b"ue").await.unwrap();
    assert!(answer(&mut stream, "true").await.starts_with("HTTP/1.1 200 OK"));
    // and one that answers only when it is asked again
    let mut stream = running.send(format!("{head}tr")).await;
    tokio::time::sleep(steady().progress_timeout * 3 + steady().progress_timeout / 2).await;
    stream.write_all(b"ue").await.unwrap();
    assert!(answer(&mut stream, "true").await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn an_answer_that_nobody_reads_ends_and_is_not_kept_in_memory() {
    let (running, fate) = start_endless(hurried()).await;
    let stream = running.send(ENDLESS).await;
    timeout(PATIENCE, fate.ended.notified()).await.expect("the answer is given up");
    // what the system buffers for a connection, and the server's own buffer
    let bytes = fate.bytes.load(Ordering::Relaxed);
    assert!(bytes < 32 << 20, "{bytes} bytes were made for nobody");
    drop(stream);
}

#[tokio::test]
async fn an_answer_that_is_read_slowly_goes_on() {
    let (running, fate) = start_endless(steady()).await;
    let mut stream = running.send(ENDLESS).await;
    let begun = Instant::now();
    let mut chunk = vec![0; 1 << 20];
    while begun.elapsed() < steady().progress_timeout * 2 {
        assert_ne!(stream.read(&mut chunk).await.unwrap(), 0, "still open");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    drop(stream);
    timeout(PATIENCE, fate.ended.notified()).await.expect("the answer is given up");
}

#[tokio::test]
async fn a_drain_waits_for_no_peer() {
    let (running, fate) = start_endless(patient()).await;
    let mut sends_nothing = running.send(POST).await;
    let reads_nothing = running.send(ENDLESS).await;
    assert!(running.exchange(HELLO_AND_CLOSE).await.ends_with("hello"));
    while fate.bytes.load(Ordering::Relaxed) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }

    let begun = Instant::now();
    running.shutdown.cancel();
    let told = rest(&mut sends_nothing).await;
    assert!(told.starts_with("HTTP/1.1 503 ") && told.contains("shutting down"), "{told}");
    timeout(PATIENCE, running.server).await.expect("returns").unwrap().unwrap();
    let took = begun.elapsed();
    assert!(took < ServerConfig::default().drain_deadline / 2, "{took:?}");
    drop(reads_nothing);
}

#[tokio::test]
async fn a_drain_waits_for_no_half_a_request() {
    let running = start(ServerConfig::default()).await;
    let mut first = running.send("GET /hello HTTP/1.1\r\nhost:").await;
    let mut second = running.send(HELLO).await;
    answer(&mut second, "hello").await;
    second.write_all(b"GET /hel").await.unwrap();
    let mut quick = running.send("GET /hello HTTP/1.1\r\n").await;
    assert!(running.exchange(HELLO_AND_CLOSE).await.ends_with("hello"), "the others have arrived");

    let begun = Instant::now();
    running.shutdown.cancel();
    quick.write_all(b"host: a\r\n\r\n").await.unwrap();
    assert!(rest(&mut quick).await.ends_with("hello"), "whole in time");
    for stream in [&mut first, &mut second] {
        assert!(!rest(stream).await.contains("200 OK"));
    }
    timeout(PATIENCE, running.server).await.expect("returns").unwrap().unwrap();
    let took = begun.elapsed();
    assert!(took < ServerConfig::default().header_read_timeout / 2, "{took:?}");
}

#[tokio::test]
async fn who_finds_no_place_is_told_so_and_health_answers_all_the_same() {
    let running = start(ServerConfig { connections_max: 2, ..ServerConfig::default() }).await;
    let mut stuck = Vec::new();
    for _ in 0..2 {
        stuck.push(running.send("GET /wait HTTP/1.1\r\nhost: a\r\n\r\n").await);
        running.begun.notified().await;
    }
    // more of them than there are extra places, and each is let go after its answer
    for _ in 0..100 {
        let told = running.exchange(HELLO).await.to_ascii_lowercase();
        assert!(told.starts_with("http/1.1 503 "), "{told}");
        assert!(told.contains("retry-after: 1\r\n") && told.contains("connection: close\r\n"));
        assert!(told.contains("\"code\":\"unavailable\"") && told.contains("all 2 connections"));
    }
    for path in ["/health/live", "/health/ready"] {
        let told = running.exchange(format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n")).await;
        assert!(told.starts_with("HTTP/1.1 200 OK"), "{told}");
    }
    drop(stuck.pop());
    let served = async { while !running.exchange(HELLO_AND_CLOSE).await.ends_with("hello") {} };
    timeout(PATIENCE, served).await.expect("a place is free again");
}

#[tokio::test]
async fn extra_places_are_not_kept_by_who_sends_nothing() {
    let running = start(ServerConfig { connections_max: 1, ..ServerConfig::default() }).await;
    let _stuck = running.send("GET /wait HTTP/1.1\r\nhost: a\r\n\r\n").await;
    running.begun.notified().await;
    let mut silent = Vec::new();
    for _ in 0..200 {
        silent.push(running.send("").await);
    }
    let begun = Instant::now();
    let told = running.exchange("GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n").await;
    assert!(told.starts_with("HTTP/1.1 200 OK"), "{told}");
    // three times the usual time for a head would be half a minute
    assert!(begun.elapsed() < Duration::from_secs(9), "{:?}", begun.elapsed());
}
