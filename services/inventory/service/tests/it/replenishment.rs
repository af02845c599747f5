//! What stores should order, through the API: at the reorder point, with what comes, by whole packs, and from stores with some
//! to spare.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gondola_contracts::Location;
use gondola_inventory::use_cases::{FoundOffer, LookUpFailed, Named, SupplierOffers};
use gondola_inventory_domain::{OrderTerms, ProductId};
use kit_core::Version;
use kit_event_bus::MemoryBus;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, on_each_store, product};

fn store(number: u32) -> String {
    format!("51000000-0000-0000-0000-{number:012}")
}

async fn stock(app: &App, of_store: u32, of_product: u32, quantity: u32) {
    let body = json!({
        "storeId": store(of_store), "productId": product(of_product), "quantity": quantity
    });
    app.post("/stock", body).await.expect(201);
}

/// Safety stock and reorder point.
async fn policy(app: &App, of_store: u32, of_product: u32, [safety, reorder]: [u32; 2]) {
    let body = json!({
        "storeId": store(of_store), "productId": product(of_product), "safetyStock": safety,
        "reorderPoint": reorder
    });
    app.post("/policy", body).await.expect(200);
}

async fn transfer(app: &App, from: u32, to: u32, of_product: u32, quantity: u32) -> String {
    let lines = json!([{"productId": product(of_product), "quantity": quantity}]);
    let body =
        json!({"sourceStoreId": store(from), "destinationStoreId": store(to), "lines": lines});
    let begun = app.post("/transfers", body).await.expect(201).body;
    assert_eq!(begun["status"], "held", "{begun}");
    begun["transferId"].as_str().unwrap().to_owned()
}

/// A page of the list as it is after all that has happened.
async fn page(app: &App, query: &str) -> Value {
    let position = app.context.queries.head();
    app.get(&format!("/replenishment?minPosition={position}{query}")).await.expect(200).body
}

async fn lines(app: &App, query: &str) -> Vec<Value> {
    page(app, query).await["items"].as_array().unwrap().clone()
}

/// Store and product of a line, by their numbers, and some of its fields.
fn told(line: &Value, fields: &[&str]) -> (String, String, Vec<u64>) {
    let last =
        |id: &Value| id.as_str().unwrap().trim_start_matches(['5', '1', '2', '0', '-']).to_owned();
    let units = fields.iter().map(|field| line[field].as_u64().unwrap()).collect();
    (last(&line["storeId"]), last(&line["productId"]), units)
}

#[tokio::test]
async fn what_is_at_its_reorder_point_is_listed_with_what_there_is_and_what_comes() {
    on_each_store(async |app| {
        stock(app, 9, 8, 100).await;
        stock(app, 3, 8, 4).await;
        policy(app, 3, 8, [2, 10]).await;
        // above it, at it only with what is held, and without one
        stock(app, 3, 9, 11).await;
        policy(app, 3, 9, [0, 10]).await;
        stock(app, 4, 8, 12).await;
        policy(app, 4, 8, [0, 10]).await;
        let held =
            json!({"storeId": store(4), "productId": product(8), "quantity": 2, "ttlSeconds": 60});
        app.post("/reserve", held).await.expect(201);
        stock(app, 6, 8, 1).await;
        let fields = [
            "onHand",
            "reserved",
            "available",
            "inTransit",
            "onOrder",
            "inventoryPosition",
            "shortage",
        ];
        let listed = |lines: Vec<Value>| -> Vec<_> {
            lines.iter().map(|line| told(line, &fields)).collect()
        };
        let line =
            |number: &str, units: [u64; 7]| (number.to_owned(), "8".to_owned(), units.to_vec());
        let short = [line("3", [4, 0, 4, 0, 0, 4, 7]), line("4", [12, 2, 10, 0, 0, 10, 1])];
        assert_eq!(listed(lines(app, "").await), short);
        // a transfer counts from the moment that it is asked for, and its units go with it
        let coming = transfer(app, 9, 3, 8, 5).await;
        let of_third = format!("&store={}", store(3));
        assert_eq!(listed(lines(app, &of_third).await), [line("3", [4, 0, 4, 0, 5, 9, 2])]);
        app.post(&format!("/transfers/{coming}/dispatch"), json!({})).await.expect(200);
        assert_eq!(listed(lines(app, &of_third).await), [line("3", [4, 0, 4, 5, 0, 9, 2])]);
        let enough = transfer(app, 9, 3, 8, 2).await;
        let covered = lines(app, &of_third).await;
        assert_eq!(listed(covered.clone()), [line("3", [4, 0, 4, 5, 2, 11, 0])]);
        assert_eq!(covered[0]["transfers"], json!([]), "enough is coming");
        app.post(&format!("/transfers/{enough}/cancel"), json!({})).await.expect(200);
        assert_eq!(listed(lines(app, &of_third).await), [line("3", [4, 0, 4, 5, 0, 9, 2])]);
        let all = json!({"lines": [{"productId": product(8), "received": 5}]});
        app.post(&format!("/transfers/{coming}/receive"), all).await.expect(200);
        assert_eq!(listed(lines(app, &of_third).await), [line("3", [9, 0, 9, 0, 0, 9, 2])]);
        // what is held runs out by itself
        app.clock.move_seconds(61);
        assert_eq!(listed(lines(app, &format!("&store={}", store(4))).await), []);
    })
    .await;
}

#[tokio::test]
async fn stores_with_some_to_spare_are_named_the_nearest_that_has_all_first() {
    let app = App::start("memory").await;
    for (number, north) in [(1, 0), (2, 50), (3, 10), (4, 1)] {
        let latitude = format!("-23.{:06}", 500_000 + north * 1_000);
        let place = Location { latitude, longitude: "-46.655881".to_owned() };
        let named =
            Named::store(&format!("S{number}"), "Somewhere", number != 4, None).at(Some(&place));
        let id = store(number).parse().unwrap();
        app.context.catalogue.note_store(id, named, Version::new(1));
    }
    stock(&app, 1, 1, 1).await;
    policy(&app, 1, 1, [0, 10]).await;
    stock(&app, 2, 1, 60).await;
    policy(&app, 2, 1, [30, 10]).await;
    stock(&app, 3, 1, 15).await;
    policy(&app, 3, 1, [0, 10]).await;
    // the nearest is closed
    stock(&app, 4, 1, 500).await;
    let [line] = &lines(&app, "&store=S1").await[..] else { panic!("one line") };
    assert_eq!((&line["shortage"], &line["storeCode"]), (&json!(10), &json!("S1")));
    let sent = |line: &Value| -> Vec<_> {
        let sent = line["transfers"].as_array().unwrap().iter();
        sent.map(|one| {
            let units = ["spare", "quantity"].map(|field| one[field].as_u64().unwrap());
            (one["sourceStoreCode"].as_str().unwrap().to_owned(), units)
        })
        .collect()
    };
    assert_eq!(sent(line), [("S2".to_owned(), [30, 10])], "it has all of them");
    assert!(line["transfers"][0]["distanceMetres"].as_u64().unwrap() > 5_000);
    let leaves = transfer(&app, 2, 3, 1, 25).await;
    app.post(&format!("/transfers/{leaves}/dispatch"), json!({})).await.expect(200);
    let [line] = &lines(&app, "&store=S1").await[..] else { panic!("one line") };
    assert_eq!(
        sent(line),
        [("S3".to_owned(), [4, 4]), ("S2".to_owned(), [5, 5])],
        "the nearest first, where nobody has all"
    );
    app.shut_down().await;
}

#[tokio::test]
async fn pages_go_through_all_stores_and_each_line_comes_once() {
    let app = App::start("sqlite").await;
    for number in 1..=7 {
        for of_product in 1..=3 {
            policy(&app, number, of_product, [0, of_product]).await;
        }
    }
    stock(&app, 5, 2, 9).await;
    let mut seen = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = page(&app, &format!("&limit=4{cursor}")).await;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 4);
        seen.extend(items.iter().map(|line| {
            (
                line["storeId"].as_str().unwrap().to_owned(),
                line["productId"].as_str().unwrap().to_owned(),
            )
        }));
        let Some(next) = page["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    let all: Vec<_> =
        (1..=7).flat_map(|number| (1..=3).map(move |of| (store(number), product(of)))).collect();
    let expected: Vec<_> =
        all.into_iter().filter(|level| *level != (store(5), product(2))).collect();
    assert_eq!(seen, expected);
    app.get("/replenishment?cursor=zz").await.problem(422, "invalid");
    app.get("/replenishment?store=NOWHERE").await.expect(404);
    app.shut_down().await;
}

/// What suppliers offer of product 1, or nothing at all.
struct Offers(Option<Vec<OrderTerms>>);

#[async_trait]
impl SupplierOffers for Offers {
    async fn offers(
        &self,
        products: &[ProductId],
        _: Duration,
    ) -> Result<Vec<FoundOffer>, LookUpFailed> {
        let terms = self.0.clone().ok_or_else(|| LookUpFailed("away".to_owned()))?;
        let first: ProductId = product(1).parse().unwrap();
        let offer = |terms: OrderTerms| FoundOffer {
            product: first,
            supplier_name: format!("{} Ltda", terms.supplier).into(),
            supplier_sku: None,
            terms,
        };
        Ok(terms.into_iter().filter(|_| products.contains(&first)).map(offer).collect())
    }
}

async fn offered(offers: Option<Vec<OrderTerms>>) -> (App, TempDir) {
    let folder = TempDir::new().unwrap();
    let bus = Arc::new(MemoryBus::default());
    let app = App::start_offering(folder.path(), bus, Arc::new(Offers(offers))).await;
    stock(&app, 1, 1, 3).await;
    policy(&app, 1, 1, [0, 10]).await;
    policy(&app, 1, 2, [0, 5]).await;
    (app, folder)
}

#[tokio::test]
async fn the_preferred_supplier_is_proposed_with_whole_packs_and_its_lead_time() {
    let terms = |supplier: &str, preferred, days| OrderTerms {
        supplier: supplier.to_owned(),
        preferred,
        lead_time_days: days,
        minimum_order: 6,
        order_multiple: 5,
    };
    let offers = vec![terms("SOON", false, Some(1)), terms("ACME", true, Some(14))];
    let (app, _folder) = offered(Some(offers)).await;
    let page = page(&app, "").await;
    assert_eq!(page["offersKnown"], true);
    let order = json!({
        "supplierCode": "ACME", "supplierName": "ACME Ltda", "preferred": true, "leadTimeDays": 14,
        "minimumOrderQuantity": 6, "orderMultiple": 5, "quantity": 10
    });
    assert_eq!((&page["items"][0]["shortage"], &page["items"][0]["order"]), (&json!(8), &order));
    assert_eq!(page["items"][1]["order"], Value::Null, "nobody offers product 2");
    app.shut_down().await;
}

#[tokio::test]
async fn without_the_catalogue_the_list_says_that_it_does_not_know_the_offers() {
    let (app, _folder) = offered(None).await;
    let page = page(&app, "").await;
    assert_eq!((&page["offersKnown"], page["items"].as_array().unwrap().len()), (&json!(false), 2));
    assert_eq!(
        (&page["items"][0]["shortage"], &page["items"][0]["order"]),
        (&json!(8), &Value::Null)
    );
    app.shut_down().await;
}
