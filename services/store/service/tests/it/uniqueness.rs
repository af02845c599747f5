//! Codes in any case and barcodes of any length mean one entry each, also in logs of before that was so.

use std::sync::Arc;

use gondola_store::use_cases::{Stored, encode_event};
use gondola_store_domain::{Aggregate, Event, Gtin, Name, Product, ProductId, Sku};
use http::Method;
use kit_core::{Actor, Metadata, Timestamp, Version};
use kit_event_bus::MemoryBus;
use kit_event_store::memory::MemoryStore;
use kit_event_store::{Append, EventLog, Transaction};
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::app::{App, names};

async fn register(app: &App, sku: &str, gtin: Option<&str>) -> kit_testkit::http::Answer {
    let body = json!({"sku": sku, "name": "Thing", "gtin": gtin});
    app.post("/api/v1/products", body).await
}

async fn name_of(app: &App, path: &str) -> Value {
    app.get(path).await.expect(200).body["name"].clone()
}

#[tokio::test]
async fn spellings_that_differ_in_case_are_one_code() {
    let app = App::start().await;
    let store = |code: &str| json!({"code": code, "name": "S", "region": "R"});
    app.post("/api/v1/stores", store("Sp-014")).await.expect(201);
    let taken = app.post("/api/v1/stores", store("SP-014")).await;
    let problem = taken.problem(409, "store-already-registered");
    assert_eq!(problem["storeCode"], "Sp-014", "as it was registered");
    register(&app, "Prod-A", None).await.expect(201);
    let taken = register(&app, "prod-a", None).await;
    assert_eq!(taken.problem(409, "product-already-registered")["productSku"], "Prod-A");
    for path in ["/api/v1/products/PROD-A", "/api/v1/products/Prod-A", "/api/v1/stores/sp-014"] {
        let found = app.get(path).await.expect(200).body;
        let code = found.get("sku").or(found.get("code")).unwrap();
        assert!(["Prod-A", "Sp-014"].contains(&code.as_str().unwrap()), "as typed: {code}");
    }
    app.patch("/api/v1/products/PROD-a", json!({"name": "Renamed"})).await.expect(200);
    assert_eq!(name_of(&app, "/api/v1/products/Prod-A").await, "Renamed");
}

#[tokio::test]
async fn a_barcode_of_any_length_names_its_product_unless_another_has_it_as_its_sku() {
    let app = App::start().await;
    let first = register(&app, "A/B 12", Some("890355001094")).await.expect(201).body;
    let sku_of = async |name: &str| {
        app.get(&format!("/api/v1/products/{name}")).await.expect(200).body["sku"].clone()
    };
    for barcode in ["890355001094", "0890355001094", "00890355001094"] {
        assert_eq!(sku_of(barcode).await, "A/B 12", "{barcode}");
    }
    for wrong in ["890355001095", "90355001094", "4006381333931"] {
        let path = format!("/api/v1/products/{wrong}");
        let problem = app.get(&path).await.problem(404, "product-not-found");
        let told = problem["detail"].as_str().unwrap();
        assert_eq!(told.contains("gtin"), wrong == "4006381333931", "{told}");
    }
    let changes = json!({"name": "By barcode"});
    app.patch("/api/v1/products/0890355001094", changes).await.expect(200);
    assert_eq!(name_of(&app, "/api/v1/products/A%2FB%2012").await, "By barcode");
    // the chain's own name comes first, in the spelling in which it is one
    register(&app, "0890355001094", None).await.expect(201);
    assert_eq!(sku_of("0890355001094").await, "0890355001094");
    assert_eq!(sku_of("890355001094").await, "A/B 12");
    let wanted = json!({"products": ["0890355001094", "890355001094"]});
    let found = app.post("/api/v1/catalogue/look-up", wanted).await.expect(200).body;
    let mut skus: Vec<_> =
        found["products"].as_array().unwrap().iter().map(|it| &it["sku"]).collect();
    skus.sort_by_key(ToString::to_string);
    assert_eq!(skus, ["0890355001094", "A/B 12", "A/B 12"]);
    // given to another, it means that one at once
    let id = first["productId"].as_str().unwrap();
    app.patch(&format!("/api/v1/products/{id}"), json!({"gtin": null})).await.expect(200);
    app.get("/api/v1/products/890355001094").await.problem(404, "product-not-found");
    register(&app, "C3", Some("00890355001094")).await.expect(201);
    assert_eq!(sku_of("890355001094").await, "C3");
}

#[tokio::test]
async fn a_code_with_a_space_and_a_slash_names_its_entry_in_every_path() {
    let app = App::start().await;
    register(&app, "A/B 12", None).await.expect(201);
    let store = json!({"code": "S/P 1", "name": "S", "region": "R"});
    app.post("/api/v1/stores", store).await.expect(201);
    let supplier = json!({"code": "ACME", "name": "Acme"});
    app.post("/api/v1/suppliers", supplier).await.expect(201);
    let (product, store) = ("/api/v1/products/A%2FB%2012", "/api/v1/stores/S%2FP%201");
    assert_eq!(name_of(&app, product).await, "Thing");
    assert_eq!(name_of(&app, "/api/v1/products/a%2fb%2012").await, "Thing");
    app.patch(product, json!({"name": "Renamed"})).await.expect(200);
    assert_eq!(name_of(&app, store).await, "S");
    app.patch(store, json!({"name": "Renamed"})).await.expect(200);
    app.get(&format!("{store}/stock")).await.expect(200);
    app.get(&format!("{store}/stock?product=A%2FB%2012")).await.expect(200);
    let offer = format!("{product}/suppliers/ACME");
    app.send(Method::PUT, &offer, &[], Some(json!({}))).await.expect(201);
    app.get(&offer).await.expect(200);
    app.patch(&offer, json!({"supplierSku": "x/y z"})).await.expect(200);
    app.get(&format!("{product}/suppliers")).await.expect(200);
    app.get("/api/v1/suppliers?product=A%2FB%2012").await.expect(200);
    app.send(Method::DELETE, &offer, &[], None).await.expect(200);
    for bad in ["A//B", "A/", "/A", "A  B", "A/../B"] {
        register(&app, bad, None).await.problem(422, "invalid");
    }
}

#[tokio::test]
async fn of_many_spellings_at_once_one_wins() {
    let app = App::start().await;
    let skus = ["abc", "Abc", "aBc", "abC", "ABC", "ABc"];
    let answers = futures_of(skus.map(|sku| register(&app, sku, None))).await;
    let won = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(won, 1);
    let gtins = ["890355001094", "0890355001094", "00890355001094"];
    let skus = ["1", "2", "3"];
    let answers = futures_of([0, 1, 2].map(|it| register(&app, skus[it], Some(gtins[it])))).await;
    let won: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(won.len(), 1);
    for lost in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(lost.body["code"], "gtin-taken", "{}", lost.text);
        assert_eq!(lost.body["productId"], won[0].body["productId"]);
    }
}

/// Runs calls at the same time.
async fn futures_of<F: Future<Output = kit_testkit::http::Answer>, const N: usize>(
    calls: [F; N],
) -> Vec<F::Output> {
    let mut calls = calls.map(Box::pin);
    let mut done: [Option<F::Output>; N] = std::array::from_fn(|_| None);
    std::future::poll_fn(|context| {
        for (call, done) in calls.iter_mut().zip(&mut done) {
            if done.is_none()
                && let std::task::Poll::Ready(answer) = call.as_mut().poll(context)
            {
                *done = Some(answer);
            }
        }
        let all = done.iter().all(Option::is_some);
        if all { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}

#[tokio::test]
async fn a_barcode_belongs_to_one_product_until_that_gives_it_up() {
    let app = App::start().await;
    let first = register(&app, "A", Some("890355001094")).await.expect(201).body;
    let taken = register(&app, "B", Some("0890355001094")).await.problem(409, "gtin-taken");
    assert_eq!(
        (&taken["productId"], &taken["gtin"]),
        (&first["productId"], &json!("0890355001094"))
    );
    register(&app, "B", None).await.expect(201);
    let give = async |sku: &str, gtin: Value| {
        app.patch(&format!("/api/v1/products/{sku}"), json!({"gtin": gtin})).await
    };
    give("B", json!("00890355001094")).await.problem(409, "gtin-taken");
    // the same number in another length is no other
    give("A", json!("0890355001094")).await.expect(200);
    give("A", json!("4006381333931")).await.expect(200);
    give("B", json!("890355001094")).await.expect(200);
    give("A", json!("890355001094")).await.problem(409, "gtin-taken");
    give("B", Value::Null).await.expect(200);
    give("A", json!("890355001094")).await.expect(200);
    // a barcode that is kept is no obstacle to other changes
    app.patch("/api/v1/products/A", json!({"name": "N", "gtin": "890355001094"})).await.expect(200);
}

#[tokio::test]
async fn a_repeated_registration_is_answered_as_the_first() {
    let app = App::start().await;
    let body = || Some(json!({"sku": "A", "name": "Thing", "gtin": "890355001094"}));
    let key = [("idempotency-key", "k")];
    let first = app.send(Method::POST, "/api/v1/products", &key, body()).await.expect(201);
    let again = app.send(Method::POST, "/api/v1/products", &key, body()).await.expect(201);
    assert_eq!((again.header("idempotency-replayed"), &again.body), ("true", &first.body));
}

#[tokio::test]
async fn a_barcode_is_found_whatever_its_leading_zeros() {
    let app = App::start().await;
    register(&app, "A", Some("0012345678905")).await.expect(201);
    let last = register(&app, "B", Some("96385074")).await.expect(201).body["position"].clone();
    for gtin in ["12345678905", "012345678905", "0012345678905", "00012345678905"] {
        for query in [format!("gtin={gtin}"), format!("q={gtin}"), format!("q={}", &gtin[..10])] {
            let found = app.listed(&format!("/api/v1/products?{query}"), &last).await;
            assert_eq!(found, ["A"], "{query}");
        }
    }
    assert_eq!(names(&app.get("/api/v1/products?gtin=00000096385074").await), ["B"]);
    assert_eq!(names(&app.get("/api/v1/products?gtin=4006381333931").await), [] as [&str; 0]);
    let mistyped = app.get("/api/v1/products?gtin=12345678906").await.problem(422, "invalid");
    assert_eq!(mistyped["field"], "gtin");
    let detail = mistyped["detail"].as_str().unwrap();
    assert!(detail.contains("its last digit should be 5"), "{detail}");
    app.get("/api/v1/products?gtin=12345X").await.problem(422, "invalid");
}

/// Appends a registration as an earlier release did: with a claim on the code as it is written, and no other.
async fn registered_before(log: &MemoryStore, number: u128, sku: &str, gtin: &str) {
    let product = Product {
        gtin: Some(Gtin::new(gtin).unwrap()),
        ..Product::new(
            ProductId::from_uuid(Uuid::from_u128(number)),
            Sku::new(sku).unwrap(),
            Name::new(&format!("Thing {number}")).unwrap(),
        )
    };
    let [claim, _] = product.code_claims();
    let stream = Product::stream(product.product_id);
    let event =
        encode_event(&Event::Registered(product), Uuid::from_u128(number), Timestamp::default());
    let metadata = Metadata {
        correlation_id: Uuid::nil(),
        causation_id: Uuid::from_u128(number),
        actor: Actor::system("system:test"),
        recorded_at: Timestamp::default(),
    };
    let append = Append { stream, expected: Version::ZERO, events: vec![event] };
    let transaction =
        Transaction { appends: vec![append], claims: vec![claim], ..Transaction::new(metadata, 0) };
    log.append(vec![transaction]).await.unwrap();
}

#[tokio::test]
async fn a_log_with_duplicates_starts_and_the_first_of_them_wins() {
    let (log, folder) = (Arc::new(MemoryStore::new()), TempDir::new().unwrap());
    registered_before(&log, 1, "abc", "890355001094").await;
    registered_before(&log, 2, "ABC", "0890355001094").await;
    let app = App::start_on(log, folder.path(), MemoryBus::default()).await;
    // each as it is written, and in another case the first
    assert_eq!(name_of(&app, "/api/v1/products/ABC").await, "Thing 2");
    assert_eq!(name_of(&app, "/api/v1/products/abc").await, "Thing 1");
    assert_eq!(name_of(&app, "/api/v1/products/Abc").await, "Thing 1");
    let both = app.get("/api/v1/products?gtin=890355001094").await;
    assert_eq!(names(&both), ["ABC", "abc"]);
    // nothing joins them
    register(&app, "aBC", None).await.problem(409, "product-already-registered");
    let taken = register(&app, "other", Some("890355001094")).await.problem(409, "gtin-taken");
    assert_eq!(taken["productId"], json!(Uuid::from_u128(1)));
    // and each can be changed, also to end that
    app.patch("/api/v1/products/ABC", json!({"name": "Renamed"})).await.expect(200);
    app.patch("/api/v1/products/ABC", json!({"gtin": null})).await.expect(200);
    register(&app, "other", Some("890355001094")).await.problem(409, "gtin-taken");
    app.patch("/api/v1/products/abc", json!({"gtin": null})).await.expect(200);
    register(&app, "other", Some("890355001094")).await.expect(201);
    app.shut_down().await;
}
