//! A stock level with a long past, and many who look back on it at once.

use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::client::{Client, send_batch};
use crate::folder::Folder;
use crate::freshness::EndWhenDropped;
use crate::measure::{own_memory, percentile};
use crate::oversell::{OTHER, PRODUCT, STORE, add, all_at_once, units};
use crate::server::{Data, PATIENCE, Server};
use crate::settings::whole_machine;

/// Lines of a batch.
const BATCH: usize = 5_000;

/// Clients that write to another level.
const WRITERS: u32 = 2;

/// Writes of each of them, at least.
const WRITES: usize = 100;

/// Looks that must have been answered before the writers end.
const LOOKS: u32 = 8;

/// What 99 of 100 writes may take beside the looks, generously: the machine is shared by all of it.
const WRITE_WITHIN: Duration = Duration::from_secs(2);

fn level() -> String {
    format!("/api/v1/inventory/stores/{STORE}/products/{PRODUCT}")
}

/// Gives the level a past of so many events; gives moments of it.
fn live_long(server: &Server, events: usize) -> Vec<String> {
    let line = json!({"op": "stock", "storeId": STORE, "productId": PRODUCT, "quantity": 1});
    let batch = vec![line; BATCH];
    let batches = 0..events / BATCH;
    let moments = batches.map(|_| {
        send_batch(server.address(), &batch);
        let newest = format!("{}/history?limit=1", level());
        let newest = server.client().get(&newest).unwrap().expect(200);
        newest["items"][0]["recordedAt"].as_str().unwrap().to_owned()
    });
    moments.collect()
}

/// A client that looks back to one moment after another until it is over, and begins with its own.
fn inspect(client: &mut Client, number: usize, moments: &[String], seen: &Seen) {
    for moment in moments.iter().cycle().skip(number % moments.len()) {
        if seen.over.load(Ordering::SeqCst) {
            return;
        }
        let reply = client.get(&format!("{}?asOf={moment}", level())).unwrap();
        match reply.status {
            200 => seen.looks.fetch_add(1, Ordering::SeqCst),
            // too many look back, or too long
            503 => 0,
            _ => panic!("{} {}", reply.status, reply.body),
        };
    }
}

/// What happens at the same time.
#[derive(Debug, Default)]
struct Seen {
    /// Looks that were answered.
    looks: AtomicU32,
    /// How long each write took.
    writes: Mutex<Vec<Duration>>,
    /// The most memory that the server had, in KiB.
    memory: AtomicU64,
    /// Whether there was enough of everything.
    over: AtomicBool,
}

/// Writes often enough, and until enough looks were answered.
fn write(client: &mut Client, server: &Server, seen: &Seen) {
    let body = json!({"storeId": STORE, "productId": OTHER, "quantity": 1});
    let (began, mut took) = (Instant::now(), Vec::new());
    while took.len() < WRITES || seen.looks.load(Ordering::SeqCst) < LOOKS {
        let waited = began.elapsed();
        assert!(waited < 2 * PATIENCE, "{:?} looks were answered in {waited:?}", seen.looks);
        let sent = Instant::now();
        client.post("/stock", &body).unwrap().expect(201);
        took.push(sent.elapsed());
        seen.memory.fetch_max(own_memory(server), Ordering::SeqCst);
    }
    seen.writes.lock().unwrap().append(&mut took);
}

/// The fault: twelve clients for each thousand units look back on a level with four events for each of them, whose
/// snapshots are lost.
///
/// What is right: some are answered and the others refused, memory grows by less than a KiB for each event (the events
/// themselves take most of one, and several looks are under way at a time), and others write on.
#[test]
fn looks_back_on_a_long_past_neither_fill_the_memory_nor_hold_up_writes() {
    let _machine = whole_machine();
    let (events, readers) = (units() as usize * 4, units() * 12 / 1_000);
    for store in ["sqlite", "jsonl"] {
        let folder = Folder::new();
        let data = Data::new(folder.path(), store);
        let server = data.serve();
        let moments = live_long(&server, events);
        server.stop();
        // the snapshots of SQLite are in here, those of JSONL were in memory
        drop(fs::remove_file(data.folder.join("inventory/index.db")));
        let server = data.serve();
        add(&server, OTHER, 1);
        let before = own_memory(&server);
        let seen = Seen::default();
        all_at_once(server.address(), WRITERS + readers, |client, number| {
            if number < WRITERS {
                let _end = EndWhenDropped(&seen.over);
                write(client, &server, &seen);
            } else {
                inspect(client, number as usize, &moments, &seen);
            }
            0
        });
        let Seen { looks, writes, memory, .. } = seen;
        let (mut writes, grown) = (writes.into_inner().unwrap(), memory.into_inner() - before);
        let slow = percentile(99, &mut writes);
        eprintln!(
            "{store}: {events} events, {readers} readers, {looks:?} looks; memory grew from {before} by {grown} KiB; \
             99 of 100 writes of {} took {slow:?} at most",
            writes.len()
        );
        assert!(grown < events as u64, "{store}: {grown} KiB");
        assert!(slow < WRITE_WITHIN, "{store}: {slow:?}");
        server.stop();
    }
}
