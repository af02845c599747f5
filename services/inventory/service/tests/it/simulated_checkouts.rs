//! Checkouts in processes that crash, with a notification service that refuses or is away, at random with many seeds.
//!
//! Any append may be the last of its process, before or after it is written; the next process has the log and nothing else in
//! memory. Buyers compete for few units, commit, cancel, or wait until the deadline has passed, and now and then a hold is
//! released behind the back of its checkout. What is right at the end: every checkout has ended, units are conserved, each is
//! sold once, and an order is confirmed if, and only if, its units are sold.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use gondola_inventory::process_managers::stored::StoredEvent as _;
use gondola_inventory_domain::{
    Checkout, CheckoutEvent, CheckoutId, CheckoutStatus, NextStep, StoreId, evolve_checkout,
    parse_checkout_stream_id,
};
use kit_core::Position;
use kit_event_store::EventStore;
use kit_testkit::clock::SimClock;
use kit_testkit::instrumented_store::{AppendFault, InstrumentedStore};
use serde_json::json;
use tempfile::TempDir;

use crate::app::{App, PATIENCE, STORE, midnight, product};
use crate::checkouts::{Confirmations, Kept, Mood, checkouts};
use crate::proved::{provable, proved};
use crate::simulated_transfers::Random;

/// Lives with random faults. Each prints its seed when it fails.
const SEEDS: u64 = 40;

/// Lives that are simulated at a time.
const AT_ONCE: usize = 10;

/// What buyers do in a life.
const ACTS: u64 = 12;

/// Units at the beginning: too few for all.
const UNITS: u32 = 7;

/// The log and the notification service, which outlive processes, and the process that there is now.
struct World {
    log: Arc<dyn EventStore>,
    confirmations: Arc<Confirmations>,
    folder: TempDir,
    clock: SimClock,
    process: Option<(App, Arc<InstrumentedStore>)>,
    random: Random,
    crashes: usize,
}

impl World {
    async fn new(seed: u64) -> Self {
        let (folder, clock) = (TempDir::new().unwrap(), midnight());
        let mut world = Self {
            log: provable(folder.path(), &clock),
            confirmations: Arc::default(),
            folder,
            clock,
            process: None,
            random: Random::seeded(seed),
            crashes: 0,
        };
        world.start().await;
        world.app().add(1, UNITS).await;
        world
    }

    fn app(&self) -> &App {
        &self.process.as_ref().unwrap().0
    }

    async fn start(&mut self) {
        let inner = Arc::clone(&self.log);
        let store = Arc::new(InstrumentedStore::around(inner));
        let log = Arc::clone(&store) as Arc<dyn EventStore>;
        let views = self.folder.path().join("views");
        let served = Arc::clone(&self.confirmations) as _;
        let app = App::start_confirming(log, &views, self.clock.clone(), served).await;
        self.process = Some((app, store));
    }

    /// Goes on in another process if this one has ended.
    async fn restart_if_crashed(&mut self) {
        if !self.process.as_ref().is_some_and(|(_, store)| store.is_stopped()) {
            return;
        }
        self.crashes += 1;
        if let Some((app, _)) = self.process.take() {
            app.shut_down().await;
        }
        self.start().await;
    }

    /// This process ends within the next appends, or one of them is lost.
    fn trouble(&mut self) {
        let fault = match self.random.below(6) {
            0 => AppendFault::Lost,
            1 => AppendFault::ReplyLost,
            2 | 3 => AppendFault::WrittenAndStops,
            _ => AppendFault::Stops,
        };
        let ahead = usize::try_from(self.random.below(6)).unwrap();
        let (_, store) = self.process.as_ref().unwrap();
        store.fail_append(store.appends() + ahead, fault);
    }

    /// All checkouts of the log, as their events have made them.
    async fn all(&self) -> BTreeMap<CheckoutId, Checkout> {
        let mut all = BTreeMap::new();
        for recorded in self.log.read_all(Position::ZERO, 10_000).await.unwrap() {
            if let Some(id) = parse_checkout_stream_id(&recorded.stream) {
                let event = CheckoutEvent::decode(&recorded).unwrap();
                let checkout = all.remove(&id).unwrap_or_default();
                all.insert(id, evolve_checkout(checkout, &event));
            }
        }
        all
    }

    async fn act(&mut self) {
        if self.random.below(3) == 0 {
            self.trouble();
        }
        let ids: Vec<CheckoutId> = self.all().await.into_keys().collect();
        let some = self.random.below(u64::try_from(ids.len()).unwrap().max(1));
        let id = ids.get(usize::try_from(some).unwrap());
        let client = checkouts(self.app());
        match (self.random.below(10), id) {
            (0..=2, Some(id)) => {
                let sale = json!({ "transactionId": format!("T-{id}") });
                client.post(&format!("/{id}/commit"), sale).await;
            }
            (3, Some(id)) => {
                client.post(&format!("/{id}/cancel"), json!({})).await;
            }
            (4, Some(id)) => {
                let reservation = gondola_inventory::use_cases::checkout_reservation(*id);
                let release = json!({ "reservationId": reservation.to_string() });
                self.app().post("/release", release).await;
            }
            (5, _) => {
                let seconds = self.random.below(70);
                self.clock.move_seconds(i64::try_from(seconds).unwrap());
            }
            (6, _) => {
                let moods = [Mood::Takes, Mood::Refuses, Mood::Away];
                let mood = usize::try_from(self.random.below(3)).unwrap();
                self.confirmations.set(moods[mood]);
            }
            _ => {
                let units = self.random.below(3) + 1;
                let lines = json!([{"productId": product(1), "quantity": units}]);
                client.post("", json!({"storeId": STORE, "lines": lines, "ttlSeconds": 60})).await;
            }
        }
        drop(client);
        self.restart_if_crashed().await;
    }

    /// Whether every checkout has ended, once its deadline has passed and the notification service takes what comes.
    async fn end_all(&mut self) -> BTreeMap<CheckoutId, Checkout> {
        self.confirmations.set(Mood::Takes);
        loop {
            self.restart_if_crashed().await;
            // tells the runner that more is due, and lets every hold run out at last
            self.clock.move_seconds(61);
            let all = self.all().await;
            if all.values().all(|checkout| checkout.next_step() == NextStep::Ended) {
                return all;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn finish(mut self, seed: u64) -> (usize, usize) {
        let ended = tokio::time::timeout(PATIENCE, self.end_all()).await;
        let all = ended.unwrap_or_else(|_| panic!("seed {seed}: a checkout does not end"));
        let store: StoreId = STORE.parse().unwrap();
        let (mut sold, mut committed) = (0, 0);
        for (id, checkout) in &all {
            let terms = checkout.terms().unwrap();
            assert_eq!(terms.store, store, "seed {seed}");
            let kept = self.confirmations.kept.lock().unwrap().get(id).cloned();
            if checkout.status() == CheckoutStatus::Committed {
                sold += terms.lines[0].1.get();
                committed += 1;
                assert_eq!(kept, Some(Kept::Committed(format!("T-{id}"))), "seed {seed}: {id}");
            } else {
                let none = matches!(kept, None | Some(Kept::Dropped));
                assert!(none, "seed {seed}: {id} is {} and {kept:?}", checkout.status());
            }
        }
        let left = u64::from(UNITS - sold);
        assert_eq!(self.app().units(1).await, [left, 0, left], "seed {seed}");
        let crashes = self.crashes;
        self.process.take().unwrap().0.shut_down().await;
        if !all.is_empty() {
            let found = proved(self.folder.path()).sagas.checkouts;
            let (sold, open) = (found.committed, found.open);
            assert_eq!((sold, open, found.all()), (committed, 0, all.len()), "seed {seed}");
        }
        (crashes, committed)
    }
}

#[tokio::test]
async fn random_checkouts_with_random_crashes_are_all_or_nothing_and_end() {
    let lives = stream::iter(1..=SEEDS).map(|seed| async move {
        eprintln!("seed {seed}");
        let mut world = World::new(seed).await;
        for _ in 0..ACTS {
            world.act().await;
        }
        world.finish(seed).await
    });
    let ends: Vec<(usize, usize)> = lives.buffer_unordered(AT_ONCE).collect().await;
    let crashes: usize = ends.iter().map(|(crashes, _)| crashes).sum();
    let committed: usize = ends.iter().map(|(_, committed)| committed).sum();
    assert!(crashes > ends.len(), "too little went wrong to prove anything: {crashes} crashes");
    assert!(committed > ends.len() / 2, "too little was sold to prove anything: {committed}");
}
