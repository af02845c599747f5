//! One log line per request, with the cause of a failure and nothing of the caller's data.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::get;
use http::StatusCode;
use kit_http::{HttpConfig, Problem, standard_layers};
use serde_json::Value;

use crate::call;

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn busy() -> Problem {
    Problem::unavailable("not now", Duration::from_secs(1))
}

/// The lines logged while one request is answered.
async fn logged(uri: &str) -> Vec<Value> {
    logged_of(uri, 1).await
}

/// The lines logged while the same request is answered some times.
async fn logged_of(uri: &str, times: usize) -> Vec<Value> {
    let captured = Captured::default();
    let writer = captured.clone();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_max_level(tracing::Level::DEBUG)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let router = Router::new()
        .route("/shelves/{shelf}", get(|| async { "x" }))
        .route("/broken", get(|| async { Problem::internal("disk full") }))
        .route("/wrong", get(|| async { Problem::invalid("quantity", "maria wants -1") }))
        .route("/short", get(|| async { Problem::new(StatusCode::CONFLICT, "short", "Short") }))
        .route("/busy", get(|| async { busy().caused_by("disk full") }));
    let app = standard_layers(router, HttpConfig::default());
    for _ in 0..times {
        let request = Request::get(uri).header("x-request-id", "till-7");
        call(&app, request.body(Body::empty()).unwrap()).await;
    }
    let text = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_success_is_one_debug_line() {
    let lines = logged("/shelves/9?customer=maria").await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    let line = &lines[0];
    assert_eq!(line["level"], "DEBUG");
    assert_eq!(line["method"], "GET");
    assert_eq!(line["route"], "/shelves/{shelf}");
    assert_eq!(line["status"], 200);
    assert_eq!(line["request_id"], "till-7");
    assert!(line["duration_ms"].is_number());
    assert!(!line.to_string().contains("maria"));
}

#[tokio::test]
async fn a_failure_is_one_error_line_with_its_cause() {
    let lines = logged("/broken").await;
    assert_eq!(lines.len(), 1, "{lines:?}");
    let line = &lines[0];
    assert_eq!((&line["level"], &line["status"]), (&"ERROR".into(), &500.into()));
    assert_eq!((&line["cause"], &line["request_id"]), (&"disk full".into(), &"till-7".into()));
    let line = &logged("/busy").await[0];
    assert_eq!((&line["level"], &line["cause"]), (&"WARN".into(), &"disk full".into()));
    assert_eq!(logged("/nowhere").await[0]["route"], "unmatched");
}

#[tokio::test]
async fn a_request_that_is_refused_as_it_is_has_a_line_with_its_code_and_a_flood_of_them_has_few() {
    let line = &logged("/wrong").await[0];
    assert_eq!((&line["level"], &line["code"]), (&"INFO".into(), &"invalid".into()), "{line}");
    assert_eq!(line["message"], "request refused");
    assert!(!line.to_string().contains("maria"), "{line}");
    // that there is not enough is an answer like others
    let line = &logged("/short").await[0];
    assert_eq!((&line["level"], &line["code"]), (&"DEBUG".into(), &Value::Null), "{line}");
    let lines = logged_of("/wrong", 200).await;
    let told = lines.iter().filter(|line| line["level"] == "INFO").count();
    assert!((10..=100).contains(&told), "{told} lines of 200 requests");
    assert_eq!(lines.len(), 200, "the others are for those who look at all requests");
}
