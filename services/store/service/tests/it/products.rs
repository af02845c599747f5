//! Products: the same as stores where that is the same, so only what is their own.

use serde_json::json;

use crate::app::App;

const ID: &str = "018f3c2a-7b1e-7000-8000-000000000001";

#[tokio::test]
async fn a_product_is_registered_updated_and_found_by_id_and_sku() {
    let app = App::start().await;
    let full = json!({
        "productId": ID, "sku": "PROD123456", "name": "Pão de queijo 500 g", "category": "Congelados",
        "brand": "Casa Mineira", "gtin": "4006381333931", "unitPrice": {"minorUnits": 1290, "currency": "BRL"},
        "status": "active",
    });
    let created = app.post("/api/v1/products", full.clone()).await.expect(201);
    assert_eq!(created.header("location"), format!("/api/v1/products/{ID}"));
    let mut shown = full;
    shown["version"] = json!(1);
    assert_eq!(app.get("/api/v1/products/PROD123456").await.expect(200).body, shown);

    let changes = json!({"unitPrice": {"minorUnits": 1390, "currency": "BRL"}, "brand": null, "status": "discontinued"});
    let updated = app.patch("/api/v1/products/PROD123456", changes).await.expect(200);
    assert_eq!(
        (&updated.body["version"], &updated.body["unitPrice"]["minorUnits"]),
        (&json!(2), &json!(1390))
    );
    assert!(updated.body.get("brand").is_none());
    let found = app.get(&format!("/api/v1/products/{ID}")).await.expect(200);
    assert_eq!(found.body["status"], "discontinued");
}

#[tokio::test]
async fn a_product_says_what_it_costs_and_how_large_it_is() {
    let app = App::start().await;
    let mut body = json!({
        "productId": ID, "sku": "1", "name": "n", "status": "active", "description": "Ready for the oven",
        "unitCost": {"minorUnits": 700, "currency": "BRL"},
        "measures": {"widthMm": 200, "heightMm": 300, "depthMm": 60, "weightG": 520, "volumeMl": 3600},
    });
    app.post("/api/v1/products", body.clone()).await.expect(201);
    body["version"] = json!(1);
    assert_eq!(app.get("/api/v1/products/1").await.expect(200).body, body);
    // measures are given as a whole
    let changes = json!({"measures": {"weightG": 500}, "unitCost": null, "description": null});
    let after = app.patch("/api/v1/products/1", changes).await.expect(200).body;
    assert_eq!(after["measures"], json!({"weightG": 500}));
    assert_eq!((after.get("unitCost"), after.get("description")), (None, None));
    let emptied = app.patch("/api/v1/products/1", json!({"measures": {}})).await.expect(200).body;
    assert_eq!(emptied.get("measures"), None);
}

#[tokio::test]
async fn a_taken_sku_is_refused_and_names_its_holder() {
    let app = App::start().await;
    let body = json!({"productId": ID, "sku": "A1", "name": "First"});
    app.post("/api/v1/products", body).await.expect(201);
    let again = app.post("/api/v1/products", json!({"sku": "A1", "name": "Second"})).await;
    let problem = again.problem(409, "product-already-registered");
    assert_eq!((&problem["productId"], &problem["productSku"]), (&json!(ID), &json!("A1")));
}

#[tokio::test]
async fn a_store_and_a_product_may_share_code_and_id() {
    let app = App::start().await;
    app.post("/api/v1/products", json!({"productId": ID, "sku": "7", "name": "P"}))
        .await
        .expect(201);
    app.post("/api/v1/stores", json!({"storeId": ID, "code": "7", "name": "S", "region": "R"}))
        .await
        .expect(201);
    assert_eq!(app.get("/api/v1/products/7").await.body["name"], "P");
    assert_eq!(app.get("/api/v1/stores/7").await.body["name"], "S");
}

#[tokio::test]
async fn unusable_values_are_refused_by_the_name_of_their_field() {
    let app = App::start().await;
    let cases = [
        ("sku", json!("a//b")),
        ("gtin", json!("4006381333932")),
        ("unitPrice", json!({"minorUnits": 1, "currency": "brl"})),
        ("unitPrice.minorUnits", json!({"minorUnits": -1, "currency": "BRL"})),
        ("status", json!("closed")),
        ("unitCost", json!({"minorUnits": 1, "currency": "brl"})),
        ("measures", json!({"weightG": 0})),
        ("measures.weightG", json!({"weightG": 1.5})),
        ("description", json!("x".repeat(2001))),
    ];
    for (field, value) in cases {
        let mut body = json!({"sku": "1", "name": "n"});
        body[field.split('.').next().unwrap()] = value;
        let problem = app.post("/api/v1/products", body).await.problem(422, "invalid");
        assert_eq!(problem["field"], field, "{problem}");
    }
    app.get("/api/v1/products/nothing").await.problem(404, "product-not-found");
}
