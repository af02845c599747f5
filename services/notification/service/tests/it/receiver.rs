//! A receiver of webhooks that answers as it is told, and knows messages by an implementation that is not ours.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use standardwebhooks::Webhook;

use crate::app::PATIENCE;

/// A message that was received.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Message {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub(crate) fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Whether it is signed with a secret, at the present time.
    pub(crate) fn is_signed_with(&self, secret: &str) -> bool {
        Webhook::new(secret).unwrap().verify(&self.body, &self.headers).is_ok()
    }

    /// The same, whatever the time of the message.
    pub(crate) fn was_signed_with(&self, secret: &str) -> bool {
        let at = self.header("webhook-timestamp").parse().unwrap();
        let theirs = Webhook::new(secret).unwrap().sign(self.id(), at, &self.body).unwrap();
        self.header("webhook-signature").split(' ').any(|ours| ours == theirs)
    }
}

#[derive(Default)]
struct Inside {
    received: Mutex<Vec<Message>>,
    /// Statuses of the next answers, with `Retry-After`; after them all is well. Status 0 is no answer.
    answers: Mutex<Vec<(u16, Option<u32>)>>,
}

/// The receiver.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) url: String,
    inside: Arc<Inside>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let inside = Arc::new(Inside::default());
        let routes = Router::new().fallback(receive).with_state(Arc::clone(&inside));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, inside }
    }

    /// What it answers next, in order.
    pub(crate) fn answer(&self, statuses: impl IntoIterator<Item = u16>) {
        let answers = statuses.into_iter().map(|status| (status, None));
        self.inside.answers.lock().unwrap().extend(answers);
    }

    /// It asks for a pause, in seconds.
    pub(crate) fn ask_for_pause(&self, status: u16, seconds: u32) {
        self.inside.answers.lock().unwrap().push((status, Some(seconds)));
    }

    /// All that was received.
    pub(crate) fn received(&self) -> Vec<Message> {
        self.inside.received.lock().unwrap().clone()
    }

    /// Waits for the `count`th message.
    pub(crate) async fn nth(&self, count: usize) -> Message {
        let received = async {
            loop {
                if let Some(message) = self.received().get(count - 1) {
                    return message.clone();
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let message = tokio::time::timeout(PATIENCE, received).await;
        message.unwrap_or_else(|_| panic!("only {} messages came", self.received().len()))
    }
}

async fn receive(State(inside): State<Arc<Inside>>, headers: HeaderMap, body: Bytes) -> Response {
    inside.received.lock().unwrap().push(Message { headers, body });
    let next = {
        let mut answers = inside.answers.lock().unwrap();
        if answers.is_empty() { (200, None) } else { answers.remove(0) }
    };
    if next.0 == 0 {
        std::future::pending::<()>().await;
    }
    let status = StatusCode::from_u16(next.0).unwrap();
    match next.1 {
        Some(seconds) => (status, [("retry-after", seconds.to_string())], "busy").into_response(),
        None => (status, format!("answer {}", next.0)).into_response(),
    }
}
