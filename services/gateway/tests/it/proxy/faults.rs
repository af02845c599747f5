//! Processes that die, break off, hang, and come back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::{get, post};
use gondola_gateway::Routing;
use kit_testkit::http::Answer;
use serde_json::json;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{CACHE_CONTROL, Gateway, Process};

const RESERVE: &str = "/api/v1/inventory/reserve";
const BATCH: &str = "/api/v1/inventory/batch";

/// The discard port, where nobody listens. One that was free a moment ago may be another test's by now.
const NOBODY: &str = "http://127.0.0.1:9";

/// A process that is ready and closes the connection on every other request once it has its head.
async fn breaking_off() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                let mut head = [0; 4_096];
                let length = stream.read(&mut head).await.unwrap_or(0);
                if head[..length].starts_with(b"GET /health") {
                    let ready =
                        b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                    drop(tokio::io::AsyncWriteExt::write_all(&mut stream, ready).await);
                }
            });
        }
    });
    url
}

/// Asks until somebody was asked who does not answer: the order of two processes is not known to the test.
async fn until<F: Future<Output = Answer>>(
    ask: impl Fn(usize) -> F,
    wanted: u16,
) -> Option<Answer> {
    for number in 0..20 {
        let answer = ask(number).await;
        if answer.status.as_u16() == wanted {
            return Some(answer);
        }
    }
    None
}

#[tokio::test]
async fn a_request_that_was_not_sent_goes_to_the_next_whatever_it_is() {
    let process = Process::start().await;
    let gateway = Gateway::before(&[NOBODY.to_owned(), process.url()], Routing::Any);
    for _ in 0..4 {
        gateway.client.post(RESERVE, json!({"storeCode": "A"})).await.expect(201);
        gateway.get(BATCH).await.expect(200);
    }
    assert_eq!(process.requests(), 8);
}

#[tokio::test]
async fn after_a_connection_broke_only_what_is_harmless_is_sent_again() {
    let process = Process::start().await;
    let gateway = Gateway::before(&[breaking_off().await, process.url()], Routing::Any);
    let client = &gateway.client;
    // few: after 10 failures the breaker would keep all requests away
    for number in 0..3 {
        gateway.get(BATCH).await.expect(200);
        let key = format!("key-{number}");
        client.post_with_key(RESERVE, &key, json!({"storeCode": "A"})).await.expect(201);
        let own = json!({"storeCode": "A", "reservationId": super::RESERVATION});
        client.post(RESERVE, own).await.expect(201);
    }
    let plain = |_| client.post(RESERVE, json!({"storeCode": "A"}));
    let answer = until(plain, 503).await.expect("a plain request must not be sent twice");
    let problem = answer.problem(503, "outcome-unknown");
    assert_eq!(problem["service"], "inventory");
}

#[tokio::test]
async fn a_service_that_is_away_is_named_and_the_gateway_still_answers() {
    let gateway = Gateway::before(&[NOBODY.to_owned()], Routing::Store);
    let answer = gateway.get(BATCH).await;
    assert_eq!(answer.header("retry-after"), "1");
    let problem = answer.problem(503, "service-unavailable");
    assert_eq!(problem["service"], "inventory");
    let health = gateway.get("/health").await.expect(200);
    assert_eq!(health.body["status"], "DEGRADED");
    let name = format!("inventory {}", NOBODY.strip_prefix("http://").unwrap());
    let detail = health.body["components"][&name]["detail"].as_str().unwrap_or_default();
    assert!(detail.starts_with("no "), "{}", health.text);
}

#[tokio::test]
async fn a_process_that_comes_back_gets_requests_again() {
    let process = Process::start().await;
    let place = process.address.to_string();
    let gateway = Gateway::before(&[process.url()], Routing::Store);
    gateway.get(BATCH).await.expect(200);
    drop(process);
    let down = Instant::now();
    while gateway.get(BATCH).await.status != 503 {
        assert!(down.elapsed() < Duration::from_secs(30), "it must be noticed");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let process = Process::serving(&place, Router::new()).await;
    let up = Instant::now();
    while gateway.get(BATCH).await.status != 200 {
        assert!(up.elapsed() < Duration::from_secs(30), "it must be noticed");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(process.requests() > 0);
}

#[tokio::test]
async fn a_process_that_hangs_costs_no_more_than_the_caller_waits() {
    let hang = post(std::future::pending::<()>);
    let process = Process::serving("127.0.0.1:0", Router::new().route(RESERVE, hang)).await;
    let gateway = Gateway::before(&[process.url()], Routing::Store);
    let began = Instant::now();
    let request = http::Request::post(RESERVE)
        .header("content-type", "application/json")
        .header("x-request-timeout-ms", "300")
        .body(axum::body::Body::from("{}"))
        .unwrap();
    let answer = gateway.client.call(request).await;
    assert_eq!(answer.status, 503, "{}", answer.text);
    let took = began.elapsed();
    assert!(took > Duration::from_millis(200) && took < Duration::from_secs(20), "{took:?}");
}

/// A process that is about to end finishes what it has. To send all of it again may be more than may be repeated: long polls
/// are hundreds.
#[tokio::test]
async fn a_process_that_is_not_ready_keeps_the_requests_that_it_has() {
    let (release, released) = watch::channel(false);
    let slow = get(async move || {
        drop(released.clone().wait_for(|released| *released).await);
    });
    let process = Process::serving("127.0.0.1:0", Router::new().route(BATCH, slow)).await;
    let gateway = Arc::new(Gateway::before(&[process.url()], Routing::Store));
    let asking = Arc::clone(&gateway);
    let waiting = tokio::spawn(async move { asking.get(BATCH).await });
    while release.receiver_count() < 2 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    process.readiness.drain();
    let began = Instant::now();
    while gateway.get(RESERVE).await.status != 503 {
        assert!(began.elapsed() < Duration::from_secs(30), "it must be noticed");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    release.send(true).unwrap();
    assert_eq!(waiting.await.unwrap().status, 200, "it was given up");
}

#[tokio::test]
async fn what_caches_are_told_passes_as_it_is_and_a_gateway_s_own_answers_are_not_kept() {
    const PATH: &str = "/api/v1/inventory/stores/S-1/products";
    let process = Process::start().await;
    let told = |answer: &Answer| {
        ["cache-control", "surrogate-key"].map(|name| answer.header(name).to_owned())
    };
    let answer = Gateway::before(&[process.url()], Routing::Store).get(PATH).await;
    assert_eq!(told(&answer), [CACHE_CONTROL, "a-1 b-2"]);
    let answer = Gateway::before(&[NOBODY.to_owned()], Routing::Store).get(PATH).await;
    assert_eq!(answer.status.as_u16(), 503);
    assert_eq!(told(&answer), ["no-store", ""]);
}
