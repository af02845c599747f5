//! Imports against logs in memory that outlive them.

mod broken_off;
mod other_log;

use std::path::PathBuf;
use std::sync::Arc;

use gondola_inventory::use_cases::HoldLimits;
use gondola_store_domain::Label;
use kit_core::{Clock, IdSource, Position, RandomIds, SystemClock};
use kit_event_bus::{EventBus, MemoryBus};
use kit_event_store::EventLog;
use kit_event_store::memory::MemoryStore;
use kit_executor::ExecutorConfig;
use kit_feature_flags::Rollout;
use kit_lease::Singletons;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::checkpoint::{State, Tally};
use super::deterministic_ids::{DeterministicIds, Part};
use super::kind::Kind;
use super::line_ledger::LedgerWriter;
use super::services::now;
use super::{
    Author, CatalogueImport, CheckpointFolder, Defaults, Input, Rejected, SalesImport,
    SalesOptions, Services, StockImport, csv_file,
};

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
        CheckpointFolder {
            folder: self.path("imports"),
            log: "memory".to_owned(),
            incarnation: Some(self.inventory.incarnation()),
        }
    }

    async fn start(&self) -> Running {
        std::fs::create_dir_all(self.path("inventory")).unwrap();
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let bus: Arc<dyn EventBus> = Arc::new(MemoryBus::default());
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let ids: Arc<dyn IdSource> = Arc::new(RandomIds);
        let inventory = gondola_inventory::module(
            gondola_inventory::Config {
                views: gondola_inventory::Views::Sqlite(self.path("inventory")),
                transfers_folder: self.path("inventory"),
                customer_keys: gondola_inventory::CustomerKeysPlace::InClear,
                hold_limits: HoldLimits::default(),
                executor: ExecutorConfig::default(),
                cache_entries_max: 10,
                sweeper: false,
            },
            gondola_inventory::Deps {
                event_store: Arc::clone(&self.inventory) as _,
                bus: Arc::clone(&bus),
                catalogue: None,
                offers: None,
                confirmations: None,
                singletons: Singletons::alone(),
                edge: kit_cdn::Edge::default(),
                shared_cache: None,
                shared_cache_stores: Rollout::of(&gondola_inventory::SHARED_STOCK_CACHE),
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
                stock: gondola_store::StockSource::Nowhere,
                event_store: Arc::clone(&self.store) as _,
                bus,
                singletons: Singletons::alone(),
                edge: kit_cdn::Edge::default(),
                clock,
                ids,
                tasks: tasks.clone(),
                stop: stop.clone(),
            },
        );
        let store = store.await.unwrap();
        let services = Services {
            stock: inventory.commands,
            transfers: inventory.transfers,
            log: Arc::clone(&self.inventory) as _,
            catalogue: store.catalogue,
            listings: store.listings,
            author: Author::default(),
        };
        Running { services, stop, tasks }
    }

    async fn import(&self, what: &str, text: &str) -> String {
        let file = self.path(&format!("{what}.csv"));
        std::fs::write(&file, text).unwrap();
        let input =
            Input { file, rejected: Rejected::File(self.path("rejected.csv")), ..Input::default() };
        let (kept, defaults) = (self.checkpoints(), defaults());
        let running = self.start().await;
        let services = &running.services;
        let told = match what {
            "stores" => CatalogueImport::stores(&input, defaults).unwrap().run(services).await,
            "products" => CatalogueImport::products(&input, defaults).unwrap().run(services).await,
            "stock" => StockImport::receipts(&input, &kept).unwrap().run(services).await,
            _ => SalesImport::open(&input, &kept, options()).unwrap().run(services).await,
        };
        running.stop().await;
        told.unwrap().report
    }

    /// The state of an import of sales that was killed before its first checkpoint; what it has done by then are its ids.
    fn begin(&self, sales: &str) -> DeterministicIds {
        let path = self.path("sales.csv");
        std::fs::write(&path, sales).unwrap();
        let sha256 = csv_file::identify(&path).unwrap();
        let state = State {
            file: path.canonicalize().unwrap().to_string_lossy().into_owned(),
            sha256: sha256.clone(),
            options: "--receive none --store-code \"\" --store-column \"\"".to_owned(),
            reading: String::new(),
            again: false,
            retried: 0,
            begun_at: now(),
            log: Some(self.inventory.incarnation().as_uuid()),
            begins_anew: false,
            part: Part::Lines,
            through_line: 0,
            position: self.inventory.head().borrow().get(),
            tally: Tally::default(),
            rejected_bytes: 0,
            done: false,
        };
        let checkpoint = self.checkpoints().checkpoint(Kind::SALES, &sha256, 1).unwrap();
        LedgerWriter::new(checkpoint.ledger()).unwrap().finish().unwrap();
        checkpoint.save(&state).unwrap();
        DeterministicIds::new(state.begun_at, &sha256, Part::Lines)
    }

    /// The names of all events of the stock level.
    async fn events(&self) -> Vec<String> {
        let events = self.inventory.read_all(Position::ZERO, 100).await.unwrap();
        events.iter().map(|event| event.event.event_type.to_string()).collect()
    }
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
