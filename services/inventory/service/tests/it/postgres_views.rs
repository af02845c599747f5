//! Two processes whose views are in one database: each reads its own writes, and nobody goes back in time.

use std::sync::Arc;

use gondola_inventory::{PostgresViews, STOCK_VIEWS, Views};
use http::Method;
use kit_event_bus::MemoryBus;
use kit_event_store::memory::MemoryStore;
use kit_postgres::Database;
use kit_testkit::postgres::{APP, MIGRATOR, Schema, address, connect};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::app::{App, STORE, midnight, product};

/// Two contexts that share a log, a clock and views.
async fn pair(schema: &Schema) -> [App; 2] {
    let database = |role| Database::new(&address(role), &schema.name, &schema.name).unwrap();
    STOCK_VIEWS.apply(&database(MIGRATOR)).await.unwrap();
    let (store, clock) = (Arc::new(MemoryStore::shared()), midnight());
    let start = async || {
        let views = PostgresViews { primary: database(APP), replica: None };
        let (views, bus) = (Views::Postgres(Box::new(views)), Arc::new(MemoryBus::default()));
        App::start_with(views, Arc::clone(&store) as _, clock.clone(), false, bus).await
    };
    [start().await, start().await]
}

async fn shut_down(apps: [App; 2]) {
    for app in apps {
        app.shut_down().await;
    }
}

fn path(number: u32) -> String {
    format!("/stores/{STORE}/products/{}", product(number))
}

async fn rebuild(app: &App, force: bool) -> serde_json::Value {
    let path = format!("/views/rebuild?force={force}");
    app.send(Method::POST, &path, &[], None).await.expect(200).body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn each_process_reads_its_own_writes_though_another_follows() {
    let schema = Schema::unused();
    let apps = pair(&schema).await;
    for number in 1..=100 {
        for (own, other) in [(0, 1), (1, 0)] {
            let (own, other): (&App, &App) = (&apps[own], &apps[other]);
            let added = own.post("/stock", crate::app::about(1, json!({"quantity": 1}))).await;
            let added = added.expect(201).body;
            let shown = own.get(&path(1)).await.expect(200).body;
            assert_eq!(shown["version"], added["version"], "at once, addition {number}");
            let position = added["position"].as_u64().unwrap();
            let path = format!("{}?minPosition={position}", path(1));
            let shown = other.get(&path).await.expect(200).body;
            assert_eq!(shown["onHand"], added["onHand"], "in the other process");
        }
    }
    shut_down(apps).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn no_reader_goes_back_when_shared_views_are_replaced() {
    let schema = Schema::unused();
    let apps = pair(&schema).await;
    let stop = CancellationToken::new();
    let writer = tokio::spawn({
        let (apps, stop) = (apps.clone(), stop.clone());
        async move {
            // each addition is the next event, and one more unit
            for number in (1..).take_while(|_| !stop.is_cancelled()) {
                apps[0].add(1, 1).await;
                let path = format!("{}?minPosition={number}", path(1));
                for app in &apps {
                    assert_eq!(app.get(&path).await.expect(200).body["onHand"], json!(number));
                }
            }
        }
    });
    for number in 0..20 {
        rebuild(&apps[number % 2], true).await;
    }
    stop.cancel();
    writer.await.unwrap();
    shut_down(apps).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn views_rebuilt_while_writing_are_the_same_and_those_that_differ_need_force() {
    let schema = Schema::unused();
    let apps = pair(&schema).await;
    apps[0].add(1, 1_000_000).await;
    let stop = CancellationToken::new();
    let writer = tokio::spawn({
        let (app, stop) = (apps[1].clone(), stop.clone());
        async move {
            for number in (1..).take_while(|_| !stop.is_cancelled()) {
                app.hold(1, number, 1).await.expect(201);
                if number % 3 == 0 {
                    app.commit(number, "T").await.expect(200);
                }
            }
        }
    });
    for app in [&apps[0], &apps[1], &apps[0]] {
        let rebuilt = rebuild(app, false).await;
        assert_eq!((&rebuilt["identical"], &rebuilt["switched"]), (&json!(true), &json!(true)));
    }
    stop.cancel();
    writer.await.unwrap();
    let head = apps[0].get("/events?limit=1").await.expect(200).body["headPosition"].clone();
    let path = format!("{}?minPosition={head}", path(1));
    let [on_hand, ..] = apps[0].units(1).await;
    for app in &apps {
        assert_eq!(app.get(&path).await.expect(200).body["onHand"], json!(on_hand));
    }

    // another program changes the view
    let owner = connect(&address(MIGRATOR), &schema.name).await;
    owner.batch_execute("UPDATE stock_levels_1 SET on_hand = on_hand + 7").await.unwrap();
    let kept = rebuild(&apps[1], false).await;
    assert_eq!((&kept["identical"], &kept["switched"]), (&json!(false), &json!(false)));
    let listed = async |app: &App| {
        let path = format!("/stores/{STORE}/products?sort=available&minPosition={head}");
        app.get(&path).await.expect(200).body["items"][0]["onHand"].clone()
    };
    assert_eq!(listed(&apps[0]).await, json!(on_hand + 7));
    let forced = rebuild(&apps[1], true).await;
    assert_eq!((&forced["identical"], &forced["switched"]), (&json!(false), &json!(true)));
    for app in &apps {
        assert_eq!(listed(app).await, json!(on_hand));
    }
    let spare = owner.query_one("SELECT count(*) FROM stock_levels_1", &[]).await.unwrap();
    assert_eq!(spare.get::<_, i64>(0), 0, "nobody reads what was replaced");
    shut_down(apps).await;
}

/// The list of transfers is each process's own, and what is low comes from the views that they share.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn transfers_and_what_to_order_are_the_same_in_every_process() {
    const OTHER: &str = "11111111-1111-1111-1111-111111111112";
    let schema = Schema::unused();
    let apps = pair(&schema).await;
    apps[0].add(1, 20).await;
    let low = json!({"storeId": OTHER, "productId": product(1), "reorderPoint": 10});
    apps[0].post("/policy", low).await.expect(200);
    let lines = json!([{"productId": product(1), "quantity": 4}]);
    let body = json!({
        "sourceStoreId": STORE, "destinationStoreId": OTHER, "lines": lines, "reference": "DN-1"
    });
    let begun = apps[1].post("/transfers", body).await.expect(201).body;
    assert_eq!(begun["status"], "held");
    let sent = format!("/transfers/{}/dispatch", begun["transferId"].as_str().unwrap());
    let sent = apps[0].post(&sent, json!({})).await.expect(200).body;
    let position = apps[0].context.queries.head();
    for app in &apps {
        let list = format!("/transfers?store={OTHER}&reference=DN-1&minPosition={position}");
        let listed = app.get(&list).await.expect(200).body["items"].clone();
        assert_eq!(listed[0]["transferId"], begun["transferId"], "{listed}");
        assert_eq!(
            (&listed[0]["status"], &listed[0]["version"]),
            (&sent["status"], &sent["version"])
        );
        let order =
            app.get(&format!("/replenishment?minPosition={position}")).await.expect(200).body;
        let items = order["items"].as_array().unwrap();
        let told = ["available", "inTransit", "shortage"].map(|field| items[0][field].clone());
        assert_eq!((items.len(), told), (1, [json!(0), json!(4), json!(7)]), "{order}");
        let from = &items[0]["transfers"][0];
        assert_eq!(
            (&from["sourceStoreId"], &from["quantity"]),
            (&json!(STORE), &json!(7)),
            "{order}"
        );
    }
    shut_down(apps).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn a_wrong_row_and_a_lost_one_of_shared_views_are_told_and_healed_by_any_process() {
    let schema = Schema::unused();
    let apps = pair(&schema).await;
    for number in 1..=3 {
        apps[0].add(number, 10 * number).await;
    }
    apps[0].hold(1, 1, 3).await.expect(201);
    let head = apps[0].context.queries.head();
    let reconcile = async |app: &App, query: &str| {
        let path = format!("/views/reconcile{query}");
        app.send(Method::POST, &path, &[], None).await.expect(200).body
    };
    let listed = async |app: &App| {
        let path = format!("/stores/{STORE}/products?minPosition={head}");
        let items = app.get(&path).await.expect(200).body["items"].clone();
        items.as_array().unwrap().iter().map(|item| item["onHand"].clone()).collect::<Vec<_>>()
    };
    let right = [10, 20, 30].map(|units| json!(units));
    for app in &apps {
        assert_eq!(listed(app).await, right);
        assert_eq!(reconcile(app, "").await["drifts"], json!([]));
    }
    let owner = connect(&address(MIGRATOR), &schema.name).await;
    let row = |number: u32| format!("store_id = '{STORE}' AND product_id = '{}'", product(number));
    // one of them is the spare set, which is empty
    for table in ["stock_levels_0", "stock_levels_1"] {
        let wrong = format!("UPDATE {table} SET on_hand = 99 WHERE {}", row(1));
        owner.batch_execute(&wrong).await.unwrap();
        owner.batch_execute(&format!("DELETE FROM {table} WHERE {}", row(2))).await.unwrap();
    }
    assert_eq!(listed(&apps[0]).await, [json!(99), json!(30)]);
    for app in &apps {
        let told = reconcile(app, "?repair=false").await;
        let drifts = told["drifts"].as_array().unwrap();
        let field = json!([{"name": "onHand", "log": 10, "found": 99}]);
        assert_eq!((drifts.len(), &drifts[0]["fields"]), (2, &field), "{told}");
        assert_eq!(drifts[1]["productId"], json!(product(2)), "{told}");
    }
    let healed = reconcile(&apps[1], "").await;
    assert_eq!(healed["repaired"], true, "{healed}");
    for app in &apps {
        assert_eq!(listed(app).await, right, "in both, though one healed it");
        assert_eq!(reconcile(app, "").await["drifts"], json!([]));
    }
    shut_down(apps).await;
}
