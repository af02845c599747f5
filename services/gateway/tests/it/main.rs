//! The gateway's routes as a browser or a tool meets them: called in process.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod document;
mod offline;
mod pages;
mod problems;

use axum::Router;
use axum::body::Body;
use gondola_gateway::{GatewayInfo, document, routes};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use kit_core::Timestamp;
use tower::ServiceExt;

/// An answer, read to its end.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

fn gateway() -> Router {
    let info = GatewayInfo {
        event_store: "SQLite <&> \"co\"".to_owned(),
        started_at: Timestamp::from_millis(1_795_000_000_000),
    };
    routes(&document([]), &info)
}

async fn get(path: &str) -> Answer {
    get_with(path, &[]).await
}

async fn get_with(path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = headers
        .iter()
        .fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    let response = gateway().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8(body).unwrap() }
}
