//! The health check of a view: it tells a view that is stuck from one that has nothing to do, and from one that is late.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use kit_core::{Position, RecordedEvent};
use kit_event_store::projection::{Projection, ProjectionError};
use kit_event_store::{EventLog, memory::MemoryStore};
use kit_http::{Health, Readiness};
use kit_service::{STANDSTILL_MAX, ViewFreshness};
use kit_testkit::event_store::{append, commit, transaction};
use kit_testkit::http::fetch;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const SECOND: Duration = Duration::from_secs(1);

/// More events than a view applies at once.
const MANY: u64 = 100_000;

/// A view that fails while it is broken, and takes a while for each batch.
#[derive(Default)]
struct View {
    broken: Arc<AtomicBool>,
    batch_takes: Duration,
    checkpoint: Position,
}

#[async_trait]
impl Projection for View {
    fn name(&self) -> &'static str {
        "view"
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        Ok(self.checkpoint)
    }

    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        tokio::time::sleep(self.batch_takes).await;
        if self.broken.load(Ordering::Relaxed) {
            return Err(ProjectionError::View("the disk is gone".to_owned()));
        }
        self.checkpoint = events.last().unwrap().position;
        Ok(())
    }
}

/// A log, and the readiness of a view that follows it.
struct Followed {
    log: Arc<MemoryStore>,
    readiness: Readiness,
    _stop: tokio_util::sync::DropGuard,
}

fn follow(view: View) -> Followed {
    follow_or(Health::Down, view)
}

/// The same with what a view that stands still makes of the process.
fn follow_or(stuck: fn(String) -> Health, view: View) -> Followed {
    let (log, tasks, stop) =
        (Arc::new(MemoryStore::new()), TaskTracker::new(), CancellationToken::new());
    let followed = Arc::clone(&log) as _;
    let freshness = ViewFreshness::follow(followed, Box::new(view), &tasks, stop.clone());
    let check = freshness.check("view", stuck, &tasks, stop.clone());
    Followed { log, readiness: Readiness::new(vec![check]), _stop: stop.drop_guard() }
}

impl Followed {
    async fn append(&self, count: u64) {
        let end = self.log.head().borrow().get();
        commit(&*self.log, transaction([append("any-1", end, count)])).await;
    }

    async fn is_ready(&self) -> bool {
        fetch(&self.readiness.routes(), "/health/ready").await.status == 200
    }
}

#[tokio::test(start_paused = true)]
async fn a_view_that_stands_still_behind_its_log_is_not_ready() {
    let broken = Arc::new(AtomicBool::new(true));
    let followed = follow(View { broken: Arc::clone(&broken), ..View::default() });
    tokio::time::sleep(60 * SECOND).await;
    followed.append(1).await;
    tokio::time::sleep(STANDSTILL_MAX.saturating_sub(SECOND)).await;
    assert!(followed.is_ready().await, "not yet");
    tokio::time::sleep(SECOND).await;
    assert!(!followed.is_ready().await, "one event is enough, and nobody had asked before");
    broken.store(false, Ordering::Relaxed);
    tokio::time::sleep(15 * SECOND).await;
    assert!(followed.is_ready().await, "it moves again");
}

/// Nobody shows more, so that taking all processes out would end the service for the sake of late numbers.
#[tokio::test(start_paused = true)]
async fn a_shared_view_that_stands_still_leaves_its_processes_ready() {
    let broken = Arc::new(AtomicBool::new(true));
    let followed = follow_or(Health::Degraded, View { broken, ..View::default() });
    followed.append(1).await;
    tokio::time::sleep(2 * STANDSTILL_MAX).await;
    let health = fetch(&followed.readiness.routes(), "/health/ready").await;
    assert_eq!((health.status.as_u16(), &health.body["status"]), (200, &json!("DEGRADED")));
}

#[tokio::test(start_paused = true)]
async fn a_view_that_had_nothing_to_do_is_ready() {
    let followed = follow(View { batch_takes: 2 * SECOND, ..View::default() });
    tokio::time::sleep(3_600 * SECOND).await;
    assert!(followed.is_ready().await);
    followed.append(1).await;
    tokio::time::sleep(SECOND).await;
    assert!(followed.is_ready().await, "it has been behind for a second only");
}

#[tokio::test(start_paused = true)]
async fn a_view_that_is_far_behind_and_moves_is_ready() {
    let followed = follow(View { batch_takes: 4 * SECOND, ..View::default() });
    followed.append(MANY).await;
    for _ in 0..10 {
        tokio::time::sleep(SECOND).await;
        assert!(followed.is_ready().await);
    }
}
