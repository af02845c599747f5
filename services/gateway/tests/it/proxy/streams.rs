//! Bodies pass while they are being sent, in both directions.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::extract::ws::{Message, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::{get, post};
use futures_util::{SinkExt as _, StreamExt as _};
use gondola_gateway::Routing;
use http::HeaderMap;
use http_body_util::{BodyExt as _, channel::Channel};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{connect_async, tungstenite};

use super::{Gateway, LIVE, Process};

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

/// Says back what it hears, after what it was asked with.
async fn say_back(headers: HeaderMap, upgrade: WebSocketUpgrade) -> Response {
    let host = headers.get("x-forwarded-host").is_some();
    let told = format!("{host} {}", headers.contains_key("origin"));
    upgrade.on_upgrade(async move |mut socket| {
        socket.send(Message::text(told)).await.unwrap();
        while let Some(Ok(Message::Text(text))) = socket.recv().await {
            socket.send(Message::Text(text)).await.unwrap();
        }
    })
}

#[tokio::test]
async fn a_websocket_is_opened_at_the_process_and_ends_with_either_side() {
    let routes = Router::new().route(LIVE, get(say_back));
    let process = Process::serving("127.0.0.1:0", routes).await;
    let gateway = Gateway::before(&[process.url()], Routing::Store);
    let address = gateway.serve().await;
    let mut request = format!("ws://{address}{LIVE}").into_client_request().unwrap();
    let own = format!("http://{address}");
    request.headers_mut().insert("origin", own.parse().unwrap());
    let (mut socket, answer) = connect_async(request.clone()).await.unwrap();
    assert_eq!(answer.status(), 101);
    let told = socket.next().await.unwrap().unwrap();
    assert_eq!(told.into_text().unwrap(), "true false", "the process is not told of the page");
    for text in ["one", "two"] {
        socket.send(tungstenite::Message::text(text)).await.unwrap();
        assert_eq!(socket.next().await.unwrap().unwrap().into_text().unwrap(), text);
    }

    // where it is known what this server is called, pages of others are kept out
    request.headers_mut().insert("origin", "http://evil.example".parse().unwrap());
    let Err(tungstenite::Error::Http(refused)) = connect_async(request).await else { panic!() };
    assert_eq!(refused.status(), 403);

    // what the process refuses is told as it is
    let elsewhere = format!("ws://{address}/api/v1/inventory/stores/a/products");
    let Err(tungstenite::Error::Http(other)) = connect_async(elsewhere).await else { panic!() };
    assert_eq!(other.status(), 200, "an answer, and no WebSocket");

    gateway.stop.cancel();
    let end = socket.next().await;
    assert!(!matches!(end, Some(Ok(_))), "{end:?}");
}
