//! Which stores can serve a basket: five of them, over what each offers at the moment.

use gondola_contracts::Location;
use gondola_inventory::use_cases::Named;
use kit_core::Version;
use serde_json::{Value, json};

use crate::app::{App, on_each_store, product, reservation};

/// Where the customers of these tests are.
const HERE: [&str; 2] = ["-23.561414", "-46.655881"];

fn store(number: u32) -> String {
    format!("51000000-0000-0000-0000-{number:012}")
}

/// Lets the catalogue have a store: its code is `S` and its number, and it lies so many thousandths of a degree north.
fn register(app: &App, number: u32, north: i32, active: bool, version: u64) {
    let latitude = -23_561_414 + north * 1_000;
    let (degrees, micro) = (latitude / 1_000_000, latitude.unsigned_abs() % 1_000_000);
    let place =
        Location { latitude: format!("{degrees}.{micro:06}"), longitude: HERE[1].to_owned() };
    let named = Named::store(&format!("S{number}"), "Somewhere", active, None).at(Some(&place));
    app.context.catalogue.note_store(store(number).parse().unwrap(), named, Version::new(version));
}

async fn add(app: &App, number: u32, of_product: u32, quantity: u32) {
    let body =
        json!({"storeId": store(number), "productId": product(of_product), "quantity": quantity});
    app.post("/stock", body).await.expect(201);
}

/// Five stores, the higher the number the farther, with some of products 1, 2 and 3.
async fn given(app: &App) {
    let stock = [[9, 0, 0], [3, 3, 0], [0, 0, 4], [5, 5, 5], [100, 0, 1]];
    for (number, units) in (1..).zip(stock) {
        register(app, number, i32::try_from(number).unwrap(), true, 1);
        for (of_product, quantity) in (1..).zip(units).filter(|(_, quantity)| *quantity > 0) {
            add(app, number, of_product, quantity).await;
        }
    }
    app.name_product(1, "SKU-1");
}

/// Asks for units of products 1, 2 and 3; gives what the stores send, by their codes, and what is missing.
async fn sourced(
    app: &App,
    wanted: [u32; 3],
    fields: Value,
) -> (Vec<(String, [u64; 3])>, [u64; 3]) {
    let answer = app.post("/sourcing", question(app, wanted, fields)).await.expect(200).body;
    let units = |lines: &Value| {
        let mut units = [0; 3];
        for line in lines.as_array().unwrap() {
            let at = (1..=3).position(|at| line["productId"] == product(at)).unwrap();
            units[at] = line["quantity"].as_u64().unwrap();
        }
        units
    };
    let parcel = |parcel: &Value| {
        (parcel["storeCode"].as_str().unwrap().to_owned(), units(&parcel["lines"]))
    };
    let parcels: Vec<_> = answer["parcels"].as_array().unwrap().iter().map(parcel).collect();
    let missing = units(&answer["missing"]);
    assert_eq!(answer["complete"], missing == [0; 3], "{answer}");
    (parcels, missing)
}

fn question(app: &App, wanted: [u32; 3], mut fields: Value) -> Value {
    let lines = (1..).zip(wanted).filter(|(_, quantity)| *quantity > 0);
    let lines = lines.map(|(at, quantity)| json!({"productId": product(at), "quantity": quantity}));
    fields["lines"] = lines.collect();
    fields["minPosition"] = json!(app.context.queries.head().get());
    fields
}

fn near() -> Value {
    json!({"latitude": HERE[0], "longitude": HERE[1]})
}

fn codes(parcels: &[(String, [u64; 3])]) -> Vec<&str> {
    parcels.iter().map(|(code, _)| code.as_str()).collect()
}

#[tokio::test]
async fn a_basket_is_split_as_each_strategy_prefers() {
    on_each_store(async |app| {
        given(app).await;
        let fewest = sourced(app, [2, 2, 2], json!({"near": near()})).await;
        assert_eq!(fewest, (vec![("S4".into(), [2, 2, 2])], [0; 3]));
        let nearest = json!({"strategy": "nearest", "near": near()});
        let parcels =
            vec![("S1".into(), [9, 0, 0]), ("S2".into(), [1, 2, 0]), ("S3".into(), [0, 0, 2])];
        assert_eq!(sourced(app, [10, 2, 2], nearest).await, (parcels, [0; 3]));
        let most = sourced(app, [10, 1, 1], json!({"strategy": "mostStock"})).await;
        assert_eq!(most, (vec![("S5".into(), [10, 0, 1]), ("S4".into(), [0, 1, 0])], [0; 3]));
        let listed = json!({"strategy": "inOrder", "stores": ["S2", "s5", store(1)]});
        let parcels = vec![("S2".into(), [3, 1, 0]), ("S5".into(), [1, 0, 1])];
        assert_eq!(sourced(app, [4, 1, 2], listed).await, (parcels, [0, 0, 1]));
    })
    .await;
}

#[tokio::test]
async fn no_more_parcels_come_than_are_allowed() {
    on_each_store(async |app| {
        given(app).await;
        let one = json!({"maxParcels": 1, "strategy": "nearest", "near": near()});
        assert_eq!(
            sourced(app, [10, 0, 0], one).await,
            (vec![("S1".into(), [9, 0, 0])], [1, 0, 0])
        );
        assert_eq!(
            codes(&sourced(app, [110, 0, 0], json!({"maxParcels": 2})).await.0),
            ["S5", "S1"]
        );
    })
    .await;
}

/// Prior holds, safety stock and closed stores: what cannot be reserved is not proposed, and what is proposed can be.
#[tokio::test]
async fn only_what_can_be_reserved_is_proposed() {
    on_each_store(async |app| {
        given(app).await;
        let at = |number: u32, of_product: u32| {
            json!({"storeId": store(number), "productId": product(of_product)})
        };
        let mut hold = at(4, 1);
        hold["quantity"] = json!(4);
        hold["reservationId"] = json!(reservation(1));
        app.post("/reserve", hold).await.expect(201);
        let mut policy = at(4, 2);
        policy["safetyStock"] = json!(3);
        app.post("/policy", policy).await.expect(200);
        let (parcels, missing) = sourced(app, [5, 9, 0], json!({"near": near()})).await;
        assert_eq!(missing, [0, 4, 0]);
        for (code, units) in &parcels {
            let number = code[1..].parse().unwrap();
            let lines = (1..).zip(units).filter(|(_, quantity)| **quantity > 0);
            let lines: Value = lines
                .map(|(at, quantity)| json!({"productId": product(at), "quantity": quantity}))
                .collect();
            app.post("/reservations", json!({"storeId": store(number), "lines": lines}))
                .await
                .expect(201);
        }
        assert_eq!(sourced(app, [0, 1, 0], json!({})).await, (vec![], [0, 1, 0]));
        register(app, 3, 3, false, 2);
        let without = sourced(app, [0, 0, 2], json!({"strategy": "nearest", "near": near()})).await;
        assert_eq!(without, (vec![("S4".into(), [0, 0, 2])], [0; 3]));
    })
    .await;
}

#[tokio::test]
async fn distances_are_told_and_an_answer_names_what_it_is_about() {
    on_each_store(async |app| {
        given(app).await;
        let asked = question(app, [1, 0, 0], json!({"strategy": "nearest", "near": near()}));
        let answer = app.post("/sourcing", asked).await.expect(200).body;
        let parcel = json!({
            "storeId": store(1), "storeCode": "S1", "storeName": "Somewhere", "distanceMetres": 111,
            "lines": [{"productId": product(1), "productSku": "SKU-1", "quantity": 1}],
        });
        assert_eq!(answer, json!({"complete": true, "parcels": [parcel], "missing": []}));
    })
    .await;
}

#[tokio::test]
async fn a_question_that_cannot_be_answered_says_what_is_wrong() {
    on_each_store(async |app| {
        given(app).await;
        let line = json!({"productSku": "SKU-1", "quantity": 1});
        let many: Vec<_> = (0..101).map(|_| line.clone()).collect();
        for (fields, field) in [
            (json!({"strategy": "nearest"}), "near"),
            (json!({"near": {"latitude": "91", "longitude": "0"}}), "near"),
            (json!({"strategy": "inOrder"}), "stores"),
            (json!({"stores": []}), "stores"),
            (json!({"maxParcels": 0}), "maxParcels"),
            (json!({"maxParcels": 21}), "maxParcels"),
            (json!({"lines": []}), "lines"),
            (json!({"lines": many}), "lines"),
            (json!({"lines": [{"productSku": "SKU-1", "quantity": 0}]}), "lines[0].quantity"),
        ] {
            let mut body = json!({"lines": [line]});
            for (name, value) in fields.as_object().unwrap() {
                body[name] = value.clone();
            }
            let refused = app.post("/sourcing", body).await.problem(422, "invalid");
            assert_eq!(refused["field"], field, "{refused}");
        }
        let unknown = json!({"lines": [{"productSku": "SKU-9", "quantity": 1}]});
        app.post("/sourcing", unknown).await.problem(404, "product-not-found");
        let unknown = json!({"lines": [line], "stores": ["S9"]});
        app.post("/sourcing", unknown).await.problem(404, "store-not-found");
    })
    .await;
}
