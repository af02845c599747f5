//! A reservation made right before an interruption is committed, or made again when it has expired meanwhile.

use std::path::PathBuf;
use std::sync::Arc;

use gondola_inventory::use_cases::{
    LevelRef, ProductRef, ReservationTerms, StockRequest, StoreRef,
};
use gondola_inventory_domain::{PositiveQuantity, ReservationId};
use gondola_store_domain::Label;
use kit_core::{Caller, Clock, IdSource, Position, RandomIds, SystemClock};
use kit_event_bus::{EventBus, MemoryBus};
use kit_event_store::EventLog;
use kit_event_store::memory::MemoryStore;
use kit_executor::ExecutorConfig;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::checkpoint::{State, Tally};
use super::deterministic_ids::{DeterministicIds, Part};
use super::line_ledger::LedgerWriter;
use super::names::Names;
use super::services::{actor, now};
use super::{
    CatalogueImport, CheckpointFolder, Defaults, Input, SalesImport, SalesOptions, Services,
    StockImport, csv_file,
};

/// The only sale of the file.
const LINE: u64 = 2;

/// Files, and the logs that outlive the services.
struct Place {
    folder: tempfile::TempDir,
    inventory: Arc<MemoryStore>,
    store: Arc<MemoryStore>,
}

/// The services of one run.
struct Running {
    services: Services,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Running {
    async fn stop(self) {
        let Self { services, stop, tasks } = self;
        stop.cancel();
        drop(services);
        tasks.close();
        tasks.wait().await;
    }
}

impl Place {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn checkpoints(&self) -> CheckpointFolder {
        CheckpointFolder { folder: self.path("imports"), log: "memory".to_owned() }
    }

    async fn start(&self) -> Running {
        std::fs::create_dir_all(self.path("inventory")).unwrap();
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let bus: Arc<dyn EventBus> = Arc::new(MemoryBus::default());
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let ids: Arc<dyn IdSource> = Arc::new(RandomIds);
        let inventory = gondola_inventory::module(
            gondola_inventory::Config {
                views_folder: self.path("inventory"),
                executor: ExecutorConfig::default(),
                cache_entries_max: 10,
                sweeper: false,
            },
            gondola_inventory::Deps {
                event_store: Arc::clone(&self.inventory) as _,
                bus: Arc::clone(&bus),
                clock: Arc::clone(&clock),
                ids: Arc::clone(&ids),
                tasks: tasks.clone(),
                drain: stop.clone(),
                stop: stop.clone(),
            },
        );
        let inventory = inventory.await.unwrap();
        let store = gondola_store::module(
            gondola_store::Config {
                views_folder: self.path("store"),
                executor: ExecutorConfig::default(),
            },
            gondola_store::Deps {
                event_store: Arc::clone(&self.store) as _,
                bus,
                clock,
                ids,
                tasks: tasks.clone(),
                stop: stop.clone(),
            },
        );
        let store = store.await.unwrap();
        let services = Services {
            stock: inventory.commands,
            log: Arc::clone(&self.inventory) as _,
            catalogue: store.catalogue,
            listings: store.listings,
        };
        Running { services, stop, tasks }
    }

    async fn import(&self, what: &str, text: &str) {
        let file = self.path(&format!("{what}.csv"));
        std::fs::write(&file, text).unwrap();
        let input = Input { file, rejected: Some(self.path("rejected.csv")), ..Input::default() };
        let (kept, defaults) = (self.checkpoints(), defaults());
        let running = self.start().await;
        let services = &running.services;
        let told = match what {
            "stores" => CatalogueImport::stores(&input, defaults).unwrap().run(services).await,
            "products" => CatalogueImport::products(&input, defaults).unwrap().run(services).await,
            "stock" => StockImport::receipts(&input, &kept).unwrap().run(services).await,
            _ => SalesImport::open(&input, &kept, options()).unwrap().run(services).await,
        };
        told.unwrap();
        running.stop().await;
    }

    /// The state after a run that was killed when it had reserved the units of the only sale.
    async fn break_off(&self, sales: &str, released: bool) {
        let path = self.path("sales.csv");
        std::fs::write(&path, sales).unwrap();
        let (sha256, _) = csv_file::identify(&path).unwrap();
        let running = self.start().await;
        let position = self.inventory.head().borrow().get();
        let state = State {
            file: path.canonicalize().unwrap().to_string_lossy().into_owned(),
            sha256: sha256.clone(),
            options: "--receive none --store-code \"\" --store-column \"\"".to_owned(),
            reading: String::new(),
            again: false,
            retried: 0,
            begun_at: now(),
            part: Part::Lines,
            through_line: 0,
            position,
            tally: Tally::default(),
            rejected_bytes: 0,
            done: false,
        };
        let checkpoint = self.checkpoints().checkpoint("sales", &sha256, 1).unwrap();
        LedgerWriter::new(checkpoint.ledger()).unwrap().finish().unwrap();
        checkpoint.save(&state).unwrap();
        let ids = DeterministicIds::new(state.begun_at, &sha256, Part::Lines);
        let reservation = ReservationId::from_uuid(ids.of_try(LINE, 1));
        let names = Names::load(&running.services.listings).await.unwrap();
        let (store, product) = names.level("S1", "P1").unwrap();
        // unlike the import's own request this one lets the reservation be released by its id
        let reserve = StockRequest::Reserve {
            level: LevelRef { store: StoreRef::Id(store), product: ProductRef::Id(product) },
            quantity: PositiveQuantity::new(4).unwrap(),
            terms: ReservationTerms { reservation: Some(reservation), ..Default::default() },
        };
        perform(&running.services, reserve, ids.of_line(LINE)).await;
        if released {
            let release = StockRequest::Release { reservation, part: Part::All, reason: None };
            perform(&running.services, release, uuid::Uuid::from_u128(1)).await;
        }
        running.stop().await;
    }

    /// The names of all events of the stock level.
    async fn events(&self) -> Vec<String> {
        let events = self.inventory.read_all(Position::ZERO, 100).await.unwrap();
        events.iter().map(|event| event.event.event_type.to_string()).collect()
    }
}

async fn perform(services: &Services, request: StockRequest, correlation_id: uuid::Uuid) {
    let caller = Caller { actor: actor(), correlation_id, idempotency: None };
    services.stock.perform(request, caller).await.unwrap();
}

fn defaults() -> Defaults {
    Defaults { region: Label::new("unknown").unwrap(), currency: None }
}

fn options() -> SalesOptions {
    SalesOptions {
        store_code: None,
        store_column: None,
        derive_catalogue: false,
        receive: false,
        already_left: false,
        defaults: defaults(),
    }
}

async fn place() -> Place {
    let place = Place {
        folder: tempfile::tempdir().unwrap(),
        inventory: Arc::new(MemoryStore::new()),
        store: Arc::new(MemoryStore::new()),
    };
    place.import("stores", "code\nS1\n").await;
    place.import("products", "sku,name\nP1,Product\n").await;
    place.import("stock", "store_code,sku,quantity\nS1,P1,4\n").await;
    place
}

const SALES: &str = "store_code,sku,quantity\nS1,P1,4\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_that_was_made_before_the_break_is_kept() {
    let place = place().await;
    place.break_off(SALES, false).await;
    for _ in 0..2 {
        place.import("sales", SALES).await;
        let expected = ["StockAddedEvent", "StockReservedEvent", "StockCommittedEvent"];
        assert_eq!(place.events().await, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_that_has_ended_since_the_break_is_made_anew() {
    let place = place().await;
    place.break_off(SALES, true).await;
    for _ in 0..2 {
        place.import("sales", SALES).await;
        let expected = [
            "StockAddedEvent",
            "StockReservedEvent",
            "StockReleasedEvent",
            "StockReservedEvent",
            "StockCommittedEvent",
        ];
        assert_eq!(place.events().await, expected);
    }
}

/// More deliveries than a stock level remembers, and then sales from before most of them.
#[tokio::test(flavor = "multi_thread")]
async fn sales_from_before_what_a_level_remembers_are_imported_too() {
    let place = place().await;
    let deliveries = "S1,P1,1,2026-02-01\n".repeat(90);
    let stock = format!("store_code,sku,quantity,date\nS1,P1,5,2026-01-01\n{deliveries}");
    place.import("stock", &stock).await;
    let sales = "S1,P1,3,2026-01-10\nS1,P1,3,2026-01-11\nS1,P1,2,2026-01-12\n";
    place.import("sales", &format!("store_code,sku,quantity,date\n{sales}")).await;
    let events = place.events().await;
    let sold = events.iter().filter(|event| *event == "StockCommittedEvent").count();
    assert_eq!(sold, 2, "five were there then, whatever arrived since: {events:?}");
}
