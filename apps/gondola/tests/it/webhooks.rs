//! Webhooks of the real binary: what happens reaches a receiver, also what a killed process left behind.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::roles::{Server, get, send};

/// Long enough for anything that is expected to happen.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

const STOCK: &str = r#"{"storeId":"11111111-1111-1111-1111-111111111111","productId":"22222222-2222-2222-2222-222222222222","quantity":5}"#;

/// A message: its head in small letters, and its body.
pub(crate) type Message = (String, Value);

/// Answers each request with the next status, and gives what came.
pub(crate) fn receiver(statuses: &'static [&'static str]) -> (String, Receiver<Message>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (tell, told) = channel();
    std::thread::spawn(move || {
        for status in statuses {
            let (mut stream, _) = listener.accept().unwrap();
            let mut text = String::new();
            let mut piece = [0; 4_096];
            let body = loop {
                let count = stream.read(&mut piece).unwrap();
                text.push_str(std::str::from_utf8(&piece[..count]).unwrap());
                let body = text.split_once("\r\n\r\n").map(|(_, body)| body);
                if let Some(json) = body.and_then(|body| serde_json::from_str(body).ok()) {
                    break json;
                }
            };
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n").unwrap();
            let head = text.split("\r\n\r\n").next().unwrap().to_lowercase();
            tell.send((head, body)).unwrap();
        }
    });
    (url, told)
}

pub(crate) fn body(answer: &str) -> Value {
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn register(server: &Server, url: &str) -> String {
    let wanted = format!(
        r#"{{"url":"{url}","eventTypes":["gondola.inventory.inventory-updated.v1","gondola.store.store-registered.v1"]}}"#
    );
    let answer = send(&server.address, "POST", "/api/v1/webhooks", &wanted);
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    assert!(body(&answer)["secret"].as_str().unwrap().starts_with("whsec_"), "{answer}");
    body(&answer)["webhookId"].as_str().unwrap().to_owned()
}

#[test]
fn stock_and_stores_reach_a_receiver_and_a_killed_process_leaves_nothing_out() {
    let folder = tempfile::tempdir().unwrap();
    let (url, told) =
        receiver(&["204 No Content", "204 No Content", "500 Error", "204 No Content"]);
    let allow = ["--webhook-allow", "127.0.0.1"];
    let server = Server::start_with(&folder, "all", &allow);
    let id = register(&server, &url);
    send(&server.address, "POST", "/api/v1/stores", r#"{"code":"S-1","name":"One","region":"SP"}"#);
    let (head, message) = told.recv_timeout(PATIENCE).unwrap();
    assert_eq!(message["type"], "gondola.store.store-registered.v1");
    assert_eq!(message["data"]["code"], "S-1");
    assert!(head.contains(&format!("webhook-id: {}", message["id"].as_str().unwrap())), "{head}");
    assert!(
        head.contains("webhook-timestamp: ") && head.contains("webhook-signature: v1,"),
        "{head}"
    );
    send(&server.address, "POST", "/api/v1/inventory/stock", STOCK);
    let (_, message) = told.recv_timeout(PATIENCE).unwrap();
    assert_eq!((&message["data"]["onHand"], &message["data"]["version"]), (&5.into(), &1.into()));
    // the next one fails, and then the process is killed
    send(&server.address, "POST", "/api/v1/inventory/stock", STOCK);
    let (_, failed) = told.recv_timeout(PATIENCE).unwrap();
    drop(server);
    let server = Server::start_with(&folder, "all", &allow);
    let (_, again) = told.recv_timeout(PATIENCE).unwrap();
    assert_eq!((&again["id"], &again["data"]["onHand"]), (&failed["id"], &10.into()));
    let listed = get(&server.address, &format!("/api/v1/webhooks/{id}/deliveries"));
    assert_eq!(body(&listed)["items"].as_array().unwrap().len(), 3, "{listed}");
}

#[test]
fn a_place_inside_that_is_not_allowed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(&folder, "all", &[]);
    let wanted =
        r#"{"url":"http://127.0.0.1:9/","eventTypes":["gondola.inventory.inventory-updated.v1"]}"#;
    let answer = send(&server.address, "POST", "/api/v1/webhooks", wanted);
    assert!(answer.starts_with("HTTP/1.1 422 ") && answer.contains("loopback"), "{answer}");
}

#[test]
fn webhooks_are_not_served_without_the_logs_that_they_follow() {
    let folder = tempfile::tempdir().unwrap();
    let serve = Command::new(env!("CARGO_BIN_EXE_gondola"))
        .current_dir(folder.path())
        .args(["serve", "--listen", "127.0.0.1:0", "--role", "notification"])
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&serve.stderr).into_owned();
    assert!(
        !serve.status.success() && told.contains("--role inventory and --role store"),
        "{told}"
    );
}
