//! A view that panics takes the process with it, for it would stand still for ever.

use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{Position, RecordedEvent};
use kit_event_store::memory::MemoryStore;
use kit_event_store::projection::{Progress, Projection, ProjectionError, follow};
use kit_testkit::event_store::{append, commit, transaction};
use kit_testkit::process::assert_ends_process;
use tokio_util::sync::CancellationToken;

/// A view with a fault.
struct Faulty;

#[async_trait]
impl Projection for Faulty {
    fn name(&self) -> &'static str {
        "faulty"
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        Ok(Position::ZERO)
    }

    async fn apply(&mut self, _: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        panic!("on purpose")
    }
}

#[test]
fn a_panic_in_a_view_ends_the_process() {
    assert_ends_process("projection::a_panic_in_a_view_ends_the_process", async || {
        let log = Arc::new(MemoryStore::new());
        let (tracker, _) = Progress::of(&Faulty);
        let stop = CancellationToken::new();
        tokio::spawn(follow(Arc::clone(&log) as _, Box::new(Faulty), tracker, stop));
        commit(&*log, transaction([append("a", 0, 1)])).await;
    });
}
