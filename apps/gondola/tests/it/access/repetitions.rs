//! Idempotency keys of different callers at the real server: one effect, however often it is sent, and nobody learns by a key of
//! others what is not theirs to see.

use std::sync::{Arc, Barrier};

use serde_json::{Value, json};

use super::{Answer, key};
use crate::roles::{Server, get, send_with};

const OWN: &str = "11111111-1111-1111-1111-111111111111";
const ELSEWHERE: &str = "99999999-9999-9999-9999-999999999999";
const STOCK: &str = "/api/v1/inventory/stock";
const RESERVE: &str = "/api/v1/inventory/reserve";

fn start(folder: &tempfile::TempDir) -> Server {
    Server::start_with(folder, "all", &["--api-keys", "keys.json"])
}

fn post(server: &Server, credential: &str, path: &str, under: &str, body: &Value) -> Answer {
    let headers = [
        ("content-type", "application/json"),
        ("x-api-key", credential),
        ("idempotency-key", under),
    ];
    Answer::read(&send_with(&server.address, "POST", path, &headers, &body.to_string()))
}

fn about(store: &str, quantity: u32) -> Value {
    json!({"storeId": store, "productId": "22222222-2222-2222-2222-222222222222", "quantity": quantity})
}

fn reserved(server: &Server, credential: &str) -> u64 {
    let path = format!(
        "/api/v1/inventory/stores/{OWN}/products/22222222-2222-2222-2222-222222222222?consistency=strong"
    );
    let headers = [("x-api-key", credential)];
    let level = Answer::read(&send_with(&server.address, "GET", &path, &headers, "")).body;
    serde_json::from_str::<Value>(&level).unwrap()["reserved"].as_u64().unwrap()
}

#[test]
fn fifty_callers_with_one_key_have_one_effect_also_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let credentials = [key(&folder, "one", "admin"), key(&folder, "other", "operator")];
    let server = start(&folder);
    assert_eq!(post(&server, &credentials[0], STOCK, "s", &about(OWN, 100)).status, 201);
    let together = Arc::new(Barrier::new(50));
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let (server, credentials) = (&server, &credentials);
        let ask = |number: usize| {
            let together = Arc::clone(&together);
            scope.spawn(move || {
                together.wait();
                post(server, &credentials[number % 2], RESERVE, "same", &about(OWN, 3))
            })
        };
        let asking: Vec<_> = (0..50).map(ask).collect();
        asking.into_iter().map(|asking| asking.join().unwrap()).collect()
    });
    for answer in &answers {
        assert_eq!((answer.status, &answer.body), (201, &answers[0].body));
    }
    let first = answers.iter().filter(|answer| !answer.head.contains("idempotency-replayed: true"));
    assert_eq!(first.count(), 1, "one made it, and the others are told of it");
    assert_eq!(reserved(&server, &credentials[0]), 3);
    // killed
    drop(server);
    let server = start(&folder);
    let again = post(&server, &credentials[1], RESERVE, "same", &about(OWN, 3));
    assert_eq!((again.status, &again.body), (201, &answers[0].body));
    let reused = post(&server, &credentials[0], RESERVE, "same", &about(OWN, 4));
    assert!(reused.status == 422 && reused.body.contains("idempotency-key-reused"), "{reused:?}");
    assert_eq!(reserved(&server, &credentials[0]), 3);
    assert!(get(&server.address, "/health/ready").starts_with("HTTP/1.1 200 "));
}

#[test]
fn a_key_of_another_store_tells_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let admin = key(&folder, "admin", "admin");
    let stores = [OWN, ELSEWHERE].map(|store| key(&folder, store, &format!("store:{store}")));
    let server = start(&folder);
    for store in [OWN, ELSEWHERE] {
        assert_eq!(post(&server, &admin, STOCK, store, &about(store, 100)).status, 201);
    }
    let body = about(OWN, 3);
    let made = post(&server, &stores[0], RESERVE, "order-1", &body);
    assert_eq!(made.status, 201, "{}", made.body);
    // the same request from elsewhere is one about a store that is not there, whether or not the key was used
    let used = post(&server, &stores[1], RESERVE, "order-1", &body);
    let unused = post(&server, &stores[1], RESERVE, "order-2", &body);
    assert_eq!((used.status, unused.status), (404, 404));
    assert_eq!(used.said(), unused.said());
    let id = &serde_json::from_str::<Value>(&made.body).unwrap()["reservationId"];
    assert!(!used.body.contains(id.as_str().unwrap()), "{}", used.body);
    // and one about its own store does not get the answer of another
    let own = post(&server, &stores[1], RESERVE, "order-1", &about(ELSEWHERE, 3));
    assert!(own.status == 422 && !own.body.contains(id.as_str().unwrap()), "{own:?}");
}
