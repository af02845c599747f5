//! `gondola keys`, and what a server that asks for keys says at its start.

use std::process::{Command, Output};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::roles::{Server, send_with};

/// What must happen gets so long on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gondola"))
        .current_dir(folder.path())
        .args(arguments)
        .output()
        .unwrap()
}

#[track_caller]
fn told(folder: &TempDir, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[track_caller]
fn refused(folder: &TempDir, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_key_works_until_it_is_revoked_and_the_server_is_not_started_anew() {
    let folder = tempfile::tempdir().unwrap();
    let file = ["--api-keys", "keys.json"];
    let keys = |more: &[&str]| told(&folder, &[&["keys"], more, &file].concat());
    let first = keys(&["create", "--name", "till-7", "--role", "viewer"]);
    let server = Server::start_with(&folder, "all", &file);
    let status = |key: &str| {
        let headers = [("authorization", &*format!("Bearer {key}"))];
        let answer = send_with(&server.address, "GET", "/api/v1/stores", &headers, "");
        answer.split(' ').nth(1).unwrap().to_owned()
    };
    let until = |key: &str, expected: &str| {
        let began = Instant::now();
        while status(key) != expected {
            assert!(began.elapsed() < PATIENCE, "{expected}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    until(&first, "200");
    let second = keys(&["create", "--name", "till-7", "--role", "viewer", "--days", "1"]);
    until(&second, "200");
    let id = first.split('_').nth(1).unwrap();
    assert!(keys(&["revoke", id]).contains("is revoked"));
    until(&first, "401");
    assert_eq!(status(&second), "200");
    let list = keys(&["list"]);
    let secret = first.rsplit('_').next().unwrap();
    assert!(
        list.contains(id) && list.contains("revoked") && list.contains("roles viewer"),
        "{list}"
    );
    assert!(!list.contains(secret), "a secret is shown once");
    let began = Instant::now();
    while keys(&["list"]).matches("used never").count() > 0 {
        assert!(began.elapsed() < PATIENCE, "both were used");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_server_refuses_what_does_not_go_together() {
    let folder = tempfile::tempdir().unwrap();
    let check = |more: &[&str]| refused(&folder, &[&["config", "check"], more].concat());
    let issuer = ["--oidc-issuer", "http://localhost:9/realm"];
    let public = ["--listen", "0.0.0.0:0"];
    assert!(check(&public).contains("--api-keys or --oidc-issuer"));
    assert!(check(&issuer).contains("--oidc-audience"));
    assert!(check(&["--oidc-audience", "a"]).contains("--oidc-issuer"));
    assert!(check(&["--oidc-issuer", "http://login.example"]).contains("https://"));
    assert!(
        check(&[&issuer[..], &["--oidc-audience", "a", "--oidc-algorithm", "HS256"]].concat())
            .contains("RS256")
    );
    assert!(check(&["--api-keys", "k", "--insecure-no-auth"]).contains("say one"));
    assert!(check(&["--api-keys", "k", "--cdn-s-maxage", "5"]).contains("--cdn-s-maxage"));
    let all = [&["config", "check"], &public[..], &issuer, &["--oidc-audience", "a"]].concat();
    assert!(told(&folder, &all).contains("serve would start"));
    let serve =
        ["serve", "--event-store", "memory", "--listen", "127.0.0.1:0", "--api-keys", "none.json"];
    assert!(
        refused(&folder, &serve).contains("none.json"),
        "a file that is not there lets nobody in"
    );
}

#[test]
fn what_cannot_be_a_key_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let create = |role| {
        refused(&folder, &["keys", "create", "--api-keys", "k.json", "--name", "a", "--role", role])
    };
    assert!(create("root").contains("admin, operator, service, viewer"));
    assert!(create("store:SP-014").contains("store:<id of the store>"));
    let revoke = ["keys", "revoke", "--api-keys", "k.json", "000000000000"];
    assert!(refused(&folder, &revoke).contains("gondola keys list"));
    assert!(!folder.path().join("k.json").exists());
}
