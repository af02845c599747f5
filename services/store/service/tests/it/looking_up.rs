//! Many stores and products in one request.

use serde_json::{Value, json};

use crate::app::App;

const PATH: &str = "/api/v1/catalogue/look-up";

fn codes(found: &Value, kind: &str, member: &str) -> Vec<String> {
    let found = found[kind].as_array().unwrap();
    let mut codes: Vec<_> =
        found.iter().map(|entry| entry[member].as_str().unwrap().to_owned()).collect();
    codes.sort();
    codes
}

#[tokio::test]
async fn those_that_are_registered_are_found_as_they_are_now() {
    let app = App::start().await;
    let store = json!({"code": "2106", "name": "Hillstreet", "region": "IA"});
    let store = app.post("/api/v1/stores", store).await.expect(201).body;
    let product = json!({"sku": "Sku-1", "name": "Thing"});
    let product = app.post("/api/v1/products", product).await.expect(201).body;
    let wanted = json!({
        "stores": [store["storeId"], "nowhere"], "products": ["SKU-1", "SKU-2", "\u{1f6b2}", product["productId"]]
    });
    let found = app.post(PATH, wanted.clone()).await.expect(200).body;
    assert_eq!(codes(&found, "stores", "code"), ["2106"]);
    assert_eq!(codes(&found, "products", "sku"), ["Sku-1", "Sku-1"], "named twice, found twice");
    assert!(found["log"].is_string());
    // as it is now, and the same as by itself
    let path = format!("/api/v1/products/{}", product["productId"].as_str().unwrap());
    app.patch(&path, json!({"status": "discontinued"})).await.expect(200);
    let found = app.post(PATH, wanted).await.expect(200).body;
    assert_eq!(found["products"][0]["version"], 2);
    assert_eq!(found["products"][0], app.get(&path).await.expect(200).body);
    app.shut_down().await;
}

#[tokio::test]
async fn more_than_a_thousand_names_are_refused() {
    let app = App::start().await;
    let names = |count: usize| (0..count).map(|number| format!("N-{number}")).collect::<Vec<_>>();
    app.post(PATH, json!({"stores": names(500), "products": names(500)})).await.expect(200);
    let refused = app.post(PATH, json!({"stores": names(500), "products": names(501)})).await;
    refused.problem(422, "invalid");
    app.post(PATH, json!({"skus": []})).await.problem(400, "bad-request");
    app.shut_down().await;
}
