//! `gondola sagas` against a server that asks for keys.

use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::access::key;
use crate::roles::{Server, send_with};
use crate::webhooks::PATIENCE;

const STORE: &str = "11111111-1111-1111-1111-111111111111";
const OTHER: &str = "33333333-3333-3333-3333-333333333333";
const PRODUCT: &str = "22222222-2222-2222-2222-222222222222";

/// A server with a transfer that its source holds.
struct Running {
    folder: TempDir,
    server: Server,
    transfer: String,
}

impl Running {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for role in ["operator", "viewer"] {
            let made = key(&folder, role, role);
            std::fs::write(folder.path().join(format!("{role}.key")), made + "\n").unwrap();
        }
        let server = Server::start_with(&folder, "all", &["--api-keys", "keys.json"]);
        let mut running = Self { folder, server, transfer: String::new() };
        running.post(
            "/api/v1/inventory/stock",
            &json!({"storeId": STORE, "productId": PRODUCT, "quantity": 10}),
        );
        let lines = json!([{"productId": PRODUCT, "quantity": 6}]);
        let body = json!({"sourceStoreId": STORE, "destinationStoreId": OTHER, "lines": lines});
        let begun = running.post("/api/v1/inventory/transfers", &body);
        begun["transferId"].as_str().unwrap().clone_into(&mut running.transfer);
        running
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let key = std::fs::read_to_string(self.folder.path().join("operator.key")).unwrap();
        let headers = [("content-type", "application/json"), ("x-api-key", key.trim())];
        let answer = send_with(&self.server.address, "POST", path, &headers, &body.to_string());
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    fn run(&self, arguments: &[&str], more: &[&str]) -> Output {
        let url = format!("http://{}", self.server.address);
        Command::new(env!("CARGO_BIN_EXE_gondola"))
            .current_dir(self.folder.path())
            .arg("sagas")
            .args(arguments)
            .args(["--server", &url])
            .args(more)
            .output()
            .unwrap()
    }

    #[track_caller]
    fn told(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments, &["--api-key-file", "operator.key"]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn refused(&self, arguments: &[&str], more: &[&str]) -> String {
        let output = self.run(arguments, more);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

#[test]
fn an_operator_sees_a_transfer_and_cancels_it() {
    let at = Running::start();
    let id = at.transfer.as_str();
    let shown = at.told(&["show", id]);
    assert!(shown.contains("waiting") && shown.contains("held"), "{shown}");
    assert!(shown.contains("TransferRequestedEvent") && shown.contains("key:operator"), "{shown}");
    // the list is a view, which may be late by a moment
    let began = std::time::Instant::now();
    let mut listed = at.told(&["list", "--kind", "transfer"]);
    while !listed.contains("waits for its dispatch") {
        assert!(began.elapsed() < PATIENCE, "{listed:?}");
        listed = at.told(&["list", "--kind", "transfer"]);
    }
    assert!(listed.starts_with(id) && listed.lines().count() == 1, "{listed}");
    assert_eq!(at.told(&["list", "--stuck"]), "");
    let operator = ["--api-key-file", "operator.key"];
    let refused = at.refused(&["retry", id], &operator);
    assert!(refused.contains("nothing to retry") && refused.contains("saga-state"), "{refused}");
    let cancelled = at.told(&["cancel", id, "--reason", "not needed", "--json"]);
    let cancelled: Value = serde_json::from_str(&cancelled).unwrap();
    assert_eq!((&cancelled["state"], &cancelled["status"]), (&json!("ended"), &json!("cancelled")));
    assert!(cancelled["history"].to_string().contains("not needed"), "{cancelled}");
    let refused = at.refused(&["cancel", id], &operator);
    assert!(refused.contains("has ended (cancelled)"), "{refused}");
}

#[test]
fn sagas_are_for_operators() {
    let at = Running::start();
    let nobody = at.refused(&["list"], &[]);
    assert!(nobody.contains("authentication-required"), "{nobody}");
    let viewer = at.refused(&["list"], &["--api-key-file", "viewer.key"]);
    assert!(viewer.contains("forbidden"), "{viewer}");
    let no_file = at.refused(&["list"], &["--api-key-file", "nowhere.key"]);
    assert!(no_file.contains("nowhere.key"), "{no_file}");
}

#[test]
fn a_server_that_is_not_there_is_named() {
    let output = Command::new(env!("CARGO_BIN_EXE_gondola"))
        .args(["sagas", "list", "--server", "http://127.0.0.1:9"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("no answer from http://127.0.0.1:9"), "{said}");
}
