//! The suite that every event store passes, on SQLite.

use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{Clock as _, IdSource as _, RandomIds};
use kit_event_store::EventStore;
use kit_sqlite::{SqliteOptions, SqliteStore};
use kit_testkit::clock::SimClock;
use kit_testkit::event_store::Subject;
use kit_testkit::event_store_contract;
use tempfile::TempDir;

pub(crate) struct InFolder(pub(crate) TempDir);

impl InFolder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn options(&self) -> SqliteOptions {
        SqliteOptions {
            folder: self.0.path().join("store"),
            // by the machine's clock the suite's claims would one day have expired and been forgotten
            clock: Arc::new(SimClock::default()),
            new_id: RandomIds.next_id(SimClock::default().now()),
            on_fatal: Arc::new(|reason| panic!("the log failed: {reason}")),
        }
    }
}

#[async_trait]
impl Subject for InFolder {
    async fn open(&self) -> Arc<dyn EventStore> {
        let options = self.options();
        let opened = tokio::task::spawn_blocking(|| SqliteStore::open(options)).await.unwrap();
        Arc::new(opened.unwrap())
    }

    fn durable(&self) -> bool {
        true
    }
}

event_store_contract!(sqlite, InFolder::new());
