//! Customers stand in no table of a database server that processes share, and are forgotten by all of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use gondola_contracts::topics;
use gondola_inventory::{
    Config, CustomerKeysPlace, PostgresViews, STOCK_VIEWS, SharedKeysConfig, Views,
};
use kit_event_bus::{EventBus as _, MemoryBus};
use kit_event_store::subject_keys::{
    KeptKeys, KeysState, Rewrap, SubjectKey, SubjectKeys, SubjectKeysError,
};
use kit_event_store::{EventStore, EventStoreError};
use kit_mysql::{MysqlOptions, MysqlStore, MysqlSubjectKeys};
use kit_postgres::{PostgresOptions, PostgresStore, PostgresSubjectKeys};
use kit_testkit::clock::SimClock;
use kit_testkit::mysql::{self, TestDatabase};
use kit_testkit::postgres::{self, Schema};
use serde_json::json;
use tempfile::TempDir;
use uuid::Uuid;

use crate::app::{App, PATIENCE, about, config, midnight, reservation};
use crate::privacy::{CANARY, export, forget, ids, name_everywhere};

/// A database with a log that processes share.
#[async_trait]
trait Server {
    /// Opens the log as one process.
    async fn open(&self, clock: &SimClock) -> Arc<dyn EventStore>;

    /// The keys beside the log, as one process has them.
    fn keys(&self) -> Arc<dyn SubjectKeys>;

    /// Where a process has its views.
    fn views(&self, folder: &Path) -> Views;

    /// All that is in the tables of the log and of views in the database.
    async fn dump(&self) -> String;
}

/// A log in PostgreSQL, with the read models there, too.
struct Postgres {
    log: Schema,
    views: Schema,
}

fn postgres_schema(schema: &Schema, role: &str) -> kit_postgres::Database {
    kit_postgres::Database::new(&postgres::address(role), &schema.name, &schema.name).unwrap()
}

impl Postgres {
    async fn new() -> Self {
        let (log, views) = (Schema::unused(), Schema::unused());
        let migrator = |schema| postgres_schema(schema, postgres::MIGRATOR);
        kit_postgres::migrate(&migrator(&log), postgres::new_id()).await.unwrap();
        STOCK_VIEWS.apply(&migrator(&views)).await.unwrap();
        Self { log, views }
    }
}

#[async_trait]
impl Server for Postgres {
    async fn open(&self, clock: &SimClock) -> Arc<dyn EventStore> {
        let database = postgres_schema(&self.log, postgres::APP);
        let clock = Arc::new(clock.clone());
        let options = PostgresOptions { database, read_connections_max: 3, clock };
        Arc::new(PostgresStore::open(options).await.unwrap())
    }

    fn keys(&self) -> Arc<dyn SubjectKeys> {
        let database = postgres_schema(&self.log, postgres::APP);
        Arc::new(PostgresSubjectKeys::new(&database).unwrap())
    }

    fn views(&self, _folder: &Path) -> Views {
        let primary = postgres_schema(&self.views, postgres::APP);
        Views::Postgres(Box::new(PostgresViews { primary, replica: None }))
    }

    async fn dump(&self) -> String {
        self.log.dump().await + &self.views.dump().await
    }
}

/// A log in MariaDB; the read models are files of each process.
struct Mysql {
    log: TestDatabase,
}

impl Mysql {
    async fn new() -> Self {
        let mysql = Self { log: TestDatabase::unused() };
        kit_mysql::migrate(&mysql.database(mysql::MIGRATOR), mysql::new_id()).await.unwrap();
        mysql
    }

    fn database(&self, user: &str) -> kit_mysql::Database {
        kit_mysql::Database::new(&self.log.at(&mysql::address(user))).unwrap()
    }
}

#[async_trait]
impl Server for Mysql {
    async fn open(&self, clock: &SimClock) -> Arc<dyn EventStore> {
        let (database, clock) = (self.database(mysql::APP), Arc::new(clock.clone()));
        let options = MysqlOptions { database, read_connections_max: 3, clock };
        Arc::new(MysqlStore::open(options).await.unwrap())
    }

    fn keys(&self) -> Arc<dyn SubjectKeys> {
        Arc::new(MysqlSubjectKeys::new(&self.database(mysql::APP)))
    }

    fn views(&self, folder: &Path) -> Views {
        Views::Sqlite(folder.to_owned())
    }

    async fn dump(&self) -> String {
        self.log.dump().await
    }
}

/// Keys of which it is counted how often a customer is asked for.
struct Counted {
    keys: Arc<dyn SubjectKeys>,
    asked: Arc<AtomicUsize>,
}

impl Counted {
    fn count(&self) {
        self.asked.fetch_add(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl SubjectKeys for Counted {
    async fn state(&self) -> Result<Option<KeysState>, EventStoreError> {
        self.keys.state().await
    }

    async fn begin(&self, mark: &[u8]) -> Result<KeysState, EventStoreError> {
        self.keys.begin(mark).await
    }

    async fn obtain(
        &self,
        mark: &[u8],
        offered: &[SubjectKey],
    ) -> Result<KeptKeys, SubjectKeysError> {
        self.count();
        self.keys.obtain(mark, offered).await
    }

    async fn find(&self, mark: &[u8], subject: &[u8]) -> Result<KeptKeys, SubjectKeysError> {
        self.count();
        self.keys.find(mark, subject).await
    }

    async fn destroy(&self, mark: &[u8], subject: &[u8]) -> Result<KeptKeys, SubjectKeysError> {
        self.keys.destroy(mark, subject).await
    }

    async fn page(&self, mark: &[u8], after: Option<Uuid>) -> Result<KeptKeys, SubjectKeysError> {
        self.keys.page(mark, after).await
    }

    async fn hand_over(
        &self,
        former: &[u8],
        present: &[u8],
        rewrap: Rewrap<'_>,
    ) -> Result<(), SubjectKeysError> {
        self.keys.hand_over(former, present, rewrap).await
    }
}

/// Two processes on one log, with one master key.
struct Pair {
    apps: [App; 2],
    /// How often each asked the database for a customer.
    asked: [Arc<AtomicUsize>; 2],
    clock: SimClock,
    bus: MemoryBus,
    folder: TempDir,
}

impl Pair {
    async fn start(server: &impl Server) -> Self {
        let (folder, clock, bus) = (TempDir::new().unwrap(), midnight(), MemoryBus::default());
        let asked: [Arc<AtomicUsize>; 2] = Default::default();
        let master_key_file = Some(folder.path().join("master.key"));
        let start = async |number: usize| {
            let asked = Arc::clone(&asked[number]);
            let keys = Arc::new(Counted { keys: server.keys(), asked }) as _;
            let master_key_file: Option<PathBuf> = master_key_file.clone();
            let keys = CustomerKeysPlace::Shared(SharedKeysConfig { keys, master_key_file });
            let views = folder.path().join(number.to_string());
            start(server, keys, &views, &clock, &bus).await
        };
        let apps = [start(0).await, start(1).await];
        Self { apps, asked, clock, bus, folder }
    }

    /// How often a process asked the database for a customer since the last call.
    fn asked(&self, number: usize) -> usize {
        self.asked[number].swap(0, Ordering::SeqCst)
    }

    async fn shut_down(self) {
        for app in self.apps {
            app.shut_down().await;
        }
    }
}

async fn start(
    server: &impl Server,
    customer_keys: CustomerKeysPlace,
    folder: &Path,
    clock: &SimClock,
    bus: &MemoryBus,
) -> App {
    std::fs::create_dir_all(folder).unwrap();
    let log = server.open(clock).await;
    let config = Config { customer_keys, ..config(server.views(folder), false) };
    App::start_asking(config, log, clock.clone(), Arc::new(bus.clone()), None).await
}

/// Whether a text has the canary, plain or as bytes are shown.
fn has_canary(text: &str) -> bool {
    let hex: String = CANARY.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    text.contains(CANARY) || text.contains("canary") || text.contains(&hex)
}

/// What is kept of the canary once the process has heard of so many reservations, which another may have made.
async fn exported(app: &App, reservations: usize) -> serde_json::Value {
    let began = std::time::Instant::now();
    loop {
        let known = export(app).await;
        if ids(&known).len() == reservations {
            return known;
        }
        assert!(began.elapsed() < PATIENCE, "{known}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

fn hold(id: u32, customer: &str) -> serde_json::Value {
    about(1, json!({"quantity": 1, "reservationId": reservation(id), "customerId": customer}))
}

async fn a_customer_stands_in_no_table_and_is_forgotten_by_all_processes(server: impl Server) {
    let pair = Pair::start(&server).await;
    let [one, other] = &pair.apps;
    let mut news = pair.bus.subscribe("test", topics::INVENTORY).await.unwrap();
    let told = name_everywhere(one).await;
    assert!(!told.contains("canary"), "{told}");
    let before = server.dump().await;
    assert!(!has_canary(&before), "{before}");
    assert!(before.contains("customerKey") && before.contains("subject_keys"), "it is searched");

    // the other process knows them as well, by the same key
    let known = exported(other, 5).await;
    assert_eq!(known["known"], true, "{known}");
    assert_eq!(export(one).await["customerKey"], known["customerKey"]);
    assert!(!known["items"].to_string().contains("\"inClear\":true"), "{known}");
    let key = known["customerKey"].as_str().unwrap();
    // PostgreSQL doubles quotes within a row
    let events = before.replace("\"\"", "\"");
    assert!(events.contains(&format!("{{\"customerKey\":\"{key}\"}}")), "{before}");
    let sold = other.post("/reserve", hold(20, CANARY)).await.expect(201).text;
    pair.asked(1);
    other.post("/reserve", hold(21, CANARY)).await.expect(201);
    assert_eq!(pair.asked(1), 0, "the other has the key in memory");
    let units = one.units(1).await;

    let forgotten = forget(one).await;
    assert_eq!(forgotten["customerKey"], known["customerKey"]);
    assert_eq!((&forgotten["forgotten"], &forgotten["leftInClear"]), (&json!(true), &json!(false)));
    for app in &pair.apps {
        let unknown = export(app).await;
        assert_eq!((&unknown["known"], ids(&unknown).len()), (&json!(false), 0));
        let list = app.get(&format!("/reservations?customerId={CANARY}")).await.expect(200);
        assert_eq!(ids(&list.body).len(), 0);
    }
    assert_eq!(other.units(1).await, units);
    let after = server.dump().await;
    assert!(!has_canary(&after), "{after}");
    let row = |dump: &str| {
        dump.lines().any(|line| line.starts_with("subject_keys") && line.contains(key))
    };
    assert!(!row(&after), "the row of the key is gone: {after}");

    // the process that had the key in memory takes them for somebody else
    other.post("/reserve", hold(20, CANARY)).await.problem(422, "idempotency-key-reused");
    other.post("/reserve", hold(22, CANARY)).await.expect(201);
    let again = exported(one, 1).await;
    assert_ne!(again["customerKey"], known["customerKey"], "after {sold}");
    assert_eq!(ids(&again), [reservation(22)]);

    // a process that starts later, with views of its own, comes to the same
    let keys = SharedKeysConfig {
        keys: server.keys(),
        master_key_file: Some(pair.folder.path().join("master.key")),
    };
    let late = pair.folder.path().join("late");
    let late = start(&server, CustomerKeysPlace::Shared(keys), &late, &pair.clock, &pair.bus).await;
    assert_eq!(ids(&exported(&late, 1).await), [reservation(22)]);
    late.shut_down().await;
    let bus = pair.bus.clone();
    pair.shut_down().await;
    drop(bus);
    let patience = std::time::Duration::from_millis(200);
    let mut count = 0;
    while let Ok(Ok(delivery)) = tokio::time::timeout(patience, news.next()).await {
        let payload = &delivery.message().payload;
        assert!(!has_canary(payload), "{payload}");
        count += 1;
        delivery.ack().await.unwrap();
    }
    assert!(count > 0, "there is something on the bus");
}

async fn a_customer_seen_before_costs_no_query(server: impl Server) {
    let pair = Pair::start(&server).await;
    let [app, _] = &pair.apps;
    app.add(1, 1_000).await;
    app.post("/reserve", hold(1, CANARY)).await.expect(201);
    assert_eq!(pair.asked(0), 1, "one who is new");
    for id in 2..=100 {
        app.post("/reserve", hold(id, CANARY)).await.expect(201);
    }
    assert_eq!(pair.asked(0), 0);
    // many who are new at once share a write, or a few
    let holds = (200..300).map(|id| async move {
        app.post("/reserve", hold(id, &format!("customer {id}"))).await.expect(201);
    });
    futures_util::future::join_all(holds).await;
    let asked = pair.asked(0);
    assert!(asked < 30, "{asked} writes for 100 customers");
    pair.shut_down().await;
}

async fn who_stood_in_clear_stays_so_and_is_said_to(server: impl Server) {
    let (folder, clock) = (TempDir::new().unwrap(), midnight());
    let config = |file: Option<&str>| {
        let master_key_file = file.map(|file| folder.path().join(file));
        CustomerKeysPlace::Shared(SharedKeysConfig { keys: server.keys(), master_key_file })
    };
    let views = folder.path().join("views");
    let bus = MemoryBus::default();
    let app = start(&server, config(None), &views, &clock, &bus).await;
    app.add(1, 9).await;
    app.post("/reserve", hold(1, CANARY)).await.expect(201);
    app.shut_down().await;
    assert!(has_canary(&server.dump().await), "without a master key they are in clear");

    let bus = MemoryBus::default();
    let app = start(&server, config(Some("master.key")), &views, &clock, &bus).await;
    clock.move_seconds(2);
    app.post("/reserve", hold(2, CANARY)).await.expect(201);
    let known = export(&app).await;
    assert_eq!(ids(&known), [1, 2].map(reservation));
    let in_clear = known["items"].as_array().unwrap().iter().map(|item| item["inClear"].clone());
    assert_eq!(in_clear.collect::<Vec<_>>(), [true, false]);
    let forgotten = forget(&app).await;
    assert_eq!((&forgotten["forgotten"], &forgotten["leftInClear"]), (&json!(true), &json!(true)));
    app.shut_down().await;
}

macro_rules! on_servers {
    ($($test:ident),+ $(,)?) => {
        mod postgres_server {
            use super::Postgres;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                #[ignore = "needs PostgreSQL: make test-services"]
                async fn $test() {
                    super::$test(Postgres::new().await).await;
                }
            )+
        }

        mod mysql_server {
            use super::Mysql;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                #[ignore = "needs MariaDB: make test-services"]
                async fn $test() {
                    super::$test(Mysql::new().await).await;
                }
            )+
        }
    };
}

on_servers!(
    a_customer_stands_in_no_table_and_is_forgotten_by_all_processes,
    a_customer_seen_before_costs_no_query,
    who_stood_in_clear_stays_so_and_is_said_to,
);
