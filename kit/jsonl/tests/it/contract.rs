//! The suite that every event store passes, on the JSONL store; also with limits so small that each is met.

use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{IdSource as _, RandomIds};
use kit_event_store::EventStore;
use kit_jsonl::{JsonlOptions, JsonlStore};
use kit_testkit::event_store::{Subject, noon};
use tempfile::TempDir;

struct Jsonl {
    dir: TempDir,
    limit: fn(&mut JsonlOptions),
}

impl Jsonl {
    fn new(limit: fn(&mut JsonlOptions)) -> Self {
        Self { dir: tempfile::tempdir().unwrap(), limit }
    }
}

#[async_trait]
impl Subject for Jsonl {
    async fn open(&self) -> Arc<dyn EventStore> {
        let folder = self.dir.path();
        let mut options =
            JsonlOptions::new(folder, folder.join("events"), RandomIds.next_id(noon()));
        (self.limit)(&mut options);
        Arc::new(JsonlStore::open(options).unwrap())
    }

    fn durable(&self) -> bool {
        true
    }
}

/// Every group begins a segment, no event is kept in memory, and appends wait for the stream files.
fn smallest(options: &mut JsonlOptions) {
    options.segment_bytes_max = 1;
    options.waiting_calls_max = 1;
    options.recent_bytes_max = 0;
    options.backlog_bytes_max = 0;
}

/// Many groups in a segment, few events in memory.
fn small(options: &mut JsonlOptions) {
    options.segment_bytes_max = 20_000;
    options.recent_bytes_max = 10_000;
}

kit_testkit::event_store_contract!(jsonl, Jsonl::new(|_| ()));
kit_testkit::event_store_contract!(jsonl_small, Jsonl::new(small));
kit_testkit::event_store_contract!(jsonl_smallest, Jsonl::new(smallest));
