//! A receiver of confirmed orders, so that checkouts are measured with a notification service that takes part.

use std::net::SocketAddr;

use anyhow::{Context, ensure};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::connection::{Connection, JSON, Prepared};

/// Where it may be reached: what a server is told by `--webhook-allow`.
pub(super) const PLACE: &str = "127.0.0.1/32";

const WEBHOOKS: &str = "/api/v1/webhooks";

/// What it is told of.
const CONFIRMED: &str = "gondola.notification.order-confirmed.v1";

/// A receiver that takes all there is; it ends when it is dropped.
pub(super) struct Receiver(JoinHandle<()>);

impl Receiver {
    /// Starts one, and has a server tell it of confirmed orders.
    pub(super) async fn start(server: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("no free port")?;
        let url = format!("http://{}/orders", listener.local_addr()?);
        let routes = Router::new().route("/orders", post(|| async { StatusCode::NO_CONTENT }));
        let receiver = Self(tokio::spawn(async move {
            // it ends with the bench
            drop(axum::serve(listener, routes).await);
        }));
        let body = format!("{{\"url\":\"{url}\",\"eventTypes\":[\"{CONFIRMED}\"]}}");
        let mut connection = Connection::open(server).await?;
        let status = connection.exchange(&Prepared::post(WEBHOOKS, JSON, &body)).await?;
        let answer = String::from_utf8_lossy(connection.answer()).into_owned();
        ensure!(status.is_success(), "the server takes no webhook ({status}): {answer}");
        Ok(receiver)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.0.abort();
    }
}
