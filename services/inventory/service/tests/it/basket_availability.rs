//! Which stores can reserve a whole basket: each line by itself, and the basket as a whole.

use gondola_inventory::use_cases::Named;
use kit_core::Version;
use serde_json::{Value, json};

use crate::app::{App, on_each_store, product};

fn store(number: u32) -> String {
    format!("51000000-0000-0000-0000-{number:012}")
}

fn register(app: &App, number: u32, active: bool, version: u64) {
    let named = Named::store(&format!("S{number}"), "Somewhere", active, None);
    app.context.catalogue.note_store(store(number).parse().unwrap(), named, Version::new(version));
}

/// Four stores with some of products 1 and 2.
async fn given(app: &App) {
    for (number, units) in (1..).zip([[1, 0], [5, 5], [2, 9], [0, 1]]) {
        register(app, number, true, 1);
        for (of_product, quantity) in (1..).zip(units).filter(|(_, quantity)| *quantity > 0) {
            let level = json!({"storeId": store(number), "productId": product(of_product), "quantity": quantity});
            app.post("/stock", level).await.expect(201);
        }
    }
    app.name_product(1, "SKU-1");
    let position = app.context.queries.head();
    app.context.queries.reach(position).await.unwrap();
}

/// Asks for two of product 1 and three of product 2.
async fn asked(app: &App, mut body: Value) -> Value {
    body["lines"] = json!([
        {"productSku": "SKU-1", "quantity": 1},
        {"productId": product(2), "quantity": 3},
        {"productId": product(1), "quantity": 1}
    ]);
    app.post("/availability", body).await.expect(200).body
}

/// Of each line what is requested, offered and short.
fn lines(lines: &Value) -> Vec<[u64; 3]> {
    let of =
        |line: &Value| ["requested", "offered", "shortfall"].map(|it| line[it].as_u64().unwrap());
    lines.as_array().unwrap().iter().map(of).collect()
}

/// Of each store its code, whether it can reserve all, and its lines.
fn stores(answer: &Value) -> Vec<(&str, bool, Vec<[u64; 3]>)> {
    let told = answer["stores"].as_array().unwrap().iter();
    told.map(|store| {
        let available = store["available"].as_bool().unwrap();
        (store["storeCode"].as_str().unwrap(), available, lines(&store["lines"]))
    })
    .collect()
}

#[tokio::test]
async fn each_store_is_told_line_by_line_and_those_first_that_lack_least() {
    on_each_store(async |app| {
        given(app).await;
        let answer = asked(app, json!({})).await;
        assert_eq!(
            (lines(&answer["lines"]), &answer["available"]),
            (vec![[2, 8, 0], [3, 15, 0]], &json!(true))
        );
        let third = ("S3", true, vec![[2, 2, 0], [3, 9, 0]]);
        let second = ("S2", true, vec![[2, 5, 0], [3, 5, 0]]);
        let expected = [
            third.clone(),
            second.clone(),
            ("S1", false, vec![[2, 1, 1], [3, 0, 3]]),
            ("S4", false, vec![[2, 0, 2], [3, 1, 2]]),
        ];
        assert_eq!(stores(&answer), expected);
        // of equals the one that is named first, and one that has nothing is told of
        let named = asked(app, json!({"stores": ["S2", "S3", "S1", store(9)], "limit": 4})).await;
        let codes: Vec<_> = (0..3).map(|at| &named["stores"][at]["storeCode"]).collect();
        assert_eq!(codes, ["S2", "S3", "S1"]);
        assert_eq!(named["stores"][3]["storeId"], store(9));
        assert_eq!(lines(&named["stores"][3]["lines"]), [[2, 0, 2], [3, 0, 3]]);
        let one = asked(app, json!({"stores": ["S1"]})).await;
        assert_eq!(
            (&one["available"], lines(&one["lines"])),
            (&json!(false), vec![[2, 1, 1], [3, 0, 3]])
        );
        assert_eq!(asked(app, json!({"limit": 1})).await["stores"].as_array().unwrap().len(), 1);
        // a look holds nothing, and of a store that closes nothing is offered
        assert_eq!(asked(app, json!({})).await["lines"], answer["lines"]);
        register(app, 3, false, 2);
        assert_eq!(
            stores(&asked(app, json!({"stores": ["S3"]})).await),
            [("S3", false, vec![[2, 0, 2], [3, 0, 3]])]
        );
        assert_eq!(stores(&asked(app, json!({})).await)[0], second);
    })
    .await;
}

#[tokio::test]
async fn what_is_held_is_not_offered_and_shows_at_once_of_a_store_that_is_named() {
    on_each_store(async |app| {
        given(app).await;
        for left in [4, 3, 2, 1] {
            let lines = json!([{"productId": product(1), "quantity": 1}]);
            let basket = json!({"storeId": store(2), "lines": lines});
            app.post("/reservations", basket).await.expect(201);
            let answer = asked(app, json!({"stores": ["S2"]})).await;
            let line = [2, left, 2_u64.saturating_sub(left)];
            assert_eq!(stores(&answer), [("S2", left >= 2, vec![line, [3, 5, 0]])]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_basket_is_asked_about_within_bounds_and_by_names_that_are_known() {
    let app = App::start("memory").await;
    given(&app).await;
    let line = json!({"productId": product(1), "quantity": 1});
    let refused = async |body| app.post("/availability", body).await;
    let problem = refused(json!({"lines": []})).await.problem(422, "invalid");
    assert_eq!(problem["field"], "lines");
    let problem = refused(json!({"lines": vec![&line; 101]})).await.problem(422, "invalid");
    assert_eq!(problem["field"], "lines");
    let problem = refused(json!({"lines": [line], "stores": []})).await.problem(422, "invalid");
    assert_eq!(problem["field"], "stores");
    refused(json!({"lines": [line], "stores": ["S9"]})).await.problem(404, "store-not-found");
    let unknown = json!({"lines": [{"productSku": "SKU-9", "quantity": 1}]});
    refused(unknown).await.problem(404, "product-not-found");
    app.shut_down().await;
}
