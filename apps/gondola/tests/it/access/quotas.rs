//! Who tries to have more than a quota: by naming other addresses, by changing keys, by being many.

use std::time::{Duration, Instant};

use super::{Answer, key};
use crate::roles::{Server, send_with};

const STORES: &str = "/api/v1/stores";

/// A quota that is measured: so many in a second.
const RATE: u32 = 10;

/// So many at once: a machine that stands still for less than four seconds costs a caller nothing.
const BURST: u32 = 40;

/// How long it is measured.
const MEASURED: Duration = Duration::from_secs(8);

fn ask(server: &Server, forwarded: &str, credential: &str) -> Answer {
    let headers = [("x-forwarded-for", forwarded), ("x-api-key", credential)];
    Answer::read(&send_with(&server.address, "GET", STORES, &headers, ""))
}

/// How many requests of somebody who never rests are not refused, and how many there may be by the quota.
fn measured(server: &Server, mut ask: impl FnMut(&Server, u32) -> u16) -> (u128, u128) {
    let (begun, mut passed, mut number) = (Instant::now(), 0, 0);
    while begun.elapsed() < MEASURED {
        passed += u128::from(ask(server, number) != 429);
        number += 1;
    }
    let due = u128::from(BURST) + u128::from(RATE) * begun.elapsed().as_millis() / 1_000;
    let enough = due + due / 5;
    assert!(u128::from(number) > enough, "only {number} requests: too slow to be limited");
    (passed, due)
}

#[track_caller]
fn assert_about((passed, due): (u128, u128)) {
    assert!(passed.abs_diff(due) <= due / 10, "{passed} of {due}");
}

#[test]
fn names_of_other_addresses_before_the_own_one_get_nobody_more() {
    let folder = tempfile::tempdir().unwrap();
    let rate = format!("{RATE}:{BURST}");
    // who has no credential is limited by the address, and refused for having none
    let more =
        ["--api-keys", "keys.json", "--trusted-proxy", "127.0.0.1", "--rate-limit-refusals", &rate];
    key(&folder, "one", "viewer");
    let server = Server::start_with(&folder, "all", &more);
    assert_about(measured(&server, |server, number| {
        let [a, b, ..] = number.to_be_bytes().map(u32::from);
        let spoofed =
            format!("198.51.{}.{}, 192.0.2.7", (number / 256 + a) % 256, (number + b) % 256);
        ask(server, &spoofed, "").status
    }));
    assert_eq!(ask(&server, "192.0.2.8", "").status, 401, "somebody else is not limited");
}

#[test]
fn changing_the_key_that_one_does_not_have_gets_nobody_more() {
    let folder = tempfile::tempdir().unwrap();
    let rate = format!("{RATE}:{BURST}");
    let more =
        ["--api-keys", "keys.json", "--trusted-proxy", "127.0.0.1", "--rate-limit-refusals", &rate];
    let good = key(&folder, "one", "viewer");
    let server = Server::start_with(&folder, "all", &more);
    assert_about(measured(&server, |server, number| {
        ask(server, "192.0.2.7", &format!("gk_{number:012}_00")).status
    }));
    assert_eq!(ask(&server, "192.0.2.8", &good).status, 200);
}

#[test]
fn a_credential_has_one_quota_wherever_it_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    let rate = format!("{RATE}:{BURST}");
    let more =
        ["--api-keys", "keys.json", "--trusted-proxy", "127.0.0.1", "--rate-limit-reads", &rate];
    let (one, other) = (key(&folder, "one", "viewer"), key(&folder, "other", "viewer"));
    let server = Server::start_with(&folder, "all", &more);
    assert_about(measured(&server, |server, number| {
        ask(server, &format!("198.51.100.{}", number % 256), &one).status
    }));
    // a unit may be back by now
    let mut answers = (0..100).map(|_| ask(&server, "192.0.2.7", &one));
    let refused = answers.find(|answer| answer.status == 429).unwrap();
    assert!(refused.head.contains("retry-after: 1"), "{}", refused.head);
    assert_eq!(ask(&server, "192.0.2.7", &other).status, 200);
}
