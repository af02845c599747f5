//! Rate limits of the real server: by key and by address, as a trusted proxy tells it.

use super::{Answer, key};
use crate::roles::{Server, send_with};

const STORES: &str = "/api/v1/stores";

/// A server that asks who callers are, and believes this machine when it says where they are.
fn start(folder: &tempfile::TempDir, more: &[&str]) -> Server {
    let usual = ["--api-keys", "keys.json", "--trusted-proxy", "127.0.0.1"];
    Server::start_with(folder, "all", &[&usual[..], more].concat())
}

fn ask(server: &Server, from: &str, key: &str, (method, path): (&str, &str), body: &str) -> Answer {
    let media = if path.ends_with("/batch") { "application/x-ndjson" } else { "application/json" };
    let headers = [("content-type", media), ("x-forwarded-for", from), ("x-api-key", key)];
    Answer::read(&send_with(&server.address, method, path, &headers, body))
}

#[test]
fn each_key_has_a_quota_and_the_answers_say_how_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (key(&folder, "one", "viewer"), key(&folder, "other", "viewer"));
    let server = start(&folder, &["--rate-limit-reads", "1:3"]);
    let read = |key: &str| ask(&server, "192.0.2.1", key, ("GET", STORES), "");
    let first = read(&one);
    assert!(first.head.contains("ratelimit-policy: \"reads\";q=3;w=3"), "{}", first.head);
    assert!(first.head.contains("ratelimit: \"reads\";r=2;t=1"), "{}", first.head);
    let statuses: Vec<_> = (0..9).map(|_| read(&one)).map(|answer| answer.status).collect();
    assert!(statuses.contains(&429), "{statuses:?}");
    let refused = loop {
        let answer = read(&one);
        if answer.status == 429 {
            break answer;
        }
    };
    assert!(refused.head.contains("retry-after: 1"), "{}", refused.head);
    assert!(refused.body.contains("\"code\":\"rate-limited\""), "{}", refused.body);
    assert_eq!(read(&other).status, 200, "nobody else pays for it");
    for _ in 0..9 {
        assert_eq!(ask(&server, "192.0.2.1", &one, ("GET", "/health"), "").status, 200);
    }
}

#[test]
fn an_address_that_guesses_is_refused_even_when_it_guesses_right() {
    let folder = tempfile::tempdir().unwrap();
    let good = key(&folder, "one", "viewer");
    let server = start(&folder, &["--rate-limit-refusals", "1:4"]);
    let read = |from: &str, key: &str| ask(&server, from, key, ("GET", STORES), "").status;
    assert_eq!(read("192.0.2.1", &good), 200);
    let guesses: Vec<_> = (0..20).map(|_| read("192.0.2.1", "gk_000000000000_00")).collect();
    assert_eq!(guesses[..4], [401; 4]);
    assert!(guesses.iter().filter(|status| **status == 429).count() > 10, "{guesses:?}");
    assert_eq!(read("192.0.2.2", &good), 200, "the key is good elsewhere");
    // asked at once after the last guess, a second before the next unit is back
    let right = (0..3).map(|_| {
        while read("192.0.2.1", "gk_000000000000_00") != 429 {}
        read("192.0.2.1", &good)
    });
    assert!(right.collect::<Vec<_>>().contains(&429), "it was let in each time");
}

#[test]
fn a_bulk_write_is_done_to_its_end_and_counts_its_lines() {
    let folder = tempfile::tempdir().unwrap();
    let admin = key(&folder, "one", "admin");
    let server = start(&folder, &["--rate-limit-bulk", "200:100"]);
    let line = r#"{"op":"stock","storeId":"11111111-1111-1111-1111-111111111111","productId":"22222222-2222-2222-2222-222222222222","quantity":1}"#;
    let body = format!("{line}\n").repeat(200);
    let began = std::time::Instant::now();
    let answer = ask(&server, "192.0.2.1", &admin, ("POST", "/api/v1/inventory/batch"), &body);
    assert_eq!(answer.body.matches("\"status\":201").count(), 200, "{}", answer.body);
    // 201 units, 100 of them at once
    assert!(began.elapsed() >= std::time::Duration::from_millis(500), "{:?}", began.elapsed());
}
