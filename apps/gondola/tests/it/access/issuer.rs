//! Login at a real issuer of `OpenID` Connect: its tokens open what their roles may do, and so do those of its next key.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::Answer;
use crate::roles::{Server, send_with};

const STORES: &str = "/api/v1/stores";
const STORE: &str = "11111111-1111-1111-1111-111111111111";

/// Keys of an issuer are fetched again for a new one, but not at once after the last time.
const PATIENCE: Duration = Duration::from_mins(2);

/// The issuer that `scripts/services-up` has started.
#[expect(clippy::disallowed_methods, reason = "where servers are is told by the environment")]
fn issuer() -> String {
    std::env::var("GONDOLA_TEST_OIDC")
        .unwrap_or_else(|_| panic!("GONDOLA_TEST_OIDC is not set: make services-up"))
}

/// A request to the issuer itself.
fn at_issuer(path: &str, form: &str) -> Answer {
    let issuer = issuer();
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let address = issuer.strip_prefix("http://").unwrap();
    Answer::read(&send_with(address, "POST", path, &headers, form))
}

/// Logs in as a client, for a service of this name.
fn token(client: &str, audience: &str) -> String {
    let form = format!(
        "grant_type=client_credentials&client_id={client}&client_secret=gondola&resource=urn%3A{audience}"
    );
    let answer = at_issuer("/token", &form);
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    body["access_token"].as_str().unwrap().to_owned()
}

fn ask(server: &Server, token: &str, method: &str, path: &str, body: &str) -> Answer {
    let bearer = format!("Bearer {token}");
    let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
    Answer::read(&send_with(&server.address, method, path, &headers, body))
}

fn read(server: &Server, token: &str) -> u16 {
    ask(server, token, "GET", STORES, "").status
}

fn register(server: &Server, token: &str, code: &str) -> u16 {
    let body = format!(r#"{{"code":"{code}","name":"One","region":"SP"}}"#);
    ask(server, token, "POST", STORES, &body).status
}

#[test]
#[ignore = "needs an OpenID Connect issuer: make test-services"]
fn who_logs_in_at_an_issuer_may_do_what_its_roles_say_also_under_its_next_key() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(
        &folder,
        "all",
        &["--oidc-issuer", &issuer(), "--oidc-audience", "gondola"],
    );
    let [admin, viewer, nobody] = ["admin", "viewer", "nobody"].map(|name| token(name, "gondola"));
    assert_eq!(
        [read(&server, &admin), read(&server, &viewer), read(&server, &nobody)],
        [200, 200, 403]
    );
    assert_eq!([register(&server, &viewer, "S-1"), register(&server, &admin, "S-1")], [403, 201]);
    let of_store = token(&format!("store_{STORE}"), "gondola");
    let level = |store: &str| {
        let product = "22222222-2222-2222-2222-222222222222";
        let body = format!(r#"{{"storeId":"{store}","productId":"{product}","quantity":1}}"#);
        ask(&server, &of_store, "POST", "/api/v1/inventory/stock", &body).status
    };
    assert_eq!([level(STORE), level("99999999-9999-9999-9999-999999999999")], [201, 404]);
    let events = ask(&server, &admin, "GET", "/api/v1/inventory/events", "").body;
    assert!(events.contains(&format!("\"actor\":\"store_{STORE}\"")), "{events}");

    // a token for somebody else, one that was changed, and none
    assert_eq!(read(&server, &token("admin", "another")), 401);
    let (signed, signature) = viewer.rsplit_once('.').unwrap();
    let mut swapped: Vec<char> = signature.chars().collect();
    swapped.swap(3, 90);
    swapped[10] = if swapped[10] == 'A' { 'B' } else { 'A' };
    let forged = format!("{signed}.{}", swapped.into_iter().collect::<String>());
    assert_eq!([read(&server, &forged), read(&server, "")], [401, 401]);

    // another key: its tokens are good once it is fetched, and nobody restarts anything
    assert_eq!(at_issuer("/rotate", "").status, 204);
    let renewed = token("viewer", "gondola");
    let begun = Instant::now();
    loop {
        match read(&server, &renewed) {
            200 => break,
            status => assert_eq!(status, 401),
        }
        assert!(begun.elapsed() < PATIENCE, "the new key is not known after {:?}", begun.elapsed());
        std::thread::sleep(Duration::from_secs(1));
    }
    assert_eq!(register(&server, &renewed, "S-2"), 403);
    // the key that the issuer has taken back opens nothing any more
    assert_eq!(read(&server, &viewer), 401);
}
