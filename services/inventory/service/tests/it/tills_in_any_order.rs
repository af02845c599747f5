//! The same batches of tills, in any order, late, repeated and between deliveries and counts, end at the same stock and the
//! same tills, and `gondola verify` finds that stock in each of the logs.

use std::collections::BTreeSet;

use futures_util::stream::{self, StreamExt};
use kit_core::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, STORE, about, midnight, product};
use crate::pos_batches::{level, send};
use crate::proved::{held, provable};

/// Random weeks; each prints its seed when it fails.
const SEEDS: u64 = 12;

/// Orders in which each week comes.
const ORDERS: u64 = 4;

/// Weeks that are told at a time: each waits for the disk most of its time.
const AT_ONCE: usize = 6;

/// Products that are sold.
const PRODUCTS: u32 = 3;

/// Random numbers (`SplitMix64`): the same seed gives the same.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            let other = usize::try_from(self.below(last as u64 + 1)).unwrap();
            things.swap(last, other);
        }
    }
}

/// A request, with its path.
type Fact = (&'static str, Value);

/// What happens in a week: deliveries and counts, and the batches of two tills. All of it at moments of its own: what happens at
/// one moment counts in the order in which it is told.
fn week(random: &mut Random) -> Vec<Fact> {
    let midnight: Timestamp = "2026-11-27T00:00:00Z".parse().unwrap();
    let mut moments: Vec<i64> = (1..400).collect();
    random.shuffle(&mut moments);
    let mut moment = move || {
        let minutes = moments.pop().unwrap();
        Timestamp::from_millis(midnight.as_millis() - minutes * 60_000).to_string()
    };
    let mut facts = Vec::new();
    for number in 1..=PRODUCTS {
        let add = json!({"quantity": 1 + random.below(60), "occurredAt": moment()});
        facts.push(("/stock", about(number, add)));
        if random.below(2) == 0 {
            let count = json!({"counted": random.below(30), "occurredAt": moment()});
            facts.push(("/count", about(number, count)));
        }
    }
    for till in ["T-1", "T-2"] {
        for sequence in 1..=4 + random.below(4) {
            let line = |random: &mut Random, moment: &mut dyn FnMut() -> String| {
                let number = u32::try_from(1 + random.below(u64::from(PRODUCTS))).unwrap();
                let sold = i64::try_from(1 + random.below(5)).unwrap();
                let quantity = if random.below(5) == 0 { -sold } else { sold };
                json!({
                    "productId": product(number), "quantity": quantity, "occurredAt": moment(),
                    "transactionId": "R-1",
                })
            };
            let lines: Vec<Value> =
                (0..=random.below(12)).map(|_| line(random, &mut moment)).collect();
            let body =
                json!({"storeId": STORE, "tillId": till, "sequence": sequence, "lines": lines});
            facts.push(("/pos-batches", body));
        }
    }
    facts
}

/// Tells a week in an order, with repetitions; what the stock levels and the tills are in the end.
async fn tell(mut facts: Vec<Fact>, random: &mut Random) -> (Vec<[u64; 2]>, Value) {
    let (folder, clock) = (TempDir::new().unwrap(), midnight());
    let log = provable(folder.path(), &clock);
    let app = App::start_on(log, &folder.path().join("views"), clock, false).await;
    random.shuffle(&mut facts);
    let mut position = json!(0);
    for place in 0..facts.len() {
        let (path, body) = &facts[place];
        if *path == "/pos-batches" {
            let told = send(&app, body.clone()).await.expect(201);
            position = told.body["position"].clone();
        } else {
            let answer = app.post(path, body.clone()).await;
            assert!(answer.status.is_success(), "{path}: {}", answer.text);
        }
        let earlier = usize::try_from(random.below(place as u64 + 1)).unwrap();
        let (path, body) = &facts[earlier];
        if *path == "/pos-batches" {
            send(&app, body.clone()).await.expect(200);
        }
    }
    let mut levels = Vec::new();
    for number in 1..=PRODUCTS {
        levels.push(level(&app, number).await);
    }
    let mut tills = app.get(&format!("/tills?minPosition={position}")).await.expect(200).body;
    for till in tills["items"].as_array_mut().unwrap() {
        // what was missing at the moment of telling depends on what was told before
        till.as_object_mut().unwrap().remove("shortfallUnits");
    }
    app.shut_down().await;
    let found = held(folder.path()).units;
    let of_levels = [0, 1].map(|which| levels.iter().map(|level| i128::from(level[which])).sum());
    assert_eq!([found.on_hand, found.shortfall], of_levels);
    (levels, tills)
}

/// Tells the week of a seed in each order; the stock levels that all of them end at.
async fn tell_in_any_order(seed: u64) -> Vec<[u64; 2]> {
    eprintln!("seed {seed}");
    let mut random = Random(seed);
    let facts = week(&mut random);
    let first = tell(facts.clone(), &mut random).await;
    for order in 1..ORDERS {
        let other = tell(facts.clone(), &mut random).await;
        assert_eq!(other, first, "seed {seed}, order {order}");
    }
    first.0
}

#[tokio::test]
async fn batches_in_any_order_end_at_the_same_stock_and_the_same_tills() {
    let weeks = stream::iter(1..=SEEDS).map(tell_in_any_order);
    let ends: Vec<Vec<[u64; 2]>> = weeks.buffer_unordered(AT_ONCE).collect().await;
    let short = ends.iter().flatten().filter(|[_, shortfall]| *shortfall > 0).count();
    let distinct: BTreeSet<_> = ends.into_iter().collect();
    assert!(short > 0 && distinct.len() > 6, "the weeks are too tame: {short}, {distinct:?}");
}
