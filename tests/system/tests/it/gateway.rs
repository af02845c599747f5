//! A gateway before two processes on one database: the tour, load on both, and the death of either.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use kit_testkit::servers::free_port;
use serde_json::{Value, json};

use crate::answers::Answers;
use crate::client::Client;
use crate::databases::{Database, Kind};
use crate::folder::Folder;
use crate::load::{Buyer, Working};
use crate::oversell::{CLIENTS, PRODUCT, STORE, add, all_at_once, buy_until_refused, level, units};
use crate::random::Random;
use crate::server::{Data, PATIENCE, Server, wait_until};
use crate::settings::whole_machine;

/// Concurrent clients that buy at random.
const BUYERS: usize = 8;

/// How often a process is killed.
const KILLS: usize = 6;

/// Longest time without an answer to a harmless request, whatever dies.
const SILENCE_MAX: Duration = Duration::from_secs(1);

/// Longer silences that a busy machine makes by itself. A gateway that waits for the dead makes one at each second kill.
const LONGER_SILENCES: usize = 1;

/// Starts a gateway before two processes.
fn before(folder: &Folder, servers: &[Server; 2]) -> (Data, Server) {
    let urls = servers.each_ref().map(|server| format!("http://{}", server.address())).join(",");
    let more = ["--role", "gateway", "--inventory-url", &urls, "--store-url", &urls];
    let data = Data::new(folder.path(), "sqlite").with(&more);
    let server = data.serve();
    (data, server)
}

/// Clients, and reservations of each, where processes are compared.
const STEADY: (u32, u32) = (16, 60);

/// Stores that the reservations are spread over.
const STORES: u32 = 16;

/// Commands that had to be decided again, for each hundred that were decided: what several processes on a log cost each other.
fn conflicts_in_100(metrics: &[SocketAddr; 2]) -> u64 {
    let sum = |name: &str| -> u64 {
        let of_one = |address: &SocketAddr| {
            let page = Client::new(*address).text("/metrics").unwrap();
            let line = page.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim().parse::<u64>().unwrap()
        };
        metrics.iter().map(of_one).sum()
    };
    100 * sum("executor_append_conflicts_total ") / sum("executor_commands_decided_total ")
}

/// Reservations of many stores through a gateway that routes in some way; gives the rate of conflicts.
fn conflicts_of(routing: &str) -> u64 {
    let (folder, mut random) = (Folder::new(), Random::of_run("conflicts"));
    let database = Database::new(Kind::Postgres, &mut random);
    let metrics: [SocketAddr; 2] = std::array::from_fn(|_| free());
    let processes = database.processes(&folder);
    let processes: [Data; 2] = std::array::from_fn(|index| {
        let listen = metrics[index].to_string();
        processes[index].clone().with(&["--metrics-listen", &listen])
    });
    let servers = processes.each_ref().map(Data::serve);
    let urls = servers.each_ref().map(|server| format!("http://{}", server.address())).join(",");
    let more =
        ["--role", "gateway", "--inventory-url", &urls, "--store-url", &urls, "--routing", routing];
    let gateway = Data::new(folder.path(), "sqlite").with(&more).serve();
    let store = |number: u32| format!("11111111-1111-1111-1111-{:012}", number % STORES);
    for number in 0..STORES {
        let body = json!({"storeId": store(number), "productId": PRODUCT, "quantity": 100_000});
        gateway.client().post("/stock", &body).unwrap().expect(201);
    }
    let (clients, each) = STEADY;
    let reserved = all_at_once(gateway.address(), clients, |client, number| {
        for turn in 0..each {
            let store = store(number * 7 + turn);
            let body = json!({"storeId": store, "productId": PRODUCT, "quantity": 1});
            client.post("/reserve", &body).unwrap().expect(201);
        }
        each
    });
    assert_eq!(reserved, clients * each);
    conflicts_in_100(&metrics)
}

/// An address where nobody listens.
pub(crate) fn free() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], free_port()))
}

#[test]
#[ignore = "needs PostgreSQL: make test-services"]
fn routing_by_store_makes_conflicts_rare() {
    let _machine = whole_machine();
    let [by_store, any] = ["store", "any"].map(conflicts_of);
    eprintln!("conflicts for each hundred commands: {by_store} by store, {any} in turn");
    assert!(by_store <= 2 && any > by_store, "{by_store} by store, {any} in turn");
}

/// Units of a product, by its name and that of the tour's store.
pub(crate) fn by_name(sku: &str, quantity: u32) -> Value {
    json!({"storeCode": "SP-PAULISTA", "productSku": sku, "quantity": quantity})
}

/// The sale of the README: reserved, committed twice with the same answer, and more than there is refused.
pub(crate) fn sell_five(client: &mut Client, random: &mut Random) {
    let reserved = client.post("/reserve", &by_name("PROD123456", 5)).unwrap().expect(201);
    let commit =
        json!({"reservationId": reserved["reservationId"], "transactionId": random.uuid()});
    let first = client.post("/commit", &commit).unwrap().expect(200);
    assert_eq!(client.post("/commit", &commit).unwrap().expect(200), first, "the same answer");
    let refused = client.post("/reserve", &by_name("PROD123456", 500)).unwrap();
    assert_eq!((refused.status, refused.code()), (409, "insufficient-stock"));
}

/// The steps of the README through a gateway: what one process is told the other knows.
#[test]
#[ignore = "needs PostgreSQL: make test-services"]
fn the_tour_goes_through_a_gateway() {
    let _machine = whole_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("tour"));
    let database = Database::new(Kind::Postgres, &mut random);
    let processes = database.processes(&folder);
    let servers = processes.each_ref().map(Data::serve);
    let (_, gateway) = before(&folder, &servers);
    let mut client = gateway.client();
    let sku = json!({"sku": "PROD123456", "name": "Headphones", "productId": PRODUCT});
    client.register(&sku).unwrap().expect(201);
    let store =
        json!({"storeId": STORE, "code": "SP-PAULISTA", "name": "Paulista", "region": "SP"});
    client.register_store(&store).unwrap().expect(201);
    client.post("/stock", &by_name("PROD123456", 100)).unwrap().expect(201);
    sell_five(&mut client, &mut random);
    let history = "/api/v1/inventory/stores/SP-PAULISTA/products/PROD123456/history?limit=2";
    let history = client.get(history).unwrap().expect(200);
    assert_eq!(history["items"][0]["eventType"], "StockCommittedEvent");
    for server in &servers {
        let name = format!("inventory {}", server.address());
        // one that was slow to say that it is ready is asked again soon
        wait_until("the gateway has found it", || {
            let health = client.get("/health").unwrap().expect(200);
            if health["components"][&name]["status"] == "UP" { Ok(()) } else { Err(health) }
        });
    }
}

#[test]
#[ignore = "needs PostgreSQL: make test-services"]
fn through_a_gateway_exactly_the_units_of_one_stock_level_are_promised() {
    let _machine = whole_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("hot"));
    let database = Database::new(Kind::Postgres, &mut random);
    let processes = database.processes(&folder);
    let servers = processes.each_ref().map(Data::serve);
    let (_, gateway) = before(&folder, &servers);
    let units = units() / 5;
    add(&gateway, PRODUCT, units);
    let body = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1, "ttlSeconds": 3_600});
    let bought = all_at_once(gateway.address(), CLIENTS, |client, _| {
        buy_until_refused(client, "/reserve", &body)
    });
    assert_eq!(bought, units);
    assert_eq!(level(&gateway, PRODUCT), [u64::from(units), u64::from(units), 0]);
    drop((gateway, servers));
    assert!(processes[0].verify(None).contains("I6"));
}

/// Asks again and again for something harmless, until told to stop; gives the times between two answers, the longest first.
fn silences(mut client: Client, stop: &AtomicBool) -> Vec<Duration> {
    let (mut silences, mut last) = (Vec::new(), Instant::now());
    while !stop.load(Ordering::Relaxed) {
        let answered = client.get(&format!("/api/v1/inventory/stores/{STORE}/products"));
        let is_answer = answered.is_ok_and(|reply| reply.status == 200);
        if is_answer {
            silences.push(last.elapsed());
            last = Instant::now();
        }
        assert!(last.elapsed() < PATIENCE, "no answer any more");
        thread::sleep(Duration::from_millis(2));
    }
    silences.push(last.elapsed());
    silences.sort_unstable();
    silences.reverse();
    silences
}

/// Where the fault strikes: in the middle of the work of one process behind a gateway, while the other works as well.
///
/// What is right: no answer is lost, harmless requests are answered within a second all the time, and a process that is started
/// again on another port is not needed for any of it.
#[test]
#[ignore = "needs PostgreSQL: make test-services"]
fn behind_a_gateway_either_process_may_die_and_nothing_acknowledged_is_lost() {
    let _machine = whole_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("killed behind a gateway"));
    let database = Database::new(Kind::Postgres, &mut random);
    let answers = Arc::new(Answers::new(folder.path(), "answers.jsonl"));
    let processes = database.processes(&folder);
    let mut servers = processes.each_ref().map(Data::serve);
    add(&servers[0], PRODUCT, 100);
    let (_, gateway) = before(&folder, &servers);
    let processes: [Data; 2] =
        std::array::from_fn(|index| processes[index].clone().listening(servers[index].address()));
    let buyers = (0..BUYERS).map(|_| Buyer::new(&mut random, &answers)).collect();
    let working = Working::start(buyers, gateway.address());
    let stop = AtomicBool::new(false);
    let silences = thread::scope(|scope| {
        let reading = scope.spawn(|| silences(gateway.client(), &stop));
        for round in 0..KILLS {
            answers.wait_for_acked(1 + random.below(200));
            // by turns: one of them is asked what is harmless
            let victim = round % 2;
            servers[victim].signal(rustix::process::Signal::KILL);
            servers[victim].wait();
            // the other does all the work for a while
            answers.wait_for_acked(50);
            servers[victim] = processes[victim].serve();
            wait_until("the gateway has both", || {
                let health = gateway.client().get("/health").unwrap().body;
                if health["status"] == "UP" { Ok(()) } else { Err(health) }
            });
        }
        stop.store(true, Ordering::Relaxed);
        reading.join().unwrap()
    });
    drop(gateway);
    let mut buyers = working.join();
    assert!(buyers.iter_mut().all(|buyer| buyer.resolve(&mut servers[0].client())));
    drop(servers);
    for process in &processes {
        let said = process.verify(Some(&answers.path));
        assert!(said.contains("I6"), "the views were not compared: {said}");
    }
    let counts = answers.counts();
    let longest = &silences[..=LONGER_SILENCES];
    eprintln!("{counts:?}, longest silences {longest:?}");
    assert!(longest[LONGER_SILENCES] < SILENCE_MAX, "{longest:?}");
    assert!(counts.acked > 300, "{counts:?}");
}
