//! The tour of the README, run as it stands there against a fresh demo.

use std::process::Command;
use std::sync::LazyLock;

use crate::roles::Server;
use crate::webhooks::{PATIENCE, receiver};

static README: LazyLock<String> = LazyLock::new(|| {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md")).unwrap()
});

/// A block of commands, and the answer that the README shows for it.
struct Step<'t> {
    commands: &'t str,
    shown: Option<&'t str>,
}

/// The steps between two headings, up to the one that stops the server.
fn steps() -> Vec<Step<'static>> {
    let tour = README.split("## A tour").nth(1).unwrap().split("\n## ").next().unwrap();
    let tour = tour.split("Stop the server").next().unwrap();
    let blocks = tour.split("```").skip(1).step_by(2);
    let mut steps: Vec<Step<'_>> = Vec::new();
    for block in blocks {
        match block.split_once('\n').unwrap() {
            ("sh", commands) => steps.push(Step { commands, shown: None }),
            ("json", shown) => steps.last_mut().unwrap().shown = Some(shown),
            (other, _) => panic!("the tour has a block of {other:?}"),
        }
    }
    steps
}

/// The members of an answer that are the same at each run: text of three dots and less stands for the rest.
fn members(answer: &str) -> Vec<&str> {
    const SAME: [&str; 9] = [
        "status",
        "code",
        "detail",
        "quantity",
        "available",
        "version",
        "position",
        "cause",
        "onHandDelta",
    ];
    let pairs = answer.split(['{', ',', '}', '[', ']']).map(str::trim);
    pairs.filter(|pair| SAME.iter().any(|name| pair.starts_with(&format!("\"{name}\":")))).collect()
}

#[test]
fn the_tour_of_the_readme_runs_as_it_stands_there() {
    let folder = tempfile::tempdir().unwrap();
    let (url, told) = receiver(&["200 OK"]);
    let server = Server::run(&folder, &["demo", "--listen", "0"]);
    let steps = steps();
    assert!(steps.len() >= 5, "the tour has its steps");
    for Step { commands, shown } in steps {
        let commands = commands
            .replace("localhost:8000", &server.address)
            .replace("http://127.0.0.1:9999/", &url);
        let output = Command::new("bash").args(["-euc", &commands]).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{commands}\n{said}{error}");
        match shown {
            Some(shown) => {
                let (shown, said) = (members(shown), members(&said));
                assert!(!shown.is_empty(), "{commands}");
                let missing: Vec<_> = shown.iter().filter(|pair| !said.contains(pair)).collect();
                assert!(missing.is_empty(), "{commands}: not answered: {missing:?}, but {said:?}");
            }
            None => assert!(!said.contains("/problems/"), "{commands}\n{said}"),
        }
    }
    let (_, confirmed) = told.recv_timeout(PATIENCE).unwrap();
    assert_eq!(confirmed["type"], "gondola.notification.order-confirmed.v1");
}
