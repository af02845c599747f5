//! The commands by which people ask a running server: status, stock, hold, history.

use std::process::Command;
use std::time::Instant;

use serde_json::Value;

use crate::roles::Server;
use crate::webhooks::PATIENCE;

/// What a command says of the server, and its exit code.
fn run(server: &Server, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gondola"));
    let url = format!("http://{}", server.address);
    let output = command.args(arguments).env("GONDOLA_URL", url).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[track_caller]
fn told(server: &Server, arguments: &[&str]) -> String {
    let (code, told, error) = run(server, arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {told}{error}");
    told
}

#[test]
fn a_person_sees_stock_and_holds_it_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&folder, &["demo", "--listen", "0"]);
    let status = told(&server, &["status"]);
    assert!(status.starts_with("UP\n") && status.contains("inventoryLog"), "{status}");

    // lists are a view, which may be a moment behind the start
    let begun = Instant::now();
    let bicycles = loop {
        let bicycles = told(&server, &["stock", "--product", "PROD123463"]);
        if bicycles.contains("1 missing") || begun.elapsed() > PATIENCE {
            break bicycles;
        }
    };
    assert_eq!(bicycles.lines().count(), 11, "a head and ten stores: {bicycles}");
    let line = |store| bicycles.lines().find(|line| line.contains(store)).unwrap();
    assert!(line("RJ-COPACABANA").ends_with("Children's bicycle  low"), "{bicycles}");
    assert!(line("SP-PINHEIROS").ends_with("1 missing"), "{bicycles}");
    let shop = told(&server, &["stock", "--store", "SP-PAULISTA"]);
    assert_eq!(shop.lines().count(), 11, "a head and ten products: {shop}");

    let made = ["hold", "make", "SP-PAULISTA", "PROD123456", "3", "--order", "TEL-7", "--json"];
    let made: Value = serde_json::from_str(&told(&server, &made)).unwrap();
    let id = made["reservationId"].as_str().unwrap();
    let shown = told(&server, &["hold", "show", id]);
    assert!(shown.contains("active  SP-PAULISTA") && shown.contains("3 of PROD123456"), "{shown}");
    told(&server, &["hold", "extend", id, "--ttl-seconds", "600"]);
    let sold = told(&server, &["hold", "commit", id, "--transaction-id", "T-7"]);
    assert!(sold.contains("committed"), "{sold}");
    let (code, _, error) = run(&server, &["hold", "release", id]);
    assert_eq!(code, Some(2));
    assert!(error.contains("409"), "{error}");

    let one = ["stock", "--store", "SP-PAULISTA", "--product", "PROD123456"];
    assert!(
        told(&server, &one).contains("       97         0        97"),
        "{}",
        told(&server, &one)
    );
    let history = told(&server, &["history", "SP-PAULISTA", "PROD123456", "--limit", "2"]);
    assert_eq!(history.lines().count(), 2, "{history}");
    assert!(history.lines().next().unwrap().contains("committed"), "{history}");
}

#[test]
fn what_cannot_be_asked_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&folder, &["demo", "--listen", "0"]);
    let (code, _, error) = run(&server, &["stock"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("--store") && error.contains("--product"), "{error}");
    let (code, _, error) = run(&server, &["stock", "--store", "NO/SUCH STORE", "--product", "P"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("404"), "{error}");
    let (code, _, error) = run(&server, &["hold", "make", "SP-PAULISTA", "4006381333931", "1"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("no product has the GTIN"), "digits that are no SKU: {error}");
    let (code, _, error) = run(&server, &["hold", "make", "SP-PAULISTA", "PROD123456", "5000"]);
    assert_eq!(code, Some(2));
    assert!(error.contains("5000 requested, but 100 can be promised"), "{error}");
}
