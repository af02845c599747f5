//! Zero overselling: many clients fight for the units of one stock level (E12).

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::client::{Client, Reply};
use crate::folder::Folder;
use crate::random::Random;
use crate::server::{Data, PATIENCE, Server};
use crate::settings::{number, whole_machine};
use serde_json::{Value, json};

/// Concurrent clients.
pub(crate) const CLIENTS: u32 = 64;

/// What each client still asks for once it was refused.
const AFTER_THE_LAST: u32 = 5;

pub(crate) const STORE: &str = "11111111-1111-1111-1111-111111111111";
pub(crate) const PRODUCT: &str = "22222222-2222-2222-2222-000000000001";
pub(crate) const OTHER: &str = "22222222-2222-2222-2222-000000000002";

/// Units fought for, and the size of what other tests make.
pub(crate) fn units() -> u32 {
    number("GONDOLA_TEST_UNITS", 5_000)
}

/// Receives units.
pub(crate) fn add(server: &Server, product: &str, quantity: u32) {
    let body = json!({"storeId": STORE, "productId": product, "quantity": quantity});
    server.client().post("/stock", &body).unwrap().expect(201);
}

/// On hand, reserved and available.
pub(crate) fn level(server: &Server, product: &str) -> [u64; 3] {
    let path = format!("/api/v1/inventory/stores/{STORE}/products/{product}?consistency=strong");
    let body = server.client().get(&path).unwrap().expect(200);
    ["onHand", "reserved", "available"].map(|field| body[field].as_u64().unwrap())
}

/// Runs the same task on many clients concurrently, each on its own connection; returns the sum of their results.
pub(crate) fn all_at_once(
    address: SocketAddr,
    clients: u32,
    act: impl Fn(&mut Client, u32) -> u32 + Sync,
) -> u32 {
    thread::scope(|scope| {
        let act = &act;
        let run = |number| scope.spawn(move || act(&mut Client::new(address), number));
        let running: Vec<_> = (0..clients).map(run).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

/// Whether an attempt to reserve was accepted; anything but a plain refusal for lack of stock fails the test.
fn accepted(reply: &Reply) -> bool {
    match (reply.status, reply.code()) {
        (201, _) => true,
        (409, "insufficient-stock") => false,
        _ => panic!("{} {}", reply.status, reply.body),
    }
}

/// Asks over and over until refused, and a few times more; gives how often it was accepted.
pub(crate) fn buy_until_refused(client: &mut Client, path: &str, body: &Value) -> u32 {
    let mut bought = 0;
    while accepted(&client.post(path, body).unwrap()) {
        bought += 1;
    }
    for _ in 0..AFTER_THE_LAST {
        assert!(!accepted(&client.post(path, body).unwrap()), "refused, and then not");
    }
    bought
}

pub(crate) fn on_each_store(test: impl Fn(&Server, &Data)) {
    let _machine = whole_machine();
    for store in ["sqlite", "jsonl"] {
        let folder = Folder::new();
        let data = Data::new(folder.path(), store);
        let (server, began) = (data.serve(), Instant::now());
        test(&server, &data);
        server.stop();
        data.verify(None);
        eprintln!("{store}: {:?}", began.elapsed());
    }
}

#[test]
fn exactly_the_units_of_one_stock_level_are_promised() {
    on_each_store(|server, _| {
        let units = units();
        add(server, PRODUCT, units);
        let body =
            json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1, "ttlSeconds": 3_600});
        let bought = all_at_once(server.address(), CLIENTS, |client, _| {
            buy_until_refused(client, "/reserve", &body)
        });
        assert_eq!(bought, units);
        let units = u64::from(units);
        assert_eq!(level(server, PRODUCT), [units, units, 0]);
    });
}

#[test]
fn baskets_that_name_a_product_twice_promise_no_unit_twice() {
    on_each_store(|server, _| {
        // each basket takes two of the first; one unit stays, for no basket takes one
        let baskets = units() / 2;
        add(server, PRODUCT, 2 * baskets + 1);
        add(server, OTHER, baskets + 7);
        let line = |product| json!({"productId": product, "quantity": 1});
        let lines = json!([line(PRODUCT), line(OTHER), line(PRODUCT)]);
        let body = json!({"storeId": STORE, "lines": lines, "ttlSeconds": 3_600});
        let bought = all_at_once(server.address(), CLIENTS, |client, _| {
            buy_until_refused(client, "/reservations", &body)
        });
        assert_eq!(bought, baskets);
        let baskets = u64::from(baskets);
        assert_eq!(level(server, PRODUCT), [2 * baskets + 1, 2 * baskets, 1]);
        assert_eq!(level(server, OTHER), [baskets + 7, baskets, 7]);
    });
}

#[test]
fn units_of_holds_that_expire_under_the_load_are_sold_once() {
    on_each_store(|server, _| {
        let units = units() / 10;
        add(server, PRODUCT, units);
        let sold = AtomicU32::new(0);
        let mut random = Random::of_run("expiring holds");
        let randoms: Vec<Random> = (0..CLIENTS).map(|_| random.fork()).collect();
        let last_sale = Mutex::new(Instant::now());
        let body = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1, "ttlSeconds": 1});
        let abandoned = all_at_once(server.address(), CLIENTS, |client, number| {
            let mut random = randoms[usize::try_from(number).unwrap()].clone();
            let mut abandoned = 0;
            while sold.load(Ordering::SeqCst) < units {
                let waited = last_sale.lock().unwrap().elapsed();
                assert!(waited < PATIENCE, "{sold:?} of {units} were sold, none for {waited:?}");
                let reply = client.post("/reserve", &body).unwrap();
                if !accepted(&reply) {
                    // everything is reserved: until a hold expires requests cannot succeed, and only slow the others
                    // down
                    thread::sleep(Duration::from_millis(1));
                } else if random.percent(40) {
                    abandoned += 1;
                } else {
                    let id = &reply.body["reservationId"];
                    let commit = json!({"reservationId": id, "transactionId": random.uuid()});
                    let reply = client.post("/commit", &commit).unwrap();
                    match (reply.status, reply.code()) {
                        (200, _) => {
                            sold.fetch_add(1, Ordering::SeqCst);
                            *last_sale.lock().unwrap() = Instant::now();
                        }
                        (410, "reservation-expired") => abandoned += 1,
                        _ => panic!("{} {}", reply.status, reply.body),
                    }
                }
            }
            abandoned
        });
        assert_eq!(sold.into_inner(), units);
        assert!(abandoned > 0);
        assert_eq!(level(server, PRODUCT), [0, 0, 0]);
    });
}
