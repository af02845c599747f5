//! A panic in something that must go on running, in the whole product: the process ends soon, and a restart heals.
//!
//! The panic is let loose by a signal, which only a debug build knows, and comes with the next piece of work. Right is:
//! within seconds the process has ended, having said why; what it had acknowledged is there after a restart.

use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::client::Client;
use crate::folder::Folder;
use crate::oversell::{PRODUCT, STORE};
use crate::server::{Data, Server, wait_until};

/// From the panic to the end of the process, on a busy machine: by itself it goes on for ever.
const AT_MOST: Duration = Duration::from_secs(20);

/// What panics: a shard, the log's writer and indexer, a view, a feed, and the relay that feeds it.
const CRITICAL: [&str; 6] = [
    "command-shard",
    "log-writer",
    "log-indexer",
    "inventory",
    "inventory.catalogue",
    "catalogue-relay",
];

/// A unit of stock; `None` when the server has not answered, and the unit may be there or not.
fn add(client: &mut Client) -> Option<Value> {
    let body = json!({"storeId": STORE, "productId": PRODUCT, "quantity": 1});
    let reply = client.post("/stock", &body).ok()?;
    (reply.status == 201).then_some(reply.body)
}

/// Gives every part of the product something to do until it has ended.
fn work_until_the_end(server: &mut Server, name: &str) -> u64 {
    let (mut client, began) = (server.client(), Instant::now());
    let (mut added, mut number) = (0, 0);
    while !server.has_ended() {
        assert!(began.elapsed() < AT_MOST, "{name}: it still runs after {:?}", began.elapsed());
        added += u64::from(add(&mut client).is_some());
        number += 1;
        let product = json!({"sku": format!("SKU-{number}"), "name": "Thing"});
        // whether or not it is answered, the relay and the feed hear of it
        drop(client.register(&product));
        // the index is written when the log has a rest
        let rest = if number % 5 == 0 { 700 } else { 20 };
        std::thread::sleep(Duration::from_millis(rest));
    }
    added
}

#[test]
fn a_panic_in_what_must_go_on_ends_the_process_and_a_restart_heals() {
    for name in CRITICAL {
        let folder = Folder::new();
        let data = Data::new(folder.path(), "sqlite");
        let mut server = data.serve_under(&["env".to_owned(), format!("GONDOLA_PANIC_IN={name}")]);
        let mut client = server.client();
        let mut acked: u64 = (0..10).map(|_| u64::from(add(&mut client).is_some())).sum();
        assert_eq!(acked, 10);
        server.signal(Signal::USR1);
        acked += work_until_the_end(&mut server, name);
        let log = data.whole_log();
        assert!(log.contains("on purpose"), "{name}: no panic; it takes a debug build: {log}");
        assert!(log.contains("process_ends"), "{name}: {log}");
        assert!(log.contains(&format!("{name} has panicked")), "{name}: {log}");

        let server = data.serve();
        let path = format!("/api/v1/inventory/stores/{STORE}/products/{PRODUCT}");
        let level = wait_until("the level is there", || match server.client().get(&path) {
            Ok(reply) if reply.status == 200 => Ok(reply.body),
            other => Err(other),
        });
        assert!(level["onHand"].as_u64().unwrap() >= acked, "{name}: {level}, acked {acked}");
        server.stop();
        data.verify(None);
    }
}
