//! A sweeper that panics takes the process with it, for nobody would see that it is gone.

use std::sync::Arc;

use gondola_inventory::use_cases::HoldLimits;
use gondola_inventory::{Config, CustomerKeysPlace, Deps, SHARED_STOCK_CACHE, Views};
use kit_core::{IdSource, Timestamp};
use kit_event_bus::MemoryBus;
use kit_event_store::memory::MemoryStore;
use kit_executor::ExecutorConfig;
use kit_feature_flags::Rollout;
use kit_lease::Singletons;
use kit_testkit::process::assert_ends_process;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::app::midnight;

/// Ids of which the sweeper wants one at each look, with a fault.
struct FaultyIds;

impl IdSource for FaultyIds {
    fn next_id(&self, _: Timestamp) -> Uuid {
        panic!("on purpose")
    }
}

#[test]
fn a_panic_in_the_sweeper_ends_the_process() {
    assert_ends_process("panics::a_panic_in_the_sweeper_ends_the_process", async || {
        let folder = TempDir::new().unwrap().keep();
        let config = Config {
            views: Views::Sqlite(folder.clone()),
            transfers_folder: folder,
            customer_keys: CustomerKeysPlace::InClear,
            hold_limits: HoldLimits::default(),
            executor: ExecutorConfig::default(),
            cache_entries_max: 10,
            sweeper: true,
        };
        let deps = Deps {
            event_store: Arc::new(MemoryStore::new()),
            bus: Arc::new(MemoryBus::default()),
            catalogue: None,
            offers: None,
            confirmations: None,
            singletons: Singletons::alone(),
            edge: kit_cdn::Edge::default(),
            shared_cache: None,
            shared_cache_stores: Rollout::of(&SHARED_STOCK_CACHE),
            clock: Arc::new(midnight()),
            ids: Arc::new(FaultyIds),
            tasks: TaskTracker::new(),
            drain: CancellationToken::new(),
            stop: CancellationToken::new(),
        };
        std::mem::forget(gondola_inventory::module(config, deps).await.unwrap());
    });
}
