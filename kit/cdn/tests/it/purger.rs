//! A purger before a cache that notes what it is asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use kit_cdn::{Edge, EdgeCache, PurgeError, PurgerConfig, PurgerDeps};
use kit_core::{Position, RecordedEvent, StreamId, SystemClock};
use kit_event_store::memory::MemoryStore;
use kit_event_store::parking::Parking;
use kit_event_store::projection::{Progress, Tracker};
use kit_event_store::{Checkpoints as _, EventLog as _, Streams as _};
use kit_http::{Check, EdgeCaching, Readiness};
use kit_lease::memory::MemoryLeases;
use kit_lease::{LeaseTimes, Singletons};
use kit_service::ViewFreshness;
use kit_testkit::event_store::{append, transaction};
use kit_testkit::http::TestClient;
use parking_lot::Mutex;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// Long enough for anything that is expected to happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// Until nothing more comes that should not.
const A_WHILE: Duration = Duration::from_millis(400);

const EVERYTHING: &str = "all";

const CONFIG: PurgerConfig =
    PurgerConfig { name: "test-purger", everything: EVERYTHING, keys: stream };

fn stream(event: &RecordedEvent) -> Vec<String> {
    vec![event.stream.to_string()]
}

/// A cache that notes when it was asked for what, and fails as often as it is told to.
#[derive(Default)]
struct NotingCache {
    purges: Mutex<Vec<(Instant, Vec<String>)>>,
    failures_left: AtomicUsize,
    failed: AtomicUsize,
}

#[async_trait]
impl EdgeCache for NotingCache {
    fn name(&self) -> &'static str {
        "noting"
    }

    async fn purge(&self, keys: &[String]) -> Result<(), PurgeError> {
        let left = |left: usize| left.checked_sub(1);
        if self.failures_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, left).is_ok() {
            self.failed.fetch_add(1, Ordering::SeqCst);
            return Err(PurgeError("it is away".to_owned()));
        }
        self.purges.lock().push((Instant::now(), keys.to_vec()));
        Ok(())
    }
}

impl NotingCache {
    fn count(&self, key: &str) -> usize {
        let purges = self.purges.lock();
        purges.iter().filter(|(_, keys)| keys.iter().any(|one| one == key)).count()
    }

    async fn await_count(&self, key: &str, count: usize) {
        let began = Instant::now();
        while self.count(key) < count {
            let there = self.count(key);
            assert!(began.elapsed() < PATIENCE, "{key} was purged {there} times, not {count}");
            sleep(Duration::from_millis(5)).await;
        }
    }
}

/// A log, a view of it and a cache, with or without a process that purges.
struct World {
    log: Arc<MemoryStore>,
    view: ViewFreshness,
    tracker: Tracker,
    cache: Arc<NotingCache>,
}

/// A process that purges.
struct Process {
    check: Check,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Process {
    async fn health(&self) -> String {
        let routes = Readiness::new(vec![self.check.clone()]).routes();
        TestClient::new(routes, "").get("/health").await.text
    }

    async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        tokio::time::timeout(PATIENCE, self.tasks.wait()).await.unwrap();
    }
}

impl World {
    fn new() -> Self {
        let log = Arc::new(MemoryStore::new());
        let (tracker, progress) = Progress::passing_over(Parking::default(), Position::ZERO);
        let view = ViewFreshness::new(Arc::clone(&log) as _, move || progress.clone());
        Self { log, view, tracker, cache: Arc::default() }
    }

    fn start(&self) -> Process {
        self.start_by(Singletons::alone())
    }

    fn start_by(&self, singletons: Singletons) -> Process {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let deps = PurgerDeps {
            log: Arc::clone(&self.log) as _,
            view: self.view.clone(),
            clock: Arc::new(SystemClock),
            singletons,
            tasks: tasks.clone(),
            stop: stop.clone(),
        };
        let edge = Edge { caching: EdgeCaching::OFF, caches: vec![Arc::clone(&self.cache) as _] };
        let check = edge.purge(CONFIG, "purges", &deps).unwrap();
        Process { check, tasks, stop }
    }

    /// A log with a purger that has been here before.
    async fn purging() -> (Self, Process) {
        let world = Self::new();
        world.change("first-1").await;
        let process = world.start();
        world.cache.await_count(EVERYTHING, 2).await;
        world.await_checkpoint(1).await;
        (world, process)
    }

    /// Changes what a stream is about; the view shows it at once.
    async fn change(&self, stream: &str) {
        self.change_unseen(stream).await;
        self.tracker.reached(*self.log.head().borrow());
    }

    async fn change_unseen(&self, stream: &str) {
        let loaded = self.log.load(&[StreamId::new(stream).unwrap()], 0).await.unwrap();
        let version = loaded[0].version().get();
        self.log.append(vec![transaction([append(stream, version, 1)])]).await.unwrap();
    }

    async fn await_checkpoint(&self, position: u64) {
        let place = format!("test-purger noting@{}", self.log.incarnation());
        let began = Instant::now();
        loop {
            let at = self.log.load_checkpoint(&place).await.unwrap();
            if at >= Position::new(position) {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "the checkpoint is at {at}, not {position}");
            sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test]
async fn where_nobody_has_purged_before_everything_is_expired_and_then_only_what_changes() {
    let (world, process) = World::purging().await;
    assert_eq!(world.cache.count("first-1"), 0);
    world.change("other-1").await;
    world.cache.await_count("other-1", 1).await;
    process.stop().await;
    assert_eq!(world.cache.count(EVERYTHING), 2);
}

#[tokio::test]
async fn what_changes_often_is_purged_once_in_an_interval() {
    let (world, process) = World::purging().await;
    let began = Instant::now();
    let mut changes = 0_u32;
    while began.elapsed() < Duration::from_secs(1) {
        world.change("hot-1").await;
        changes += 1;
        tokio::task::yield_now().await;
    }
    sleep(A_WHILE).await;
    let purges = world.cache.count("hot-1");
    // each 100 ms at most, and once more after 2 s, which is not yet
    assert!((2..=12).contains(&purges) && changes > 100, "{purges} purges of {changes} changes");
    process.stop().await;
}

#[tokio::test]
async fn what_is_purged_is_purged_once_more_when_all_processes_show_it() {
    let (world, process) = World::purging().await;
    world.change("thing-1").await;
    world.cache.await_count("thing-1", 2).await;
    let purges = world.cache.purges.lock().clone();
    let times: Vec<_> = purges.iter().filter(|(_, keys)| keys[0] == "thing-1").collect();
    let between = times[1].0 - times[0].0;
    assert!(between >= Duration::from_secs(2), "{between:?}");
    sleep(A_WHILE).await;
    assert_eq!(world.cache.count("thing-1"), 2);
    process.stop().await;
}

#[tokio::test]
async fn nothing_is_purged_before_the_view_shows_its_change() {
    let (world, process) = World::purging().await;
    world.change_unseen("late-1").await;
    sleep(A_WHILE).await;
    assert_eq!(world.cache.count("late-1"), 0, "an answer of before would be kept again");
    world.tracker.reached(*world.log.head().borrow());
    world.cache.await_count("late-1", 1).await;
    process.stop().await;
}

#[tokio::test]
async fn purges_that_fail_are_repeated_and_none_is_lost() {
    let (world, process) = World::purging().await;
    world.cache.failures_left.store(3, Ordering::SeqCst);
    for stream in ["one-1", "two-1", "three-1"] {
        world.change(stream).await;
    }
    let began = Instant::now();
    while world.cache.failed.load(Ordering::SeqCst) < 2 {
        assert!(began.elapsed() < PATIENCE);
        sleep(Duration::from_millis(5)).await;
    }
    let health = process.health().await;
    assert!(health.contains("DEGRADED") && health.contains("it is away"), "{health}");
    for stream in ["one-1", "two-1", "three-1"] {
        world.cache.await_count(stream, 1).await;
    }
    assert_eq!(world.cache.failed.load(Ordering::SeqCst), 3);
    assert!(!process.health().await.contains("DEGRADED"));
    process.stop().await;
}

#[tokio::test]
async fn what_changed_while_no_process_purged_is_purged_at_the_next_start() {
    let (world, process) = World::purging().await;
    process.stop().await;
    world.change("meanwhile-1").await;
    sleep(A_WHILE).await;
    assert_eq!(world.cache.count("meanwhile-1"), 0);
    let process = world.start();
    world.cache.await_count("meanwhile-1", 1).await;
    assert_eq!(world.cache.count(EVERYTHING), 2, "the checkpoint was kept");
    process.stop().await;
}

#[tokio::test]
async fn one_of_two_processes_purges_and_the_other_goes_on_after_it() {
    let world = World::new();
    world.change("first-1").await;
    let leases = Arc::new(MemoryLeases::default());
    let by_lease = |holder| {
        // who ends gives it back, and nobody is to lose it for a pause of the machine
        let times = LeaseTimes::new(Duration::from_secs(10));
        world.start_by(Singletons::by_lease(
            Arc::clone(&leases) as _,
            Uuid::from_u128(holder),
            times,
        ))
    };
    let (one, other) = (by_lease(1), by_lease(2));
    world.cache.await_count(EVERYTHING, 2).await;
    world.await_checkpoint(1).await;
    world.change("thing-1").await;
    world.cache.await_count("thing-1", 2).await;
    world.await_checkpoint(2).await;
    one.stop().await;
    world.change("thing-2").await;
    world.cache.await_count("thing-2", 2).await;
    other.stop().await;
    assert_eq!([EVERYTHING, "thing-1", "thing-2"].map(|key| world.cache.count(key)), [2, 2, 2]);
}
