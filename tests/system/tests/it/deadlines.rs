//! Sales that race the deadline of their reservation, and buyers who wait for its unit (E13).

use std::thread;
use std::time::Duration;

use crate::client::Client;
use crate::folder::Folder;
use crate::oversell::{PRODUCT, STORE, add, all_at_once, level};
use crate::random::Random;
use crate::server::Data;
use crate::settings::whole_machine;
use kit_core::{Clock, SystemClock, Timestamp};
use serde_json::json;

/// Reservations whose sale comes at their deadline, and as many buyers who want the unit from then on.
const RACES: u32 = 32;

/// Rounds of them.
const ROUNDS: u32 = 4;

/// How far from the deadline a sale is sent, in milliseconds.
const OFFSETS: [i64; 5] = [-10, -1, 0, 1, 10];

fn wait_for(moment: Timestamp) {
    loop {
        let now = SystemClock.now();
        match moment.since(now) {
            Duration::ZERO => return,
            wait => thread::sleep(wait.min(Duration::from_millis(1))),
        }
    }
}

/// Reserves the only unit of a product and sells it around the deadline; a sale is 1, an expiry 1,000.
fn sell_at_the_deadline(
    client: &mut Client,
    product: &str,
    random: &mut Random,
    offset: i64,
) -> u32 {
    let body = json!({"storeId": STORE, "productId": product, "quantity": 1, "ttlSeconds": 1});
    let held = client.post("/reserve", &body).unwrap().expect(201);
    let deadline: Timestamp = held["expiresAt"].as_str().unwrap().parse().unwrap();
    let transaction = random.uuid();
    let commit = json!({"reservationId": held["reservationId"], "transactionId": transaction});
    wait_for(Timestamp::from_millis(deadline.as_millis() + offset));
    // the buyer who waits for the unit comes at the deadline itself
    let address = client.address();
    let (sale, taken) = thread::scope(|scope| {
        let buyer = scope.spawn(move || {
            let mut buyer = Client::new(address);
            wait_for(deadline);
            let body =
                json!({"storeId": STORE, "productId": product, "quantity": 1, "ttlSeconds": 3_600});
            buyer.post("/reserve", &body).unwrap()
        });
        let sale = client.post("/commit", &commit).unwrap();
        (sale, buyer.join().unwrap())
    });
    // saying it again changes nothing about how it ended
    let again = client.post("/commit", &commit).unwrap();
    assert_eq!(again.status, sale.status, "{} and then {}", sale.body, again.body);
    match (sale.status, sale.code(), taken.status, taken.code()) {
        (200, _, 409, "insufficient-stock") => 1,
        (410, "reservation-expired", 201, _) => 1_000,
        _ => panic!("{} {}\n{} {}", sale.status, sale.body, taken.status, taken.body),
    }
}

/// Where the race is: around the deadline of each reservation, by the clock that the server shares with this test. A
/// machine that stalls lets more sales come too late, and that is all.
///
/// What is right: the server's order decides, so the unit goes to the sale or to the buyer who came at the deadline,
/// never to both or to neither.
#[test]
fn a_sale_and_an_expiry_at_the_deadline_never_both_happen() {
    let _machine = whole_machine();
    for store in ["sqlite", "jsonl"] {
        let folder = Folder::new();
        let data = Data::new(folder.path(), store);
        let server = data.serve();
        let mut random = Random::of_run("deadlines");
        let (mut sold, mut expired) = (0, 0);
        for round in 0..ROUNDS {
            let products: Vec<_> = (0..RACES).map(|_| random.uuid()).collect();
            for product in &products {
                add(&server, product, 1);
            }
            let randoms: Vec<_> = (0..RACES).map(|_| random.fork()).collect();
            let ended = all_at_once(server.address(), RACES, |client, number| {
                let place = usize::try_from(number).unwrap();
                let offset = OFFSETS[(place + usize::try_from(round).unwrap()) % OFFSETS.len()];
                sell_at_the_deadline(client, &products[place], &mut randoms[place].clone(), offset)
            });
            (sold, expired) = (sold + ended % 1_000, expired + ended / 1_000);
            for product in &products {
                let [on_hand, reserved, available] = level(&server, product);
                assert_eq!((on_hand, available), (reserved, 0), "{product}");
            }
        }
        assert_eq!(sold + expired, ROUNDS * RACES);
        eprintln!("{store}: {sold} sold in time, {expired} expired");
        // a stock level of its own stays as it was
        add(&server, PRODUCT, 1);
        assert_eq!(level(&server, PRODUCT), [1, 0, 1]);
        server.stop();
        data.verify(None);
    }
}
