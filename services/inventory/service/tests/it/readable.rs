//! Answers that people can read: codes, SKUs and names beside ids, totals, and who has a part.

use serde_json::{Value, json};

use crate::app::{App, STORE, about, ndjson, on_each_store, product, reservation};

const OTHER: &str = "11111111-1111-1111-1111-111111111112";

fn named(app: &App) {
    app.name_store(STORE, "2106");
    app.name_store(OTHER, "2107");
    app.name_product(1, "SKU-1");
}

/// Every `storeId` in an answer has its code beside it, every `productId` its SKU, in lists the names too.
fn is_readable(answer: &Value, listed: bool) {
    match answer {
        Value::Object(fields) => {
            for (id, code, name) in
                [("storeId", "storeCode", "storeName"), ("productId", "productSku", "productName")]
            {
                if fields.contains_key(id) {
                    assert!(fields.contains_key(code), "{id} without {code}: {answer}");
                    assert!(!listed || fields.contains_key(name), "{id} without {name}: {answer}");
                }
            }
            fields.values().for_each(|field| is_readable(field, listed));
        }
        Value::Array(items) => items.iter().for_each(|item| is_readable(item, listed)),
        _ => {}
    }
}

#[tokio::test]
async fn ids_never_go_out_alone() {
    on_each_store(async |app| {
        named(app);
        let added = app.post("/stock", about(1, json!({"quantity": 9}))).await.expect(201);
        let held = app.hold(1, 1, 2).await.expect(201);
        let lines = json!([{"productId": product(1), "quantity": 1}]);
        let basket = json!({"storeId": STORE, "lines": lines});
        let basket = app.post("/reservations", basket).await.expect(201);
        let refused = app.hold(1, 3, 99).await.expect(409);
        let found = app.get(&format!("/reservations/{}", reservation(1))).await.expect(200);
        let level = app.get(&format!("/stores/{STORE}/products/{}", product(1))).await.expect(200);
        let line = about(1, json!({"op": "stock", "quantity": 1}));
        let line = app.batch(ndjson(&[line])).await.expect(200);
        let feed = app.get("/events").await.expect(200);
        for answer in [added, held, basket, refused, found, level, line, feed] {
            assert!(answer.text.contains("SKU-1"), "{}", answer.text);
            is_readable(&answer.body, false);
        }
        for list in [
            format!("/stores/{STORE}/products?minPosition=1"),
            format!("/products/{}?minPosition=1", product(1)),
            format!("/availability?product={}&minPosition=1", product(1)),
        ] {
            let answer = app.get(&list).await.expect(200);
            assert!(answer.text.contains("Hillstreet"), "{}", answer.text);
            for items in ["items", "stores"] {
                is_readable(answer.body.get(items).unwrap_or(&Value::Null), true);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_product_has_totals_over_all_stores() {
    on_each_store(async |app| {
        named(app);
        app.add(1, 9).await;
        let mut elsewhere = about(1, json!({"quantity": 4}));
        elsewhere["storeId"] = json!(OTHER);
        app.post("/stock", elsewhere.clone()).await.expect(201);
        elsewhere["quantity"] = json!(1);
        app.post("/reserve", elsewhere.clone()).await.expect(201);
        elsewhere.as_object_mut().unwrap().remove("quantity");
        elsewhere["safetyStock"] = json!(9);
        let last = app.post("/policy", elsewhere).await.expect(200).body["position"].clone();
        let path = format!("/products/{}?limit=1&minPosition={last}", product(1));
        let page = app.get(&path).await.expect(200).body;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(1));
        let totals =
            json!({"stores": 2, "onHand": 13, "reserved": 1, "available": 12, "offered": 9});
        assert_eq!(page["totals"], totals);
    })
    .await;
}

#[tokio::test]
async fn who_has_a_part_is_told_and_what_is_missing() {
    on_each_store(async |app| {
        named(app);
        app.add(1, 9).await;
        let mut elsewhere = about(1, json!({"quantity": 4}));
        elsewhere["storeId"] = json!(OTHER);
        let last = app.post("/stock", elsewhere).await.expect(201).body["position"].clone();
        for (quantity, full, partial, shortfall) in [
            (4, vec!["2106", "2107"], vec![], 0),
            (9, vec!["2106"], vec!["2107"], 0),
            (14, vec![], vec!["2106", "2107"], 1),
        ] {
            let path =
                format!("/availability?product=SKU-1&quantity={quantity}&minPosition={last}");
            let told = app.get(&path).await.expect(200).body;
            let codes = |list: &str| -> Vec<String> {
                let stores = told[list].as_array().unwrap().iter();
                stores.map(|store| store["storeCode"].as_str().unwrap().to_owned()).collect()
            };
            assert_eq!(
                (codes("stores"), codes("partial")),
                (
                    full.iter().map(|&code| code.to_owned()).collect(),
                    partial.iter().map(|&code: &&str| code.to_owned()).collect()
                ),
                "{told}"
            );
            assert_eq!(told["shortfall"], shortfall);
            assert_eq!(told["totalOffered"], 13);
        }
    })
    .await;
}

#[tokio::test]
async fn the_feed_can_be_narrowed_and_says_where_it_ends() {
    on_each_store(async |app| {
        named(app);
        for number in 1..=3 {
            app.add(number, 5).await;
            app.hold(number, number, 1).await.expect(201);
        }
        let positions = async |query: &str| -> Vec<u64> {
            let page = app.get(&format!("/events?{query}")).await.expect(200).body;
            assert_eq!(page["nextPosition"], 6, "{query}");
            let items = page["items"].as_array().unwrap().iter();
            items.map(|event| event["position"].as_u64().unwrap()).collect()
        };
        let (second, third) = (product(2), product(3));
        assert_eq!(positions("products=SKU-1").await, [1, 2]);
        assert_eq!(positions(&format!("products={second},{third}&after=3")).await, [4, 5, 6]);
        assert_eq!(positions("types=StockReservedEvent").await, [2, 4, 6]);
        assert_eq!(positions("types=StockReservedEvent&products=SKU-1").await, [2]);
        assert_eq!(positions("stores=2106").await, [1, 2, 3, 4, 5, 6]);
        assert_eq!(positions(&format!("stores={OTHER}")).await, [] as [u64; 0]);
        let first = app.get("/events?types=StockReservedEvent&limit=1").await.expect(200).body;
        assert_eq!((&first["nextPosition"], &first["headPosition"]), (&json!(2), &json!(6)));
        app.get("/events?after=6").await.expect(200);
        let beyond = app.get("/events?after=7").await.problem(422, "invalid");
        assert_eq!(beyond["field"], "after");
        let stream = [("accept", "text/event-stream"), ("last-event-id", "7")];
        app.get_with(&stream, "/events").await.problem(422, "invalid");
        let typo = app.get("/events?types=StockReserved").await.problem(422, "invalid");
        assert_eq!(typo["field"], "types");
        app.get("/events?stores=none").await.problem(404, "store-not-found");
    })
    .await;
}
