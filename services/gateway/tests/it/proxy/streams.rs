//! Bodies pass while they are being sent, in both directions.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::Response;
use axum::routing::post;
use gondola_gateway::Routing;
use http_body_util::{BodyExt as _, channel::Channel};

use super::{Gateway, Process};

const BATCH: &str = "/api/v1/inventory/batch";

/// Answers each piece as it comes.
async fn echo(request: Request) -> Response {
    Response::new(request.into_body())
}

#[tokio::test]
async fn an_answer_to_the_first_line_comes_before_the_second_is_sent() {
    let routes = Router::new().route(BATCH, post(echo));
    let process = Process::serving("127.0.0.1:0", routes).await;
    let gateway = Gateway::before(&[process.url()], Routing::Store);
    let (mut lines, body) = Channel::<Bytes, std::io::Error>::new(1);
    let request = http::Request::post(BATCH)
        .header("content-type", "application/x-ndjson")
        .body(Body::new(body))
        .unwrap();
    let sending = tokio::spawn(async move {
        lines.send_data("one\n".into()).await.unwrap();
        lines
    });
    let mut answer = gateway.client.open(request).await.into_body();
    let mut lines = sending.await.unwrap();
    for (said, next) in [("one\n", Some("two\n")), ("two\n", None)] {
        let frame = answer.frame().await.unwrap().unwrap();
        assert_eq!(frame.into_data().unwrap(), said);
        if let Some(next) = next {
            lines.send_data(next.into()).await.unwrap();
        }
    }
    drop(lines);
    assert!(answer.frame().await.is_none());
}

#[tokio::test]
async fn a_body_longer_than_what_is_looked_into_arrives_whole() {
    let routes = Router::new().route(BATCH, post(echo));
    let process = Process::serving("127.0.0.1:0", routes).await;
    let gateway = Gateway::before(&[process.url()], Routing::Store);
    let text = format!("{{\"storeId\":\"a\",\"x\":\"{}\"}}", "y".repeat(300_000));
    let request = http::Request::post(BATCH)
        .header("content-type", "application/json")
        .body(Body::from(text.clone()))
        .unwrap();
    let answer = gateway.client.call(request).await.expect(200);
    assert!(answer.text == text, "{} bytes of {}", answer.bytes.len(), text.len());
}
