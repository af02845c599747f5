//! Four executors on one shared log promise the units of one stock level, half as many as are asked for.

use std::collections::HashSet;
use std::ops::AddAssign;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gondola_inventory::use_cases::{
    CommandError, LevelRef, LineRefusal, ProductRef, ReservationTerms, StockCommands, StockRequest,
    StoreRef, decode_event,
};
use gondola_inventory_domain::{Event, PositiveQuantity, Refusal, stream_id};
use kit_core::{Position, StreamId, Version};
use kit_event_store::memory::MemoryStore;
use kit_event_store::{EventLog, EventStore};
use kit_testkit::caller::caller;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::app::{App, STORE, midnight, product};

/// Holds that each executor is asked for at once. They differ, so that an executor that is late finds a version that one
/// of its later commands expects.
const GROUPS: [u64; 4] = [70, 130, 190, 250];

/// Deliveries, each when the one before is sold out, so that an executor may remember an empty shelf that was filled.
const DELIVERIES: u64 = 10;

/// Units of one delivery. All together are `GONDOLA_TEST_UNITS`, as in the system tests, and twice as many are asked for.
fn delivery() -> u64 {
    let set = std::env::var_os("GONDOLA_TEST_UNITS");
    set.map_or(5_000, |units| units.to_str().unwrap().parse::<u64>().unwrap()) / DELIVERIES
}

fn hot() -> LevelRef {
    LevelRef {
        store: StoreRef::Id(STORE.parse().unwrap()),
        product: ProductRef::Id(product(1).parse().unwrap()),
    }
}

fn hot_stream() -> StreamId {
    stream_id(product(1).parse().unwrap(), STORE.parse().unwrap())
}

fn hold_one() -> StockRequest {
    let quantity = PositiveQuantity::new(1).unwrap();
    StockRequest::Reserve { level: hot(), quantity, terms: ReservationTerms::default() }
}

/// What became of holds.
#[derive(Debug, Default)]
struct Tally {
    accepted: u64,
    refused: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.accepted += other.accepted;
        self.refused += other.refused;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_executors_hold_exactly_what_there_is() {
    let (folder, log) = (TempDir::new().unwrap(), Arc::new(MemoryStore::shared()));
    let (units, asked) = (delivery() * DELIVERIES, Arc::new(AtomicU64::new(0)));
    let (mut apps, mut holding) = (Vec::new(), JoinSet::new());
    for group in GROUPS {
        let views = folder.path().join(group.to_string());
        let app = App::start_on(Arc::clone(&log) as _, &views, midnight(), false).await;
        let seller = Seller {
            commands: Arc::clone(&app.context.commands),
            log: Arc::clone(&log),
            group,
            asked: Arc::clone(&asked),
        };
        holding.spawn(seller.hold_all());
        apps.push(app);
    }
    let ((), tallies) = tokio::join!(deliver(&log, &apps), holding.join_all());
    let mut all = Tally::default();
    for tally in tallies {
        all += tally;
    }
    assert_eq!((all.accepted, all.refused), (units, units));
    assert_each_unit_is_held_once(&*log).await;
    for app in apps {
        app.shut_down().await;
    }
}

/// Delivers through one executor after the other, each time when the shelf is empty.
async fn deliver(log: &MemoryStore, apps: &[App]) {
    let mut head = log.head();
    for number in 0..DELIVERIES {
        let sold_out = Position::new(number * (delivery() + 1));
        head.wait_for(|head| *head >= sold_out).await.unwrap();
        let app = &apps[usize::try_from(number).unwrap() % apps.len()];
        app.add(1, u32::try_from(delivery()).unwrap()).await;
    }
}

/// Asks one executor for holds.
struct Seller {
    commands: Arc<StockCommands>,
    log: Arc<MemoryStore>,
    group: u64,
    /// Holds that all sellers have asked for.
    asked: Arc<AtomicU64>,
}

impl Seller {
    /// Asks for groups of holds until all sellers together have asked for twice the units.
    async fn hold_all(self) -> Tally {
        let mut tally = Tally::default();
        loop {
            let asked = self.asked.fetch_add(self.group, Ordering::SeqCst);
            let mut wanted = (2 * delivery() * DELIVERIES).saturating_sub(asked).min(self.group);
            if wanted == 0 {
                return tally;
            }
            while wanted > 0 {
                let decided = self.hold(wanted).await;
                wanted -= decided.accepted + decided.refused;
                tally += decided;
            }
        }
    }

    /// Asks for one group, and insists that the results are those of holds decided one after the other. What is to be
    /// asked again is in neither count.
    async fn hold(&self, wanted: u64) -> Tally {
        let before = self.log.versions(&[hot_stream()]).await.unwrap()[0];
        let group = (0..wanted).map(|_| (hold_one(), caller(None))).collect();
        let (mut tally, mut last, mut sold_out) = (Tally::default(), Position::ZERO, false);
        for result in self.commands.perform_all(group).await {
            match result {
                Ok(receipt) => {
                    assert!(receipt.position > last, "commands of one store keep their order");
                    assert!(!sold_out, "a later hold got what an earlier one was refused");
                    last = receipt.position;
                    tally.accepted += 1;
                }
                Err(CommandError::Refused { lines, .. }) => {
                    sold_out = true;
                    tally.refused += u64::from(is_final(&lines, before));
                }
                // the others were faster every time
                Err(CommandError::Failed(kit_service::CommandError::Conflict { .. })) => {}
                Err(other) => panic!("{other}"),
            }
        }
        tally
    }
}

/// Insists that a refusal saw an empty shelf, and not one that was empty `before` it was asked for; says whether there
/// is no delivery to come.
fn is_final(lines: &[LineRefusal], before: Version) -> bool {
    let [LineRefusal { refusal: Refusal::InsufficientStock { available, .. }, version, .. }] =
        lines
    else {
        panic!("refused for another reason: {lines:?}");
    };
    assert_eq!(available.get(), 0, "refused while there was stock");
    assert!(*version >= before, "decided on {version} when the log had {before}");
    assert_eq!(version.get() % (delivery() + 1), 0, "at {version} the shelf was not empty");
    version.get() == DELIVERIES * (delivery() + 1)
}

async fn assert_each_unit_is_held_once(log: &dyn EventStore) {
    let events = log.read_stream(&hot_stream(), Version::ZERO, usize::MAX).await.unwrap();
    let mut reservations = HashSet::new();
    for event in &events {
        match decode_event(event).unwrap() {
            Event::StockReserved { reservation_id, quantity, .. } => {
                assert_eq!(quantity.get(), 1);
                assert!(reservations.insert(reservation_id), "{reservation_id} twice");
            }
            Event::StockAdded { quantity, .. } => assert_eq!(u64::from(quantity.get()), delivery()),
            other => panic!("nobody asked for {other:?}"),
        }
    }
    assert_eq!(u64::try_from(reservations.len()).unwrap(), delivery() * DELIVERIES);
    let times = events.iter().map(|event| event.metadata.recorded_at);
    assert!(times.is_sorted(), "time does not go back inside a stream");
}
