//! Kill -9 at random moments while transfers are under way: no unit is lost, and every transfer ends (E22).

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use serde_json::{Value, json};

use crate::client::Client;
use crate::folder::Folder;
use crate::random::Random;
use crate::server::{Data, PATIENCE, wait_until};
use crate::settings::{number, part_of_the_machine};

/// Those who send and receive at the same time.
const CARRIERS: usize = 4;

/// Stores; the first one supplies the others and gets back what they return.
const STORES: u64 = 4;

/// Units in the first store at the beginning: more than all transfers take.
const UNITS: u64 = 1_000_000;

/// Changes before a kill: at least one and less than this.
const ANSWERED_MAX: u64 = 60;

fn store(number: u64) -> String {
    format!("11111111-1111-1111-1111-{number:012}")
}

fn product() -> &'static str {
    "22222222-2222-2222-2222-222222222222"
}

/// Carries one transfer after the other to its end, and remembers over the server's crashes which ones are under way.
struct Carrier {
    random: Random,
    /// Changes that were answered, of all carriers.
    answered: Arc<AtomicU32>,
    /// A request for a transfer without an answer, to be sent again as it was.
    unanswered: Option<(String, Value)>,
    open: Option<String>,
    ended: Vec<String>,
}

impl Carrier {
    fn new(random: &mut Random, answered: &Arc<AtomicU32>) -> Self {
        let (random, answered) = (random.fork(), Arc::clone(answered));
        Self { random, answered, unanswered: None, open: None, ended: Vec::new() }
    }

    /// Does the next thing; false when the server went away.
    fn step(&mut self, client: &mut Client) -> bool {
        let Some(id) = self.open.clone() else { return self.request(client) };
        let Ok(stands) = client.get(&format!("/api/v1/inventory/transfers/{id}")) else {
            return false;
        };
        let stands = stands.body;
        let in_transit = stands["lines"][0]["inTransit"].as_u64();
        match (stands["status"].as_str(), in_transit) {
            (Some("closed" | "cancelled" | "refused" | "returned"), _) => {
                self.ended.extend(self.open.take());
                true
            }
            (Some("held"), _) if self.random.percent(20) => {
                self.act(client, &id, "cancel", &json!({}))
            }
            (Some("held"), _) => self.act(client, &id, "dispatch", &json!({})),
            (Some("inTransit"), _) if self.random.percent(15) => {
                self.act(client, &id, "return", &json!({}))
            }
            (Some("inTransit"), Some(units)) => {
                let part = 1 + self.random.below(units);
                let mut line = json!({"productId": product(), "received": part});
                if self.random.percent(20) {
                    line = json!({"productId": product(), "received": part - 1, "damaged": 1, "over": 1});
                }
                self.act(client, &id, "receive", &json!({"lines": [line]}))
            }
            // a step is under way, or the server is about to end
            _ => true,
        }
    }

    fn request(&mut self, client: &mut Client) -> bool {
        let (key, body) = self.unanswered.take().unwrap_or_else(|| {
            let lines = json!([{"productId": product(), "quantity": 1 + self.random.below(50)}]);
            let to = store(1 + self.random.below(STORES - 1));
            let body = json!({"sourceStoreId": store(0), "destinationStoreId": to, "lines": lines});
            (self.random.uuid(), body)
        });
        match client.send("/transfers", Some(&key), &body) {
            Ok(reply) if reply.status == 201 => {
                self.answered.fetch_add(1, Ordering::SeqCst);
                self.open = reply.body["transferId"].as_str().map(str::to_owned);
                true
            }
            other => {
                assert!(other.as_ref().map_or(true, |reply| reply.status >= 500), "{other:?}");
                self.unanswered = Some((key, body));
                other.is_ok()
            }
        }
    }

    /// What was done or is not possible shows at the next look, so that nothing is sent twice. It is refused where what had no
    /// answer was done meanwhile.
    fn act(&mut self, client: &mut Client, id: &str, verb: &str, body: &Value) -> bool {
        let reply = client.send(&format!("/transfers/{id}/{verb}"), None, body);
        if let Ok(reply) = &reply {
            let refused = [409, 422].contains(&reply.status);
            assert!(reply.status == 200 || refused || reply.status >= 500, "{reply:?}");
            // while a step is under way nothing is done
            self.answered.fetch_add(u32::from(reply.status == 200), Ordering::SeqCst);
        }
        reply.is_ok()
    }

    /// Works until the server goes away.
    fn work(mut self, address: SocketAddr) -> JoinHandle<Self> {
        thread::spawn(move || {
            let mut client = Client::new(address);
            while self.step(&mut client) {}
            self
        })
    }

    /// Brings what is under way to its end.
    fn finish(&mut self, client: &mut Client) {
        let began = Instant::now();
        while self.unanswered.is_some() || self.open.is_some() {
            assert!(began.elapsed() < PATIENCE, "{:?} does not end", self.open);
            assert!(self.step(client), "the server went away");
        }
    }
}

/// Kills the server again and again in the middle of transfers; gives what the last look at the log said.
fn carry(folder: &Folder, kind: &'static str, random: &mut Random, crashes: u32) -> String {
    let data = Data::new(folder.path(), kind);
    let answered = Arc::new(AtomicU32::new(0));
    let mut carriers: Vec<_> = (0..CARRIERS).map(|_| Carrier::new(random, &answered)).collect();
    let server = data.serve();
    let level = json!({"storeId": store(0), "productId": product(), "quantity": UNITS});
    server.client().post("/stock", &level).unwrap().expect(201);
    server.stop();
    let ended = |all: &[Carrier]| -> usize { all.iter().map(|one| one.ended.len()).sum() };
    for crash in 0.. {
        // with few transfers it would prove nothing
        if crash >= crashes && ended(&carriers) > 10 {
            break;
        }
        let server = data.serve();
        let until = answered.load(Ordering::SeqCst)
            + 1
            + u32::try_from(random.below(ANSWERED_MAX)).unwrap();
        let working: Vec<_> =
            carriers.drain(..).map(|carrier| carrier.work(server.address())).collect();
        wait_until("so many are answered", || {
            let now = answered.load(Ordering::SeqCst);
            if now >= until { Ok(()) } else { Err(now) }
        });
        server.kill();
        carriers.extend(working.into_iter().map(|carrier| carrier.join().unwrap()));
        let (holds, said) = data.verified(None);
        assert!(holds, "{said}");
    }
    let server = data.serve();
    let mut client = server.client();
    for carrier in &mut carriers {
        carrier.finish(&mut client);
    }
    // what nobody was told of is ended by its runner and by the end of its hold, or was never begun
    let ended = ended(&carriers);
    let stuck = client.get("/api/v1/sagas?stuck=true").unwrap().expect(200);
    assert_eq!(stuck["items"], json!([]));
    wait_until("no saga is left", || {
        let left = client.get("/api/v1/sagas").unwrap().expect(200)["items"].clone();
        if left == json!([]) { Ok(()) } else { Err(left) }
    });
    server.stop();
    let said = data.verify(None);
    eprintln!("{kind}: {ended} transfers, {} answers\n{said}", answered.load(Ordering::SeqCst));
    said
}

/// Where the fault strikes: in the middle of requests, dispatches, receipts and returns, after a random number of answers.
///
/// What is right: each log holds after each crash, with what is on its way counted; in the end every transfer has ended, and
/// no unit is in transit.
#[test]
fn transfers_survive_kill_9() {
    let _machine = part_of_the_machine();
    let mut random = Random::of_run("transfers");
    let folder = Folder::new();
    for kind in ["sqlite", "jsonl"] {
        let crashes = number("GONDOLA_TEST_TRANSFER_CRASHES", 3);
        let said = carry(&folder, kind, &mut random, crashes);
        assert!(said.contains("I1") && said.contains("I6"), "{said}");
        let line = said.lines().find(|line| line.trim_start().starts_with("transfers"));
        let line = line.unwrap_or_else(|| panic!("transfers were not counted: {said}"));
        assert!(line.contains("0 of them open: 0 units in transit"), "{line}");
    }
}
