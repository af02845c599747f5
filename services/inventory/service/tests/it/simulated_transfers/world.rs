//! A log that outlives its processes, the process that there is now, and the people who use it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join;
use gondola_verify::InTransit;
use http::Method;
use kit_core::Position;
use kit_event_store::EventStore;
use kit_testkit::clock::SimClock;
use kit_testkit::http::Answer;
use kit_testkit::instrumented_store::{AppendFault, InstrumentedStore};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::conserved::conserved;
use super::ledger::Ledger;
use crate::app::{App, PATIENCE, STORE, midnight, product};
use crate::proved::provable;

/// The store that receives.
const OTHER: &str = "11111111-1111-1111-1111-111111111112";

/// Units in [`STORE`] at the beginning.
const UNITS: u32 = 100;

/// How long a source holds units, unless somebody says otherwise.
const HOLD_SECONDS: i64 = 86_400;

/// What people do in a random life.
const ACTS: u64 = 10;

/// More events than any log here has.
const EVENTS_MAX: usize = 10_000;

/// Pause between two looks at whether something has ended.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Random numbers (`SplitMix64`): the same seed gives the same.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }
}

/// What somebody does about a transfer.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// Asks for units.
    Request(u32),
    Dispatch,
    Cancel,
    /// Receives units, one of them beyond those that were sent.
    Receive(u32),
    /// Receives all that is in transit, one of them damaged.
    ReceiveRest,
    Return,
    /// Seconds pass.
    Later(i64),
    /// The time of its hold is over, and it ends by itself.
    Expire,
}

/// A process ends at an append, counted from its start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crash {
    pub(super) append: usize,
    /// Whether it is written.
    pub(super) is_written: bool,
}

impl Crash {
    const fn fault(self) -> AppendFault {
        if self.is_written { AppendFault::WrittenAndStops } else { AppendFault::Stops }
    }
}

/// What there is.
pub(super) struct World {
    log: Arc<dyn EventStore>,
    folder: TempDir,
    clock: SimClock,
    process: Option<(App, Arc<InstrumentedStore>)>,
    random: Random,
    /// Whether the next processes are to crash as well.
    is_troubled: bool,
    transfers: Vec<String>,
    /// Requests so far, each with a key of its own.
    requests: u32,
    pub(super) crashes: usize,
}

impl World {
    pub(super) async fn new(random: Random) -> Self {
        let folder = TempDir::new().unwrap();
        let mut world = Self {
            // a clock that stands still: the log must not forget a claim that the checker, by the real time, still expects
            log: provable(folder.path(), &midnight()),
            folder,
            clock: midnight(),
            process: None,
            random,
            is_troubled: false,
            transfers: Vec::new(),
            requests: 0,
            crashes: 0,
        };
        world.start().await;
        world.app().add(1, UNITS).await;
        world
    }

    fn app(&self) -> &App {
        &self.process.as_ref().unwrap().0
    }

    /// Begins a process on the log. In a troubled world it has a fault ahead.
    async fn start(&mut self) {
        let store = Arc::new(InstrumentedStore::around(Arc::clone(&self.log)));
        let log = Arc::clone(&store) as Arc<dyn EventStore>;
        let views = self.folder.path().join("views");
        let app = App::start_on(log, &views, self.clock.clone(), false).await;
        self.process = Some((app, store));
        if self.is_troubled {
            self.trouble();
        }
    }

    /// A fault within the next appends.
    fn trouble(&mut self) {
        let fault = match self.random.below(6) {
            0 => AppendFault::Refused,
            1 => AppendFault::Lost,
            2 => AppendFault::ReplyLost,
            3 | 4 => AppendFault::WrittenAndStops,
            _ => AppendFault::Stops,
        };
        let ahead = usize::try_from(self.random.below(6)).unwrap();
        let (_, store) = self.process.as_ref().unwrap();
        store.fail_append(store.appends() + ahead, fault);
    }

    /// Lets this process end at an append from now on.
    pub(super) fn arm(&mut self, crash: Crash) {
        let (_, store) = self.process.as_ref().unwrap();
        store.fail_append(store.appends() + crash.append, crash.fault());
    }

    /// Whether any process so far ended before its time.
    pub(super) fn has_crashed(&self) -> bool {
        let is_stopped = self.process.as_ref().is_some_and(|(_, store)| store.is_stopped());
        self.crashes > 0 || is_stopped
    }

    /// Goes on in another process if this one has ended.
    async fn restart_if_crashed(&mut self) {
        let is_crashed = self.process.as_ref().is_none_or(|(_, store)| store.is_stopped());
        if !is_crashed {
            return;
        }
        self.crashes += 1;
        self.stop().await;
        self.start().await;
    }

    /// Ends the process, if there is one. What it leaves holds already, though a step may be done and not told.
    async fn stop(&mut self) {
        if let Some((app, _)) = self.process.take() {
            app.shut_down().await;
        }
        conserved(self.folder.path(), UNITS);
    }

    /// Sends a request under a key until it is answered, now and then twice at once.
    async fn send(&mut self, path: &str, body: Value) -> Answer {
        self.requests += 1;
        let key = format!("request-{}", self.requests);
        let sent = async {
            loop {
                let twice = self.is_troubled && self.random.below(4) == 0;
                let client = self.app();
                let once = || client.post_with_key(path, &key, body.clone());
                let answer = if twice { join(once(), once()).await.0 } else { once().await };
                let busy = answer.body["code"] == "transfer-busy";
                if answer.status.as_u16() < 500 && !busy {
                    return answer;
                }
                self.restart_if_crashed().await;
                if self.is_troubled && self.random.below(3) == 0 {
                    self.trouble();
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        let answered = tokio::time::timeout(PATIENCE, sent).await;
        answered.unwrap_or_else(|_| panic!("{path} was not answered"))
    }

    /// How a transfer stands.
    async fn stands(&mut self, id: &str) -> Value {
        loop {
            let path = format!("/transfers/{id}");
            let answer = self.app().send(Method::GET, &path, &[], None).await;
            if answer.status == 200 {
                return answer.body;
            }
            self.restart_if_crashed().await;
        }
    }

    /// Does something about a transfer; what does not follow on how it stands is refused, and harmless.
    pub(super) async fn act(&mut self, transfer: usize, act: Act) {
        if let Act::Request(units) = act {
            let lines = json!([{"productId": product(1), "quantity": units}]);
            let body = json!({"sourceStoreId": STORE, "destinationStoreId": OTHER, "lines": lines});
            let begun = self.send("/transfers", body).await.expect(201).body;
            self.transfers.push(begun["transferId"].as_str().unwrap().to_owned());
            return;
        }
        if let Act::Later(seconds) = act {
            self.clock.move_seconds(seconds);
            return;
        }
        let id = self.transfers[transfer].clone();
        if matches!(act, Act::Expire) {
            self.clock.move_seconds(HOLD_SECONDS + 1);
            while self.stands(&id).await["status"] != "cancelled" {
                self.restart_if_crashed().await;
                tokio::time::sleep(LOOK_EVERY).await;
            }
            return;
        }
        let (verb, body) = match act {
            Act::Dispatch => ("dispatch", json!({})),
            Act::Cancel => ("cancel", json!({})),
            Act::Return => ("return", json!({})),
            Act::Receive(units) => ("receive", arrived(units, 1, 0)),
            _ => {
                let in_transit = self.in_transit(&id).await;
                ("receive", arrived(in_transit.saturating_sub(1), 0, 1))
            }
        };
        let answer = self.send(&format!("/transfers/{id}/{verb}"), body).await;
        assert!([200, 409, 422].contains(&answer.status.as_u16()), "{act:?}: {}", answer.text);
    }

    /// Units of a transfer in transit, when no step of it is under way.
    async fn in_transit(&mut self, id: &str) -> u32 {
        let stands = self.stands(id).await;
        u32::try_from(stands["lines"][0]["inTransit"].as_u64().unwrap()).unwrap()
    }

    /// Anybody does anything, and anything fails.
    pub(super) async fn live_at_random(&mut self) {
        self.is_troubled = true;
        self.trouble();
        for _ in 0..ACTS {
            let act = match self.random.below(12) {
                _ if self.transfers.is_empty() => Act::Request(30),
                0 | 1 => Act::Request(1 + u32::try_from(self.random.below(60)).unwrap()),
                2..=4 => Act::Dispatch,
                5 => Act::Cancel,
                6 | 7 => Act::Receive(u32::try_from(self.random.below(20)).unwrap()),
                8 => Act::ReceiveRest,
                9 => Act::Return,
                _ => Act::Later(i64::try_from(self.random.below(100_000)).unwrap()),
            };
            let which = self.random.below(self.transfers.len().max(1) as u64);
            self.act(usize::try_from(which).unwrap(), act).await;
            self.restart_if_crashed().await;
            if self.random.below(3) == 0 {
                self.trouble();
            }
        }
    }

    /// Nothing fails any more: brings every transfer to its end, checks the log event by event, and has it checked.
    pub(super) async fn finish(mut self) {
        // the process may have a fault ahead
        self.stop().await;
        self.is_troubled = false;
        self.start().await;
        for id in self.transfers.clone() {
            tokio::time::timeout(PATIENCE, self.end(&id)).await.unwrap_or_else(|_| {
                panic!("transfer {id} does not end");
            });
        }
        let app = self.app();
        let on_shelves = [shelf(app, STORE).await, shelf(app, OTHER).await];
        let events = self.log.read_all(Position::ZERO, EVENTS_MAX).await.unwrap();
        let mut ledger = Ledger::default();
        for event in &events {
            ledger.see(event);
        }
        let on_hand: i64 = on_shelves.iter().sum();
        assert_eq!(ledger.ends().len(), self.transfers.len());
        assert_eq!(on_hand, ledger.finish());
        self.process.take().unwrap().0.shut_down().await;
        let found = conserved(self.folder.path(), UNITS);
        assert_eq!(found.units.on_hand, i128::from(on_hand));
        let InTransit { transfers, open, units, .. } = found.in_transit;
        assert_eq!((transfers, open, units), (self.transfers.len(), 0, 0));
    }

    async fn end(&mut self, id: &str) {
        loop {
            let stands = self.stands(id).await;
            match stands["status"].as_str().unwrap() {
                "held" => drop(self.send(&format!("/transfers/{id}/cancel"), json!({})).await),
                "inTransit" => {
                    let in_transit = self.in_transit(id).await;
                    let body = arrived(in_transit, 0, 0);
                    drop(self.send(&format!("/transfers/{id}/receive"), body).await);
                }
                "requested" => tokio::time::sleep(LOOK_EVERY).await,
                _ => break,
            }
        }
        // a late success of a refused hold is still to be released
        while shelf_reserved(self.app()).await != 0 && self.transfers.len() == 1 {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

/// A receipt of what arrived as sent, beyond that, and damaged.
fn arrived(received: u32, over: u32, damaged: u32) -> Value {
    let line =
        json!({"productId": product(1), "received": received, "over": over, "damaged": damaged});
    json!({"lines": [line]})
}

async fn level(app: &App, store: &str, field: &str) -> i64 {
    let path = format!("/stores/{store}/products/{}?consistency=strong", product(1));
    let answer = app.get(&path).await;
    if answer.status == 404 { 0 } else { answer.expect(200).body[field].as_i64().unwrap() }
}

async fn shelf(app: &App, store: &str) -> i64 {
    level(app, store, "onHand").await
}

async fn shelf_reserved(app: &App) -> i64 {
    level(app, STORE, "reserved").await
}
