//! The commands by which people ask a running server: status, stock, hold, transfers, history.

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

/// What a list says once it is as it is wanted: it is a view, which may be a moment behind the start.
#[track_caller]
fn awaited(server: &Server, arguments: &[&str], wanted: impl Fn(&str) -> bool) -> String {
    let begun = Instant::now();
    loop {
        let said = told(server, arguments);
        if wanted(&said) {
            return said;
        }
        assert!(begun.elapsed() < PATIENCE, "{arguments:?}: {said}");
    }
}

#[test]
fn a_person_sees_stock_and_holds_it_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&folder, &["demo", "--listen", "0"]);
    let status = told(&server, &["status"]);
    assert!(status.starts_with("UP\n") && status.contains("inventoryLog"), "{status}");

    // what stores tell comes in any order
    let bicycles = awaited(&server, &["stock", "--product", "PROD123463"], |said| {
        let is_low = |line: &str| line.contains("RJ-COPACABANA") && line.ends_with("low");
        said.lines().count() == 11 && said.contains("1 missing") && said.lines().any(is_low)
    });
    assert_eq!(bicycles.lines().count(), 11, "a head and ten stores: {bicycles}");
    let line = |store| bicycles.lines().find(|line| line.contains(store)).unwrap();
    assert!(line("RJ-COPACABANA").ends_with("Children's bicycle  low"), "{bicycles}");
    assert!(line("SP-PINHEIROS").ends_with("1 missing"), "{bicycles}");
    // a head and ten products
    awaited(&server, &["stock", "--store", "SP-PAULISTA"], |said| said.lines().count() == 11);

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
fn a_person_sends_goods_to_another_store_and_receives_them() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&folder, &["demo", "--listen", "0"]);
    let asked = ["transfers", "request", "SP-CD-CAJAMAR", "SP-PAULISTA", "PROD123456=24"];
    let asked = [&asked[..], &["PROD123463=2", "--reference", "DN-7", "--json"]].concat();
    let asked: Value = serde_json::from_str(&told(&server, &asked)).unwrap();
    let id = asked["transferId"].as_str().unwrap();
    let shown = told(&server, &["transfers", "show", id]);
    let head = shown.lines().next().unwrap();
    assert!(
        head.starts_with(&format!("{id}  held  SP-CD-CAJAMAR -> SP-PAULISTA  until ")),
        "{head}"
    );
    assert_eq!(
        shown.lines().skip(1).collect::<Vec<_>>(),
        ["  24 of PROD123456", "  2 of PROD123463"]
    );

    let (code, _, error) = run(&server, &["transfers", "receive", id]);
    assert_eq!(code, Some(2));
    assert!(error.contains("is in transit: it is held"), "{error}");
    let left = told(&server, &["transfers", "dispatch", id]);
    assert!(left.contains("  24 of PROD123456  24 in transit"), "{left}");
    let some =
        ["--received", "PROD123456=20", "--damaged", "PROD123456=1", "--short", "PROD123456=1"];
    let some = [&["transfers", "receive", id][..], &some, &["--reason", "Box crushed"]].concat();
    let some = told(&server, &some);
    let expected = "  24 of PROD123456  2 in transit  20 received  1 damaged  1 short";
    assert_eq!(some.lines().nth(1), Some(expected), "{some}");
    let all = told(&server, &["transfers", "receive", id]);
    assert!(
        all.contains(&format!("{id}  closed  ")) && all.contains("  2 of PROD123463  2 received"),
        "{all}"
    );
    let (code, _, error) = run(&server, &["transfers", "return", id]);
    assert_eq!(code, Some(2));
    assert!(error.contains("409"), "{error}");

    // lists are a view
    let begun = Instant::now();
    let listed = loop {
        let wanted = ["--reference", "DN-7", "--status", "closed", "--store", "SP-PAULISTA"];
        let listed = told(&server, &[&["transfers", "list"][..], &wanted].concat());
        if !listed.is_empty() || begun.elapsed() > PATIENCE {
            break listed;
        }
    };
    assert_eq!(listed.trim_end(), format!("{id}  closed  SP-CD-CAJAMAR -> SP-PAULISTA  DN-7"));
    assert_eq!(told(&server, &["transfers", "list", "--status", "inTransit"]), "");
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
    let many = ["transfers", "request", "SP-PAULISTA", "BA-BARRA", "PROD123456=5000"];
    let (code, told, _) = run(&server, &many);
    assert_eq!(code, Some(2), "{told}");
    let why = "  refused  SP-PAULISTA -> BA-BARRA  product PROD123456: 5000 requested, but 100 can be promised";
    assert!(told.contains(why), "{told}");
}
