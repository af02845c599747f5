//! Alerts of the real binary: a level that crosses, people who see to it, and a process that is killed in between.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::roles::{Server, get, send};
use crate::webhooks::{PATIENCE, body, receiver};

const STORE: &str = "11111111-1111-1111-1111-111111111111";
const OTHER: &str = "33333333-3333-3333-3333-333333333333";

/// Hours after which a transfer in transit is overdue, unless a rule says otherwise.
const OVERDUE_HOURS: i64 = 72;

fn product(number: usize) -> String {
    format!("22222222-2222-2222-2222-{number:012}")
}

/// Changes the stock of a product in the store.
fn change(server: &Server, route: &str, number: usize, more: &Value) -> String {
    let mut wanted = json!({"storeId": STORE, "productId": product(number)});
    for (name, value) in more.as_object().unwrap() {
        wanted[name] = value.clone();
    }
    let path = format!("/api/v1/inventory/{route}");
    let answer = send(&server.address, "POST", &path, &wanted.to_string());
    assert!(answer.starts_with("HTTP/1.1 20"), "{route} {wanted}: {answer}");
    answer
}

fn alerts(server: &Server, filter: &str) -> Vec<Value> {
    let listed = get(&server.address, &format!("/api/v1/alerts?limit=200&{filter}"));
    body(&listed)["items"].as_array().unwrap_or_else(|| panic!("{listed}")).clone()
}

/// Waits until the alerts are as they are wanted.
fn await_alerts(server: &Server, filter: &str, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let end = Instant::now() + PATIENCE;
    loop {
        let found = alerts(server, filter);
        if wanted(&found) {
            return found;
        }
        assert!(Instant::now() < end, "the alerts stay {found:#?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn low_stock_is_alerted_of_acknowledged_refilled_and_resolved() {
    let folder = tempfile::tempdir().unwrap();
    let (url, told) = receiver(&["204 No Content"; 3]);
    let server = Server::start_with(&folder, "all", &["--webhook-allow", "127.0.0.1"]);
    let wanted = json!({"url": url, "eventTypes": [
        "gondola.notification.alert-opened.v1",
        "gondola.notification.alert-acknowledged.v1",
        "gondola.notification.alert-resolved.v1",
    ]});
    let answer = send(&server.address, "POST", "/api/v1/webhooks", &wanted.to_string());
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");

    change(&server, "stock", 1, &json!({"quantity": 10}));
    change(&server, "policy", 1, &json!({"reorderPoint": 6}));
    // three sales: the second one crosses, the third one is no news
    for _ in 0..3 {
        change(&server, "reserve", 1, &json!({"quantity": 2}));
    }
    let (_, opened) = told.recv_timeout(PATIENCE).unwrap();
    assert_eq!(opened["type"], "gondola.notification.alert-opened.v1");
    let data = &opened["data"];
    assert_eq!(
        (&data["rule"], &data["quantity"], &data["threshold"]),
        (&json!("low-stock"), &json!(6), &json!(6))
    );
    assert_eq!((&data["storeId"], &data["productId"]), (&json!(STORE), &json!(product(1))));
    let id = data["alertId"].as_str().unwrap();

    let path = format!("/api/v1/alerts/{id}/acknowledge");
    let answer = send(&server.address, "POST", &path, r#"{"note":"reordered"}"#);
    assert_eq!(body(&answer)["state"], "acknowledged", "{answer}");
    let (_, acknowledged) = told.recv_timeout(PATIENCE).unwrap();
    assert_eq!(acknowledged["data"]["note"], "reordered");

    change(&server, "stock", 1, &json!({"quantity": 20}));
    let (_, resolved) = told.recv_timeout(PATIENCE).unwrap();
    assert_eq!(resolved["type"], "gondola.notification.alert-resolved.v1");
    assert_eq!(
        (&resolved["subject"], &resolved["data"]["resolution"]),
        (&json!(id), &json!("recovered"))
    );
    assert_eq!(alerts(&server, "").len(), 1, "one crossing, one alert");
}

/// What each of some stock levels has gone through, told by itself: how often it fell to its reorder point.
#[test]
fn a_process_that_is_killed_again_and_again_loses_and_doubles_no_alert() {
    const PRODUCTS: usize = 12;
    let folder = tempfile::tempdir().unwrap();
    let mut server = Server::start_with(&folder, "all", &[]);
    for number in 0..PRODUCTS {
        change(&server, "stock", number, &json!({"quantity": 10}));
        change(&server, "policy", number, &json!({"reorderPoint": 5}));
    }
    let mut crossings = BTreeMap::new();
    let mut available = [10_u64; PRODUCTS];
    for round in 0..7 {
        for (number, available) in available.iter_mut().enumerate() {
            let is_taken = (number + round) % 3 != 0;
            let before = *available;
            if is_taken && before >= 4 {
                change(&server, "adjust", number, &json!({"delta": -4, "reason": "sold"}));
                *available -= 4;
            } else if !is_taken {
                change(&server, "stock", number, &json!({"quantity": 6}));
                *available += 6;
            }
            if before > 5 && *available <= 5 {
                *crossings.entry(product(number)).or_insert(0) += 1;
            }
        }
        // at once: rules have seen some of it and not the rest
        drop(server);
        server = Server::start_with(&folder, "all", &[]);
    }
    let expected_open = available.iter().filter(|available| **available <= 5).count();
    let all: usize = crossings.values().sum();
    assert!(all > PRODUCTS && expected_open > 0, "{crossings:?} {available:?}");
    let found = await_alerts(&server, "rule=low-stock", |found| {
        let open = found.iter().filter(|alert| alert["state"] == "open").count();
        found.len() >= all && open == expected_open
    });
    let mut alerted = BTreeMap::new();
    for alert in &found {
        *alerted.entry(alert["productId"].as_str().unwrap().to_owned()).or_insert(0) += 1;
        let number: usize = alert["productId"].as_str().unwrap()[24..].parse().unwrap();
        if alert["state"] == "open" {
            assert!(available[number] <= 5, "{alert}");
        }
    }
    assert_eq!(alerted, crossings);
}

#[test]
fn many_refused_holds_are_one_alert_that_falls_away_with_the_rate() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(&folder, "all", &[]);
    change(&server, "stock", 1, &json!({"quantity": 1_000}));
    let hold = |quantity: u64| {
        let wanted = json!({"storeId": STORE, "productId": product(1), "quantity": quantity});
        send(&server.address, "POST", "/api/v1/inventory/reserve", &wanted.to_string())
    };
    for _ in 0..30 {
        let refused = hold(5_000);
        assert!(refused.starts_with("HTTP/1.1 409 "), "{refused}");
    }
    let opened = await_alerts(&server, "rule=refusal-rate", |found| !found.is_empty());
    assert_eq!((&opened[0]["state"], &opened[0]["storeId"]), (&json!("open"), &json!(STORE)));
    assert_eq!((&opened[0]["quantity"], &opened[0]["threshold"]), (&json!(100), &json!(20)));
    for _ in 0..10 {
        hold(5_000);
    }
    // 40 of 240 are a sixth: less than a fifth
    for _ in 0..200 {
        let answer = hold(1);
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    }
    let over = await_alerts(&server, "rule=refusal-rate", |found| {
        found.iter().all(|alert| alert["state"] == "resolved")
    });
    assert_eq!((over.len(), &over[0]["resolution"]), (1, &json!("recovered")), "{over:?}");
}

#[test]
fn a_view_that_is_wrong_is_alerted_of_until_it_is_repaired() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(&folder, "all", &[]);
    change(&server, "stock", 1, &json!({"quantity": 10}));
    change(&server, "stock", 2, &json!({"quantity": 10}));
    let reconcile = |repair: bool| {
        let path = format!("/api/v1/inventory/views/reconcile?repair={repair}");
        body(&send(&server.address, "POST", &path, ""))
    };
    assert_eq!(reconcile(true)["drifts"], json!([]));
    let view = folder.path().join("data/inventory/views-1.db");
    let view = rusqlite::Connection::open(view).unwrap();
    view.busy_timeout(PATIENCE).unwrap();
    assert_eq!(view.execute("UPDATE stock_levels SET on_hand = 99", []).unwrap(), 2);
    let told = reconcile(false);
    assert_eq!(told["drifts"].as_array().unwrap().len(), 2, "{told}");
    let of_view = "rule=view-drift";
    let opened = await_alerts(&server, of_view, |found| !found.is_empty());
    assert_eq!((&opened[0]["state"], &opened[0]["view"]), (&json!("open"), &json!("stock")));
    assert_eq!(opened[0]["quantity"], 2, "{opened:?}");
    assert_eq!(reconcile(true)["repaired"], true);
    let over = await_alerts(&server, of_view, |found| {
        found.iter().all(|alert| alert["state"] == "resolved")
    });
    assert_eq!((over.len(), &over[0]["resolution"]), (1, &json!("recovered")), "{over:?}");
}

#[test]
fn large_corrections_are_alerted_of_and_deliveries_and_small_ones_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(&folder, "all", &[]);
    // as many units as in a large correction, but they were delivered
    change(&server, "stock", 1, &json!({"quantity": 500}));
    for delta in [-99, -100, 150] {
        change(&server, "adjust", 1, &json!({"delta": delta, "reason": "counted"}));
    }
    // rules see events in their order: after the last one nothing of those before is missing
    let found = await_alerts(&server, "rule=large-adjustment", |found| {
        found.iter().any(|alert| alert["quantity"] == 150)
    });
    let said = found.iter().map(|alert| {
        assert_eq!((&alert["storeId"], &alert["productId"]), (&json!(STORE), &json!(product(1))));
        assert_eq!((&alert["state"], &alert["severity"]), (&json!("open"), &json!("warning")));
        (alert["quantity"].as_u64().unwrap(), alert["detail"].as_str().unwrap())
    });
    let said: BTreeMap<_, _> = said.collect();
    let expected = [
        (100, "the units on hand were corrected by -100, which is 100 or more"),
        (150, "the units on hand were corrected by +150, which is 100 or more"),
    ];
    assert_eq!((said, found.len()), (BTreeMap::from(expected), 2), "{found:#?}");
}

/// Lets the transfers of a server that has ended be in transit for some hours more than they are.
fn age_transits(folder: &tempfile::TempDir, hours: i64) {
    let file = rusqlite::Connection::open(alerts_file(folder)).unwrap();
    let age = "UPDATE transits SET since = since - ?1";
    assert_eq!(file.execute(age, [hours * 3_600_000]).unwrap(), 1);
}

fn alerts_file(folder: &tempfile::TempDir) -> std::path::PathBuf {
    folder.path().join("data/notification/alerts.db")
}

/// Waits until the rules have seen that a transfer has left.
fn await_departure(folder: &tempfile::TempDir) {
    let file = rusqlite::Connection::open(alerts_file(folder)).unwrap();
    file.busy_timeout(PATIENCE).unwrap();
    let end = Instant::now() + PATIENCE;
    let count =
        || file.query_row("SELECT count(*) FROM transits", [], |row| row.get::<_, u32>(0)).unwrap();
    while count() == 0 {
        assert!(Instant::now() < end, "no transfer is noted to be in transit");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_transfer_that_does_not_arrive_is_alerted_of_until_it_does() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(&folder, "all", &[]);
    change(&server, "stock", 1, &json!({"quantity": 10}));
    let post = |server: &Server, path: &str, wanted: &Value| {
        let path = format!("/api/v1/inventory/transfers{path}");
        let answer = send(&server.address, "POST", &path, &wanted.to_string());
        assert!(answer.starts_with("HTTP/1.1 20"), "{path}: {answer}");
        body(&answer)
    };
    let line = |name: &str| json!([{"productId": product(1), name: 6}]);
    let wanted =
        json!({"sourceStoreId": STORE, "destinationStoreId": OTHER, "lines": line("quantity")});
    let transfer = post(&server, "", &wanted)["transferId"].as_str().unwrap().to_owned();
    post(&server, &format!("/{transfer}/dispatch"), &json!({}));
    await_departure(&folder);
    assert_eq!(alerts(&server, "rule=transfer-overdue").len(), 0, "it has only just left");
    drop(server);
    age_transits(&folder, OVERDUE_HOURS);
    let server = Server::start_with(&folder, "all", &[]);
    let opened = await_alerts(&server, "rule=transfer-overdue", |found| !found.is_empty());
    let alert = &opened[0];
    assert_eq!((&alert["sagaId"], &alert["storeId"]), (&json!(transfer), &json!(OTHER)));
    assert_eq!((&alert["state"], &alert["quantity"]), (&json!("open"), &json!(OVERDUE_HOURS)));
    post(&server, &format!("/{transfer}/receive"), &json!({"lines": line("received")}));
    let over = await_alerts(&server, "rule=transfer-overdue", |found| {
        found.iter().all(|alert| alert["state"] == "resolved")
    });
    assert_eq!((over.len(), &over[0]["resolution"]), (1, &json!("recovered")), "{over:?}");
}
