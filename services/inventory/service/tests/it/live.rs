//! The live feed: what a client sees over however many streams is the log, in order, each event once.

mod client;
mod ending;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::Method;
use serde_json::{Value, json};

use self::client::{Client, LIVE, Served, Wire};
use crate::app::{App, STORE, about, on_each_store, product};

const OTHER_STORE: &str = "99999999-9999-9999-9999-999999999999";

/// A number that follows from another one, to be chosen by.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % sides
    }
}

/// The positions of all events of the log that a query chooses.
async fn positions(app: &App, query: &str) -> Vec<u64> {
    let (mut after, mut all) = (0, Vec::new());
    loop {
        let page = app.get(&format!("/events?limit=1000&after={after}{query}")).await.expect(200);
        let items = page.body["items"].as_array().unwrap();
        all.extend(items.iter().map(|event| event["position"].as_u64().unwrap()));
        let next = page.body["nextPosition"].as_u64().unwrap();
        if next == after {
            return all;
        }
        after = next;
    }
}

/// Follows the feed from the beginning, over streams that break off at random, up to a position.
async fn follow(served: &Served, seed: u64, query: &str, until: u64) -> Vec<u64> {
    let (mut dice, mut found, mut after) = (Dice(seed), Vec::new(), 0);
    while after < until {
        let wire = if dice.roll(2) == 0 { Wire::Sse } else { Wire::WebSocket };
        let mut client = Client::open(served, wire, &format!("after={after}{query}")).await;
        let begun = client.next().await.unwrap();
        assert_eq!((begun.event.as_str(), &begun.data["position"]), ("log", &json!(after)));
        for _ in 0..=dice.roll(120) {
            let Some(message) = client.next().await else { break };
            if message.event == "ended" {
                break;
            }
            after = message.id.unwrap();
            if message.event != "heartbeat" {
                assert_eq!(message.data["position"], after);
                found.push(after);
            }
            if after >= until {
                break;
            }
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_random_disconnects_a_client_sees_each_event_of_the_log_once_and_in_order() {
    const PRODUCTS: u32 = 5;
    const WRITES: u32 = 600;
    on_each_store(async |app| {
        let served = Served::start(app.routes.clone(), &app.drain).await;
        for number in 1..=PRODUCTS {
            app.add(number, 1).await;
        }
        // the last event is of every product's kind of query, so that all followers find their end
        let until = u64::from(PRODUCTS + 2 * WRITES + 1);
        let queries = [
            String::new(),
            format!("&products={},{}", product(1), product(4)),
            "&types=StockAddedEvent".to_owned(),
            format!("&stores={OTHER_STORE},{STORE}&types=StockAddedEvent&products={}", product(1)),
        ];
        let followers = queries.iter().enumerate().map(|(number, query)| {
            let seed = u64::try_from(number).unwrap() * 7 + 3;
            follow(&served, seed, query, until)
        });
        let writing = async {
            for number in 0..WRITES {
                app.add(number % PRODUCTS + 1, 1).await;
                let mut body = about(number % PRODUCTS + 1, json!({"quantity": 1}));
                body["storeId"] = json!(OTHER_STORE);
                app.post("/stock", body).await.expect(201);
                if number % 50 == 0 {
                    tokio::task::yield_now().await;
                }
            }
            app.add(1, 1).await;
        };
        let (seen, ()) = tokio::join!(futures_util::future::join_all(followers), writing);
        for (query, seen) in queries.iter().zip(seen) {
            assert_eq!(seen, positions(app, query).await, "{query}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_stream_tells_which_log_it_is_and_begins_with_what_happens_from_now_on() {
    on_each_store(async |app| {
        let served = Served::start(app.routes.clone(), &app.drain).await;
        app.name_store(STORE, "SP-PAULISTA");
        app.name_product(1, "SKU-1");
        app.add(1, 5).await;
        let page = app.get("/events?limit=1").await.expect(200).body;
        for wire in [Wire::Sse, Wire::WebSocket] {
            let mut client = Client::open(&served, wire, "").await;
            let begun = client.next().await.unwrap();
            let head = begun.id.unwrap();
            let log = json!({"incarnation": page["incarnation"], "position": head});
            assert_eq!((begun.event.as_str(), &begun.data), ("log", &log));
            app.add(1, 7).await;
            let told = client.next().await.unwrap();
            let page = app.get(&format!("/events?after={head}")).await.expect(200).body;
            assert_eq!(told.data, page["items"][0], "as the pages of the feed have it");
            assert_eq!(told.data["storeCode"], "SP-PAULISTA");
            assert_eq!((told.event.as_str(), told.id), ("StockAddedEvent", Some(head + 1)));
        }
    })
    .await;
}

#[tokio::test]
async fn last_event_id_goes_before_the_query_and_the_past_is_read_from_the_log() {
    let app = App::start("sqlite").await;
    let served = Served::start(app.routes.clone(), &app.drain).await;
    for _ in 0..700 {
        app.add(1, 1).await;
    }
    for wire in [Wire::Sse, Wire::WebSocket] {
        let mut client = Client::resume(&served, wire, "after=1", 3).await;
        client.next().await.unwrap();
        for position in 4..=700 {
            assert_eq!(client.next().await.unwrap().id, Some(position));
        }
    }
    app.shut_down().await;
}

#[tokio::test]
async fn an_unusable_wish_is_refused() {
    let app = App::start("memory").await;
    let client = app.below("");
    let ask = async |query: &str, headers: &[(&str, &str)]| {
        client.send(Method::GET, &format!("{LIVE}?{query}"), headers, None).await
    };
    let sse = ("accept", "text/event-stream");
    ask("", &[]).await.problem(406, "not-acceptable");
    ask("", &[("accept", "application/json")]).await.problem(406, "not-acceptable");
    for query in ["after=x", "after=-1", "after=7", "after=9223372036854775808", "limit=1"] {
        ask(query, &[sse]).await.problem(422, "invalid");
    }
    ask("types=NoSuchEvent", &[sse]).await.problem(422, "invalid");
    ask("stores=NOWHERE", &[sse]).await.problem(404, "store-not-found");
    ask("", &[sse, ("last-event-id", "x")]).await.problem(400, "bad-request");
    // no connection below that could go on as one
    let upgrade = [
        ("connection", "upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    ask("", &upgrade).await.problem(400, "bad-request");
    let mut other = upgrade.to_vec();
    other.push(("origin", "https://evil.example"));
    ask("", &other).await.problem(403, "origin-not-allowed");
    drop(client);
    app.shut_down().await;
}

/// All positions that a client has seen.
fn ids(messages: &[client::Told]) -> Vec<u64> {
    messages
        .iter()
        .filter(|told| told.event.starts_with("Stock"))
        .filter_map(|told| told.id)
        .collect()
}

#[tokio::test]
async fn who_does_not_keep_up_is_told_where_to_resume_and_keeps_nobody_else_waiting() {
    const EVENTS: u64 = 6_000;
    let app = App::start("memory").await;
    let mut slow = Client::in_process(&app.routes, "", &[]).await;
    slow.next().await.unwrap();
    app.add(1, 1).await;
    assert_eq!(slow.next().await.unwrap().id, Some(1), "it is live now");
    let done = Arc::new(AtomicBool::new(false));
    let quick = tokio::spawn({
        let (routes, done) = (app.routes.clone(), Arc::clone(&done));
        async move {
            let mut client = Client::in_process(&routes, "after=0", &[]).await;
            client.next().await.unwrap();
            for position in 1..=EVENTS + 1 {
                assert_eq!(client.next().await.unwrap().id, Some(position));
            }
            done.store(true, Ordering::Relaxed);
        }
    });
    let mut line = about(1, json!({"quantity": 1}));
    line["op"] = json!("stock");
    for _ in 0..EVENTS / 1_000 {
        app.batch(crate::app::ndjson(&vec![line.clone(); 1_000])).await.expect(200);
    }
    tokio::time::timeout(crate::app::PATIENCE, quick).await.unwrap().unwrap();
    assert!(done.load(Ordering::Relaxed), "while the slow one has read nothing");

    let rest = slow.rest().await;
    let ended = rest.last().unwrap();
    assert_eq!((ended.event.as_str(), &ended.data["reason"]), ("ended", &json!("too-slow")));
    let resume_after = ended.data["resumeAfter"].as_u64().unwrap();
    let mut seen: Vec<u64> = [1].into_iter().chain(ids(&rest)).collect();
    assert_eq!(seen.last(), Some(&resume_after), "nothing is passed over");
    let mut again = Client::in_process(&app.routes, &format!("after={resume_after}"), &[]).await;
    again.next().await.unwrap();
    while seen.len() < usize::try_from(EVENTS + 1).unwrap() {
        seen.extend(again.next().await.unwrap().id);
    }
    assert_eq!(seen, (1..=EVENTS + 1).collect::<Vec<_>>());
    drop(again);
    app.shut_down().await;
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_moves_the_place_on_where_nothing_is_wanted() {
    let app = App::start("memory").await;
    let query = format!("products={}", product(2));
    let mut client = Client::in_process(&app.routes, &query, &[]).await;
    client.next().await.unwrap();
    for _ in 0..3 {
        app.add(1, 1).await;
    }
    let told = client.next().await.unwrap();
    assert_eq!((told.event.as_str(), told.id), ("heartbeat", Some(3)));
    assert_eq!(told.data, json!({"position": 3}));
    drop(client);
    tokio::time::resume();
    app.shut_down().await;
}

/// The stores of the events that a client has seen.
fn stores(messages: &[client::Told]) -> HashSet<Value> {
    messages.iter().map(|told| told.data["storeId"].clone()).filter(|id| !id.is_null()).collect()
}
