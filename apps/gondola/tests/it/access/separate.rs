//! The services in processes of their own: each asks who callers are.

use super::Answer;
use super::key;
use crate::roles::{Server, send_with};

#[test]
fn a_gateway_and_what_is_behind_it_ask_alike() {
    let folder = tempfile::tempdir().unwrap();
    let (viewer, admin) = (key(&folder, "viewer", "viewer"), key(&folder, "admin", "admin"));
    let keys = ["--api-keys", "keys.json"];
    let store = Server::start_with(&folder, "store", &keys);
    let url = format!("http://{}", store.address);
    let more = ["--store-url", &url, "--inventory-url", "http://127.0.0.1:9"];
    let guarded = Server::start_with(&folder, "gateway", &[&keys[..], &more].concat());
    let open = Server::start_with(&folder, "gateway", &more);
    let body = r#"{"code":"S-1","name":"One","region":"SP"}"#;
    let ask = |address: &str, method: &str, key: Option<&str>| {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(key.map(|key| ("x-api-key", key)));
        Answer::read(&send_with(address, method, "/api/v1/stores", &headers, body)).status
    };
    for address in [&store.address, &guarded.address, &open.address] {
        assert_eq!(ask(address, "GET", None), 401, "{address}");
        assert_eq!(ask(address, "GET", Some("gk_000000000000_00")), 401, "{address}");
        assert_eq!(ask(address, "GET", Some(&viewer)), 200, "{address}");
        assert_eq!(ask(address, "POST", Some(&viewer)), 403, "{address}");
    }
    assert_eq!(ask(&guarded.address, "POST", Some(&admin)), 201);
}
