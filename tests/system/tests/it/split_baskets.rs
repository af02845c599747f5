//! Kill -9 in the middle of baskets that two stores hold as one: both sell their part, or neither does (E22).

use std::sync::Arc;
use std::thread::{self, JoinHandle};

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::insistent::{Insistent, Order, Progress};
use crate::oversell::PRODUCT;
use crate::random::Random;
use crate::server::{Data, Server, wait_until};
use crate::settings::{number, part_of_the_machine};

/// Those who buy at the same time.
const BUYERS: usize = 4;

/// The stores of each basket.
const STORES: [&str; 2] =
    ["11111111-1111-1111-1111-000000000001", "11111111-1111-1111-1111-000000000002"];

/// Units of each store at the beginning: more than all baskets take.
const UNITS: u64 = 100_000;

/// Answers before a kill: at least one and less than this.
const ANSWERED_MAX: u64 = 40;

/// Buys one basket after the other, and changes its mind at times.
struct Buyer {
    random: Random,
    client: Insistent,
    progress: Arc<Progress>,
    /// Units of the stores that were sold.
    sold: [u64; 2],
    /// Baskets that were sold, given back, and refused.
    ended: [u32; 3],
}

impl Buyer {
    fn work(mut self) -> JoinHandle<Self> {
        thread::spawn(move || {
            while !self.progress.is_over() {
                self.buy();
            }
            self
        })
    }

    fn buy(&mut self) {
        let is_too_much = self.random.percent(10);
        let first = 1 + self.random.below(4);
        let second = if is_too_much { 2 * UNITS } else { 1 + self.random.below(4) };
        let parts: Vec<_> = STORES.iter().zip([first, second]).map(part).collect();
        let body = json!({"parts": parts, "ttlSeconds": 3_600});
        let wanted = if is_too_much { &[202, 409] } else { &[201, 202] };
        let key = self.random.uuid();
        let order = Order { path: "/split-reservations", key: &key, body: &body, wanted };
        let begun = self.client.insist(0, &order).body;
        let id = begun["splitReservationId"].as_str().unwrap().to_owned();
        if is_too_much {
            self.await_end(&id, "refused", ["released", "refused"]);
            self.ended[2] += 1;
            return;
        }
        self.await_end(&id, "active", ["active"; 2]);
        if self.random.percent(20) {
            self.order(&id, "release", &json!({}));
            self.await_end(&id, "released", ["released"; 2]);
            self.ended[1] += 1;
        } else {
            let sale = json!({"transactionId": format!("T-{id}")});
            self.order(&id, "commit", &sale);
            self.await_end(&id, "committed", ["committed"; 2]);
            self.ended[0] += 1;
            self.sold = [self.sold[0] + first, self.sold[1] + second];
        }
    }

    /// Orders what becomes of a basket. What had no answer and was begun all the same is left to the next start.
    fn order(&mut self, id: &str, verb: &str, body: &Value) {
        let path = format!("/split-reservations/{id}");
        let (place, path) = (format!("/api/v1/inventory{path}"), format!("{path}/{verb}"));
        let order = Order { path: &path, key: id, body, wanted: &[200, 202] };
        if !self.client.tell(0, &order)
            && self.client.await_right(0, &place, |_| true)["status"] == "active"
        {
            self.client.insist(0, &order);
        }
    }

    /// Waits until a basket stands like this, and checks its parts.
    fn await_end(&mut self, id: &str, status: &str, parts: [&str; 2]) {
        let path = format!("/api/v1/inventory/split-reservations/{id}");
        let found = self.client.await_right(0, &path, |found| found["status"] == status);
        let statuses = [0, 1].map(|number| found["parts"][number]["status"].as_str().unwrap());
        assert_eq!(statuses, parts, "{found}");
    }
}

fn part((store, quantity): (&&str, u64)) -> Value {
    json!({"storeId": store, "lines": [{"productId": PRODUCT, "quantity": quantity}]})
}

/// On hand and reserved of the stores.
fn levels(server: &Server) -> [[u64; 2]; 2] {
    STORES.map(|store| {
        let path =
            format!("/api/v1/inventory/stores/{store}/products/{PRODUCT}?consistency=strong");
        let level = server.client().get(&path).unwrap().expect(200);
        ["onHand", "reserved"].map(|field| level[field].as_u64().unwrap())
    })
}

/// Where the fault strikes: in the middle of requests, sales and releases of baskets in two stores.
///
/// What is right: the log holds after each crash; each basket ends in both stores as in one, and in the end what is sold has
/// left the shelves once and nothing is held.
#[test]
fn baskets_of_two_stores_are_sold_as_one_through_kill_9() {
    let _machine = part_of_the_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("split baskets"));
    let data = Data::new(folder.path(), "sqlite");
    let mut server = data.serve();
    for store in STORES {
        let stock = json!({"storeId": store, "productId": PRODUCT, "quantity": UNITS});
        server.client().post("/stock", &stock).unwrap().expect(201);
    }
    let data = data.listening(server.address());
    let progress = Arc::new(Progress::default());
    let working: Vec<_> = (0..BUYERS)
        .map(|_| Buyer {
            random: random.fork(),
            client: Insistent::new(&[server.address()], &progress),
            progress: Arc::clone(&progress),
            sold: [0; 2],
            ended: [0; 3],
        })
        .map(Buyer::work)
        .collect();
    for _ in 0..number("GONDOLA_TEST_SPLIT_CRASHES", 3) {
        progress.wait_for_more(1 + random.below(ANSWERED_MAX));
        server.kill();
        let (holds, said) = data.verified(None);
        assert!(holds, "{said}");
        server = data.serve();
    }
    progress.wait_for_more(ANSWERED_MAX);
    progress.end();
    let buyers: Vec<_> = working.into_iter().map(|buyer| buyer.join().unwrap()).collect();
    wait_until("no saga is left", || {
        let left = server.client().get("/api/v1/sagas").unwrap().expect(200)["items"].clone();
        if left == json!([]) { Ok(()) } else { Err(left) }
    });
    let sold = [0, 1].map(|store: usize| buyers.iter().map(|buyer| buyer.sold[store]).sum::<u64>());
    assert_eq!(levels(&server), sold.map(|units| [UNITS - units, 0]), "on hand and reserved");
    server.stop();
    let said = data.verify(None);
    assert!(said.contains("I1") && said.contains("I6"), "{said}");
    let ended =
        [0, 1, 2].map(|how: usize| buyers.iter().map(|buyer| buyer.ended[how]).sum::<u32>());
    let unanswered: u32 = buyers.iter().map(|buyer| buyer.client.unanswered).sum();
    eprintln!(
        "{ended:?} baskets were sold, given back, refused; {unanswered} orders without an answer"
    );
    // with fewer the test would prove nothing
    assert!(ended[0] > 10 && unanswered > 0, "{ended:?} {unanswered}");
}
