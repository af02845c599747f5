//! A client of the live feed, over either wire.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use futures_util::{SinkExt as _, StreamExt as _};
use http::{HeaderName, HeaderValue, Request};
use http_body_util::BodyExt as _;
use kit_http::{HttpConfig, ServerConfig, serve, standard_layers};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tokio_util::sync::CancellationToken;

use crate::app::PATIENCE;

/// Where the feed is.
pub(super) const LIVE: &str = "/api/v1/live";

/// A server of some routes, until it drains.
pub(super) struct Served {
    pub(super) address: SocketAddr,
}

impl Served {
    pub(super) async fn start(routes: Router, drain: &CancellationToken) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = standard_layers(routes, HttpConfig::default());
        tokio::spawn(serve(listener, app, ServerConfig::default(), drain.clone()));
        Self { address }
    }
}

/// How messages come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wire {
    Sse,
    WebSocket,
}

/// A message.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) event: String,
    pub(super) id: Option<u64>,
    pub(super) data: Value,
}

pub(super) enum Connection {
    Tcp(TcpStream),
    InProcess(Body),
}

/// Reads messages.
pub(super) enum Client {
    Sse { from: Connection, text: String },
    WebSocket { socket: Box<WebSocketStream<MaybeTlsStream<TcpStream>>>, closed: Option<u16> },
}

impl Client {
    pub(super) async fn open(served: &Served, wire: Wire, query: &str) -> Self {
        Self::open_with(served, wire, query, &[]).await
    }

    pub(super) async fn resume(served: &Served, wire: Wire, query: &str, after: u64) -> Self {
        Self::open_with(served, wire, query, &[("last-event-id", &after.to_string())]).await
    }

    pub(super) async fn open_with(
        served: &Served,
        wire: Wire,
        query: &str,
        headers: &[(&str, &str)],
    ) -> Self {
        if wire == Wire::WebSocket {
            let socket = websocket(served, query, headers).await.unwrap();
            return Self::WebSocket { socket: Box::new(socket), closed: None };
        }
        let mut stream = TcpStream::connect(served.address).await.unwrap();
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let headers = headers.concat();
        // a browser would have it compressed
        let head = format!(
            "GET {LIVE}?{query} HTTP/1.1\r\nhost: a\r\naccept: text/event-stream\r\naccept-encoding: gzip\r\n{headers}\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        Self::Sse { from: Connection::Tcp(stream), text: String::new() }
    }

    /// Server-sent events of a router, which are made as they are read.
    pub(super) async fn in_process(
        routes: &Router,
        query: &str,
        headers: &[(&'static str, &'static str)],
    ) -> Self {
        let mut request =
            Request::get(format!("{LIVE}?{query}")).header("accept", "text/event-stream");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let client = kit_testkit::http::TestClient::new(
            standard_layers(routes.clone(), HttpConfig::default()),
            "",
        );
        let response = client.open(request.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        Self::Sse { from: Connection::InProcess(response.into_body()), text: String::new() }
    }

    /// The next message; `None` when the stream has ended.
    pub(super) async fn next(&mut self) -> Option<Told> {
        tokio::time::timeout(PATIENCE, self.read()).await.expect("a message in time")
    }

    /// All messages until the end.
    pub(super) async fn rest(&mut self) -> Vec<Told> {
        let mut all = Vec::new();
        while let Some(told) = self.next().await {
            all.push(told);
        }
        all
    }

    /// How the server has closed a WebSocket.
    pub(super) fn closed(&self) -> Option<u16> {
        match self {
            Self::Sse { .. } => None,
            Self::WebSocket { closed, .. } => *closed,
        }
    }

    /// Sends a text, which nobody asked for.
    pub(super) async fn say(&mut self, text: String) -> Result<(), Error> {
        let Self::WebSocket { socket, .. } = self else { panic!("a WebSocket") };
        socket.send(Message::text(text)).await
    }

    async fn read(&mut self) -> Option<Told> {
        match self {
            Self::Sse { from, text } => loop {
                if let Some(told) = first(text) {
                    return Some(told);
                }
                text.push_str(&from.more().await?);
            },
            Self::WebSocket { socket, closed } => loop {
                match socket.next().await?.ok()? {
                    Message::Text(text) => return Some(of_text(&text)),
                    Message::Close(frame) => *closed = frame.map(|frame| frame.code.into()),
                    _ => {}
                }
            },
        }
    }
}

impl Connection {
    async fn more(&mut self) -> Option<String> {
        match self {
            Self::Tcp(stream) => {
                let mut piece = vec![0; 4_096];
                let read = stream.read(&mut piece).await.ok().filter(|read| *read > 0)?;
                Some(std::str::from_utf8(&piece[..read]).unwrap().to_owned())
            }
            Self::InProcess(body) => {
                let piece = body.frame().await?.unwrap().into_data().unwrap();
                Some(std::str::from_utf8(&piece).unwrap().to_owned())
            }
        }
    }
}

/// Takes the first message off a text, if it is whole. What is around it, of HTTP, has no field of a message.
fn first(text: &mut String) -> Option<Told> {
    let begin = text.find("event: ")?;
    let length = text[begin..].find("\n\n")?;
    let message = text[begin..begin + length].to_owned();
    text.drain(..begin + length);
    let field = |name: &str| {
        message
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .map(|value| value.trim().to_owned())
    };
    Some(Told {
        event: field("event:").unwrap(),
        id: field("id:").map(|id| id.parse().unwrap()),
        data: serde_json::from_str(&field("data:").unwrap()).unwrap(),
    })
}

fn of_text(text: &str) -> Told {
    let message: Value = serde_json::from_str(text).unwrap();
    Told {
        event: message["event"].as_str().unwrap().to_owned(),
        id: message["id"].as_u64(),
        data: message["data"].clone(),
    }
}

/// Opens a WebSocket.
pub(super) async fn websocket(
    served: &Served,
    query: &str,
    headers: &[(&str, &str)],
) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, Error> {
    let mut request = format!("ws://{}{LIVE}?{query}", served.address).into_client_request()?;
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, HeaderValue::from_str(value).unwrap());
    }
    Ok(connect_async(request).await?.0)
}
