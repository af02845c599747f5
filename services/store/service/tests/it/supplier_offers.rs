//! What suppliers offer of products: making, changing, withdrawing, and who is preferred.

use http::Method;
use serde_json::{Value, json};

use crate::app::{Answer, App};

/// Two products and three suppliers.
async fn market() -> App {
    let app = App::start().await;
    for sku in ["1", "2"] {
        app.post("/api/v1/products", json!({"sku": sku, "name": "Thing"})).await.expect(201);
    }
    for code in ["ALFA", "BETA", "GAMA"] {
        app.post("/api/v1/suppliers", json!({"code": code, "name": code})).await.expect(201);
    }
    app
}

fn uri(sku: &str, supplier: &str) -> String {
    format!("/api/v1/products/{sku}/suppliers/{supplier}")
}

async fn put(app: &App, sku: &str, supplier: &str, body: Value) -> Answer {
    app.send(Method::PUT, &uri(sku, supplier), &[], Some(body)).await
}

/// The suppliers of a list of offers, once it has every change.
async fn suppliers(app: &App, list: &str, at: &Value) -> Vec<String> {
    let separator = if list.contains('?') { '&' } else { '?' };
    let page = app.get(&format!("{list}{separator}minPosition={at}")).await.expect(200);
    let code = |offer: &Value| offer["supplierCode"].as_str().unwrap().to_owned();
    page.body["items"].as_array().unwrap().iter().map(code).collect()
}

#[tokio::test]
async fn an_offer_is_made_replaced_changed_and_withdrawn() {
    let app = market().await;
    let terms = json!({
        "supplierSku": "A-17", "leadTimeDays": 7, "minimumOrderQuantity": 24, "orderMultiple": 12,
        "unitCost": {"minorUnits": 700, "currency": "BRL"}, "preferred": true
    });
    let made = put(&app, "1", "alfa", terms.clone()).await.expect(201);
    let product = app.get("/api/v1/products/1").await.body["productId"].clone();
    let supplier = app.get("/api/v1/suppliers/ALFA").await.body["supplierId"].clone();
    let address = uri(product.as_str().unwrap(), supplier.as_str().unwrap());
    assert_eq!(made.header("location"), address);
    let mut expected = terms;
    for (member, value) in [
        ("productId", product),
        ("supplierId", supplier),
        ("supplierCode", json!("ALFA")),
        ("status", json!("active")),
        ("version", json!(1)),
    ] {
        expected[member] = value;
    }
    for at in [uri("1", "ALFA"), address] {
        assert_eq!(app.get(&at).await.expect(200).body, expected, "{at}");
    }
    // what a replacement does not say is not there any more
    let replaced = put(&app, "1", "ALFA", json!({"leadTimeDays": 3})).await.expect(200).body;
    assert_eq!((&replaced["version"], &replaced["leadTimeDays"]), (&json!(2), &json!(3)));
    assert_eq!((replaced.get("supplierSku"), replaced.get("unitCost")), (None, None));
    assert_eq!((&replaced["orderMultiple"], &replaced["preferred"]), (&json!(1), &json!(false)));
    // and what a change does not say stays
    let changes = json!({"orderMultiple": 6, "leadTimeDays": null});
    let after = app.patch(&uri("1", "ALFA"), changes).await.expect(200).body;
    assert_eq!((&after["orderMultiple"], after.get("leadTimeDays")), (&json!(6), None));

    let withdrawn = app.send(Method::DELETE, &uri("1", "ALFA"), &[], None).await.expect(200).body;
    assert_eq!(withdrawn["status"], "withdrawn");
    let at = &withdrawn["position"];
    for answer in [
        app.get(&uri("1", "ALFA")).await,
        app.patch(&uri("1", "ALFA"), json!({"orderMultiple": 2})).await,
        app.send(Method::DELETE, &uri("1", "ALFA"), &[], None).await,
    ] {
        answer.problem(404, "supplier-offer-not-found");
    }
    assert_eq!(suppliers(&app, "/api/v1/products/1/suppliers", at).await, [""; 0]);
    let list = "/api/v1/products/1/suppliers?status=withdrawn";
    assert_eq!(suppliers(&app, list, at).await, ["ALFA"]);
    let again = put(&app, "1", "ALFA", json!({})).await.expect(200).body;
    assert_eq!((&again["version"], &again["orderMultiple"]), (&json!(5), &json!(1)));
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let app = market().await;
    for (field, value) in [
        ("supplierSku", json!("a, b")),
        ("leadTimeDays", json!(731)),
        ("minimumOrderQuantity", json!(0)),
        ("orderMultiple", json!(1_000_001)),
        ("unitCost", json!({"minorUnits": 1, "currency": "R$"})),
    ] {
        let answer = put(&app, "1", "ALFA", json!({field: value})).await;
        assert_eq!(answer.problem(422, "invalid")["field"], field);
    }
    put(&app, "3", "ALFA", json!({})).await.problem(404, "product-not-found");
    put(&app, "1", "NOBODY", json!({})).await.problem(404, "supplier-not-found");
    app.get(&uri("1", "BETA")).await.problem(404, "supplier-offer-not-found");
    app.get("/api/v1/products/3/suppliers").await.problem(404, "product-not-found");
    app.get("/api/v1/suppliers/NOBODY/products").await.problem(404, "supplier-not-found");
}

#[tokio::test]
async fn a_change_happens_to_the_version_that_was_seen() {
    let app = market().await;
    let address = uri("1", "ALFA");
    let send = async |method: Method, version: &str, body: Option<Value>| {
        app.send(method, &address, &[("if-match", version)], body).await
    };
    let unmade = send(Method::PUT, "\"1\"", Some(json!({}))).await;
    unmade.problem(412, "precondition-failed");
    put(&app, "1", "ALFA", json!({})).await.expect(201);
    send(Method::PUT, "\"1\"", Some(json!({"leadTimeDays": 1}))).await.expect(200);
    for method in [Method::PUT, Method::PATCH] {
        let stale = send(method, "\"1\"", Some(json!({"leadTimeDays": 2}))).await;
        assert_eq!(stale.problem(412, "precondition-failed")["version"], 2);
    }
    send(Method::DELETE, "\"1\"", None).await.problem(412, "precondition-failed");
    send(Method::DELETE, "\"2\"", None).await.expect(200);
}

#[tokio::test]
async fn one_offer_of_a_product_is_preferred() {
    let app = market().await;
    let preferred = || json!({"preferred": true});
    put(&app, "1", "ALFA", preferred()).await.expect(201);
    let taken = put(&app, "1", "BETA", preferred()).await.problem(409, "preferred-taken");
    assert_eq!(taken["supplierCode"], "ALFA");
    put(&app, "1", "BETA", json!({})).await.expect(201);
    // of another product it may be
    put(&app, "2", "BETA", preferred()).await.expect(201);
    let patch = async |supplier: &str, is: bool| {
        app.patch(&uri("1", supplier), json!({"preferred": is})).await
    };
    patch("BETA", true).await.problem(409, "preferred-taken");
    patch("ALFA", true).await.expect(200);
    patch("ALFA", false).await.expect(200);
    patch("BETA", true).await.expect(200);
    assert_eq!(patch("ALFA", true).await.problem(409, "preferred-taken")["supplierCode"], "BETA");
    // a preferred one may be changed, and gives it up when it is withdrawn
    app.patch(&uri("1", "BETA"), json!({"orderMultiple": 3})).await.expect(200);
    app.send(Method::DELETE, &uri("1", "BETA"), &[], None).await.expect(200);
    patch("ALFA", true).await.expect(200);
    put(&app, "1", "BETA", preferred()).await.problem(409, "preferred-taken");
}

#[tokio::test]
async fn of_many_that_want_to_be_preferred_at_once_one_is() {
    for _ in 0..10 {
        let app = market().await;
        for supplier in ["ALFA", "BETA"] {
            put(&app, "1", supplier, json!({})).await.expect(201);
        }
        let patch =
            async |supplier: &str| app.patch(&uri("1", supplier), json!({"preferred": true})).await;
        let make = put(&app, "1", "GAMA", json!({"preferred": true}));
        let (a, b, c) = tokio::join!(patch("ALFA"), patch("BETA"), make);
        let answers = [a, b, c];
        let won = answers.iter().filter(|answer| answer.status.is_success());
        let won: Vec<_> = won.map(|answer| answer.body["supplierCode"].clone()).collect();
        assert_eq!(won.len(), 1, "{answers:?}");
        for lost in answers.iter().filter(|answer| !answer.status.is_success()) {
            assert_eq!(lost.body["code"], "preferred-taken", "{}", lost.text);
            assert_eq!(lost.body["supplierCode"], won[0]);
        }
    }
}

#[tokio::test]
async fn of_many_that_make_one_offer_at_once_all_succeed_and_one_is_first() {
    let app = market().await;
    let one = |days: u64| put(&app, "1", "ALFA", json!({"leadTimeDays": days}));
    let (a, b, c) = tokio::join!(one(1), one(2), one(3));
    let mut statuses = [a, b, c].map(|answer| answer.status.as_u16());
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 201]);
    assert_eq!(app.get(&uri("1", "ALFA")).await.body["version"], 3);
}

#[tokio::test]
async fn offers_are_listed_by_product_and_by_supplier_in_pages() {
    let app = market().await;
    for supplier in ["GAMA", "ALFA", "BETA"] {
        put(&app, "1", supplier, json!({"supplierSku": format!("{supplier}-9")})).await.expect(201);
    }
    let last = put(&app, "2", "BETA", json!({})).await.expect(201).body["position"].clone();
    let of_one = "/api/v1/products/1/suppliers";
    assert_eq!(suppliers(&app, of_one, &last).await, ["ALFA", "BETA", "GAMA"]);
    assert_eq!(suppliers(&app, &format!("{of_one}?q=gama-9"), &last).await, ["GAMA"]);
    assert_eq!(suppliers(&app, "/api/v1/suppliers/beta/products", &last).await, ["BETA", "BETA"]);
    let page = app.get(&format!("{of_one}?limit=2")).await.expect(200).body;
    assert_eq!(page["items"].as_array().unwrap().len(), 2);
    let cursor = page["nextCursor"].as_str().unwrap();
    let rest = format!("{of_one}?limit=2&cursor={cursor}");
    assert_eq!(suppliers(&app, &rest, &last).await, ["GAMA"]);
}

#[tokio::test]
async fn repeated_requests_are_answered_as_the_first() {
    let app = market().await;
    let send = async |method: Method, key: &str, body: Option<Value>| {
        app.send(method, &uri("1", "ALFA"), &[("idempotency-key", key)], body).await
    };
    let first = send(Method::PUT, "k1", Some(json!({"leadTimeDays": 1}))).await.expect(201);
    send(Method::PUT, "k2", Some(json!({"leadTimeDays": 2}))).await.expect(200);
    let again = send(Method::PUT, "k1", Some(json!({"leadTimeDays": 1}))).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));
    let gone = send(Method::DELETE, "k3", None).await.expect(200);
    app.patch("/api/v1/suppliers/ALFA", json!({"status": "removed"})).await.expect(200);
    // also when it would be refused by now
    let again = send(Method::DELETE, "k3", None).await.expect(200);
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &gone.body));
    let again = send(Method::PUT, "k1", Some(json!({"leadTimeDays": 1}))).await.expect(201);
    assert_eq!(again.body, first.body);
    send(Method::PUT, "k4", Some(json!({}))).await.problem(409, "supplier-unavailable");
}
