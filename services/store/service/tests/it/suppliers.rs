//! Suppliers: registering, changing, removing, and listing them.

use http::Method;
use serde_json::{Value, json};

use crate::app::{App, names};

async fn register(app: &App, code: &str) -> Value {
    let body = json!({"code": code, "name": format!("{code} Ltda")});
    app.post("/api/v1/suppliers", body).await.expect(201).body
}

#[tokio::test]
async fn a_supplier_is_registered_found_and_changed() {
    let app = App::start().await;
    let body = json!({
        "code": "Acme", "name": "Acme Alimentos", "leadTimeDays": 14, "currency": "BRL", "note": "By noon",
        "contacts": [{"name": "Maria", "role": "sales", "email": "maria@acme.example"}]
    });
    let made = app.post("/api/v1/suppliers", body.clone()).await.expect(201);
    let id = made.body["supplierId"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location"), format!("/api/v1/suppliers/{id}"));
    let mut expected = body;
    expected["supplierId"] = json!(id);
    expected["status"] = json!("active");
    expected["version"] = json!(1);
    for name in ["ACME", "acme", &id] {
        let found = app.get(&format!("/api/v1/suppliers/{name}")).await.expect(200);
        assert_eq!(found.body, expected, "{name}");
        assert_eq!(found.header("etag"), "\"1\"");
        // on what terms the chain buys is kept by no shared cache
        assert_eq!(found.header("surrogate-key"), "");
        assert!(!found.header("cache-control").contains("s-maxage"), "{:?}", found.headers);
    }
    let unchanged = [("if-none-match", "\"1\"")];
    app.send(Method::GET, "/api/v1/suppliers/ACME", &unchanged, None).await.expect(304);

    let changes =
        json!({"name": "Acme S.A.", "leadTimeDays": null, "contacts": [], "status": "inactive"});
    let seen = [("if-match", "\"1\"")];
    let patch = |body| app.send(Method::PATCH, "/api/v1/suppliers/acme", &seen, Some(body));
    let after = patch(changes).await.expect(200).body;
    assert_eq!((&after["name"], &after["status"]), (&json!("Acme S.A."), &json!("inactive")));
    assert_eq!((after.get("leadTimeDays"), after.get("contacts")), (None, None));
    assert_eq!((&after["currency"], &after["code"]), (&json!("BRL"), &json!("Acme")));
    let stale = patch(json!({"name": "Other"})).await.problem(412, "precondition-failed");
    assert_eq!(stale["version"], 2);
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_field() {
    let app = App::start().await;
    for (field, value) in [
        ("code", json!("a b")),
        ("code", json!("018f3c2a-7b1e-7000-8000-000000000001")),
        ("name", json!("")),
        ("leadTimeDays", json!(731)),
        ("currency", json!("reais")),
        ("contacts", json!([{"name": "Nobody"}])),
    ] {
        let mut body = json!({"code": "A", "name": "A"});
        body[field] = value;
        let problem = app.post("/api/v1/suppliers", body).await.problem(422, "invalid");
        assert_eq!(problem["field"], field, "{problem}");
    }
    register(&app, "A").await;
    let nameless = app.patch("/api/v1/suppliers/A", json!({"name": null})).await;
    nameless.problem(422, "invalid");
    app.get("/api/v1/suppliers/NOBODY").await.problem(404, "supplier-not-found");
    let changes = json!({"name": "X"});
    app.patch("/api/v1/suppliers/NOBODY", changes).await.problem(404, "supplier-not-found");
}

#[tokio::test]
async fn of_many_spellings_at_once_one_supplier_is_registered() {
    let app = App::start().await;
    let one =
        |code: &'static str| app.post("/api/v1/suppliers", json!({"code": code, "name": code}));
    let (a, b, c, d) = tokio::join!(one("acme"), one("Acme"), one("ACME"), one("aCmE"));
    let answers = [a, b, c, d];
    let won: Vec<_> = answers.iter().filter(|answer| answer.status == 201).collect();
    assert_eq!(won.len(), 1);
    for lost in answers.iter().filter(|answer| answer.status != 201) {
        assert_eq!(lost.body["code"], "supplier-already-registered", "{}", lost.text);
        assert_eq!(lost.body["supplierId"], won[0].body["supplierId"]);
        assert_eq!(lost.body["supplierCode"], won[0].body["code"], "as it was registered");
    }
}

#[tokio::test]
async fn suppliers_are_listed_by_words_status_and_product() {
    let app = App::start().await;
    for code in ["BETA", "ALFA", "GAMA"] {
        register(&app, code).await;
    }
    app.post("/api/v1/products", json!({"sku": "1", "name": "One"})).await.expect(201);
    for supplier in ["ALFA", "gama"] {
        let uri = format!("/api/v1/products/1/suppliers/{supplier}");
        app.send(Method::PUT, &uri, &[], Some(json!({}))).await.expect(201);
    }
    let changes = json!({"status": "inactive"});
    let done = app.patch("/api/v1/suppliers/GAMA", changes).await.expect(200).body;
    let at = &done["position"];
    for (query, codes) in [
        ("", vec!["ALFA", "BETA", "GAMA"]),
        ("status=inactive", vec!["GAMA"]),
        ("q=beta%20ltda", vec!["BETA"]),
        ("product=1", vec!["ALFA", "GAMA"]),
        ("product=1&status=active", vec!["ALFA"]),
    ] {
        let listed = app.listed(&format!("/api/v1/suppliers?{query}"), at).await;
        assert_eq!(listed, codes, "{query}");
    }
    app.get("/api/v1/suppliers?product=2").await.problem(404, "product-not-found");
    let page = app.get("/api/v1/suppliers?limit=2").await;
    assert_eq!(names(&page), ["ALFA", "BETA"]);
    let cursor = page.body["nextCursor"].as_str().unwrap();
    let page = app.get(&format!("/api/v1/suppliers?limit=2&cursor={cursor}")).await;
    assert_eq!(names(&page), ["GAMA"]);
    assert_eq!(page.body.get("nextCursor").unwrap_or(&Value::Null), &Value::Null);
}

#[tokio::test]
async fn a_supplier_with_offers_is_made_inactive_and_not_removed() {
    let app = App::start().await;
    register(&app, "ACME").await;
    app.post("/api/v1/products", json!({"sku": "1", "name": "One"})).await.expect(201);
    let offer = "/api/v1/products/1/suppliers/ACME";
    app.send(Method::PUT, offer, &[], Some(json!({}))).await.expect(201);
    let set =
        async |status: &str| app.patch("/api/v1/suppliers/ACME", json!({"status": status})).await;
    let problem = set("removed").await.problem(409, "in-use");
    assert_eq!((&problem["offers"], problem.get("children")), (&json!(1), None));
    set("inactive").await.expect(200);
    app.get(offer).await.expect(200);
    set("removed").await.problem(409, "in-use");
    app.send(Method::DELETE, offer, &[], None).await.expect(200);
    set("removed").await.expect(200);
    // removed, it offers nothing
    let again = app.send(Method::PUT, offer, &[], Some(json!({}))).await;
    assert_eq!(again.problem(409, "supplier-unavailable")["supplierCode"], "ACME");
    let taken = app.post("/api/v1/suppliers", json!({"code": "acme", "name": "New"})).await;
    taken.problem(409, "supplier-already-registered");
    // and comes back
    set("active").await.expect(200);
    app.send(Method::PUT, offer, &[], Some(json!({}))).await.expect(200);
}
