//! Checkouts of the real binary: store, inventory and notification service in one process, each of which may refuse.

use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};

use crate::roles::{Server, get, send};
use crate::webhooks::{PATIENCE, body, receiver};

const PRODUCT: &str = "22222222-2222-2222-2222-222222222222";

const CONFIRMED: &str = "gondola.notification.order-confirmed.v1";

fn post(server: &Server, path: &str, wanted: &Value) -> (u16, Value) {
    answer(&send(&server.address, "POST", path, &wanted.to_string()))
}

fn answer(text: &str) -> (u16, Value) {
    (text.split(' ').nth(1).unwrap().parse().unwrap(), body(text))
}

fn status(server: &Server, store: &Value, status: &str) {
    let path = format!("/api/v1/stores/{}", store["storeId"].as_str().unwrap());
    let wanted = json!({ "status": status }).to_string();
    let answer = send(&server.address, "PATCH", &path, &wanted);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

/// On hand and reserved.
fn units(server: &Server, store: &Value) -> [u64; 2] {
    let store = store["storeId"].as_str().unwrap();
    let path = format!("/api/v1/inventory/stores/{store}/products/{PRODUCT}?consistency=strong");
    let (_, level) = answer(&get(&server.address, &path));
    ["onHand", "reserved"].map(|field| level[field].as_u64().unwrap())
}

#[test]
fn a_checkout_is_accepted_and_committed_by_three_or_by_none() {
    let folder = tempfile::tempdir().unwrap();
    let (url, told) = receiver(&["204 No Content"]);
    let server = Server::start_with(&folder, "all", &["--webhook-allow", "127.0.0.1"]);
    let store = json!({"code": "S-1", "name": "One", "region": "SP"});
    let (_, store) = post(&server, "/api/v1/stores", &store);
    let stock = json!({"storeId": store["storeId"], "productId": PRODUCT, "quantity": 5});
    post(&server, "/api/v1/inventory/stock", &stock);
    let basket = |quantity: u32| {
        let lines = json!([{"productId": PRODUCT, "quantity": quantity}]);
        json!({"storeCode": "S-1", "lines": lines, "orderId": "ORDER-1"})
    };
    let refused = |quantity: u32, by: &str| {
        let (status, refused) = post(&server, "/api/v1/checkouts", &basket(quantity));
        assert_eq!((status, &refused["refusedBy"]), (409, &json!(by)), "{refused}");
        assert_eq!(units(&server, &store), [5, 0], "nothing is held");
    };
    // nobody is to be told
    refused(2, "notification");
    let webhook = json!({"url": url, "eventTypes": [CONFIRMED]});
    assert_eq!(post(&server, "/api/v1/webhooks", &webhook).0, 201);
    refused(6, "inventory");
    status(&server, &store, "maintenance");
    refused(2, "store");
    status(&server, &store, "active");
    let (accepted, begun) = post(&server, "/api/v1/checkouts", &basket(2));
    assert_eq!((accepted, &begun["status"]), (201, &json!("active")), "{begun}");
    assert_eq!(units(&server, &store), [5, 2]);
    let path = format!("/api/v1/checkouts/{}", begun["checkoutId"].as_str().unwrap());
    let sale = json!({"transactionId": "T-1"});
    let (_, sold) = post(&server, &format!("{path}/commit"), &sale);
    assert_eq!(sold["status"], "committed", "{sold}");
    let (_, message) = told.recv_timeout(PATIENCE).unwrap();
    assert_eq!(
        [&message["type"], &message["data"]["orderId"], &message["data"]["transactionId"]],
        [CONFIRMED, "ORDER-1", "T-1"]
    );
    assert_eq!(units(&server, &store), [3, 0]);
    // an operator sees it too, a moment later: what is told to all three is written down once each has heard it
    let mut listed = String::new();
    for _ in 0..200 {
        listed = list_of_ended(&server);
        if listed.lines().filter(|line| line.contains("checkout  ended  ")).count() == 4 {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let lines: Vec<_> = listed.lines().collect();
    assert_eq!(lines.len(), 4, "{listed}");
    assert!(lines[0].contains("checkout  ended  committed"), "{listed}");
    assert!(lines[1].contains("checkout  ended  refused"), "{listed}");
}

/// What `gondola sagas list` prints of checkouts.
fn list_of_ended(server: &Server) -> String {
    let listed = Command::new(env!("CARGO_BIN_EXE_gondola"))
        .args(["sagas", "list", "--ended", "--kind", "checkout"])
        .args(["--server", &format!("http://{}", server.address)])
        .output()
        .unwrap();
    String::from_utf8_lossy(&listed.stdout).into_owned()
}
