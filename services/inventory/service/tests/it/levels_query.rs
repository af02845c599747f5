//! Many stock levels in one request: pairs, stores by products, and what has changed since a position.

use std::collections::BTreeMap;
use std::time::Instant;

use kit_testkit::http::Answer;
use serde_json::{Value, json};

use crate::app::{App, STORE, ndjson, on_each_store, product};

/// A second store.
const OTHER: &str = "11111111-1111-1111-1111-111111111112";

async fn query(app: &App, body: Value) -> Answer {
    app.post("/levels/query", body).await
}

async fn add(app: &App, store: &str, number: u32, quantity: u32) -> u64 {
    let body = json!({"storeId": store, "productId": product(number), "quantity": quantity});
    app.post("/stock", body).await.expect(201).body["position"].as_u64().unwrap()
}

/// On hand of each item, or the code of its problem.
fn told(answer: &Value) -> Vec<Value> {
    let told = |item: &Value| match item.get("problem") {
        Some(problem) => problem["code"].clone(),
        None => item["level"]["onHand"].clone(),
    };
    answer["items"].as_array().unwrap().iter().map(told).collect()
}

#[tokio::test]
async fn levels_are_told_in_the_order_of_the_question_and_what_is_unknown_in_its_place() {
    on_each_store(async |app| {
        add(app, STORE, 1, 5).await;
        add(app, OTHER, 2, 7).await;
        app.name_store(STORE, "HILL");
        app.name_product(2, "SKU-2");
        let pair = |store: &str, of_product: Value| {
            let mut level = of_product;
            let field = if store.len() > 9 { "storeId" } else { "storeCode" };
            level[field] = json!(store);
            level
        };
        let (one, two) = (json!({"productId": product(1)}), json!({"productSku": "sku-2"}));
        let levels = json!([
            pair(OTHER, two.clone()),
            pair("HILL", one.clone()),
            pair("NOWHERE", one.clone()),
            pair("HILL", two),
            pair("HILL", json!({"productSku": "NOTHING"})),
            pair(STORE, one),
        ]);
        let answer = query(app, json!({"levels": levels})).await.expect(200).body;
        let expected = [json!(7), json!(5), json!("store-not-found"), json!("not-found")];
        let last = [json!("product-not-found"), json!(5)];
        assert_eq!(told(&answer), [&expected[..], &last[..]].concat());
        assert_eq!(answer["hasMore"], false);
        let first = &answer["items"][0]["level"];
        assert_eq!((&first["storeId"], &first["productSku"]), (&json!(OTHER), &json!("SKU-2")));
    })
    .await;
}

#[tokio::test]
async fn each_product_is_told_of_each_store() {
    on_each_store(async |app| {
        for (store, number, quantity) in [(STORE, 1, 1), (STORE, 2, 2), (OTHER, 1, 3)] {
            add(app, store, number, quantity).await;
        }
        let body = json!({"stores": [STORE, OTHER], "products": [product(2), product(1)]});
        let answer = query(app, body).await.expect(200).body;
        assert_eq!(told(&answer), [json!(2), json!(1), json!("not-found"), json!(3)]);
    })
    .await;
}

/// What a copy elsewhere has of the levels, by store and product.
type Copy = BTreeMap<(String, String), Value>;

/// Brings a copy up to date from a position; gives where to go on.
async fn follow(app: &App, copy: &mut Copy, mut after: u64, more: Value) -> u64 {
    loop {
        let mut body = more.clone();
        body["changedAfter"] = json!(after);
        let answer = query(app, body).await.expect(200).body;
        let position = answer["position"].as_u64().unwrap();
        assert!(position >= after, "{position} after {after}");
        for item in answer["items"].as_array().unwrap() {
            let level = &item["level"];
            let name = |field: &str| level[field].as_str().unwrap().to_owned();
            assert!(level["position"].as_u64().unwrap() > after, "{level} after {after}");
            copy.insert((name("storeId"), name("productId")), level.clone());
        }
        after = position;
        if answer["hasMore"] == false {
            return after;
        }
        assert!(!answer["items"].as_array().unwrap().is_empty(), "{answer}");
    }
}

#[tokio::test]
async fn a_copy_keeps_in_step_by_what_has_changed() {
    on_each_store(async |app| {
        let (mut all, mut other) = (Copy::new(), Copy::new());
        let (mut at, mut at_other) = (0, 0);
        let stores = [STORE, OTHER, "11111111-1111-1111-1111-111111111113"];
        for round in 0..6_u32 {
            for write in 0..25_u32 {
                let store = stores[(write * write + round) as usize % stores.len()];
                add(app, store, (write * 7 + round) % 11, 1 + write).await;
            }
            // what was changed by others than the last one is behind it in the view as well
            let seen = json!({"limit": 4, "minPosition": app.context.queries.head().get()});
            at = follow(app, &mut all, at, seen.clone()).await;
            let mut of_other = seen;
            of_other["stores"] = json!([OTHER]);
            at_other = follow(app, &mut other, at_other, of_other).await;
            assert_eq!((at, at_other), (app.context.queries.head().get(), at), "nothing is left");
            for store in stores {
                let stock = app.get(&format!("/stores/{store}/products?limit=200")).await;
                for level in stock.expect(200).body["items"].as_array().unwrap() {
                    let id = level["productId"].as_str().unwrap().to_owned();
                    let copied = |copy: &Copy| {
                        Some(copy.get(&(store.into(), id.clone()))?["onHand"].clone())
                    };
                    assert_eq!(copied(&all), Some(level["onHand"].clone()), "{level}");
                    let expected = (store == OTHER).then(|| level["onHand"].clone());
                    assert_eq!(copied(&other), expected, "{level}");
                }
            }
        }
        let nothing = query(app, json!({"changedAfter": at})).await.expect(200).body;
        assert_eq!((told(&nothing), &nothing["position"]), (Vec::new(), &json!(at)));
        let beyond = query(app, json!({"changedAfter": at + 1})).await.problem(422, "invalid");
        assert_eq!(beyond["field"], "changedAfter");
    })
    .await;
}

#[tokio::test]
async fn what_was_just_written_is_told_at_once_and_by_its_own_shard_where_that_is_asked_for() {
    on_each_store(async |app| {
        let named = json!({"stores": [STORE], "products": [product(1), product(2)]});
        let mut strong = named.clone();
        strong["consistency"] = json!("strong");
        for round in 1..=50 {
            add(app, STORE, 1, 1).await;
            let plain = query(app, named.clone()).await.expect(200).body;
            assert_eq!(told(&plain), [json!(2 * round - 1), json!("not-found")]);
            let position = add(app, STORE, 1, 1).await;
            let own = query(app, strong.clone()).await.expect(200).body;
            assert_eq!(told(&own), [json!(2 * round), json!("not-found")]);
            assert_eq!(own["items"][0]["level"]["position"], position);
        }
    })
    .await;
}

#[tokio::test]
async fn a_question_that_is_too_large_or_two_at_once_is_refused() {
    let app = App::start("memory").await;
    let many = |count: u32| (0..count).map(product).collect::<Vec<_>>();
    let pair = json!({"storeId": STORE, "productId": product(1)});
    for (body, field) in [
        (json!({}), "levels"),
        (json!({"levels": []}), "levels"),
        (json!({"levels": vec![&pair; 1_001]}), "levels"),
        (json!({"levels": [pair], "changedAfter": 0}), "levels"),
        (json!({"stores": [STORE]}), "levels"),
        (json!({"stores": [STORE], "products": many(1_001)}), "products"),
        (json!({"stores": [STORE, OTHER], "products": many(501)}), "products"),
        (json!({"changedAfter": 0, "limit": 1_001}), "limit"),
        (json!({"changedAfter": 0, "limit": 0}), "limit"),
        (json!({"levels": [pair], "limit": 1}), "limit"),
        (json!({"changedAfter": 0, "consistency": "strong"}), "consistency"),
        (json!({"levels": [pair], "consistency": "strong", "minPosition": 0}), "consistency"),
        (json!({"levels": [{"storeId": STORE}]}), "levels[0].productId"),
    ] {
        let told = body.to_string();
        let problem = query(&app, body).await.problem(422, "invalid");
        assert_eq!(problem["field"], field, "{}", &told[..told.len().min(200)]);
    }
    let bounds = json!({"stores": [STORE, OTHER], "products": many(500)});
    let answer = query(&app, bounds).await.expect(200).body;
    assert_eq!(answer["items"].as_array().unwrap().len(), 1_000);
    app.shut_down().await;
}

#[tokio::test]
async fn a_thousand_pairs_are_told_in_one_answer() {
    let app = App::start("sqlite").await;
    let line = |store: &str, number: u32| json!({"op": "stock", "storeId": store, "productId": product(number), "quantity": number});
    let lines: Vec<_> =
        (1..=500).flat_map(|number| [line(STORE, number), line(OTHER, number)]).collect();
    app.batch(ndjson(&lines)).await.expect(200);
    let products: Vec<_> = (1..=500).map(product).collect();
    let end = app.context.queries.head().get();
    let body = json!({"stores": [OTHER, STORE], "products": products, "minPosition": end});
    let expected: Vec<_> = (1..=500).chain(1..=500).map(|number| json!(number)).collect();
    for kind in ["from the table", "from the cache"] {
        let begun = Instant::now();
        let answer = query(&app, body.clone()).await.expect(200).body;
        eprintln!("1,000 levels {kind}: {:?}", begun.elapsed());
        assert_eq!(told(&answer), expected);
    }
    app.shut_down().await;
}
