//! The gateway's routes as a browser or a tool meets them: called in process.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod audit;
mod document;
mod limits;
mod logged;
mod offline;
mod pages;
mod problems;
mod proxy;

use gondola_gateway::{GatewayInfo, document, routes};
use kit_core::Timestamp;
use kit_testkit::http::{Answer, TestClient};

fn gateway() -> TestClient {
    let info = GatewayInfo {
        event_store: "SQLite <&> \"co\"".to_owned(),
        started_at: Timestamp::from_millis(1_795_000_000_000),
    };
    TestClient::new(routes(&document([]), &info), "")
}

async fn get(path: &str) -> Answer {
    gateway().get(path).await
}

async fn get_with(path: &str, headers: &[(&str, &str)]) -> Answer {
    gateway().get_with(headers, path).await
}
