//! Stores: registering, reading, updating, and what is refused.

use http::Method;
use serde_json::{Value, json};

use crate::app::App;

const ID: &str = "018f3c2a-7b1e-7000-8000-00000000000a";

fn full() -> Value {
    json!({
        "storeId": ID, "code": "2106", "name": "Hillstreet News", "region": "IA", "city": "Cedar Falls",
        "address": "2217 College", "postalCode": "50613",
        "location": {"latitude": "42.517182", "longitude": "-92.455796"},
        "kind": "dark-store", "status": "active",
    })
}

#[tokio::test]
async fn a_registered_store_is_found_by_id_and_code() {
    let app = App::start().await;
    let created = app.post("/api/v1/stores", full()).await.expect(201);
    assert_eq!(created.header("location"), format!("/api/v1/stores/{ID}"));
    assert_eq!(created.header("etag"), "\"1\"");
    let mut shown = full();
    shown["version"] = json!(1);
    shown["position"] = json!(1);
    assert_eq!(created.body, shown);

    shown.as_object_mut().unwrap().remove("position");
    let by_location = app.get(created.header("location")).await.expect(200);
    assert_eq!(by_location.body, shown);
    assert_eq!(by_location.header("etag"), "\"1\"");
    assert_eq!(app.get("/api/v1/stores/2106").await.expect(200).body, shown);
}

#[tokio::test]
async fn the_least_store_gets_an_id_and_defaults() {
    let app = App::start().await;
    let least = json!({"code": "SP-014", "name": " Loja Paulista ", "region": "SP"});
    let created = app.post("/api/v1/stores", least).await.expect(201).body;
    assert_eq!(
        (&created["name"], &created["kind"], &created["status"]),
        (&json!("Loja Paulista"), &json!("shop"), &json!("active"))
    );
    let id = created["storeId"].as_str().unwrap();
    let found = app.get(&format!("/api/v1/stores/{id}")).await.expect(200);
    assert_eq!(found.body["code"], "SP-014");
    assert!(found.body.get("city").is_none());
}

#[tokio::test]
async fn a_taken_code_or_id_is_refused_and_names_its_holder() {
    let app = App::start().await;
    app.post("/api/v1/stores", full()).await.expect(201);
    let same_code = json!({"code": "2106", "name": "Another", "region": "IA"});
    let problem =
        app.post("/api/v1/stores", same_code).await.problem(409, "store-already-registered");
    assert_eq!((&problem["storeId"], &problem["storeCode"]), (&json!(ID), &json!("2106")));
    let same_id = json!({"storeId": ID, "code": "2107", "name": "Another", "region": "IA"});
    let problem =
        app.post("/api/v1/stores", same_id).await.problem(409, "store-already-registered");
    assert_eq!(problem["storeCode"], "2106");
    // the refused registration has taken nothing
    app.post("/api/v1/stores", json!({"code": "2107", "name": "Another", "region": "IA"}))
        .await
        .expect(201);
}

#[tokio::test]
async fn of_many_registrations_of_one_code_at_once_one_wins() {
    let app = App::start().await;
    let register =
        |_| app.post("/api/v1/stores", json!({"code": "X1", "name": "X", "region": "X"}));
    let mut statuses = Vec::new();
    let all: Vec<_> = (0..20).map(register).collect();
    for answer in join_all(all).await {
        statuses.push(answer.status.as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert!(statuses[1..].iter().all(|status| *status == 409), "{statuses:?}");
}

/// Runs futures at the same time.
async fn join_all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = futures.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, done) in futures.iter_mut().zip(&mut done) {
            if done.is_none()
                && let std::task::Poll::Ready(output) = future.as_mut().poll(context)
            {
                *done = Some(output);
            }
        }
        if done.iter().all(Option::is_some) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    done.into_iter().flatten().collect()
}

#[tokio::test]
async fn an_update_keeps_what_is_absent_and_removes_what_is_null() {
    let app = App::start().await;
    app.post("/api/v1/stores", full()).await.expect(201);
    let changes = json!({"name": "Renamed", "city": null, "location": null, "status": "closed"});
    let updated = app.patch("/api/v1/stores/2106", changes).await.expect(200);
    assert_eq!(updated.header("etag"), "\"2\"");
    let mut shown = full();
    let fields = shown.as_object_mut().unwrap();
    fields.remove("city");
    fields.remove("location");
    fields.insert("name".into(), json!("Renamed"));
    fields.insert("status".into(), json!("closed"));
    fields.insert("version".into(), json!(2));
    fields.insert("position".into(), json!(2));
    assert_eq!(updated.body, shown);

    let nothing = app.patch(&format!("/api/v1/stores/{ID}"), json!({})).await.expect(200);
    assert_eq!(nothing.body["version"], 2);
    let same = app.patch("/api/v1/stores/2106", json!({"name": "Renamed"})).await.expect(200);
    assert_eq!((&same.body["version"], &same.body["position"]), (&json!(2), &json!(2)));
}

#[tokio::test]
async fn a_store_says_how_long_reservations_may_hold_its_stock() {
    let app = App::start().await;
    let created = app.post("/api/v1/stores", full()).await.expect(201);
    assert_eq!(created.body.get("longestHoldSeconds"), None);
    let change = async |seconds: Value| {
        app.patch("/api/v1/stores/2106", json!({"longestHoldSeconds": seconds})).await
    };
    assert_eq!(change(json!(7_776_000)).await.expect(200).body["longestHoldSeconds"], 7_776_000);
    for seconds in [299, 7_776_001] {
        let refused = change(json!(seconds)).await.problem(422, "invalid");
        assert_eq!(refused["field"], "longestHoldSeconds");
    }
    assert_eq!(change(Value::Null).await.expect(200).body.get("longestHoldSeconds"), None);
    let mut other = full();
    other.as_object_mut().unwrap().remove("storeId");
    other["code"] = json!("2107");
    other["longestHoldSeconds"] = json!(300);
    let other = app.post("/api/v1/stores", other).await.expect(201);
    assert_eq!(other.body["longestHoldSeconds"], 300);
}

#[tokio::test]
async fn a_store_says_when_it_is_open_whom_to_call_and_why_it_does_not_trade() {
    let app = App::start().await;
    let more = json!({
        "kind": "cross-docking", "status": "maintenance", "statusReason": "new floor until March",
        "timeZone": "America/Chicago",
        "openingHours": {"monday": ["08:00-12:00", "14:00-18:30"], "2026-12-25": []},
        "contacts": [
            {"name": "Maria", "role": "manager", "phone": "+1 319 555 0100", "email": "maria@x.example"},
            {"name": "Gate", "phone": "+1 319 555 0101"},
        ],
    });
    let mut body = full();
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.post("/api/v1/stores", body.clone()).await.expect(201);
    body["version"] = json!(1);
    assert_eq!(app.get("/api/v1/stores/2106").await.expect(200).body, body);

    // the reason ends with its status, and INACTIVE is what others call closed
    let closed = app.patch("/api/v1/stores/2106", json!({"status": "inactive"})).await.expect(200);
    assert_eq!(closed.body["status"], "closed");
    assert_eq!(closed.body.get("statusReason"), None);
    let nothing = json!({"timeZone": null, "openingHours": null, "contacts": []});
    let emptied = app.patch("/api/v1/stores/2106", nothing).await.expect(200).body;
    for field in ["timeZone", "openingHours", "contacts"] {
        assert_eq!(emptied.get(field), None, "{emptied}");
    }
}

#[tokio::test]
async fn conditional_reads_and_changes_go_by_version() {
    let app = App::start().await;
    app.post("/api/v1/stores", full()).await.expect(201);
    let uri = "/api/v1/stores/2106";
    let get = |tag| app.send(Method::GET, uri, tag, None);
    let unchanged = get(&[("if-none-match", "\"1\"")]).await.expect(304);
    assert_eq!(
        (unchanged.body, unchanged.headers["etag"].to_str().unwrap()),
        (Value::Null, "\"1\"")
    );
    get(&[("if-none-match", "\"7\"")]).await.expect(200);

    let patch = |tag, name| app.send(Method::PATCH, uri, tag, Some(json!({"name": name})));
    patch(&[("if-match", "\"1\"")], "Second").await.expect(200);
    let stale = patch(&[("if-match", "\"1\"")], "Third").await.problem(412, "precondition-failed");
    assert_eq!(stale["version"], 2);
    // a change that would change nothing must not pass for the version that the caller has seen either
    patch(&[("if-match", "\"1\"")], "Second").await.problem(412, "precondition-failed");
    patch(&[("if-match", "W/\"1\"")], "Third").await.problem(412, "precondition-failed");
    patch(&[("if-match", "two")], "Third").await.problem(400, "bad-request");
    assert_eq!(patch(&[("if-match", "*")], "Third").await.expect(200).body["version"], 3);
    get(&[("if-none-match", "\"1\"")]).await.expect(200);
}

#[tokio::test]
async fn what_is_not_registered_is_not_found() {
    let app = App::start().await;
    for name in ["nowhere", ID, "..%2F", "a%20b", "%F0%9F%8F%AA"] {
        let uri = format!("/api/v1/stores/{name}");
        app.get(&uri).await.problem(404, "store-not-found");
        app.patch(&uri, json!({"name": "X"})).await.problem(404, "store-not-found");
    }
    let conditional = [("if-match", "\"1\"")];
    let uri = format!("/api/v1/stores/{ID}");
    app.send(Method::PATCH, &uri, &conditional, Some(json!({})))
        .await
        .problem(404, "store-not-found");
    let problem = app.get("/api/v1/stores/nowhere").await.body;
    assert!(problem["detail"].as_str().unwrap().contains("store code \"nowhere\""), "{problem}");
}

#[tokio::test]
async fn unusable_values_are_refused_by_the_name_of_their_field() {
    let app = App::start().await;
    let cases = [
        ("code", json!("a  b")),
        ("code", json!(ID)),
        ("code", json!(2106)),
        ("name", json!("")),
        ("name", json!("x".repeat(201))),
        ("region", json!("a\u{202E}b")),
        ("city", json!(" ")),
        ("postalCode", json!("x".repeat(17))),
        ("location", json!({"latitude": "91", "longitude": "0"})),
        ("location.latitude", json!({"latitude": 42.5, "longitude": "0"})),
        ("location.altitude", json!({"latitude": "1", "longitude": "0", "altitude": "3"})),
        ("kind", json!("warehouse")),
        ("storeId", json!("7")),
        ("timeZone", json!("America/Atlantis")),
        ("openingHours", json!({"montag": ["08:00-12:00"]})),
        ("openingHours", json!({"monday": ["12:00-08:00"]})),
        ("contacts", json!([{"name": "Maria"}])),
        ("contacts", json!([{"name": "a|b", "phone": "1"}])),
        ("statusReason", json!("")),
        ("color", json!("red")),
    ];
    for (field, value) in cases {
        let mut body = json!({"code": "1", "name": "n", "region": "r"});
        body[field.split('.').next().unwrap()] = value;
        let problem = app.post("/api/v1/stores", body).await.problem(422, "invalid");
        assert_eq!(problem["field"], field, "{problem}");
    }
    let missing = app.post("/api/v1/stores", json!({"code": "1", "name": "n"})).await;
    assert_eq!(missing.problem(422, "invalid")["field"], "region");

    app.post("/api/v1/stores", full()).await.expect(201);
    let cases = [
        ("name", json!(null)),
        ("region", json!(null)),
        ("kind", json!(null)),
        ("code", json!("9")),
        ("city", json!("")),
    ];
    for (field, value) in cases {
        let problem =
            app.patch("/api/v1/stores/2106", json!({field: value})).await.problem(422, "invalid");
        assert_eq!(problem["field"], field, "{problem}");
    }
    assert_eq!(app.get("/api/v1/stores/2106").await.body["version"], 1);
}
