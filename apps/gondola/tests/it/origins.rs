//! Pages of other origins in front of the real binary: a browser sends what they want, and they may change nothing.

use serde_json::{Value, json};

use crate::roles::{Server, get, send_with};
use crate::webhooks::body;

const EVIL: &str = "http://evil.example";

/// Those whom `--cors-origin` allows.
const SHOP: &str = "https://shop.example";

/// Adds stock as a page of this origin, or as a program that says none.
fn add(server: &Server, origin: Option<&str>) -> String {
    let level = json!({
        "storeId": "11111111-1111-1111-1111-111111111111",
        "productId": "22222222-2222-2222-2222-222222222222",
        "quantity": 1,
    });
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(origin.map(|origin| ("origin", origin)));
    send_with(&server.address, "POST", "/api/v1/inventory/stock", &headers, &level.to_string())
}

fn on_hand(server: &Server) -> Value {
    let path = "/api/v1/inventory/stores/11111111-1111-1111-1111-111111111111\
                /products/22222222-2222-2222-2222-222222222222?consistency=strong";
    body(&get(&server.address, path))["onHand"].clone()
}

#[track_caller]
fn is_refused(answer: &str) {
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert_eq!(body(answer)["code"], "origin-not-allowed", "{answer}");
}

#[test]
fn a_page_of_another_origin_changes_nothing_also_through_a_gateway() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(&folder, "all", &["--cors-origin", SHOP]);
    let url = format!("http://{}", server.address);
    let behind = ["--store-url", &url, "--inventory-url", &url];
    // the process behind is not asked by browsers: whom the gateway lets pass is let pass there
    let gateway = Server::start_with(
        &folder,
        "gateway",
        &[&behind[..], &["--cors-origin", "https://till.example"]].concat(),
    );
    for (door, allowed) in [(&server, SHOP), (&gateway, "https://till.example")] {
        is_refused(&add(door, Some(EVIL)));
        is_refused(&add(door, Some("null")));
        // a form, which a browser sends without asking before: there is no preflight that could refuse it
        let form = [("content-type", "text/plain"), ("origin", EVIL)];
        is_refused(&send_with(&door.address, "POST", "/api/v1/inventory/stock", &form, "{}"));
        let file = [("content-type", "text/csv"), ("origin", EVIL)];
        let lines = "code,name\nS-1,One\n";
        is_refused(&send_with(
            &door.address,
            "POST",
            "/api/v1/catalogue/imports/stores",
            &file,
            lines,
        ));
        let before = on_hand(&server).as_u64().unwrap_or(0);
        for origin in [Some(allowed), Some(&format!("http://{}", door.address)), None] {
            let answer = add(door, origin);
            assert!(answer.starts_with("HTTP/1.1 20"), "{origin:?}: {answer}");
        }
        assert_eq!(on_hand(&server), before + 3, "by those who may, and by nobody else");
        let read = send_with(&door.address, "GET", "/api/v1/stores", &[("origin", EVIL)], "");
        assert!(
            read.starts_with("HTTP/1.1 200 ") && !read.contains("access-control-allow"),
            "{read}"
        );
    }
}
