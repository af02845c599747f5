//! The catalogue and the inventory in processes of their own, with Kafka between them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::Reply;
use crate::collector::{Collector, Manner};
use crate::databases::{Database, Kind};
use crate::folder::Folder;
use crate::kafka::{Stopped, Topics};
use crate::measure::percentile;
use crate::oversell::{PRODUCT, STORE};
use crate::random::Random;
use crate::server::{Data, Server, wait_until};
use crate::settings::whole_machine;
use crate::traces::steps;

/// The catalogue's process and the inventory's, on one database and one broker, with topics of their own.
pub(crate) struct Roles {
    _folder: Folder,
    _database: Database,
    pub(crate) store: Data,
    pub(crate) inventory: Data,
}

impl Roles {
    pub(crate) fn new(name: &str) -> Self {
        let (folder, mut random) = (Folder::new(), Random::of_run(name));
        let database = Database::new(Kind::Postgres, &mut random);
        let bus = Topics::new(&mut random).url();
        let processes = database.named_processes(&folder, ["store", "inventory"]);
        let [store, inventory] = processes.map(|data| {
            let role = data.store;
            data.with(&["--role", role, "--event-bus", &bus])
        });
        Self { _folder: folder, _database: database, store, inventory }
    }
}

fn register_store(server: &Server) {
    let store = json!({"code": "2106", "name": "Hillstreet", "region": "IA"});
    server.client().register_store(&store).unwrap().expect(201);
}

fn register_product(server: &Server, sku: &str) {
    server.client().register(&json!({"sku": sku, "name": "Thing"})).unwrap().expect(201);
}

/// Adds a unit of a product by its name.
fn add(server: &Server, sku: &str) -> Reply {
    let body = json!({"storeCode": "2106", "productSku": sku, "quantity": 1});
    server.client().post("/stock", &body).unwrap()
}

/// Reserves a unit of a product by its name.
#[track_caller]
fn reserve(server: &Server, sku: &str) {
    let body = json!({"storeCode": "2106", "productSku": sku, "quantity": 1});
    server.client().post("/reserve", &body).unwrap().expect(201);
}

#[test]
#[ignore = "needs PostgreSQL and Kafka: make test-services"]
fn what_one_process_registers_can_be_reserved_in_another() {
    let _machine = whole_machine();
    let roles = Roles::new("separate roles");
    let store = roles.store.serve();
    register_store(&store);
    register_product(&store, "SKU-1");
    // told before the other process is there; once that is ready, it knows the names
    wait_until("the catalogue is told", || told(&roles.store, 2));
    let inventory = roles.inventory.serve();
    add(&inventory, "SKU-1").expect(201);
    reserve(&inventory, "SKU-1");
    // told while both are there
    register_product(&store, "SKU-2");
    wait_until("the name has arrived", || match add(&inventory, "SKU-2") {
        reply if reply.status == 201 => Ok(()),
        reply => Err(reply),
    });
    reserve(&inventory, "SKU-2");
    // another start, while the catalogue's process is away: the names are on the bus
    inventory.kill();
    store.stop();
    let inventory = roles.inventory.serve();
    add(&inventory, "SKU-1").expect(201);
    add(&inventory, "SKU-2").expect(201);
    reserve(&inventory, "SKU-2");
    inventory.stop();
}

/// The inventory reads topics that the catalogue does not write, as while a broker is away or late.
#[test]
#[ignore = "needs PostgreSQL and Kafka: make test-services"]
fn what_the_bus_does_not_bring_is_asked_for() {
    let _machine = whole_machine();
    let roles = Roles::new("asked for");
    let store = roles.store.serve();
    let (deaf, url) =
        (Topics::new(&mut Random::of_run("deaf")).url(), format!("http://{}", store.address()));
    let inventory =
        roles.inventory.with(&["--role", "inventory", "--event-bus", &deaf, "--store-url", &url]);
    let inventory = inventory.serve();
    register_store(&store);
    register_product(&store, "SKU-1");
    add(&inventory, "SKU-1").expect(201);
    reserve(&inventory, "SKU-1");
    assert_eq!(add(&inventory, "SKU-2").status, 404);
    register_product(&store, "SKU-2");
    add(&inventory, "SKU-2").expect(201);
    // without the catalogue's process, what was asked for stays, and the rest is as without the address
    store.kill();
    add(&inventory, "SKU-1").expect(201);
    reserve(&inventory, "SKU-2");
    let refused = |_| {
        let begun = Instant::now();
        assert_eq!(add(&inventory, "SKU-3").status, 404);
        begun.elapsed()
    };
    let mut took: Vec<_> = (0..10).map(refused).collect();
    // a busy machine may be late with one
    assert!(percentile(90, &mut took) < Duration::from_secs(1), "{took:?}");
    inventory.stop();
}

/// A product's way from a caller to another process, over the broker.
#[test]
#[ignore = "needs PostgreSQL and Kafka: make test-services"]
fn one_trace_leads_over_the_broker_into_another_process() {
    let _machine = whole_machine();
    let (roles, collector) = (Roles::new("traced"), Collector::start(Manner::Takes));
    let url = collector.url();
    let traced = |data: &Data| {
        let more: Vec<_> = data.more.iter().map(String::as_str).collect();
        data.clone().with(&[&more[..], &["--otlp-endpoint", &url]].concat())
    };
    let [store, inventory] = [traced(&roles.store).serve(), traced(&roles.inventory).serve()];
    let (trace, caller) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    let headers = format!("traceparent: 00-{trace}-{caller}-01\r\n");
    let product = json!({"sku": "SKU-1", "name": "Thing"});
    store.client().post_to("/api/v1/products", &headers, &product).unwrap().expect(201);
    let topic = "gondola.store.product-registered.v1";
    wait_until("the trace is whole", || {
        let steps = steps(&collector.spans(), trace);
        let has = |service: &str, name: &str, parent: &str| {
            steps.iter().any(|(a, b, c)| (&**a, &**b, &**c) == (service, name, parent))
        };
        let is_whole = has("gondola-store", "POST /api/v1/products", "")
            && has("gondola-store", "append postgresql", "append")
            && has("gondola-store", &format!("send {topic}"), "execute command")
            && has("gondola-inventory", &format!("process {topic}"), &format!("send {topic}"));
        if is_whole { Ok(()) } else { Err(steps) }
    });
    inventory.stop();
    store.stop();
}

/// Whether the catalogue has told so many events, as its relay has noted.
fn told(store: &Data, events: u64) -> Result<(), u64> {
    let mut database = postgres::Client::connect(&store.event_store, postgres::NoTls).unwrap();
    let sql = "SELECT coalesce(max(position), 0) FROM store.checkpoints";
    let told: i64 = database.query_one(sql, &[]).unwrap().get(0);
    let told = u64::try_from(told).unwrap();
    if told >= events { Ok(()) } else { Err(told) }
}

/// What the health of a server says about its names.
fn names(server: &Server) -> Value {
    let health = server.client().get("/health/ready").unwrap();
    json!([health.status, health.body["components"]["catalogueNames"]["status"]])
}

#[test]
#[ignore = "needs PostgreSQL and Kafka: make test-services"]
fn without_the_broker_ids_work_and_names_are_awaited() {
    let _machine = whole_machine();
    let roles = Roles::new("broker stopped");
    let store = roles.store.serve();
    register_store(&store);
    register_product(&store, "SKU-1");
    wait_until("the catalogue is told", || told(&roles.store, 2));
    let stopped = Stopped::broker();
    let inventory = roles.inventory.start();
    assert_eq!(names(&inventory), json!([503, "DOWN"]));
    let refused = add(&inventory, "SKU-1");
    assert_eq!(refused.status, 503, "{}", refused.body);
    let by_id = json!({
        "storeId": STORE, "productId": PRODUCT, "quantity": 1
    });
    inventory.client().post("/stock", &by_id).unwrap().expect(201);
    // the catalogue takes what it cannot tell yet
    register_product(&store, "SKU-2");
    drop(stopped);
    inventory.await_ready();
    add(&inventory, "SKU-1").expect(201);
    wait_until("the name has arrived", || match add(&inventory, "SKU-2") {
        reply if reply.status == 201 => Ok(()),
        reply => Err(reply),
    });
    inventory.stop();
    store.stop();
}
