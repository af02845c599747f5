//! Names that have not come over the bus: the catalogue itself is asked for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use gondola_contracts::{IntegrationEvent, ProductState, ProductStatus};
use gondola_inventory::Views;
use gondola_inventory::use_cases::{
    CatalogueLookUp, FoundEntries, FoundEntry, LookUpFailed, Named, ProductRef, StoreRef,
    WantedEntries,
};
use gondola_inventory_domain::{ProductId, UnitCost};
use http::Method;
use kit_core::Version;
use kit_event_bus::{EventBus, MemoryBus};
use kit_event_store::memory::MemoryStore;
use parking_lot::Mutex;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::Instant;
use uuid::Uuid;

use crate::app::{Answer, App, PATIENCE, STORE, config, midnight, ndjson, product};
use crate::bus::{LOG, registered_product, told};
use crate::stocktakes;

/// A catalogue in memory that counts what it is asked.
#[derive(Default)]
struct Registry {
    products: Mutex<Vec<FoundEntry<gondola_inventory_domain::ProductId>>>,
    log: Mutex<Option<Uuid>>,
    /// How long an answer takes.
    delay: Mutex<Duration>,
    questions: AtomicUsize,
    names: AtomicUsize,
}

impl Registry {
    /// Registers product `number` as `SKU-number`, at a version.
    fn register(&self, number: u32, active: bool, version: u64) {
        let named = Named::product(&format!("SKU-{number}"), "Thing", active);
        let id = product(number).parse().unwrap();
        self.products.lock().push(FoundEntry { id, named, version: Version::new(version) });
    }

    /// How many questions were put, about how many names.
    fn asked(&self) -> (usize, usize) {
        (self.questions.load(Ordering::SeqCst), self.names.load(Ordering::SeqCst))
    }
}

#[async_trait]
impl CatalogueLookUp for Registry {
    async fn unit_costs(
        &self,
        products: &[ProductId],
        _: Duration,
    ) -> Result<Vec<(ProductId, UnitCost)>, LookUpFailed> {
        let cost = UnitCost { minor_units: 250, currency: "BRL".into() };
        let known = self.products.lock();
        let is_known = |id: &&ProductId| known.iter().any(|entry| entry.id == **id);
        Ok(products.iter().filter(is_known).map(|id| (*id, cost.clone())).collect())
    }

    async fn look_up(
        &self,
        wanted: &WantedEntries,
        at_most: Duration,
    ) -> Result<FoundEntries, LookUpFailed> {
        self.questions.fetch_add(1, Ordering::SeqCst);
        self.names.fetch_add(wanted.stores.len() + wanted.products.len(), Ordering::SeqCst);
        let delay = *self.delay.lock();
        tokio::time::sleep(delay.min(at_most)).await;
        if delay > at_most {
            return Err(LookUpFailed("too late".to_owned()));
        }
        let named = |entry: &FoundEntry<_>| {
            wanted.products.iter().any(|wanted| match wanted {
                ProductRef::Id(id) => *id == entry.id,
                ProductRef::Sku(sku) | ProductRef::SkuOrGtin(sku) => {
                    entry.named.code.eq_ignore_ascii_case(sku)
                }
                ProductRef::Gtin(gtin) => entry.named.gtin.as_ref() == Some(gtin),
            })
        };
        let products = self.products.lock().iter().filter(|entry| named(entry)).cloned().collect();
        let store = FoundEntry {
            id: STORE.parse().unwrap(),
            named: Named::store("2106", "Hillstreet", true, None),
            version: Version::new(1),
        };
        let is_named = wanted.stores.contains(&StoreRef::Code("2106".into()));
        let stores = is_named.then_some(store).into_iter().collect();
        Ok(FoundEntries { log: self.log.lock().unwrap_or(LOG), stores, products })
    }
}

/// A context whose bus brings nothing but what a test publishes.
struct Apart {
    app: App,
    bus: MemoryBus,
    registry: Arc<Registry>,
    _folder: TempDir,
}

impl Apart {
    async fn start() -> Self {
        let (registry, bus) = (Arc::new(Registry::default()), MemoryBus::default());
        let folder = TempDir::new().unwrap();
        let config = config(Views::Sqlite(folder.path().to_owned()), false);
        let (log, seen) = (Arc::new(MemoryStore::new()), Arc::new(bus.clone()));
        let asked = Some(Arc::clone(&registry) as _);
        let app = App::start_asking(config, log, midnight(), seen, asked).await;
        Self { app, bus, registry, _folder: folder }
    }

    /// Sends a command about a unit of a product by its name.
    async fn send(&self, path: &str, sku: &str) -> Answer {
        let body = json!({"storeCode": "2106", "productSku": sku, "quantity": 1});
        self.app.post(path, body).await
    }

    async fn end(self) {
        self.app.shut_down().await;
    }
}

#[tokio::test]
async fn what_the_catalogue_has_is_used_at_once_and_asked_for_once() {
    let apart = Apart::start().await;
    apart.registry.register(1, true, 1);
    apart.send("/stock", "sku-1").await.expect(201);
    apart.send("/reserve", "SKU-1").await.expect(201);
    assert_eq!(apart.registry.asked(), (1, 2), "the store and the product, in one question");
    let level = format!("/stores/2106/products/{}", product(1));
    let shown = apart.app.get(&level).await.expect(200);
    assert_eq!(shown.body["productSku"], "SKU-1", "{}", shown.text);
    apart.end().await;
}

#[tokio::test]
async fn a_variance_is_told_in_money_where_the_catalogue_has_a_cost() {
    let apart = Apart::start().await;
    apart.registry.register(1, true, 1);
    let app = &apart.app;
    for number in [1, 2] {
        app.add(number, 10).await;
    }
    let id = stocktakes::open(app, json!({})).await;
    let counts = [1, 2].map(|number| stocktakes::counted(app, number, 7, 0));
    stocktakes::count(app, &id, &counts).await.expect(200);
    let told = stocktakes::act(app, &id, "compare", json!({})).await.expect(200).body;
    let value = json!({"minorUnits": -750, "currency": "BRL"});
    assert_eq!(told["lines"][0]["varianceValue"], value, "{told}");
    let unknown = &told["lines"][1];
    assert_eq!((&unknown["variance"], unknown.get("varianceValue")), (&json!(-3), None));
    apart.end().await;
}

/// Time is the runtime's own here, as in all tests of how long something takes: it passes only where something waits for it.
#[tokio::test(start_paused = true)]
async fn what_the_catalogue_does_not_have_is_told_at_once_and_never_by_an_older_answer() {
    let apart = Apart::start().await;
    let begun = Instant::now();
    apart.send("/stock", "SKU-1").await.problem(404, "product-not-found");
    assert!(begun.elapsed() < Duration::from_millis(100), "{:?}", begun.elapsed());
    // registered after that answer, and used at once
    apart.registry.register(1, true, 1);
    apart.send("/stock", "SKU-1").await.expect(201);
    tokio::time::resume();
    apart.end().await;
}

#[tokio::test]
async fn many_requests_for_one_name_are_one_question_and_few_a_second() {
    let apart = Apart::start().await;
    *apart.registry.delay.lock() = Duration::from_millis(20);
    apart.send("/stock", "SKU-1").await.problem(404, "product-not-found");
    let (before, _) = apart.registry.asked();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_millis(600) {
        let many = (0..50).map(|_| apart.send("/stock", "SKU-1"));
        for answer in futures_util::future::join_all(many).await {
            answer.problem(404, "product-not-found");
        }
    }
    let took = begun.elapsed().as_millis();
    let questions = apart.registry.asked().0 - before;
    assert!(questions as u128 <= took / 100 + 1, "{questions} in {took} ms");
    apart.end().await;
}

/// Time is the runtime's own here: a busy machine would have no answer in the time that there is for one.
#[tokio::test(start_paused = true)]
async fn one_asker_who_leaves_does_not_keep_others_from_the_answer() {
    let apart = Apart::start().await;
    apart.registry.register(1, true, 1);
    *apart.registry.delay.lock() = Duration::from_millis(60);
    let impatient = [("x-request-timeout-ms", "20")];
    let body = json!({"storeCode": "2106", "productSku": "SKU-1", "quantity": 1});
    let leaving = apart.app.send(Method::POST, "/stock", &impatient, Some(body));
    let staying = async {
        tokio::time::sleep(Duration::from_millis(5)).await;
        apart.send("/stock", "SKU-1").await
    };
    let (left, stayed) = tokio::join!(leaving, staying);
    left.problem(503, "deadline-exceeded");
    stayed.expect(201);
    tokio::time::resume();
    apart.end().await;
}

/// The state of product 1 or another as the bus tells it, under the SKU of the registry.
fn news(number: u32, status: ProductStatus, version: u64) -> IntegrationEvent {
    let IntegrationEvent::ProductRegistered(first) = registered_product(number) else {
        unreachable!()
    };
    let sku = format!("SKU-{number}");
    IntegrationEvent::ProductUpdated(ProductState { sku, status, version, ..first })
}

/// Time is the runtime's own here, for the same reason.
#[tokio::test(start_paused = true)]
async fn of_an_answer_and_the_news_the_newer_counts_in_whatever_order() {
    const MARK: u32 = 9;
    let apart = Apart::start().await;
    // tells news of a product, and waits until they have been taken
    let tell = async |number, status, version| {
        let mark = format!("SKU-{MARK}{version}");
        let IntegrationEvent::ProductUpdated(state) = news(MARK, ProductStatus::Active, version)
        else {
            unreachable!()
        };
        let mark = IntegrationEvent::ProductUpdated(ProductState { sku: mark, ..state });
        let at = 10 * u32::try_from(version).unwrap();
        let news = [told(at, news(number, status, version)), told(at + 1, mark)];
        apart.bus.publish(news.to_vec()).await.unwrap();
        let id = product(MARK).parse().unwrap();
        let version = format!("SKU-{MARK}{version}");
        let taken = async {
            while apart.app.context.catalogue.of_product(id).is_none_or(|it| *it.code != *version) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(PATIENCE, taken).await.unwrap();
    };
    // news of the same version as an answer of before change nothing, newer do
    apart.registry.register(1, true, 2);
    apart.send("/stock", "SKU-1").await.expect(201);
    tell(1, ProductStatus::Discontinued, 1).await;
    tell(1, ProductStatus::Discontinued, 2).await;
    apart.send("/reserve", "SKU-1").await.expect(201);
    tell(1, ProductStatus::Discontinued, 3).await;
    apart.send("/reserve", "SKU-1").await.problem(409, "product-discontinued");
    // an answer that is older than the news which came while it was awaited
    apart.registry.register(2, true, 1);
    apart.registry.register(3, false, 2);
    *apart.registry.delay.lock() = Duration::from_millis(60);
    let line =
        |sku: &str| json!({"op": "stock", "storeId": STORE, "productSku": sku, "quantity": 1});
    let lines = ndjson(&[line("SKU-2"), line("SKU-3")]);
    let (added, ()) = tokio::join!(apart.app.batch(lines), async {
        tokio::time::sleep(Duration::from_millis(10)).await;
        tell(2, ProductStatus::Discontinued, 4).await;
    });
    assert_eq!(added.expect(200).text.matches("\"status\":201").count(), 2);
    apart.send("/reserve", "SKU-2").await.problem(409, "product-discontinued");
    // what is found discontinued is not reserved either
    apart.send("/reserve", "SKU-3").await.problem(409, "product-discontinued");
    tokio::time::resume();
    apart.end().await;
}

#[tokio::test]
async fn an_answer_from_a_former_log_is_none() {
    let apart = Apart::start().await;
    apart.bus.publish(vec![told(1, registered_product(1))]).await.unwrap();
    apart.send("/stock", "SKU-1").await.expect(201);
    apart.registry.register(2, true, 7);
    *apart.registry.log.lock() = Some(Uuid::from_u128(1));
    apart.send("/stock", "SKU-2").await.problem(404, "product-not-found");
    // a later one replaces what was known
    *apart.registry.log.lock() = Some(Uuid::from_u128(u128::MAX));
    tokio::time::sleep(Duration::from_millis(200)).await;
    // the request that meets the change may have found names that are forgotten by it
    apart.send("/stock", "SKU-2").await;
    apart.send("/stock", "SKU-2").await.expect(201);
    apart.send("/stock", "SKU-1").await.problem(404, "product-not-found");
    apart.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_catalogue_that_does_not_answer_costs_what_names_cost_without_it() {
    let apart = Apart::start().await;
    *apart.registry.delay.lock() = Duration::MAX;
    let begun = Instant::now();
    apart.send("/stock", "SKU-1").await.problem(404, "store-not-found");
    assert!(begun.elapsed() < Duration::from_millis(160), "{:?}", begun.elapsed());
    // and what comes over the bus meanwhile is taken at once
    let arrival = async {
        tokio::time::sleep(Duration::from_millis(30)).await;
        let names = [told(0, crate::bus::registered_store()), told(2, registered_product(2))];
        apart.bus.publish(names.to_vec()).await.unwrap();
    };
    let begun = Instant::now();
    let (answer, ()) = tokio::join!(apart.send("/stock", "SKU-2"), arrival);
    answer.expect(201);
    assert!(begun.elapsed() < Duration::from_millis(100), "{:?}", begun.elapsed());
    tokio::time::resume();
    apart.end().await;
}

/// Time is the runtime's own here: it passes only where something waits for it.
#[tokio::test(start_paused = true)]
async fn ten_thousand_unknown_names_are_asked_for_in_few_questions_within_a_second() {
    let apart = Apart::start().await;
    *apart.registry.delay.lock() = Duration::from_millis(10);
    (1..=10).for_each(|number| apart.registry.register(number * 1_000, true, 1));
    let line = |number: u32| {
        let sku = format!("SKU-{number}");
        json!({"op": "stock", "storeId": STORE, "productSku": sku, "quantity": 1})
    };
    let commands: Vec<Value> = (1..=10_000).map(line).collect();
    let begun = Instant::now();
    let answer = apart.app.batch(ndjson(&commands)).await.expect(200);
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    let statuses: Vec<u64> = answer
        .text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses.len(), 10_000);
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 10);
    assert_eq!(statuses.iter().filter(|status| **status == 404).count(), 9_990);
    let (questions, names) = apart.registry.asked();
    assert_eq!((questions, names), (10, 10_000), "1000 in each, and none twice");
    tokio::time::resume();
    apart.end().await;
}
