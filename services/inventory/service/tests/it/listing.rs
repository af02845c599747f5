//! Lists: a store's stock, a product across stores, and the stores that can reserve it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::app::{Answer, App, STORE, about, on_each_store, product};

/// Thirteen stock levels: product n has 3n mod 13 units on hand, one of them reserved where there are any.
async fn stocked(app: &App) {
    for number in 1..=13 {
        let units = number * 3 % 13;
        if units == 0 {
            app.post("/count", about(number, json!({"counted": 0}))).await.expect(200);
        } else {
            app.add(number, units).await;
            app.hold(number, number, 1).await.expect(201);
        }
        app.post("/policy", about(number, json!({"reorderPoint": 3, "safetyStock": 1})))
            .await
            .expect(200);
    }
    app.get(&format!("/stores/{STORE}/products/{}?minPosition=38", product(1))).await.expect(200);
}

fn numbers(page: &Answer) -> Vec<u32> {
    let number = |item: &Value| {
        let id = item["productId"].as_str().unwrap();
        id.rsplit('-').next().unwrap().parse().unwrap()
    };
    page.body["items"].as_array().unwrap().iter().map(number).collect()
}

/// All products of a store's list, page by page.
async fn listed(app: &App, query: &str) -> Vec<u32> {
    let base = format!("/stores/{STORE}/products?limit=4&{query}");
    let (mut all, mut path) = (Vec::new(), base.clone());
    loop {
        let page = app.get(&path).await.expect(200);
        let of_page = numbers(&page);
        let cursor = page.body["nextCursor"].as_str();
        assert!(of_page.len() == 4 || (of_page.len() < 4 && cursor.is_none()));
        all.extend(of_page);
        let Some(cursor) = cursor else { return all };
        path = format!("{base}&cursor={cursor}");
    }
}

#[tokio::test]
async fn a_stores_stock_is_listed_page_by_page_in_each_order() {
    on_each_store(async |app| {
        stocked(app).await;
        assert_eq!(listed(app, "").await, (1..=13).collect::<Vec<_>>());
        assert_eq!(listed(app, "sort=product").await, (1..=13).collect::<Vec<_>>());
        let by = |key: &dyn Fn(u32) -> i64| {
            let mut all: Vec<u32> = (1..=13).collect();
            all.sort_by_key(|number| (key(*number), *number));
            all
        };
        let on_hand = |number: u32| i64::from(number * 3 % 13);
        let available = |number: u32| (on_hand(number) - 1).max(0);
        assert_eq!(listed(app, "sort=available").await, by(&available));
        assert_eq!(listed(app, "sort=availableDescending").await, by(&|number| -available(number)));
        assert_eq!(listed(app, "sort=onHandDescending").await, by(&|number| -on_hand(number)));
    })
    .await;
}

const SORTS: [&str; 4] = ["product", "available", "availableDescending", "onHandDescending"];

#[tokio::test]
async fn a_cursor_goes_on_in_its_own_order_and_list_only() {
    let app = App::start("memory").await;
    // a second page of the product's list
    let mut elsewhere = about(1, json!({"quantity": 1}));
    elsewhere["storeId"] = json!(store(2));
    app.post("/stock", elsewhere).await.expect(201);
    stocked(&app).await;
    let next = async |path: &str| {
        let page = app.get(path).await.expect(200);
        page.body["nextCursor"].as_str().unwrap().to_owned()
    };
    let stock = |sort: &str| format!("/stores/{STORE}/products?limit=1&sort={sort}");
    let history = |time: &str| {
        format!("/stores/{STORE}/products/{}/history?limit=1&orderBy={time}", product(1))
    };
    let mut lists: Vec<String> = SORTS.map(stock).into();
    lists.extend(["recordedAt", "occurredAt"].map(history));
    lists.push(format!("/products/{}?limit=1", product(1)));
    for given in &lists {
        let cursor = next(given).await;
        for asked in &lists {
            let answer = app.get(&format!("{asked}&cursor={cursor}")).await;
            if asked == given {
                answer.expect(200);
                continue;
            }
            let refused = answer.problem(422, "invalid");
            assert_eq!(refused["field"], "cursor", "{given} -> {asked}");
        }
    }
    app.shut_down().await;
}

/// The products that a filter leaves, by number.
async fn in_order(app: &App, filter: &str) -> Vec<u32> {
    let mut found = listed(app, &format!("{filter}&sort=availableDescending")).await;
    found.sort_unstable();
    found
}

#[tokio::test]
async fn a_stores_stock_is_filtered() {
    on_each_store(async |app| {
        stocked(app).await;
        let available = |number: u32| (number * 3 % 13).saturating_sub(1);
        let those = |keep: &dyn Fn(u32) -> bool| {
            (1..=13).filter(|number| keep(*number)).collect::<Vec<_>>()
        };
        assert_eq!(in_order(app, "lowStock=true").await, those(&|number| available(number) <= 3));
        assert_eq!(in_order(app, "availableMin=9").await, those(&|number| available(number) >= 9));
        assert_eq!(in_order(app, "availableMax=0").await, those(&|number| available(number) == 0));
        let between = in_order(app, "availableMin=2&availableMax=5").await;
        assert_eq!(between, those(&|number| (2..=5).contains(&available(number))));
        let elsewhere =
            app.get(&format!("/stores/{}/products?sort=available", product(1))).await.expect(200);
        assert_eq!(elsewhere.body, json!({"items": []}));
    })
    .await;
}

#[tokio::test]
async fn an_unusable_wish_for_a_list_is_refused() {
    let app = App::start("memory").await;
    let list = format!("/stores/{STORE}/products");
    for query in [
        "limit=0",
        "limit=201",
        "limit=x",
        "sort=price",
        "cursor=zz",
        "cursor=7b7d",
        "color=red",
        "availableMin=-1",
    ] {
        app.get(&format!("{list}?{query}")).await.problem(422, "invalid");
    }
    let other = app.get(&format!("/products/{}?cursor=zz", product(1))).await;
    other.problem(422, "invalid");
    app.shut_down().await;
}

/// A store by a small number.
fn store(number: u32) -> String {
    format!("44444444-4444-4444-4444-{number:012}")
}

/// Product 1 in nine stores: store n has n units, two of them reserved from the fifth on.
async fn spread(app: &App) {
    for number in 1..=9 {
        let mut body = about(1, json!({"quantity": number}));
        body["storeId"] = json!(store(number));
        app.post("/stock", body.clone()).await.expect(201);
        if number >= 5 {
            body["quantity"] = json!(2);
            app.post("/reserve", body).await.expect(201);
        }
    }
    app.get(&format!("/stores/{}/products/{}?minPosition=14", store(1), product(1)))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_product_is_listed_across_stores() {
    on_each_store(async |app| {
        spread(app).await;
        let (mut stores, mut path) = (BTreeSet::new(), format!("/products/{}?limit=4", product(1)));
        let mut pages = 0;
        loop {
            let page = app.get(&path).await.expect(200);
            pages += 1;
            for item in page.body["items"].as_array().unwrap() {
                assert!(stores.insert(item["storeId"].as_str().unwrap().to_owned()));
                assert_eq!(item["productId"], json!(product(1)));
            }
            let Some(cursor) = page.body["nextCursor"].as_str() else { break };
            path = format!("/products/{}?limit=4&cursor={cursor}", product(1));
        }
        assert_eq!(pages, 3);
        assert_eq!(stores, (1..=9).map(store).collect());
    })
    .await;
}

#[tokio::test]
async fn who_can_promise_a_quantity_is_told_most_first() {
    on_each_store(async |app| {
        spread(app).await;
        let ask = async |query: &str| {
            app.get(&format!("/availability?product={}{query}", product(1))).await
        };
        let offers = |answer: &Answer| -> Vec<(String, u64)> {
            let stores = answer.body["stores"].as_array().unwrap().iter();
            stores
                .map(|level| {
                    (
                        level["storeId"].as_str().unwrap().to_owned(),
                        level["offered"].as_u64().unwrap(),
                    )
                })
                .collect()
        };
        // offered: 1 2 3 4 3 4 5 6 7
        let answer = ask("&quantity=5").await.expect(200);
        assert_eq!(offers(&answer), [(store(9), 7), (store(8), 6), (store(7), 5)]);
        assert_eq!(
            (&answer.body["available"], &answer.body["totalOffered"]),
            (&json!(true), &json!(35))
        );
        let answer = ask("&quantity=8").await.expect(200);
        assert_eq!((&answer.body["available"], offers(&answer).len()), (&json!(false), 0));
        assert_eq!(answer.body["totalOffered"], 35);
        assert_eq!(offers(&ask("").await.expect(200)).len(), 9);
        assert_eq!(offers(&ask("&limit=2").await.expect(200)).len(), 2);

        app.name_store(&store(4), "2106");
        let some =
            ask(&format!("&quantity=3&stores=2106,{},{}", store(1), store(9))).await.expect(200);
        assert_eq!(offers(&some), [(store(9), 7), (store(4), 4)]);
        assert_eq!(some.body["totalOffered"], 12);
        ask("&stores=nowhere").await.problem(404, "store-not-found");
        ask("&quantity=0").await.problem(422, "invalid");
        app.get("/availability").await.problem(422, "invalid");
    })
    .await;
}
