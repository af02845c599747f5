//! One log line per request, with the cause of a failure and nothing of the caller's data.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::get;
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
        .route("/busy", get(|| async { busy().caused_by("disk full") }));
    let app = standard_layers(router, HttpConfig::default());
    let request = Request::get(uri).header("x-request-id", "till-7").body(Body::empty()).unwrap();
    call(&app, request).await;
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
