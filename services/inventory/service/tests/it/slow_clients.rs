//! Clients that are slow, or too many: where a bulk write ends, and how much is kept for whom.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use futures_util::{StreamExt, stream};
use http::{Method, Request, Response};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use crate::app::{App, BASE, PATIENCE, about};

/// Batches at once.
const BATCHES: usize = 16;

/// Readers that wait for the feed at once.
const READERS: usize = 512;

fn batch(body: Body) -> Request<Body> {
    let request = Request::post(format!("{BASE}/batch"));
    request.header("content-type", "application/x-ndjson").body(body).unwrap()
}

/// A body that sends the same piece again and again, each after a pause.
fn every(pause: Duration, piece: &str) -> Body {
    let piece = piece.to_owned();
    let pieces = stream::unfold((), move |()| {
        let piece = piece.clone();
        async move {
            sleep(pause).await;
            Some((Ok::<_, Infallible>(piece), ()))
        }
    });
    Body::from_stream(pieces)
}

fn good_line() -> String {
    let mut command = about(1, json!({"quantity": 1}));
    command["op"] = json!("stock");
    format!("{command}\n")
}

/// Sends a batch and reads all answers; the last one, how many there are, and how long it took.
async fn ended(app: &App, body: Body) -> (Value, usize, Duration) {
    let begun = Instant::now();
    let answer = app.call(batch(body)).await.expect(200);
    let last = answer.text.lines().last().unwrap();
    (serde_json::from_str(last).unwrap(), answer.text.lines().count(), begun.elapsed())
}

/// Ends a context whose time is the runtime's own: the end waits for threads, for which none would pass.
async fn shut_down(app: App) {
    tokio::time::resume();
    app.shut_down().await;
}

/// Time is the runtime's own in these tests: it passes only where something waits for it.
#[tokio::test(start_paused = true)]
async fn a_batch_ends_when_no_whole_line_comes_for_20_seconds() {
    let app = App::start("memory").await;
    let first = stream::iter([Ok::<_, Infallible>(good_line())]);
    let then_silent = Body::from_stream(first.chain(stream::pending()));
    // bytes without a line are no progress, and blank lines are none
    let second = Duration::from_secs(1);
    for body in [then_silent, every(second, "x"), every(second, "\n")] {
        let (last, _, took) = ended(&app, body).await;
        assert_eq!((&last["status"], &last["code"]), (&json!(408), &json!("body-timeout")));
        let detail = last["problem"]["detail"].as_str().unwrap();
        assert_eq!(detail, "no whole line arrived for 20 s; the lines before were executed");
        assert!((20..22).contains(&took.as_secs()), "{took:?}");
    }
    assert_eq!(app.units(1).await, [1, 0, 1]);
    shut_down(app).await;
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_goes_on_slowly_ends_after_15_minutes() {
    let app = App::start("memory").await;
    let (last, lines, took) = ended(&app, every(Duration::from_secs(10), &good_line())).await;
    assert_eq!((&last["code"], &last["line"]), (&json!("body-timeout"), &json!(lines)));
    assert!((15 * 60 - 1..=15 * 60 + 1).contains(&took.as_secs()), "{took:?}");
    let units = u64::try_from(lines - 1).unwrap();
    assert_eq!(app.units(1).await, [units, 0, units]);
    shut_down(app).await;
}

/// The lines of a batch, counted as they are taken.
fn counted(lines: usize, taken: &Arc<AtomicUsize>) -> Body {
    const PIECE: &str = "x\nx\nx\nx\nx\nx\nx\nx\nx\nx\n";
    let taken = Arc::clone(taken);
    Body::from_stream(stream::iter(0..lines / 10).map(move |_| {
        taken.fetch_add(10, Ordering::Relaxed);
        Ok::<_, Infallible>(PIECE)
    }))
}

#[tokio::test(start_paused = true)]
async fn at_most_8_mib_of_answers_wait_for_a_client_that_does_not_read() {
    const LINES: usize = 150_000;
    let app = App::start("memory").await;
    let taken = Arc::new(AtomicUsize::new(0));
    let response = app.open(batch(counted(LINES, &taken))).await;
    // all that can go on has gone on
    sleep(Duration::from_hours(1)).await;
    let waiting = taken.load(Ordering::Relaxed);
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let each = bytes.len() / LINES;
    let group = 2_000;
    assert!((waiting - group) * each < (8 << 20) + (64 << 10), "{waiting} lines of {each} bytes");
    assert_eq!(std::str::from_utf8(&bytes).unwrap().lines().count(), LINES, "read late, but whole");
    shut_down(app).await;
}

#[tokio::test(start_paused = true)]
async fn a_batch_ends_when_its_client_has_gone() {
    let app = App::start("memory").await;
    let taken = Arc::new(AtomicUsize::new(0));
    let response = app.open(batch(counted(150_000, &taken))).await;
    drop(response);
    sleep(Duration::from_secs(1)).await;
    assert!(taken.load(Ordering::Relaxed) < 10_000, "nobody reads");
    shut_down(app).await;
}

async fn full(app: &App, path: &str, headers: &[(&str, &str)]) {
    let answer = app.send(Method::GET, path, headers, None).await;
    assert!(!answer.header("retry-after").is_empty());
    answer.problem(503, "unavailable");
}

#[tokio::test]
async fn sixteen_batches_are_executed_at_once_and_others_told_to_come_again() {
    let app = App::start("memory").await;
    let silent = || batch(Body::from_stream(stream::pending::<Result<&str, Infallible>>()));
    let mut open: Vec<Response<Body>> = Vec::new();
    for _ in 0..BATCHES {
        open.push(app.open(silent()).await);
    }
    assert!(open.iter().all(|response| response.status() == 200));
    let refused = app.call(batch(good_line().into())).await;
    assert_eq!(refused.header("retry-after"), "1");
    let detail = refused.problem(503, "unavailable")["detail"].to_string();
    assert!(detail.contains("16 batches"), "{detail}");
    app.add(1, 1).await;
    app.drain.cancel();
    drop(open);
    app.shut_down().await;
}

#[tokio::test]
async fn a_batch_that_has_ended_leaves_its_place() {
    let app = App::start("memory").await;
    for _ in 0..3 * BATCHES {
        app.call(batch(good_line().into())).await.expect(200);
    }
    app.shut_down().await;
}

#[tokio::test]
async fn so_many_readers_wait_for_the_feed_and_others_read_without_waiting() {
    let app = App::start("memory").await;
    let stream = || {
        let request = Request::get(format!("{BASE}/events")).header("accept", "text/event-stream");
        request.body(Body::empty()).unwrap()
    };
    let mut open = Vec::new();
    for _ in 0..READERS {
        open.push(app.open(stream()).await);
    }
    full(&app, "/events", &[("accept", "text/event-stream")]).await;
    full(&app, "/events?wait=1", &[]).await;
    app.get("/events").await.expect(200);
    open.pop();
    app.get("/events?wait=1").await.expect(200);
    drop(open);
    app.shut_down().await;
}

#[tokio::test]
async fn a_drain_answers_long_polls_at_once() {
    let app = App::start("memory").await;
    let waiting = tokio::spawn({
        let app = app.clone();
        async move { app.send(Method::GET, "/events?wait=20", &[], None).await }
    });
    sleep(Duration::from_millis(50)).await;
    let begun = Instant::now();
    app.drain.cancel();
    let page = timeout(PATIENCE, waiting).await.unwrap().unwrap().expect(200);
    assert_eq!(page.body["items"], json!([]));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    app.shut_down().await;
}
