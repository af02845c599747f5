//! The store service in another process, asked for names: when it hangs, is slow, wrong or away, and when it comes back.

use std::sync::Arc;
use std::time::Duration;

use gondola_inventory::{HttpCatalogue, Views};
use kit_event_bus::MemoryBus;
use kit_event_store::memory::MemoryStore;
use kit_http_client::ServiceClient;
use kit_testkit::faulty_server::{FaultyServer, Manner};
use serde_json::json;
use tempfile::TempDir;
use tokio::time::Instant;

use crate::app::{Answer, App, PATIENCE, STORE, config, midnight, product};
use crate::bus::LOG;

/// What a command with an unknown name may take: the wait for the bus, 150 ms, and much more for a busy machine. What is not to be
/// waited for takes longer than that, or for ever.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// Failures after which the store service is left alone.
const FAILURES: usize = 5;

async fn start(url: &str) -> (App, TempDir) {
    let folder = TempDir::new().unwrap();
    let config = config(Views::Sqlite(folder.path().to_owned()), false);
    let (log, bus) = (Arc::new(MemoryStore::new()), Arc::new(MemoryBus::default()));
    let catalogue = HttpCatalogue::new(ServiceClient::new("store", vec![url.parse().unwrap()]));
    let app = App::start_asking(config, log, midnight(), bus, Some(catalogue)).await;
    (app, folder)
}

async fn add(app: &App, sku: &str) -> Answer {
    app.post("/stock", json!({"storeId": STORE, "productSku": sku, "quantity": 1})).await
}

/// The answer of a store service that works, as its own tests show it.
fn found(sku: &str) -> Manner {
    let product = json!({
        "productId": product(1), "sku": sku, "name": "Thing", "status": "active", "version": 1
    });
    let answer = json!({"log": LOG, "stores": [], "products": [product]});
    Manner::Answers("200 OK", answer.to_string())
}

fn manners() -> [(&'static str, Manner); 6] {
    [
        ("hangs", Manner::Hangs),
        ("slow", Manner::Slow(6 * WAIT_MAX, Box::new(found("SKU-LATE")))),
        ("500", Manner::Answers("500 Internal Server Error", "{}".into())),
        ("an older release", Manner::Answers("404 Not Found", "{}".into())),
        ("garbage", Manner::Answers("200 OK", "{\"log\": 7".into())),
        ("breaks off", Manner::BreaksOff),
    ]
}

#[tokio::test]
async fn a_store_service_that_does_not_answer_is_left_alone_and_found_again() {
    for (name, manner) in manners() {
        let server = FaultyServer::start(manner).await;
        let (app, _folder) = start(&server.url).await;
        for number in 0..FAILURES + 3 {
            let begun = Instant::now();
            add(&app, &format!("NONE-{number}")).await.problem(404, "product-not-found");
            let took = begun.elapsed();
            assert!(took < WAIT_MAX, "{name}: {took:?} for the {number}th");
        }
        let heard = server.heard();
        assert!(
            heard <= FAILURES + 1,
            "{name}: asked {heard} times, then left alone but for a probe"
        );
        server.now(found("SKU-1"));
        let is_back = async { while add(&app, "SKU-1").await.status != 201 {} };
        tokio::time::timeout(PATIENCE, is_back).await.expect(name);
        app.shut_down().await;
    }
}

#[tokio::test]
async fn a_store_service_that_is_away_costs_what_it_costs_to_have_none() {
    let gone = FaultyServer::start(Manner::Hangs).await;
    let url = gone.url.clone();
    drop(gone);
    let (app, _folder) = start(&url).await;
    for number in 0..10 {
        let begun = Instant::now();
        add(&app, &format!("NONE-{number}")).await.problem(404, "product-not-found");
        assert!(begun.elapsed() < WAIT_MAX, "{:?}", begun.elapsed());
    }
    app.shut_down().await;
}

#[tokio::test]
async fn many_who_wait_for_a_hung_store_service_keep_nobody_else() {
    let server = FaultyServer::start(Manner::Hangs).await;
    let (app, _folder) = start(&server.url).await;
    let crowd = (0..500).map(|number| {
        let app = app.clone();
        tokio::spawn(async move {
            let answer = add(&app, &format!("NONE-{number}")).await;
            answer.problem(404, "product-not-found");
        })
    });
    let crowd: Vec<_> = crowd.collect();
    tokio::time::sleep(Duration::from_millis(50)).await;
    let begun = Instant::now();
    app.add(1, 5).await;
    app.hold(1, 1, 2).await.expect(201);
    assert!(begun.elapsed() < WAIT_MAX, "{:?}", begun.elapsed());
    assert!(server.heard() <= 64, "{} questions at once", server.heard());
    for one in crowd {
        tokio::time::timeout(PATIENCE, one).await.unwrap().unwrap();
    }
    app.shut_down().await;
}

#[tokio::test]
async fn the_time_that_is_left_and_the_id_of_the_request_go_along() {
    let server = FaultyServer::start(found("SKU-1")).await;
    let (app, _folder) = start(&server.url).await;
    let body = json!({"storeId": STORE, "productSku": "SKU-1", "quantity": 1});
    let headers = [("x-request-id", "till-7-4711"), ("x-request-timeout-ms", "60")];
    // a busy machine may need more time than that for the answer, or before it asks
    let asked = async {
        while server.heard() == 0 {
            app.send(http::Method::POST, "/stock", &headers, Some(body.clone())).await;
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.expect("it is asked");
    let question = server.last();
    assert!(question.contains("x-request-id: till-7-4711"), "{question}");
    let left = |question: &str| {
        let left = question.split("x-request-timeout-ms: ").nth(1).unwrap();
        left.lines().next().unwrap().parse::<u64>().unwrap()
    };
    assert!((1..=60).contains(&left(&question)), "{question}");
    assert!(question.contains(r#"{"stores":[],"products":["SKU-1"]}"#), "{question}");
    // lines of a batch are about the same request, whose head is answered long before
    let line = json!({"op": "stock", "storeId": STORE, "productSku": "SKU-2", "quantity": 1});
    let heard = server.heard();
    let asked = async {
        while server.heard() == heard {
            let batch = http::Request::post(format!("{}/batch", crate::app::BASE))
                .header("content-type", "application/x-ndjson")
                .header("x-request-id", "import-8");
            app.call(batch.body(line.to_string().into()).unwrap()).await.expect(200);
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.expect("it is asked");
    let question = server.last();
    assert!(question.contains("x-request-id: import-8"), "{question}");
    assert!((1..=100).contains(&left(&question)), "{question}");
    app.shut_down().await;
}
