//! Customers stand in no table, topic, cache or log line of processes that share servers, and are forgotten while these serve.

use std::fs;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::databases::{Database, Kind};
use crate::folder::Folder;
use crate::kafka::Topics;
use crate::oversell::{PRODUCT, STORE, add, level};
use crate::random::Random;
use crate::server::{Data, Server, wait_until};
use crate::settings::{gondola, part_of_the_machine};
use crate::shared_cache::Redis;

/// Who must be nowhere.
const CANARY: &str = "maria.canary@example.com";

/// The topic of changes of stock.
const UPDATED: &str = "gondola.inventory.inventory-updated.v1";

/// How long a reader of a topic may take to begin on a busy machine.
const BEGINS_MILLIS: &str = "15000";

/// Units at the beginning.
const UNITS: u32 = 100_000;

/// A master key of all processes, which nobody else can read.
fn master_key(folder: &Path) -> String {
    let path = folder.join("master.key");
    let mut options = fs::OpenOptions::new();
    let file = options.create_new(true).write(true).mode(0o600).open(&path).unwrap();
    let mut random = Random::of_run("master key");
    let [a, b, c, d] = [(); 4].map(|()| random.below(u64::MAX));
    let digits = format!("{a:016x}{b:016x}{c:016x}{d:016x}");
    std::io::Write::write_all(&mut &file, digits.as_bytes()).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Whether a text has the canary, plain, as bytes are shown, or as they are often sent.
fn has_canary(text: &str) -> bool {
    // of "canary" within the whole
    let hex = "63616e617279";
    // of "canary@examp" within the whole, at the place where it stands there
    let base64 = "Y2FuYXJ5QGV4YW1w";
    text.contains("canary") || text.contains(hex) || text.contains(base64)
}

/// All rows of all tables that the product has made, a line each, after the name of the table.
fn tables(database: &Database) -> String {
    let mut client = database.client();
    let named = "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) FROM information_schema.tables \
        WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')";
    let mut dump = String::new();
    for table in client.query(named, &[]).unwrap() {
        let table: String = table.get(0);
        let rows = format!("SELECT row_to_json(t)::text FROM {table} AS t");
        for row in client.query(&rows, &[]).unwrap() {
            let row: String = row.get(0);
            dump.extend([&*table, " ", &*row, "\n"]);
        }
    }
    dump
}

/// Every key in Redis with what it has.
fn cached(redis: &Redis) -> String {
    let all = "local told = '' for _, key in ipairs(redis.call('KEYS', '*')) do told = told .. key .. ' ' \
        local kind = redis.call('TYPE', key)['ok'] \
        if kind == 'hash' then told = told .. table.concat(redis.call('HGETALL', key), ' ') \
        elseif kind == 'string' then told = told .. redis.call('GET', key) \
        else told = told .. kind end told = told .. '\\n' end return told";
    redis.command(&["EVAL", all, "0"])
}

/// The files of processes, with their logs, that have the canary in them.
fn files_with_canary(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_with_canary(&path));
        } else if has_canary(&String::from_utf8_lossy(&fs::read(&path).unwrap())) {
            found.push(path.display().to_string());
        }
    }
    found
}

/// `gondola privacy` against a process.
fn privacy(server: &Server, arguments: &[&str]) -> String {
    let url = format!("http://{}", server.address());
    let mut command = Command::new(gondola());
    command.arg("privacy").args(arguments).args(["--url", &url]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What is kept of a customer once a process has heard of so many reservations, which another may have made.
fn exported(server: &Server, customer: &str, reservations: usize) -> Value {
    wait_until("the process has heard of all reservations", || {
        let told = privacy(server, &["export", customer, "--json"]);
        let known: Value = serde_json::from_str(&told).unwrap();
        let items = known["items"].as_array().map_or(0, Vec::len);
        if items == reservations { Ok(known) } else { Err(told) }
    })
}

fn of(customer: &str, mut more: Value) -> Value {
    more["customerId"] = json!(customer);
    more
}

fn hold(customer: &str) -> Value {
    of(
        customer,
        json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1, "ttlSeconds": 3_600}),
    )
}

/// Names the canary in each way that there is: five reservations, through both processes.
fn name_everywhere([one, other]: [&Server; 2]) {
    let (mut one, mut other) = (one.client(), other.client());
    let held = one.send("/reserve", Some("key-1"), &hold(CANARY)).unwrap().expect(201);
    one.send("/reserve", Some("key-1"), &hold(CANARY)).unwrap().expect(201);
    let sold = json!({"reservationId": held["reservationId"], "transactionId": "T-1"});
    one.post("/commit", &of(CANARY, sold)).unwrap().expect(200);
    let lines = json!([{"productId": PRODUCT, "quantity": 1}]);
    let basket = json!({"storeId": STORE, "lines": lines});
    other.post("/reservations", &of(CANARY, basket)).unwrap().expect(201);
    let split = json!({"parts": [{"storeId": STORE, "lines": lines}]});
    other.post("/split-reservations", &of(CANARY, split)).unwrap().expect(201);
    let checkout = json!({"storeId": STORE, "lines": lines, "confirmation": "notWanted"});
    let checkout = of(CANARY, checkout);
    one.post_to("/api/v1/checkouts", "", &checkout).unwrap().expect(201);
    other.post("/reserve", &hold(CANARY)).unwrap().expect(201);
    // what is refused is told, too
    let mut much = hold(CANARY);
    much["quantity"] = json!(UNITS + 1);
    let refused = one.post("/reserve", &much).unwrap().expect(409);
    assert!(!has_canary(&refused.to_string()), "{refused}");
    let named = other.get(&format!("/api/v1/inventory/reservations?customerId={CANARY}"));
    assert_eq!(named.unwrap().status, 200);
}

/// Others buy meanwhile, through a process, and at least twice; how many of them did.
fn keep_buying(server: &Server, stop: &AtomicBool) -> usize {
    let (mut client, mut bought) = (server.client(), 0);
    while bought < 2 || !stop.load(Ordering::Relaxed) {
        client.post("/reserve", &hold("jo")).unwrap().expect(201);
        bought += 1;
        thread::sleep(Duration::from_millis(20));
    }
    bought
}

fn two_processes(database: &Database, folder: &Folder, [redis, topics]: [&str; 2]) -> [Data; 2] {
    let master_key = master_key(folder.path());
    let told = ["--cache", redis, "--event-bus", topics, "--log", "debug"];
    database
        .processes_with_views(folder)
        .map(|data| data.with(&[&told[..], &["--customer-master-key", &master_key]].concat()))
}

#[test]
#[ignore = "needs PostgreSQL, Redis and Kafka: make test-services"]
fn a_customer_stands_in_no_table_topic_cache_or_log_and_is_forgotten_while_two_processes_serve() {
    let _machine = part_of_the_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("privacy on servers"));
    let (database, topics) = (Database::new(Kind::Postgres, &mut random), Topics::new(&mut random));
    let redis = Redis::start();
    let places = [redis.url(), topics.url()];
    let processes = two_processes(&database, &folder, places.each_ref().map(String::as_str));
    let servers = processes.each_ref().map(Data::serve);
    let [one, other] = &servers;
    add(one, PRODUCT, UNITS);
    name_everywhere([one, other]);
    one.client().post("/reserve", &hold("jo")).unwrap().expect(201);

    let known = [one, other].map(|server| exported(server, CANARY, 5));
    let key = known[0]["customerKey"].as_str().unwrap();
    assert_eq!(known[1]["customerKey"], *key, "both know them by one key");
    wait_until("a level is in Redis", || {
        let path = format!("/api/v1/inventory/stores/{STORE}/products/{PRODUCT}");
        other.client().get(&path).unwrap().expect(200);
        let all = cached(&redis);
        if all.contains(PRODUCT) { Ok(()) } else { Err(all) }
    });
    let before = tables(&database);
    assert!(!has_canary(&before), "{before}");
    // what is searched has them, by their key
    assert!(before.contains("subject_keys") && before.contains(key), "{before}");
    assert!(!has_canary(&cached(&redis)));

    let stop = AtomicBool::new(false);
    let bought = thread::scope(|scope| {
        let buyers = [one, other].map(|server| scope.spawn(|| keep_buying(server, &stop)));
        let forgotten = privacy(other, &["forget", CANARY, "--yes"]);
        stop.store(true, Ordering::Relaxed);
        assert_eq!(forgotten, format!("forgotten: key {key} is destroyed\n"));
        buyers.map(|buyer| buyer.join().unwrap())
    });
    assert!(bought.iter().all(|bought| *bought > 1), "others went on: {bought:?}");
    for server in [one, other] {
        let unknown = privacy(server, &["export", CANARY]);
        assert_eq!(unknown, "there is no key of this customer: never seen, or forgotten\n");
        exported(server, "jo", 1 + bought.iter().sum::<usize>());
    }
    let is_row = |line: &&str| line.contains("subject_keys") && line.contains(key);
    let after = tables(&database);
    assert_eq!(after.lines().find(is_row), None, "the row of the key is gone");
    assert!(before.lines().any(|line| is_row(&line)), "and it was there: {before}");
    let bought = u64::try_from(bought.iter().sum::<usize>()).unwrap();
    let units = u64::from(UNITS);
    assert_eq!(level(one, PRODUCT), [units - 1, 5 + bought, units - 6 - bought]);
    for server in servers {
        server.stop();
    }
    // all is on the topic: what is left is for the reader to begin
    let messages = topics.read_until_silent(UPDATED, BEGINS_MILLIS);
    assert!(messages.len() > 5, "{messages:?}");
    let told = messages.iter().find(|message| has_canary(&message.to_string()));
    assert_eq!(told, None);
    assert_eq!(files_with_canary(folder.path()), [""; 0]);
    let log = processes[1].whole_log();
    let audit = log.lines().find(|line| line.contains("customer_forgotten")).unwrap();
    assert!(audit.contains(key), "{audit}");
    processes[0].verify(None);
}
