//! Customers stand in no file, message or answer, and can be forgotten (E35 of the failure matrix).

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use gondola_contracts::topics;
use http::Request;
use kit_event_bus::{EventBus, MemoryBus};
use kit_http::IdempotencyKey;
use kit_testkit::clock::SimClock;
use serde::Serialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, STORE, about, midnight, ndjson, open, product, reservation};
use crate::checkouts::checkouts;

pub(crate) const CANARY: &str = "maria.canary@example.com";

/// The operations that take a customer. One that is new fails the test of them all: send the canary through it below.
const OPERATIONS: [&str; 11] = [
    "GET /api/v1/inventory/reservations",
    "POST /api/v1/checkouts",
    "POST /api/v1/checkouts/{checkoutId}/commit",
    "POST /api/v1/inventory/batch",
    "POST /api/v1/inventory/commit",
    "POST /api/v1/inventory/reservations",
    "POST /api/v1/inventory/reserve",
    "POST /api/v1/inventory/split-reservations",
    "POST /api/v1/inventory/split-reservations/{splitReservationId}/commit",
    "POST /api/v1/privacy/export",
    "POST /api/v1/privacy/forget",
];

/// A body as the server reads it, in the order of its fields.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reserve {
    store_id: &'static str,
    product_id: String,
    quantity: u32,
    reservation_id: String,
    customer_id: &'static str,
}

impl Reserve {
    fn of(id: u32) -> Self {
        let (product_id, reservation_id) = (product(1), reservation(id));
        Self { store_id: STORE, product_id, quantity: 1, reservation_id, customer_id: CANARY }
    }
}

/// The files below a folder that have a text in them.
fn files_with(folder: &Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with(&path, text));
        } else {
            let content = fs::read(&path).unwrap();
            if content.windows(text.len()).any(|part| part == text.as_bytes()) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

async fn start(kind: &str, folder: &Path, clock: &SimClock, bus: &MemoryBus) -> App {
    let log = open(kind, folder, clock);
    let (views, bus) = (folder.join("views"), Arc::new(bus.clone()));
    App::start_on_bus(log, &views, clock.clone(), false, bus).await
}

pub(crate) async fn export(app: &App) -> Value {
    let body = json!({"customerId": CANARY});
    app.below("/api/v1/privacy").post("/export", body).await.expect(200).body
}

pub(crate) async fn forget(app: &App) -> Value {
    let body = json!({"customerId": CANARY});
    app.below("/api/v1/privacy").post("/forget", body).await.expect(200).body
}

/// The ids of reservations in a list, in its order.
pub(crate) fn ids(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item["reservationId"].as_str().unwrap()).collect()
}

/// Names the canary in every operation, also in requests that are refused; all answers in one text.
pub(crate) async fn name_everywhere(app: &App) -> String {
    let mut told = String::new();
    app.add(1, 100).await;
    let reserve = serde_json::to_value(Reserve::of(1)).unwrap();
    told += &app.post("/reserve", reserve.clone()).await.expect(201).text;
    let again = app.post("/reserve", reserve).await.expect(201);
    assert!(again.is_replayed(), "a repetition is one although nobody can read whose it is");
    let other =
        json!({"quantity": 1, "reservationId": reservation(1), "customerId": "somebody else"});
    told += &app.post("/reserve", about(1, other)).await.expect(422).text;
    let sale = |id: u32| json!({"reservationId": reservation(id), "transactionId": "T", "customerId": CANARY});
    told += &app.post_with_key("/commit", "sale-1", sale(1)).await.expect(200).text;
    assert!(app.post_with_key("/commit", "sale-1", sale(1)).await.expect(200).is_replayed());
    let lines = json!([{"productId": product(1), "quantity": 1}]);
    let basket = json!({"storeId": STORE, "lines": lines, "customerId": CANARY, "reservationId": reservation(2)});
    told += &app.post("/reservations", basket).await.expect(201).text;
    let batch = [
        about(
            1,
            json!({"op": "reserve", "quantity": 1, "reservationId": reservation(3), "customerId": CANARY}),
        ),
        json!({"op": "commit", "reservationId": reservation(3), "transactionId": "T", "customerId": CANARY}),
    ];
    let batch = Request::post("/api/v1/inventory/batch")
        .header("content-type", "application/x-ndjson")
        .header("idempotency-key", "batch-1")
        .body(ndjson(&batch).into());
    let done = app.call(batch.unwrap()).await.expect(200);
    assert!(done.text.contains("\"status\":200"), "{}", done.text);
    told += &done.text;
    let split = json!({"parts": [{"storeId": STORE, "lines": lines}], "customerId": CANARY});
    let split = app.post_with_key("/split-reservations", "split-1", split).await.expect(201);
    let path =
        format!("/split-reservations/{}", split.body["splitReservationId"].as_str().unwrap());
    let sale = json!({"transactionId": "T-2", "customerId": CANARY});
    told += &app.post_with_key(&format!("{path}/commit"), "sale-2", sale).await.expect(200).text;
    told += &app.get(&path).await.expect(200).text;
    let checkout = json!({"storeId": STORE, "lines": lines, "customerId": CANARY});
    let client = checkouts(app);
    let checkout = client.post_with_key("", "checkout-1", checkout).await.expect(201);
    let path = format!("/{}", checkout.body["checkoutId"].as_str().unwrap());
    let sale = json!({"transactionId": "T-3", "customerId": CANARY});
    told += &client.post_with_key(&format!("{path}/commit"), "sale-3", sale).await.expect(200).text;
    told += &client.get(&path).await.expect(200).text;
    // refused by the stock, by the fields, and by the key
    let too_many =
        json!({"quantity": 1_000, "reservationId": reservation(9), "customerId": CANARY});
    told += &app.post("/reserve", about(1, too_many)).await.expect(409).text;
    let too_long = json!({"quantity": 1, "customerId": CANARY.repeat(9)});
    told += &app.post("/reserve", about(1, too_long)).await.expect(422).text;
    let unreadable = json!({"quantity": 1, "customerId": [CANARY]});
    app.post("/reserve", about(1, unreadable)).await.expect(422);
    let position = app.context.queries.head();
    let list = format!("/reservations?customerId={CANARY}&minPosition={position}");
    let found = app.get(&list).await.expect(200);
    assert_eq!(ids(&found.body).len(), 5, "{}", found.text);
    told + &found.text + &app.get("/events").await.expect(200).text
}

#[test]
fn every_operation_that_takes_a_customer_is_named_here() {
    let document = serde_json::to_value(gondola_inventory::openapi()).unwrap();
    let mut taking = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let body = &operation["requestBody"]["content"]["application/json"]["schema"];
            let named = body["$ref"].as_str().map(|name| name.rsplit('/').next().unwrap());
            let schema = named.map_or(body, |name| &document["components"]["schemas"][name]);
            let asked = schema.to_string() + &operation["parameters"].to_string();
            if asked.contains("customerId") {
                taking.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    // its lines have no schema of their own in the document
    taking.insert("POST /api/v1/inventory/batch".to_owned());
    assert_eq!(taking, OPERATIONS.map(str::to_owned).into());
}

#[tokio::test]
async fn a_customer_stands_nowhere_and_is_forgotten_without_a_change_of_stock() {
    for kind in ["sqlite", "jsonl"] {
        let (folder, clock, bus) = (TempDir::new().unwrap(), midnight(), MemoryBus::default());
        let mut news = bus.subscribe("test", topics::INVENTORY).await.unwrap();
        let app = start(kind, folder.path(), &clock, &bus).await;
        let told = name_everywhere(&app).await;
        assert!(!told.contains("canary"), "{told}");

        // before anything is forgotten: the running server's files, and a backup of them
        let backup = TempDir::new().unwrap();
        copy(folder.path(), backup.path());
        let plain = IdempotencyKey::fingerprint("reserve", &Reserve::of(1));
        for place in [folder.path(), backup.path()] {
            assert_eq!(files_with(place, CANARY), [""; 0], "{kind}");
            assert_eq!(files_with(place, &plain), [""; 0], "a digest that everybody can make");
        }
        let known = export(&app).await;
        assert_eq!(known["known"], true);
        assert_eq!(ids(&known).len(), 5);
        assert!(!known["items"].to_string().contains("\"inClear\":true"), "{known}");
        let key = known["customerKey"].as_str().unwrap().to_owned();
        // the search looks where the key is; with it the copy above was searched for the right thing
        assert!(!files_with(folder.path(), "customerKey").is_empty(), "{kind}");

        let units = app.units(1).await;
        let forgotten = forget(&app).await;
        assert_eq!(forgotten["forgotten"], true);
        assert_eq!(
            (forgotten["customerKey"].as_str(), &forgotten["leftInClear"]),
            (Some(&*key), &json!(false))
        );
        let unknown = export(&app).await;
        assert_eq!((&unknown["known"], ids(&unknown).len()), (&json!(false), 0));
        assert_eq!(forget(&app).await["forgotten"], false, "it is done once");
        let list = app.get(&format!("/reservations?customerId={CANARY}")).await.expect(200);
        assert_eq!(ids(&list.body).len(), 0);
        // what was reserved is sold and read as ever
        assert_eq!(app.status(2).await, "active");
        app.commit(2, "T-3").await.expect(200);
        let position = app.context.queries.head();
        let path = format!("/reservations/{}?", reservation(2));
        app.get(&format!("/stores/{STORE}/products/{}?minPosition={position}", product(1)))
            .await
            .expect(200);
        let sold = app.get(path.trim_end_matches('?')).await.expect(200).text;
        let after = app.units(1).await;
        assert_eq!([after[0], after[1], after[2]], [units[0] - 1, units[1] - 1, units[2]]);
        app.shut_down().await;
        assert_eq!(files_with(folder.path(), CANARY), [""; 0], "{kind}");

        // a replay of the whole log into new views comes to the same
        for entry in fs::read_dir(folder.path().join("views")).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::remove_file(path).unwrap();
            }
        }
        let app = start(kind, folder.path(), &clock, &MemoryBus::default()).await;
        assert_eq!(app.units(1).await, after);
        assert_eq!(app.get(path.trim_end_matches('?')).await.expect(200).text, sold);
        assert_eq!(export(&app).await["known"], false);
        app.shut_down().await;
        drop(bus);
        while let Ok(Ok(delivery)) =
            tokio::time::timeout(std::time::Duration::from_millis(200), news.next()).await
        {
            let payload = &delivery.message().payload;
            assert!(!payload.contains("canary"), "{payload}");
            delivery.ack().await.unwrap();
        }
    }
}

#[tokio::test]
async fn who_comes_again_is_another_one() {
    let (folder, clock) = (TempDir::new().unwrap(), midnight());
    let app = start("sqlite", folder.path(), &clock, &MemoryBus::default()).await;
    app.add(1, 9).await;
    let held = |id: u32| {
        about(1, json!({"quantity": 1, "reservationId": reservation(id), "customerId": CANARY}))
    };
    app.post("/reserve", held(1)).await.expect(201);
    let first = export(&app).await["customerKey"].clone();
    forget(&app).await;
    app.post("/reserve", held(2)).await.expect(201);
    let second = export(&app).await;
    assert_ne!(second["customerKey"], first);
    assert_eq!(ids(&second), [reservation(2)]);
    // what was asked before is another customer's request now
    app.post("/reserve", held(1)).await.problem(422, "idempotency-key-reused");
    app.shut_down().await;
}

#[tokio::test]
async fn who_stands_in_clear_in_an_older_log_is_found_and_said_to_stay() {
    let (folder, clock) = (TempDir::new().unwrap(), midnight());
    // as releases without keys wrote it
    let log = open("sqlite", folder.path(), &clock);
    let app = App::start_without_keys(log, &folder.path().join("views"), clock.clone()).await;
    app.add(1, 9).await;
    let held = |id: u32| {
        about(1, json!({"quantity": 1, "reservationId": reservation(id), "customerId": CANARY}))
    };
    for id in [1, 3] {
        app.post("/reserve", held(id)).await.expect(201);
        clock.move_seconds(2);
    }
    assert_eq!(export(&app).await["known"], false);
    app.shut_down().await;

    let app = start("sqlite", folder.path(), &clock, &MemoryBus::default()).await;
    clock.move_seconds(2);
    app.post("/reserve", held(2)).await.expect(201);
    let known = export(&app).await;
    assert_eq!(ids(&known), [1, 3, 2].map(reservation));
    let in_clear = known["items"].as_array().unwrap().iter().map(|item| item["inClear"].clone());
    assert_eq!(in_clear.collect::<Vec<_>>(), [true, true, false]);
    let list = app.get(&format!("/reservations?customerId={CANARY}&limit=2")).await.expect(200);
    assert_eq!(ids(&list.body), [1, 3].map(reservation));
    let cursor = list.body["nextCursor"].as_str().unwrap();
    let rest = format!("/reservations?customerId={CANARY}&limit=2&cursor={cursor}");
    assert_eq!(ids(&app.get(&rest).await.expect(200).body), [reservation(2)]);
    let forgotten = forget(&app).await;
    assert_eq!((&forgotten["forgotten"], &forgotten["leftInClear"]), (&json!(true), &json!(true)));
    assert_eq!(ids(&export(&app).await), [1, 3].map(reservation), "nothing else can be done");
    app.shut_down().await;
}
