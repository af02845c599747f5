//! The stock of stores in the catalogue's process, told over Kafka while both processes are killed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::oversell::STORE;
use crate::separate_roles::Roles;
use crate::server::{Server, wait_until};
use crate::settings::part_of_the_machine;

const PRODUCTS: usize = 20;

/// Units that are added to stock levels in turns before somebody is killed.
const UNITS: usize = 150;

/// How often each of the two is killed.
const KILLS: usize = 3;

/// What the catalogue's process has shown of each product: its version.
#[derive(Default)]
struct Shown(BTreeMap<String, u64>);

impl Shown {
    /// Looks again; no level may go back.
    fn inspect(&mut self, store: &Server) -> Value {
        let path = format!("/api/v1/stores/{STORE}/stock?limit=200");
        let page = store.client().get(&path).unwrap().expect(200);
        for item in page["items"].as_array().unwrap() {
            let (product, version) =
                (item["productId"].as_str().unwrap(), item["version"].as_u64());
            let before = self.0.entry(product.to_owned()).or_default();
            assert!(version.unwrap() >= *before, "{item} comes after version {before}");
            *before = version.unwrap();
        }
        page
    }
}

fn product(number: usize) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// Adds units one by one to the levels in turns, and looks at what is shown in between.
fn add(inventory: &Server, store: &Server, shown: &mut Shown, added: &mut [u64; PRODUCTS]) {
    let mut client = inventory.client();
    for unit in 0..UNITS {
        let number = unit % PRODUCTS;
        let body = json!({"storeId": STORE, "productId": product(number), "quantity": 1});
        client.post("/stock", &body).unwrap().expect(201);
        added[number] += 1;
        if number == 0 {
            shown.inspect(store);
        }
    }
}

/// Whether each level is shown as it is after all that was added.
fn complete(page: &Value, added: &[u64; PRODUCTS]) -> bool {
    let items = page["items"].as_array().unwrap();
    items.len() == PRODUCTS
        && items.iter().zip(added).enumerate().all(|(number, (item, units))| {
            let level = json!([item["productId"], item["onHand"], item["version"]]);
            level == json!([product(number), units, units])
        })
}

#[test]
#[ignore = "needs PostgreSQL and Kafka: make test-services"]
fn stock_reaches_the_catalogues_process_once_and_in_order_whoever_is_killed() {
    let _machine = part_of_the_machine();
    let roles = Roles::new("stock copy");
    let (mut store, mut inventory) = (roles.store.serve(), roles.inventory.serve());
    let (mut shown, mut added) = (Shown::default(), [0; PRODUCTS]);
    for _ in 0..KILLS {
        add(&inventory, &store, &mut shown, &mut added);
        // what it had told and not noted is told again
        inventory.kill();
        inventory = roles.inventory.serve();
        add(&inventory, &store, &mut shown, &mut added);
        // in the middle of the last of the news, at the end, after which no other tells the same
        store.kill();
        store = roles.store.serve();
    }
    wait_until("all is known", || match shown.inspect(&store) {
        page if complete(&page, &added) => Ok(()),
        page => Err(page),
    });
    // what was known before is known while nobody tells anything
    inventory.stop();
    store.kill();
    let store = roles.store.serve();
    assert!(complete(&shown.inspect(&store), &added));
    store.stop();
}
