//! Products by their barcodes: in bodies, in paths, and as the catalogue's news come.

use std::sync::Arc;

use gondola_contracts::IntegrationEvent;
use kit_event_bus::{EventBus, MemoryBus};
use kit_event_store::memory::MemoryStore;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, PATIENCE, STORE, midnight, ndjson, product};
use crate::bus::{registered_product, registered_store, told};

/// A barcode in its lengths, and another one.
const SHORT: &str = "890355001094";
const LONG: [&str; 2] = ["0890355001094", "00890355001094"];
const OTHER: &str = "4006381333931";

struct Shop {
    app: App,
    bus: MemoryBus,
    _folder: TempDir,
}

impl Shop {
    async fn start() -> Self {
        let (folder, bus, log) =
            (TempDir::new().unwrap(), MemoryBus::default(), Arc::new(MemoryStore::new()));
        let seen = Arc::new(bus.clone());
        let app = App::start_on_bus(log, folder.path(), midnight(), false, seen).await;
        bus.publish(vec![told(1, registered_store())]).await.unwrap();
        Self { app, bus, _folder: folder }
    }

    /// The news of a product: its barcode at a version.
    async fn tell(&self, number: u32, gtin: Option<&str>, version: u64) {
        let IntegrationEvent::ProductRegistered(mut state) = registered_product(number) else {
            panic!("it is registered")
        };
        (state.gtin, state.version) = (gtin.map(str::to_owned), version);
        let news = told(
            100 * number + u32::try_from(version).unwrap(),
            IntegrationEvent::ProductUpdated(state),
        );
        self.bus.publish(vec![news]).await.unwrap();
    }

    /// Which product a barcode means in a path, once the news have come; null for none.
    async fn means(&self, gtin: &str, expected: Option<u32>) {
        let path = format!("/products/{gtin}?limit=1");
        let expected = expected.map_or(Value::Null, |number| json!(product(number)));
        let told = async {
            loop {
                let answer = self.app.get(&path).await;
                let found = answer.body["items"][0]["productId"].clone();
                if found == expected && (answer.status == 200) != expected.is_null() {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(PATIENCE, told)
            .await
            .unwrap_or_else(|_| panic!("{gtin} is not {expected}"));
    }
}

#[tokio::test]
async fn a_barcode_of_any_length_names_its_product_in_every_body_and_path() {
    let shop = Shop::start().await;
    let app = &shop.app;
    app.add(1, 10).await;
    shop.tell(1, Some(SHORT), 1).await;
    shop.means(SHORT, Some(1)).await;
    for gtin in [SHORT, LONG[0], LONG[1]] {
        let about = |more: Value| {
            let mut body = json!({"storeId": STORE, "productGtin": gtin});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        let line = json!([{"productGtin": gtin, "quantity": 1}]);
        for (path, body) in [
            ("/stock", about(json!({"quantity": 20}))),
            ("/adjust", about(json!({"delta": -1, "reason": "found less"}))),
            ("/policy", about(json!({"reorderPoint": 1}))),
            ("/reserve", about(json!({"quantity": 1}))),
            ("/reservations", json!({"storeId": STORE, "lines": line})),
            ("/split-reservations", json!({"parts": [{"storeId": STORE, "lines": line}]})),
            ("/sourcing", json!({"lines": line})),
            ("/availability", json!({"lines": line})),
            ("/levels/query", json!({"levels": [{"storeId": STORE, "productGtin": gtin}]})),
            ("/levels/query", json!({"stores": [STORE], "products": [gtin]})),
        ] {
            let answer = app.post(path, body).await;
            assert!(answer.status.is_success(), "{path} {gtin}: {}", answer.text);
            assert!(answer.text.contains(&product(1)), "{path}: {}", answer.text);
        }
        let mut line = about(json!({"quantity": 1}));
        line["op"] = json!("stock");
        let answer = app.batch(ndjson(&[line])).await.expect(200);
        assert!(answer.text.contains(&product(1)), "{}", answer.text);
        let sold = json!({"storeId": STORE, "tillId": "T-1", "sequence": gtin.len(), "lines": [{
            "productGtin": gtin, "quantity": 1, "occurredAt": "2026-11-26T10:00:00Z", "transactionId": gtin
        }]});
        let answer = app.post("/pos-batches", sold).await;
        assert!(answer.status.is_success(), "{}", answer.text);
        let end = app.context.queries.head();
        let level = format!("/stores/{STORE}/products/{gtin}");
        for path in [
            level.clone(),
            format!("{level}/history"),
            format!("/products/{gtin}"),
            format!("/availability?product={gtin}"),
            format!("/reservations?product={gtin}&minPosition={end}"),
            format!("/events?products={gtin}"),
        ] {
            let answer = app.get(&path).await.expect(200);
            // movements are told of the level that was asked for, which they do not name
            let is_named = path.ends_with("/history") || answer.text.contains(&product(1));
            assert!(is_named, "{path}: {}", answer.text);
        }
    }
    shop.app.shut_down().await;
}

#[tokio::test]
async fn a_barcode_that_is_wrong_unknown_or_a_sku_is_told_so() {
    let shop = Shop::start().await;
    let app = &shop.app;
    shop.tell(1, Some(SHORT), 1).await;
    app.add(1, 1).await;
    app.add(2, 2).await;
    shop.means(SHORT, Some(1)).await;
    let add = async |gtin: &str, more: Value| {
        let mut body = json!({"storeId": STORE, "productGtin": gtin, "quantity": 1});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        app.post("/stock", body).await
    };
    for mistyped in ["890355001095", "90355001094", "SKU-1", ""] {
        let problem = add(mistyped, json!({})).await.problem(422, "invalid");
        assert_eq!(problem["field"], "productGtin", "{mistyped}");
    }
    let problem = add(SHORT, json!({"productSku": "SKU-1"})).await.problem(422, "invalid");
    assert_eq!(problem["field"], "productId");
    let problem = add(OTHER, json!({})).await.problem(404, "product-not-found");
    let told = problem["detail"].as_str().unwrap();
    assert!(told.contains(&format!("GTIN 0{OTHER}")), "{told}");
    // a SKU that looks like the barcode comes first in a path, and is no barcode in a body
    app.name_product(2, LONG[0]);
    let of =
        async |path: &str| app.get(path).await.expect(200).body["items"][0]["productId"].clone();
    assert_eq!(of(&format!("/products/{}", LONG[0])).await, product(2));
    assert_eq!(of(&format!("/products/{SHORT}")).await, product(1));
    assert_eq!(add(LONG[0], json!({})).await.expect(201).body["productId"], product(1));
    shop.app.shut_down().await;
}

#[tokio::test]
async fn a_barcode_that_is_given_to_another_product_means_that_one_in_whatever_order_the_news_come()
{
    let shop = Shop::start().await;
    for number in 1..=2 {
        shop.app.add(number, 1).await;
    }
    shop.tell(1, Some(SHORT), 1).await;
    shop.means(SHORT, Some(1)).await;
    // the news of who took it are ahead of those of who gave it up
    shop.tell(2, Some(LONG[1]), 1).await;
    shop.means(SHORT, Some(2)).await;
    shop.tell(1, None, 2).await;
    shop.tell(1, Some(SHORT), 1).await;
    shop.tell(1, Some(OTHER), 3).await;
    shop.means(OTHER, Some(1)).await;
    shop.means(LONG[0], Some(2)).await;
    shop.tell(2, None, 2).await;
    shop.means(SHORT, None).await;
    shop.app.shut_down().await;
}
