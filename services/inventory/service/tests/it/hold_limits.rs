//! What one customer, and one caller, may hold at a time: however it is asked for, in a race, and after a restart.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::Arc;

use gondola_inventory::use_cases::{HoldLimit, HoldLimits};
use http::Method;
use kit_event_store::memory::MemoryStore;
use kit_testkit::clock::SimClock;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::app::{Answer, App, STORE, STORES, about, midnight, ndjson, open, product, reservation};

/// At most this for each of them; 0 is no limit.
fn limit(units: u32, reservations: u32) -> HoldLimit {
    HoldLimit { units: NonZeroU32::new(units), reservations: NonZeroU32::new(reservations) }
}

fn per_customer(units: u32, reservations: u32) -> HoldLimits {
    HoldLimits { per_customer: limit(units, reservations), ..HoldLimits::default() }
}

/// A context with limits on an event store of a kind, and 1,000 units of products 1 to 3.
async fn start(kind: &str, folder: &TempDir, clock: &SimClock, limits: HoldLimits) -> App {
    let store = open(kind, folder.path(), clock);
    App::start_limited(store, &folder.path().join("views"), clock.clone(), limits).await
}

async fn stocked(kind: &str, limits: HoldLimits) -> (App, TempDir) {
    let folder = TempDir::new().unwrap();
    let app = start(kind, &folder, &midnight(), limits).await;
    for number in 1..=3 {
        app.add(number, 1_000).await;
    }
    (app, folder)
}

fn hold(quantity: u64, customer: &str) -> Value {
    about(1, json!({"quantity": quantity, "customerId": customer, "ttlSeconds": 60}))
}

async fn reserve(app: &App, quantity: u64, customer: &str) -> Answer {
    app.post("/reserve", hold(quantity, customer)).await
}

/// How many units a customer holds, as a refusal of far too many says.
async fn held(app: &App, customer: &str) -> u64 {
    let refused = reserve(app, 1_000_000, customer).await.problem(409, "hold-limit-reached");
    refused["held"].as_u64().unwrap()
}

fn id(made: &Value) -> &str {
    made["reservationId"].as_str().unwrap()
}

#[tokio::test]
async fn a_refusal_says_what_is_held_and_nobody_else_is_concerned() {
    for kind in STORES {
        let (app, _folder) = stocked(kind, per_customer(10, 3)).await;
        reserve(&app, 6, "maria").await.expect(201);
        let refused = reserve(&app, 5, "maria").await.problem(409, "hold-limit-reached");
        let told = |field: &str| refused[field].clone();
        assert_eq!([told("holder"), told("limited")], [json!("customer"), json!("units")]);
        assert_eq!(
            [told("limit"), told("held"), told("requested")].map(|n| n.as_u64().unwrap()),
            [10, 6, 5]
        );
        assert!(!refused.to_string().contains("maria"), "{refused}");
        reserve(&app, 4, "maria").await.expect(201);
        reserve(&app, 10, "joão").await.expect(201);
        app.post("/reserve", about(1, json!({"quantity": 500}))).await.expect(201);

        let few = stocked(kind, per_customer(0, 2)).await;
        for _ in 0..2 {
            reserve(&few.0, 100, "maria").await.expect(201);
        }
        let refused = reserve(&few.0, 1, "maria").await.problem(409, "hold-limit-reached");
        assert_eq!((&refused["limited"], &refused["held"]), (&json!("reservations"), &json!(2)));
        few.0.shut_down().await;
        app.shut_down().await;
    }
}

/// Baskets, bulk, split reservations and checkouts.
#[tokio::test]
async fn however_it_is_asked_for_it_counts() {
    let (app, _folder) = stocked("memory", per_customer(10, 0)).await;
    let other = "51000000-0000-0000-0000-000000000001";
    let more = json!({"storeId": other, "productId": product(1), "quantity": 100});
    app.post("/stock", more).await.expect(201);
    let lines = |quantity: u32| json!([{"productId": product(1), "quantity": quantity}, {"productId": product(2), "quantity": 1}]);
    let basket =
        |quantity| json!({"storeId": STORE, "lines": lines(quantity), "customerId": "maria"});
    app.post("/reservations", basket(9)).await.expect(201);
    assert_eq!(held(&app, "maria").await, 10);
    app.post("/reservations", basket(1)).await.problem(409, "hold-limit-reached");

    let bulk = |quantity: u32, customer: &str| {
        let mut line = hold(u64::from(quantity), customer);
        line["op"] = json!("reserve");
        line
    };
    let answer =
        app.batch(ndjson(&[bulk(1, "maria"), bulk(7, "ana"), bulk(7, "ana"), bulk(3, "ana")]));
    let answer = answer.await.expect(200);
    let codes: Vec<Value> = answer
        .text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["code"].clone())
        .collect();
    let reached = json!("hold-limit-reached");
    assert_eq!(codes, [reached.clone(), Value::Null, reached, Value::Null]);

    let part = |store: &str, quantity: u32| json!({"storeId": store, "lines": [{"productId": product(1), "quantity": quantity}]});
    let split = |first, second| json!({"parts": [part(STORE, first), part(other, second)], "customerId": "rui"});
    let refused = app.post("/split-reservations", split(6, 5)).await;
    let refused = refused.problem(409, "split-reservation-refused");
    assert!(refused["detail"].as_str().unwrap().contains("of the 10"), "{refused}");
    assert_eq!(held(&app, "rui").await, 0, "all or nothing");
    app.post("/split-reservations", split(6, 4)).await.expect(201);
    assert_eq!(held(&app, "rui").await, 10);

    let checkouts = app.below("/api/v1");
    let checkout = json!({"storeId": STORE, "lines": lines(9), "customerId": "eva", "confirmation": "notWanted"});
    checkouts.post("/checkouts", checkout.clone()).await.expect(201);
    assert_eq!(held(&app, "eva").await, 10);
    let refused = checkouts.post("/checkouts", checkout).await.problem(409, "checkout-refused");
    assert!(refused["detail"].as_str().unwrap().contains("of the 10"), "{refused}");
    // whose handle would keep what is to be shut down
    drop(checkouts);
    app.shut_down().await;
}

/// The one who asks is the holder as well, and who asked for a process is the holder of what it holds.
#[tokio::test]
async fn a_caller_has_a_limit_of_its_own() {
    let limits = HoldLimits { per_caller: limit(10, 0), ..HoldLimits::default() };
    let (app, _folder) = stocked("memory", limits).await;
    let ask = async |app: &kit_testkit::http::TestClient, path: &str, actor: &str, body: Value| {
        app.send(Method::POST, path, &[("x-actor", actor)], Some(body)).await
    };
    let one = |quantity: u32, customer: &str| hold(u64::from(quantity), customer);
    ask(&app, "/reserve", "shop", one(6, "maria")).await.expect(201);
    let refused = ask(&app, "/reserve", "shop", one(5, "ana")).await;
    assert_eq!(refused.problem(409, "hold-limit-reached")["holder"], "caller");
    ask(&app, "/reserve", "till", one(5, "ana")).await.expect(201);

    let part = json!({"storeId": STORE, "lines": [{"productId": product(1), "quantity": 5}]});
    let split = json!({"parts": [part]});
    ask(&app, "/split-reservations", "shop", split.clone())
        .await
        .problem(409, "split-reservation-refused");
    ask(&app, "/split-reservations", "web", split).await.expect(201);
    let refused = ask(&app, "/reserve", "web", one(6, "ana")).await;
    assert_eq!(refused.problem(409, "hold-limit-reached")["held"], 5);
    app.shut_down().await;
}

#[tokio::test]
async fn what_is_sold_given_back_or_over_may_be_held_again_at_once() {
    for kind in STORES {
        let (app, _folder) = stocked(kind, per_customer(10, 0)).await;
        let made = reserve(&app, 10, "maria").await.expect(201).body;
        let part = json!({"reservationId": id(&made), "quantity": 4});
        app.post("/release", part).await.expect(200);
        assert_eq!(held(&app, "maria").await, 6);
        reserve(&app, 4, "maria").await.expect(201);
        let sale = json!({"reservationId": id(&made), "transactionId": "T", "quantity": 1, "keepRemainder": true});
        app.post("/commit", sale).await.expect(200);
        assert_eq!(held(&app, "maria").await, 9);
        let sale = json!({"reservationId": id(&made), "transactionId": "T-2"});
        app.post("/commit", sale).await.expect(200);
        assert_eq!(held(&app, "maria").await, 4);
        app.clock.move_millis(59_999);
        assert_eq!(held(&app, "maria").await, 4);
        app.clock.move_millis(1);
        assert_eq!(held(&app, "maria").await, 0, "at the very deadline, and nobody sweeps here");
        let made = reserve(&app, 10, "maria").await.expect(201).body;
        let longer = json!({"reservationId": id(&made), "ttlSeconds": 120});
        app.post("/extend", longer).await.expect(200);
        app.clock.move_seconds(119);
        assert_eq!(held(&app, "maria").await, 10);
        app.clock.move_seconds(1);
        reserve(&app, 10, "maria").await.expect(201);
        app.shut_down().await;
    }
}

/// A line of a bulk write gives back what a later one needs.
#[tokio::test]
async fn lines_take_effect_in_their_order() {
    let (app, _folder) = stocked("memory", per_customer(10, 0)).await;
    let line = |number: u32, quantity: u32| {
        let mut line = hold(u64::from(quantity), "maria");
        line["op"] = json!("reserve");
        line["reservationId"] = json!(reservation(number));
        line
    };
    let release = json!({"op": "release", "reservationId": reservation(1)});
    let lines = [line(1, 10), release, line(2, 10), line(3, 1)];
    let answer = app.batch(ndjson(&lines)).await.expect(200);
    let statuses: Vec<u64> = answer
        .text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["status"].as_u64().unwrap())
        .collect();
    assert_eq!(statuses, [201, 200, 201, 409]);
    app.shut_down().await;
}

#[tokio::test]
async fn a_repetition_gets_its_first_answer_though_nothing_more_may_be_held() {
    for kind in STORES {
        let (app, _folder) = stocked(kind, per_customer(10, 1)).await;
        let first = app.post_with_key("/reserve", "k", hold(10, "maria")).await.expect(201);
        let again = app.post_with_key("/reserve", "k", hold(10, "maria")).await.expect(201);
        assert!(again.is_replayed());
        assert_eq!(again.body["reservationId"], first.body["reservationId"]);
        let other = app.post_with_key("/reserve", "k", hold(9, "maria")).await;
        other.problem(422, "idempotency-key-reused");
        app.post_with_key("/reserve", "k-2", hold(10, "maria"))
            .await
            .problem(409, "hold-limit-reached");
        app.shut_down().await;
    }
}

/// Requests of one customer at the same time, in stores that are decided apart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_requests_at_the_same_time_only_so_many_pass_as_may() {
    for kind in STORES {
        let (app, _folder) = stocked(kind, per_customer(10, 0)).await;
        for number in 0..8 {
            let body = json!({"storeId": store(number), "productId": product(1), "quantity": 100});
            app.post("/stock", body).await.expect(201);
        }
        let app = Arc::new(app);
        for round in 0..10 {
            let customer = format!("customer {round}");
            let mut asking = JoinSet::new();
            for number in 0..32 {
                let (app, customer) = (Arc::clone(&app), customer.clone());
                asking.spawn(async move {
                    let mut body = hold(1, &customer);
                    body["storeId"] = json!(store(number % 8));
                    app.post("/reserve", body).await.status.as_u16()
                });
            }
            let mut statuses = BTreeMap::new();
            while let Some(status) = asking.join_next().await {
                *statuses.entry(status.unwrap()).or_insert(0) += 1;
            }
            assert_eq!(statuses, BTreeMap::from([(201, 10), (409, 22)]), "{kind}, round {round}");
            assert_eq!(held(&app, &customer).await, 10);
        }
        // the same request at the same time is one hold
        let mut asking = JoinSet::new();
        for _ in 0..16 {
            let app = Arc::clone(&app);
            asking.spawn(async move {
                app.post_with_key("/reserve", "same", hold(10, "eva")).await.status.as_u16()
            });
        }
        while let Some(status) = asking.join_next().await {
            assert_eq!(status.unwrap(), 201, "{kind}");
        }
        assert_eq!(held(&app, "eva").await, 10);
        Arc::into_inner(app).unwrap().shut_down().await;
    }
}

fn store(number: u32) -> String {
    format!("51000000-0000-0000-0000-{number:012}")
}

#[tokio::test]
async fn a_restart_counts_what_is_held() {
    for kind in ["sqlite", "jsonl"] {
        let (folder, clock) = (TempDir::new().unwrap(), midnight());
        let limits = HoldLimits { per_customer: limit(10, 0), per_caller: limit(500, 0) };
        // holds from before anything was limited count as well
        let app = start(kind, &folder, &clock, HoldLimits::default()).await;
        app.add(1, 1_000).await;
        reserve(&app, 3, "maria").await.expect(201);
        app.shut_down().await;
        let app = start(kind, &folder, &clock, limits).await;
        assert_eq!(held(&app, "maria").await, 3);
        let made = reserve(&app, 7, "maria").await.expect(201).body;
        app.post("/release", json!({"reservationId": id(&made), "quantity": 2})).await.expect(200);
        let part = json!({"storeId": STORE, "lines": [{"productId": product(1), "quantity": 400}]});
        let split = json!({"parts": [part]});
        app.send(Method::POST, "/split-reservations", &[("x-actor", "web")], Some(split))
            .await
            .expect(201);
        app.shut_down().await;
        for _ in 0..2 {
            let app = start(kind, &folder, &clock, limits).await;
            assert_eq!(held(&app, "maria").await, 8);
            let more = about(1, json!({"quantity": 101}));
            let refused =
                app.send(Method::POST, "/reserve", &[("x-actor", "web")], Some(more)).await;
            assert_eq!(refused.problem(409, "hold-limit-reached")["held"], 400, "{kind}");
            app.shut_down().await;
        }
        // what is written while nothing is limited is made up for
        let app = start(kind, &folder, &clock, HoldLimits::default()).await;
        reserve(&app, 100, "maria").await.expect(201);
        app.post("/release", json!({"reservationId": id(&made)})).await.expect(200);
        app.shut_down().await;
        let app = start(kind, &folder, &clock, limits).await;
        assert_eq!(held(&app, "maria").await, 103);
        app.shut_down().await;
    }
}

/// Two processes on one log: each lets pass what it knows nothing against, at most its limit, and both know of all holds soon.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_on_one_log_count_each_others_holds() {
    let (folder, clock) = (TempDir::new().unwrap(), midnight());
    let log = Arc::new(MemoryStore::shared());
    let limits = HoldLimits { per_caller: limit(10, 0), ..HoldLimits::default() };
    let start = async |views: &str| {
        let views = folder.path().join(views);
        App::start_limited(Arc::clone(&log) as _, &views, clock.clone(), limits).await
    };
    let (one, other) = (start("one").await, start("other").await);
    one.add(1, 1_000).await;
    let ask = async |app: &App, caller: &str, quantity: u32| {
        let body = about(1, json!({"quantity": quantity}));
        app.send(Method::POST, "/reserve", &[("x-actor", caller)], Some(body)).await
    };
    ask(&one, "web", 6).await.expect(201);
    // what is surely too much is refused with all that the log says
    let held = async |app: &App, caller: &str| {
        let refused = ask(app, caller, 11).await.problem(409, "hold-limit-reached");
        refused["held"].as_u64().unwrap()
    };
    assert_eq!(held(&other, "web").await, 6);
    ask(&other, "web", 5).await.problem(409, "hold-limit-reached");
    ask(&other, "web", 4).await.expect(201);
    assert_eq!(held(&one, "web").await, 10);
    ask(&one, "web", 1).await.problem(409, "hold-limit-reached");
    for round in 0..20 {
        let caller = format!("caller {round}");
        let both = tokio::join!(ask(&one, &caller, 10), ask(&other, &caller, 10));
        assert!([&both.0, &both.1].iter().any(|answer| answer.status == 201), "round {round}");
        for app in [&one, &other] {
            let held = held(app, &caller).await;
            assert!(held == 10 || held == 20, "round {round}: {held}");
            ask(app, &caller, 1).await.problem(409, "hold-limit-reached");
        }
    }
    one.shut_down().await;
    other.shut_down().await;
}

/// Random numbers (`SplitMix64`): the same seed gives the same.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// Whatever is reserved, sold, given back, extended and over: at each moment exactly what is held counts.
#[tokio::test]
async fn after_any_history_the_count_is_what_is_held() {
    const LIMIT: u64 = 40;
    for seed in 0..6 {
        let (app, _folder) = stocked("memory", per_customer(40, 0)).await;
        let mut random = Random(seed);
        // id, units, deadline in seconds since the beginning
        let (mut model, mut now): (Vec<(String, u64, u64)>, u64) = (Vec::new(), 0);
        for step in 0..60 {
            let place = || format!("seed {seed}, step {step}");
            let some = usize::try_from(random.below(16)).unwrap();
            let known = (!model.is_empty()).then(|| some % model.len());
            match (random.below(6), known) {
                (0 | 1, _) | (_, None) => {
                    let (units, ttl) = (1 + random.below(15), 10 + random.below(50));
                    let mut body = hold(units, "maria");
                    body["ttlSeconds"] = json!(ttl);
                    let answer = app.post("/reserve", body).await;
                    let sum: u64 = model.iter().map(|hold| hold.1).sum();
                    if sum + units <= LIMIT {
                        let made = answer.expect(201).body;
                        model.push((id(&made).to_owned(), units, now + ttl));
                    } else {
                        let refused = answer.problem(409, "hold-limit-reached");
                        assert_eq!(refused["held"], json!(sum), "{}", place());
                    }
                }
                (2, Some(known)) => {
                    let body = json!({"reservationId": model[known].0, "transactionId": "T"});
                    app.post("/commit", body).await.expect(200);
                    model.remove(known);
                }
                (3, Some(known)) => {
                    let units = 1 + random.below(model[known].1);
                    let body = json!({"reservationId": model[known].0, "quantity": units});
                    app.post("/release", body).await.expect(200);
                    model[known].1 -= units;
                    model.retain(|hold| hold.1 > 0);
                }
                (4, Some(known)) => {
                    let ttl = 10 + random.below(50);
                    let body = json!({"reservationId": model[known].0, "ttlSeconds": ttl});
                    app.post("/extend", body).await.expect(200);
                    model[known].2 = model[known].2.max(now + ttl);
                }
                _ => {
                    let seconds = random.below(20);
                    app.clock.move_seconds(i64::try_from(seconds).unwrap());
                    now += seconds;
                    model.retain(|hold| hold.2 > now);
                }
            }
            let sum: u64 = model.iter().map(|hold| hold.1).sum();
            assert_eq!(held(&app, "maria").await, sum, "{}", place());
        }
        app.shut_down().await;
    }
}
