//! `gondola demo`: its story, told once, and only in a folder of its own.

use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::roles::Server;
use crate::webhooks::{PATIENCE, body};

fn demo(folder: &TempDir) -> Server {
    Server::run(folder, &["demo", "--listen", "0"])
}

fn ask(server: &Server, path: &str) -> Value {
    body(&server.get(&format!("/api/v1/{path}")))
}

#[test]
fn the_demo_tells_its_story_once_however_often_it_starts() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let server = demo(&folder);
        let level = |store, sku| ask(&server, &format!("inventory/stores/{store}/products/{sku}"));
        assert_eq!(level("SP-PAULISTA", "PROD123456")["available"], 100, "the tour of the README");
        assert_eq!(
            level("SP-CD-CAJAMAR", "PROD123456")["available"],
            800,
            "the centre has hundreds"
        );
        assert_eq!(level("SP-PINHEIROS", "PROD123463")["shortfall"], 1, "sold while offline");
        assert_eq!(level("MG-SAVASSI", "PROD123459")["onHand"], 23, "two were missing");
        assert_eq!(level("RS-MOINHOS", "PROD123458")["onHand"], 75, "a late delivery of 20");
        assert_eq!(ask(&server, "stores/PR-BATEL")["status"], "maintenance");
        let events = ask(&server, "inventory/events?limit=1000");
        assert_eq!(events["items"].as_array().unwrap().len(), 200, "the same events at each start");
    }
    let server = demo(&folder);
    let begun = std::time::Instant::now();
    let rules = loop {
        let alerts = ask(&server, "alerts");
        let alerts = alerts["items"].as_array().unwrap().iter();
        let mut rules: Vec<_> =
            alerts.map(|one| one["rule"].as_str().unwrap().to_owned()).collect();
        rules.sort();
        if rules.len() >= 3 || begun.elapsed() > PATIENCE {
            break rules;
        }
    };
    assert_eq!(rules, ["low-stock", "out-of-stock", "shortfall"]);
}

#[test]
fn demo_data_is_not_put_among_what_a_chain_has() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("stores.csv"), "code,name\nOURS,Ours\n").unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gondola"));
        let output = command.current_dir(folder.path()).args(["--log", "warn"]).args(arguments);
        let output = output.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    assert_eq!(run(&["import", "stores", "stores.csv"]).0, Some(0));
    let (code, error) = run(&["demo", "--listen", "0", "--data-dir", "data"]);
    assert_eq!(code, Some(2), "{error}");
    assert!(error.contains("not that of the demo") && error.contains("--data-dir"), "{error}");
}

#[test]
fn a_second_start_on_the_same_address_touches_no_data() {
    let folder = tempfile::tempdir().unwrap();
    let server = demo(&folder);
    let mut second = Command::new(env!("CARGO_BIN_EXE_gondola"));
    second.current_dir(folder.path()).args(["--log", "warn", "demo", "--data-dir", "second"]);
    let output = second.args(["--listen", &server.address]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains(&server.address) && error.contains("--listen"), "{error}");
    assert!(!folder.path().join("second").exists(), "no folder was made");
}
