//! A shard that panics takes the process with it, for its stores would be refused for ever.

use std::sync::Arc;

use kit_core::{RandomIds, SystemClock};
use kit_event_store::memory::MemoryStore;
use kit_executor::{Deps, Executor, ExecutorConfig};
use kit_testkit::process::assert_ends_process;
use tokio_util::task::TaskTracker;

use crate::purses::{FAULT, Purses, Put, request};

#[test]
fn a_panic_in_a_shard_ends_the_process() {
    assert_ends_process("panics::a_panic_in_a_shard_ends_the_process", async || {
        let deps = Deps {
            decider: Arc::new(Purses),
            event_store: Arc::new(MemoryStore::new()),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
        };
        let executor = Executor::start(&deps, ExecutorConfig::default(), &TaskTracker::new());
        assert!(executor.execute(request(Put("a", FAULT), None)).await.is_err());
    });
}
