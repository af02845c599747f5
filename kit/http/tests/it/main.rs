//! The kit as a service meets it: routers called in process, servers over raw sockets.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod extract;
mod guard;
mod health;
mod http2;
mod layers;
mod log;
mod openapi;
mod page;
mod peers;
mod server;
mod tls;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use kit_testkit::http::{Answer, call, fetch};

async fn post_json(router: &Router, uri: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post(uri).header("content-type", "application/json");
    call(router, request.body(body.into()).unwrap()).await
}
