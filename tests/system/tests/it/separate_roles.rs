//! The catalogue and the inventory in processes of their own, with Kafka between them.

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use crate::client::Reply;
use crate::databases::{Database, Kind};
use crate::folder::Folder;
use crate::oversell::{PRODUCT, STORE};
use crate::random::Random;
use crate::server::{Data, Server, wait_until};
use crate::settings::{variable, whole_machine};

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
        let broker = variable("GONDOLA_TEST_KAFKA");
        let broker = broker.unwrap_or_else(|| panic!("no broker is named: run make test-services"));
        let bus = format!("kafka://{broker}/test-{}", random.below(u64::MAX));
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

/// Whether the catalogue has told so many events, as its relay has noted.
fn told(store: &Data, events: u64) -> Result<(), u64> {
    let mut database = postgres::Client::connect(&store.event_store, postgres::NoTls).unwrap();
    let sql = "SELECT coalesce(max(position), 0) FROM store.checkpoints";
    let told: i64 = database.query_one(sql, &[]).unwrap().get(0);
    let told = u64::try_from(told).unwrap();
    if told >= events { Ok(()) } else { Err(told) }
}

/// Does something to the broker; it goes on when this value is gone.
struct Stopped(Pid);

impl Stopped {
    fn broker() -> Self {
        let path = variable("GONDOLA_TEST_KAFKA_PID").unwrap();
        let pid = std::fs::read_to_string(path).unwrap().trim().parse().unwrap();
        let pid = Pid::from_raw(pid).unwrap();
        kill_process(pid, Signal::STOP).unwrap();
        Self(pid)
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        kill_process(self.0, Signal::CONT).unwrap();
    }
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
