//! A service whose answers fail again and again is left alone for a while, and nobody waits for it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::any;
use futures_util::future::join_all;
use gondola_gateway::{Routing, Service};
use http::{Method, Request, StatusCode};
use http_body_util::channel::Channel;
use kit_testkit::http::Answer;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{Gateway, Process, of_paths};

const BATCH: &str = "/api/v1/inventory/batch";
const STORES: &str = "/api/v1/stores";

/// Failures after which a process is left alone, if at least half of its answers fail.
const FAILURES: usize = 10;

/// For how long.
const PAUSE: Duration = Duration::from_secs(5);

/// How a process answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mood {
    Well,
    Broken,
    /// Not before it has another mood.
    Thinking,
}

/// A process of a mood, which is ready all the time: only its answers say that something is wrong.
struct Moody {
    process: Process,
    mood: watch::Sender<Mood>,
    asked: Arc<AtomicUsize>,
}

impl Moody {
    async fn start(mood: Mood) -> Self {
        let (mood, seen) = watch::channel(mood);
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let answer = any(async move |body: Body| {
            counted.fetch_add(1, Ordering::SeqCst);
            // one that breaks off is answered as one that does not
            drop(axum::body::to_bytes(body, usize::MAX).await);
            let mood = *seen.clone().wait_for(|mood| *mood != Mood::Thinking).await.unwrap();
            if mood == Mood::Well { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR }
        });
        let routes = Router::new().route(BATCH, answer);
        Self { process: Process::serving("127.0.0.1:0", routes).await, mood, asked }
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn become_(&self, mood: Mood) {
        self.mood.send_replace(mood);
    }
}

/// Has the pause of a breaker pass at once. Time stands still only meanwhile: bytes on their way to a process and back would
/// take no time and all the time there is.
async fn later(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// Lets a service fail until it is left alone.
async fn break_down(gateway: &Gateway, process: &Moody) {
    let asked = process.asked();
    process.become_(Mood::Broken);
    for _ in 0..FAILURES {
        assert_eq!(gateway.get(BATCH).await.status, 500, "what a process answers is passed on");
    }
    assert_eq!(process.asked(), asked + FAILURES);
}

/// The answer for a service that is left alone says which one it is, when to come again, and that nothing was done.
#[track_caller]
fn assert_left_alone(answer: Answer, again_after: u64) {
    let told: u64 = answer.header("retry-after").parse().unwrap();
    // a busy machine takes some of the pause
    assert!((again_after.saturating_sub(2)..=again_after).contains(&told), "{told}");
    let problem = answer.problem(503, "service-unavailable");
    assert_eq!(problem["service"], "inventory");
    assert!(problem["detail"].as_str().unwrap().contains("nothing was done"), "{problem}");
}

fn health_of<'a>(health: &'a Answer, service: &str, process: &Process) -> &'a serde_json::Value {
    &health.body["components"][format!("{service} {}", process.address)]
}

#[tokio::test]
async fn a_service_that_fails_is_not_asked_any_more_and_the_others_are() {
    let (failing, other) = (Moody::start(Mood::Broken).await, Process::start().await);
    let service = |name, path, process: &Process| Service {
        name,
        document: of_paths(&[path]),
        upstreams: vec![process.url().parse().unwrap()],
        routing: Routing::Store,
    };
    let gateway = Gateway::of([
        service("inventory", BATCH, &failing.process),
        service("store", STORES, &other),
    ]);
    break_down(&gateway, &failing).await;
    for number in 1..=5 {
        assert_left_alone(gateway.get(BATCH).await, 5);
        assert_left_alone(gateway.client.post(BATCH, json!({})).await, 5);
        gateway.get(STORES).await.expect(200);
        assert_eq!(other.requests(), number);
    }
    assert_eq!(failing.asked(), FAILURES, "a request got through");
    let health = gateway.get("/health").await.expect(200);
    assert_eq!(health.body["status"], "DEGRADED");
    let detail = &health_of(&health, "inventory", &failing.process)["detail"];
    assert!(detail.as_str().unwrap().starts_with("too many of its answers failed"), "{detail}");
    assert_eq!(health_of(&health, "store", &other)["status"], "UP");
}

#[tokio::test]
async fn after_a_while_one_request_sees_whether_it_is_well_again() {
    let process = Moody::start(Mood::Well).await;
    let gateway = Arc::new(Gateway::before(&[process.process.url()], Routing::Store));
    break_down(&gateway, &process).await;
    later(PAUSE / 2).await;
    assert_left_alone(gateway.get(BATCH).await, 3);
    later(PAUSE / 2).await;
    process.become_(Mood::Thinking);
    let asking = Arc::clone(&gateway);
    let probe = tokio::spawn(async move { asking.get(BATCH).await });
    let began = Instant::now();
    while process.asked() == FAILURES {
        assert!(began.elapsed() < Duration::from_secs(30), "it is not asked again");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // all others are answered before it
    assert_left_alone(gateway.get(BATCH).await, 1);
    process.become_(Mood::Broken);
    assert_eq!(probe.await.unwrap().status, 500);
    assert_left_alone(gateway.get(BATCH).await, 5);
    assert_eq!(process.asked(), FAILURES + 1, "one request at a time tries it");
    later(PAUSE).await;
    process.become_(Mood::Well);
    for _ in 0..5 {
        gateway.get(BATCH).await.expect(200);
    }
    assert_eq!(process.asked(), FAILURES + 6);
    let health = gateway.get("/health").await.expect(200);
    assert_eq!(health.body["status"], "UP", "{}", health.text);
}

#[tokio::test]
async fn of_two_processes_the_one_that_is_well_gets_all_requests() {
    let (failing, well) = (Moody::start(Mood::Broken).await, Moody::start(Mood::Well).await);
    let urls = [&failing, &well].map(|it| it.process.url());
    let gateway = Gateway::before(&urls, Routing::Any);
    for _ in 0..2 * FAILURES {
        gateway.get(BATCH).await;
    }
    assert_eq!([failing.asked(), well.asked()], [FAILURES; 2], "in turn");
    for _ in 0..FAILURES {
        gateway.get(BATCH).await.expect(200);
    }
    assert_eq!([failing.asked(), well.asked()], [FAILURES, 2 * FAILURES]);
}

/// A process that is ready, and answers nothing else; with how often it was asked.
async fn hanging() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let ((mut stream, _), counted) = (listener.accept().await.unwrap(), counted.clone());
            tokio::spawn(async move {
                let mut head = [0; 4_096];
                let length = stream.read(&mut head).await.unwrap_or(0);
                if head[..length].starts_with(b"GET /health") {
                    let ready =
                        b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                    drop(stream.write_all(ready).await);
                } else {
                    counted.fetch_add(1, Ordering::SeqCst);
                    // until the gateway gives it up
                    drop(stream.read(&mut head).await);
                }
            });
        }
    });
    (url, asked)
}

#[tokio::test]
async fn nobody_waits_for_a_service_that_has_let_others_wait_in_vain() {
    let (url, asked) = hanging().await;
    let gateway = Gateway::before(&[url], Routing::Store);
    let patient = [("x-request-timeout-ms", "200")];
    let ask = || gateway.client.send(Method::GET, BATCH, &patient, None);
    let began = Instant::now();
    loop {
        let answers = join_all((0..FAILURES).map(|_| ask())).await;
        if answers.iter().all(|answer| answer.problem_code() == "service-unavailable") {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "it is asked for ever");
    }
    let (before, began) = (asked.load(Ordering::SeqCst), Instant::now());
    // this one would wait for half a minute
    assert_left_alone(gateway.get(BATCH).await, 5);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    assert_eq!(asked.load(Ordering::SeqCst), before);
}

/// Otherwise anybody could have a service left alone that is well, and its other callers refused.
#[tokio::test]
async fn callers_who_do_not_wait_are_not_held_against_a_service() {
    let process = Moody::start(Mood::Thinking).await;
    let gateway = Gateway::before(&[process.process.url()], Routing::Store);
    for millis in ["0", "1"].repeat(FAILURES) {
        let hurried = [("x-request-timeout-ms", millis)];
        let answer = gateway.client.send(Method::GET, BATCH, &hurried, None).await;
        assert_eq!(answer.status, 503, "{}", answer.text);
    }
    process.become_(Mood::Well);
    gateway.get(BATCH).await.expect(200);
}

#[tokio::test]
async fn bodies_that_break_off_are_not_held_against_a_service() {
    let process = Moody::start(Mood::Well).await;
    let gateway = Gateway::before(&[process.process.url()], Routing::Store);
    for number in 1..=FAILURES {
        let (mut lines, body) = Channel::<Bytes, io::Error>::new(1);
        let request = Request::post(BATCH)
            .header("content-type", "application/x-ndjson")
            .body(Body::new(body));
        let breaking_off = async {
            lines.send_data("{}\n".into()).await.unwrap();
            // not before the process has it, so that it is the body that fails and not the request
            let began = Instant::now();
            while process.asked() < number {
                assert!(began.elapsed() < Duration::from_secs(30), "it is not asked");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            lines.abort(io::Error::other("the caller is gone"));
        };
        let (answer, ()) = tokio::join!(gateway.client.call(request.unwrap()), breaking_off);
        assert!(!answer.status.is_success(), "{}", answer.text);
    }
    gateway.get(BATCH).await.expect(200);
}
