//! The notification service as a process of its own beside the one that has stock and catalogue, on one database.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::databases::{Database, Kind};
use crate::folder::Folder;
use crate::oversell::{PRODUCT, STORE, add};
use crate::random::Random;
use crate::receiver::Receiver;
use crate::server::{Data, Server, wait_until};
use crate::settings::whole_machine;

/// Until another process has the lease of one that was killed, as `docs/limits.md` says, and is ready.
const TAKEN_OVER_WITHIN: Duration = Duration::from_secs(20);

/// Changes of stock are told so.
const UPDATED: &str = "gondola.inventory.inventory-updated.v1";

/// The webhooks that a process has.
fn webhooks(server: &Server) -> Value {
    server.client().get("/api/v1/webhooks").unwrap().expect(200)["items"].clone()
}

/// Waits until so many messages have come, each once.
#[track_caller]
fn await_messages(receiver: &Receiver, count: usize) {
    wait_until("all have come", || {
        let messages = receiver.messages();
        if messages.len() == count { Ok(()) } else { Err(messages) }
    });
    assert!(receiver.messages().values().all(|(times, _)| *times == 1), "each comes once");
}

fn one_tells(kind: Kind) {
    let _machine = whole_machine();
    let (folder, mut random) = (Folder::new(), Random::of_run("one tells"));
    let (database, receiver) = (Database::new(kind, &mut random), Receiver::start());
    let [stock, teller, waiter] = database.named_processes(&folder, ["stock", "teller", "waiter"]);
    let stock = stock.with(&["--role", "inventory,store"]).serve();
    let url = format!("http://{}", stock.address());
    let more = ["--role", "notification", "--store-url", &url, "--webhook-allow", "127.0.0.1"];
    let [teller, waiter] = [teller, waiter].map(|data| data.with(&more));
    let first = teller.serve();
    let webhook = json!({"url": receiver.url(), "eventTypes": [UPDATED]});
    first.client().post_to("/api/v1/webhooks", "", &webhook).unwrap().expect(201);
    add(&stock, PRODUCT, 7);
    await_messages(&receiver, 1);
    let (_, message) = receiver.messages().into_values().next().unwrap();
    assert_eq!(
        [&message["data"]["storeId"], &message["data"]["onHand"]],
        [&json!(STORE), &json!(7)]
    );
    // what crosses a threshold is alerted of
    let policy = json!({"storeId": STORE, "productId": PRODUCT, "reorderPoint": 50});
    stock.client().post("/policy", &policy).unwrap().expect(200);
    wait_until("low stock is alerted of", || {
        let alerts = first.client().get("/api/v1/alerts").unwrap().expect(200)["items"].clone();
        if alerts[0]["rule"] == "low-stock" { Ok(()) } else { Err(alerts) }
    });
    await_messages(&receiver, 2);
    let second = waits(&waiter);
    first.kill();
    // what happens while nobody tells waits in the log
    add(&stock, PRODUCT, 1);
    let killed = Instant::now();
    second.await_ready();
    assert!(killed.elapsed() < TAKEN_OVER_WITHIN, "{:?}", killed.elapsed());
    assert_eq!(
        webhooks(&second),
        json!([]),
        "the lease says whose turn it is, not where the state is"
    );
    second.stop();
    let first = teller.serve();
    assert_eq!(webhooks(&first).as_array().unwrap().len(), 1);
    await_messages(&receiver, 3);
    add(&stock, PRODUCT, 1);
    await_messages(&receiver, 4);
    first.stop();
    stock.stop();
}

/// Starts a process while another has the lease: it is not ready, says why, and serves nothing.
#[track_caller]
fn waits(data: &Data) -> Server {
    let server = data.start();
    for _ in 0..20 {
        let health = server.client().get("/health/ready").unwrap();
        let said = health.body["components"]["notification"].clone();
        assert_eq!((health.status, &said["status"]), (503, &json!("DOWN")), "{said}");
        assert!(said["detail"].as_str().unwrap().contains("lease"), "{said}");
        let refused = server.client().get("/api/v1/webhooks").unwrap();
        assert_eq!((refused.status, refused.code()), (503, "unavailable"), "{}", refused.body);
        std::thread::sleep(Duration::from_millis(100));
    }
    server
}

#[test]
#[ignore = "needs PostgreSQL: make test-services"]
fn one_process_tells_and_another_waits_on_postgresql() {
    one_tells(Kind::Postgres);
}

#[test]
#[ignore = "needs MariaDB: make test-services"]
fn one_process_tells_and_another_waits_on_mariadb() {
    one_tells(Kind::Mariadb);
}
