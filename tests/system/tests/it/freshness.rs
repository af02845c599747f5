//! The views keep up with writers who never pause, and show what an idle server was told at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::Client;
use crate::measure::percentile;
use crate::oversell::{CLIENTS, PRODUCT, STORE, add, all_at_once, on_each_store};
use crate::server::wait_until;

/// Within this time 99 of 100 lists show a write, on a server that has nothing else to do.
const SHOWN_WITHIN: Duration = Duration::from_millis(50);

/// Rounds of writes. Whatever else the machine does may slow some of them; a server that waits slows all.
const ROUNDS: usize = 5;

/// Writes of a round.
const WRITES: u32 = 100;

/// Reads of the present end of the log, one after the other.
const READS: u32 = 100;

/// The server's word for a read that waited in vain for the views, for as long as the server lets it.
const LATE: (u16, &str) = (503, "unavailable");

/// Reads the present end of the log; how often that was in vain.
fn read(client: &mut Client) -> u32 {
    let head = client.get("/api/v1/inventory/events?limit=1").unwrap().expect(200);
    let head = &head["headPosition"];
    let path = format!("/api/v1/inventory/stores/{STORE}/products/{PRODUCT}?minPosition={head}");
    let mut late = 0;
    let level: Value = wait_until("the views have what is in the log", || {
        let reply = client.get(&path).unwrap();
        if (reply.status, reply.code()) == LATE {
            late += 1;
            return Err(reply);
        }
        Ok(reply.expect(200))
    });
    assert!(level["position"].as_u64() >= head.as_u64(), "{level} of {head}");
    late
}

/// The writers go on until the reader is through, so a view that only catches up once they pause answers no read. How
/// fast it answers is a matter of the machine, but most reads are answered within the wait that the server grants.
#[test]
fn what_is_in_the_log_is_in_the_views_soon_whatever_the_load() {
    on_each_store(|server, _| {
        add(server, PRODUCT, 1);
        let read_all = AtomicBool::new(false);
        let body = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1});
        let write = |client: &mut Client| {
            while !read_all.load(Ordering::SeqCst) {
                client.post("/stock", &body).unwrap().expect(201);
            }
        };
        let late = all_at_once(server.address(), CLIENTS + 1, |client, number| {
            if number > 0 {
                write(client);
                return 0;
            }
            // ends the writers even when a read fails
            let _end = EndWhenDropped(&read_all);
            let mut slowest = Duration::ZERO;
            let late = (0..READS).map(|_| {
                let began = Instant::now();
                let late = read(client);
                slowest = slowest.max(began.elapsed());
                late
            });
            let late = late.sum();
            eprintln!("{READS} reads, {late} times late, the slowest took {slowest:?}");
            late
        });
        assert!(late < READS / 2, "{late} of {READS}");
    });
}

/// How long after a write was answered a view shows it at a place of its own.
fn shown_after(client: &mut Client, (path, place): (&str, &str)) -> Duration {
    let body = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1});
    let added = client.post("/stock", &body).unwrap().expect(201);
    let answered = Instant::now();
    wait_until("the view shows the write", || {
        let shown = client.get(path).unwrap().expect(200);
        if shown.pointer(place) == Some(&added["version"]) {
            Ok(answered.elapsed())
        } else {
            Err(shown)
        }
    })
}

#[test]
fn lists_show_a_write_to_an_idle_server_within_50_milliseconds() {
    on_each_store(|server, _| {
        let mut client = server.client();
        let api = "/api/v1/inventory";
        let views = [
            (format!("{api}/stores/{STORE}/products"), "/items/0/version"),
            (format!("{api}/products/{PRODUCT}"), "/items/0/version"),
            (format!("{api}/availability?product={PRODUCT}"), "/stores/0/version"),
        ];
        for (path, place) in &views {
            let mut round = || {
                let writes = (0..WRITES).map(|_| shown_after(&mut client, (path, place)));
                percentile(99, &mut writes.collect::<Vec<_>>())
            };
            let mut rounds: Vec<_> = Vec::new();
            while rounds.last().is_none_or(|last| *last > SHOWN_WITHIN) {
                assert!(rounds.len() < ROUNDS, "{path}: {rounds:?}");
                rounds.push(round());
            }
            eprintln!("{path}: 99 of 100 shown after {rounds:?}");
        }
    });
}

/// Says that something is over, however it ends.
pub(crate) struct EndWhenDropped<'a>(pub(crate) &'a AtomicBool);

impl Drop for EndWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}
