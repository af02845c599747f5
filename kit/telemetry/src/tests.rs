//! What log lines look like, read through a captured writer.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use kit_core::Timestamp;
use kit_testkit::clock::SimClock;
use serde_json::{Value, json};
use tracing::subscriber::with_default;

use super::{Format, InitError, Style, subscriber};

/// Keeps what is written.
#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn written(style: Style, filter: &str, log: impl FnOnce()) -> String {
    let captured = Captured::default();
    let writer = captured.clone();
    let clock = SimClock::at(Timestamp::from_millis(1_795_348_800_123));
    let subscriber = subscriber(style, filter, move || writer.clone(), Arc::new(clock)).unwrap();
    with_default(subscriber, log);
    let bytes = captured.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn json_lines_hold_the_fields_beside_the_message() {
    let text = written(Style::Json, "debug", || {
        let error = io::Error::other("disk \"a\"\nis full");
        let error: &dyn std::error::Error = &error;
        let wait = u128::from(u64::MAX);
        tracing::warn!(store = %"b", queued = 7, wait, ok = true, error, "mailbox {}", "full");
        tracing::debug!(level = 3, absent = None::<u8>, "second");
    });
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "one line per event: {text}");
    let first: Value = serde_json::from_str(lines[0]).unwrap();
    let expected = json!({
        "timestamp": "2026-11-22T12:00:00.123Z",
        "level": "WARN",
        "event": "mailbox full",
        "store": "b",
        "queued": 7,
        "wait": u64::MAX,
        "ok": true,
        "error": "disk \"a\"\nis full",
        "target": "kit_telemetry::tests",
    });
    assert_eq!(first, expected);
    assert!(
        lines[0].starts_with(r#"{"timestamp":"2026-11-22T12:00:00.123Z","level":"WARN","event":"#)
    );
    assert_eq!(
        lines[1],
        r#"{"timestamp":"2026-11-22T12:00:00.123Z","level":"DEBUG","event":"second","level_":3,"target":"kit_telemetry::tests"}"#
    );
}

#[test]
fn an_error_tells_its_causes() {
    #[derive(Debug, thiserror::Error)]
    #[error("append failed")]
    struct Outer(#[source] io::Error);
    let text = written(Style::Json, "info", || {
        let error = Outer(io::Error::other("disk gone"));
        tracing::error!(error = &error as &dyn std::error::Error, "write");
    });
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["error"], "append failed: disk gone");
}

#[test]
fn parameters_of_statements_are_never_written() {
    for filter in ["debug", "trace", "warn,tokio_postgres=trace", "tokio_postgres::query=debug"] {
        let text = written(Style::Json, filter, || {
            tracing::debug!(target: "tokio_postgres::query", "executing with [maria]");
        });
        assert_eq!(text, "", "{filter}");
    }
}

#[test]
fn the_filter_decides_what_is_written() {
    let text = written(Style::Json, "info,kit_telemetry=error", || {
        tracing::warn!("hidden");
    });
    assert_eq!(text, "");
    let refused = subscriber(Style::Json, "info,=[", io::sink, Arc::new(SimClock::default())).err();
    assert!(matches!(refused, Some(InitError::Filter { filter, .. }) if filter == "info,=["));
}

#[test]
fn human_lines_are_text() {
    let text = written(Style::Human { colour: false }, "info", || {
        tracing::info!(port = 8000, "up");
    });
    assert_eq!(text, "2026-11-22T12:00:00.123Z  INFO kit_telemetry::tests: up port=8000\n");
}

#[test]
fn formats_have_names() {
    assert_eq!("json".parse::<Format>().unwrap(), Format::Json);
    let error = "yaml".parse::<Format>().unwrap_err();
    assert_eq!(error.to_string(), "log format \"yaml\" must be auto, json or human");
}
