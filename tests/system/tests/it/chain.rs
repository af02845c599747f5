//! Each of the five processes of a chain may be killed at any moment.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::answers::Answers;
use crate::client::{Client, Reply};
use crate::databases::{Database, Kind};
use crate::folder::Folder;
use crate::gateway::{by_name, sell_five};
use crate::kafka::Topics;
use crate::load::{Buyer, Working};
use crate::measure::percentile;
use crate::members::Chain;
use crate::random::Random;
use crate::server::wait_until;
use crate::settings::{number, part_of_the_machine};

/// Concurrent clients that buy at random.
const BUYERS: usize = 8;

/// How long nine of ten processes may take from their start until they are ready; what other tests do at the same time may slow
/// some of them.
const READY_MAX: Duration = Duration::from_secs(10);

/// Longest pause between two kills.
const PAUSE_MAX_MILLIS: u64 = 3_000;

/// Pause between two products that are registered.
const REGISTERS_EVERY: Duration = Duration::from_millis(200);

/// The topic of stock levels.
const STOCK: &str = "gondola.inventory.inventory-updated.v1";

/// A store and a product that one process registers are known to both of the inventory, and the tour goes through the gateway.
fn take_the_tour(chain: &Chain, random: &mut Random) {
    let mut client = chain.client();
    let store = json!({"code": "SP-PAULISTA", "name": "Paulista", "region": "SP"});
    chain.store[0].server.client().register_store(&store).unwrap().expect(201);
    let product = json!({"sku": "PROD123456", "name": "Headphones"});
    chain.store[1].server.client().register(&product).unwrap().expect(201);
    for member in &chain.inventory {
        wait_until("the names have arrived", || {
            let reply = member.server.client().post("/stock", &by_name("PROD123456", 50)).unwrap();
            if reply.status == 201 { Ok(()) } else { Err(reply) }
        });
    }
    sell_five(&mut client, random);
    let path = "/api/v1/inventory/stores/SP-PAULISTA/products/PROD123456?consistency=strong";
    let level = client.get(path).unwrap().expect(200);
    assert_eq!((&level["onHand"], &level["available"]), (&json!(95), &json!(95)));
}

/// Registers one product after the other, each until it is known to have happened.
struct Registrar {
    stop: Arc<AtomicBool>,
    working: JoinHandle<Vec<String>>,
}

impl Registrar {
    fn start(address: SocketAddr) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let working = thread::spawn(move || {
            let (mut client, mut skus) = (Client::new(address), Vec::new());
            while !stopped.load(Ordering::Relaxed) {
                let sku = format!("CHAIN-{}", skus.len());
                let reply = client.register(&json!({"sku": sku, "name": "Thing"}));
                let is_there = |reply: Reply| {
                    // the second: it had happened when no answer came
                    reply.status == 201 || reply.code() == "product-already-registered"
                };
                if reply.is_ok_and(is_there) {
                    skus.push(sku);
                }
                thread::sleep(REGISTERS_EVERY);
            }
            skus
        });
        Self { stop, working }
    }

    fn finish(self) -> Vec<String> {
        self.stop.store(true, Ordering::Relaxed);
        self.working.join().unwrap()
    }
}

/// Lets clients work through the gateway and kills processes for a time; gives the buyers, and how long each start took.
fn kill_any(
    chain: &mut Chain,
    buyers: Vec<Buyer>,
    random: &mut Random,
    lasts: Duration,
) -> (Vec<Buyer>, Vec<Duration>) {
    let address = chain.gateway.server.address();
    let (began, mut starts) = (Instant::now(), Vec::new());
    let mut gateway_was_killed = false;
    let mut working = Working::start(buyers, address);
    // chance may leave the gateway out, and its kills are what cuts off most commands
    while began.elapsed() < lasts || !gateway_was_killed {
        thread::sleep(Duration::from_millis(random.below(PAUSE_MAX_MILLIS)));
        let took = match random.below(5) {
            0 => {
                let took = chain.gateway.kill_and_start();
                gateway_was_killed = true;
                // without it they have stopped
                working = Working::start(working.join(), address);
                took
            }
            victim @ 1..3 => chain.inventory[usize::from(victim == 1)].kill_and_start(),
            victim => chain.store[usize::from(victim == 3)].kill_and_start(),
        };
        starts.push(took);
    }
    starts.push(chain.gateway.kill_and_start());
    (working.join(), starts)
}

/// What a consumer that ignores what it has seen makes of the news about stock: the newest message of each level. That is
/// right only if nothing was left out, and nothing came before what it follows.
fn consume(news: &[Value]) -> HashMap<String, Value> {
    let mut levels: HashMap<String, Value> = HashMap::new();
    for message in news {
        let (subject, level) = (message["subject"].as_str().unwrap(), &message["data"]);
        let version = |level: &Value| level["version"].as_u64().unwrap();
        let seen = levels.get(subject).map_or(0, version);
        if version(level) > seen {
            assert_eq!(
                version(level),
                seen + 1,
                "{subject}: something was left out before {level}"
            );
            levels.insert(subject.to_owned(), level.clone());
        }
    }
    levels
}

/// Waits until the topic has told all, and compares every level of it with the one that the inventory shows.
fn compare_news(chain: &Chain, topics: &Topics, levels_min: usize) -> usize {
    let mut client = chain.client();
    wait_until("the topic tells what is so", || {
        let news = topics.read(STOCK);
        let levels = consume(&news);
        for (subject, told) in &levels {
            let (store, product) = subject.split_once('/').unwrap();
            let path =
                format!("/api/v1/inventory/stores/{store}/products/{product}?consistency=strong");
            let shown = client.get(&path).unwrap().expect(200);
            let same = ["version", "onHand"].iter().all(|field| told[field] == shown[field]);
            if !same {
                return Err(format!("{subject} is {shown} and was told as {told}"));
            }
        }
        if levels.len() < levels_min {
            return Err(format!("only {} of {levels_min} levels were told", levels.len()));
        }
        Ok(news.len())
    })
}

/// Where the fault strikes: any of five processes is killed in the middle of what it does, the gateway too, again and again.
///
/// What is right: nothing that was acknowledged is lost and nothing is sold twice; processes are ready within ten seconds of
/// their start; every registered product can be received by name through either process; and a reader of the broker that ignores
/// what it has seen already has had each change of each stock level once, in order.
fn survive(kind: Kind, lasts: Duration) {
    let _machine = part_of_the_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("chain"));
    let database = Database::new(kind, &mut random);
    let topics = Topics::new(&mut random);
    let mut chain = Chain::start(&folder, &database, &topics);
    take_the_tour(&chain, &mut random);

    let answers = Arc::new(Answers::new(folder.path(), "answers.jsonl"));
    let buyers = (0..BUYERS).map(|_| Buyer::new(&mut random, &answers)).collect();
    let registrar = Registrar::start(chain.gateway.server.address());
    let (mut buyers, mut starts) = kill_any(&mut chain, buyers, &mut random, lasts);
    let skus = registrar.finish();
    assert!(buyers.iter_mut().all(|buyer| buyer.resolve(&mut chain.client())));

    for (index, sku) in skus.iter().enumerate() {
        let server = &chain.inventory[index % 2].server;
        let receive = || server.client().post("/stock", &by_name(sku, 1)).unwrap();
        wait_until("the product is known", || match receive() {
            reply if reply.status == 201 => Ok(()),
            reply => Err(reply),
        });
    }
    let told = compare_news(&chain, &topics, 1 + skus.len());
    chain.stop_and_verify(&answers);
    let counts = answers.counts();
    let slow = percentile(90, &mut starts);
    eprintln!(
        "{counts:?}, {} products, {told} messages, 90 of 100 starts took {slow:?} at most, the longest {:?}",
        skus.len(),
        starts.last()
    );
    assert!(slow < READY_MAX, "{starts:?}");
    assert!(counts.acked > 300 && counts.unknown > 10, "{counts:?}");
    // with fewer the test would prove nothing
    assert!(skus.len() as u64 > lasts.as_secs() / 4, "only {} products", skus.len());
}

/// For how long processes are killed, in seconds.
fn lasts(default: u32) -> Duration {
    Duration::from_secs(number("GONDOLA_TEST_CHAIN_SECONDS", default).into())
}

#[test]
#[ignore = "needs PostgreSQL, Kafka and Redis: make test-services"]
fn any_process_of_a_chain_may_be_killed_on_postgresql() {
    survive(Kind::Postgres, lasts(300));
}

#[test]
#[ignore = "needs MariaDB, Kafka and Redis: make test-services"]
fn any_process_of_a_chain_may_be_killed_on_mariadb() {
    survive(Kind::Mariadb, lasts(60));
}
