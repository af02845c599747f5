//! Two processes with one shared cache: what it says is used where it is right, and nothing else ever is (E15).

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use kit_cache::memory::MemoryCache;
use kit_cache::{CacheError, Entry, Invalidation, SharedCache, Tell};
use kit_core::Position;
use kit_event_store::EventStore;
use kit_event_store::projection::{self, Projection as _, Tracker};
use kit_feature_flags::Rollout;
use kit_testkit::clock::SimClock;
use tokio::sync::broadcast;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::*;
use crate::SHARED_STOCK_CACHE;
use crate::adapters::cache::{Cached, LevelCache};
use crate::adapters::shared::{SharedLevels, SharedStock, Sharing};

/// A cache in memory that may be made to say something else.
#[derive(Default)]
struct TestCache {
    inner: MemoryCache,
    lie: Mutex<Option<Vec<u8>>>,
    asked: AtomicU32,
    is_gone: AtomicBool,
}

impl TestCache {
    fn lie(&self, bytes: &[u8]) {
        *self.lie.lock().unwrap() = Some(bytes.to_vec());
    }

    fn check(&self) -> Result<(), CacheError> {
        if self.is_gone.load(Ordering::SeqCst) {
            return Err(CacheError("it is gone".to_owned()));
        }
        Ok(())
    }
}

#[async_trait]
impl SharedCache for TestCache {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, CacheError> {
        self.check()?;
        self.asked.fetch_add(1, Ordering::SeqCst);
        // time for others to ask
        tokio::task::yield_now().await;
        let lie = self.lie.lock().unwrap().clone();
        if lie.is_some() { Ok(lie) } else { self.inner.get(key).await }
    }

    async fn put_if_newer(&self, entry: Entry, tell: Tell) -> Result<bool, CacheError> {
        self.check()?;
        self.inner.put_if_newer(entry, tell).await
    }

    async fn invalidate_all(&self) -> Result<(), CacheError> {
        self.check()?;
        self.inner.invalidate_all().await
    }

    fn invalidations(&self) -> broadcast::Receiver<Invalidation> {
        self.inner.invalidations()
    }
}

/// A process with its caches.
struct Process {
    levels: Cached<memory::MemoryReadModel>,
    model: Arc<memory::MemoryReadModel>,
    sharing: Arc<Sharing>,
    stop: CancellationToken,
}

/// What keeps a read model up to date.
struct Follower(memory::MemoryWriter, Tracker, Arc<dyn EventStore>);

impl Follower {
    async fn catch_up(&mut self) {
        let log = Arc::clone(&self.2);
        let position = projection::catch_up(log.as_ref(), &mut self.0).await.unwrap();
        self.1.reached(position);
        assert_eq!(self.0.checkpoint().await.unwrap(), position);
    }
}

impl Process {
    /// A process with a read model of its own.
    fn start(history: &History, cache: &Arc<TestCache>) -> (Self, Follower) {
        let (sharing, l1, stop) = Self::caches(history, cache);
        let clock = Arc::new(SimClock::at(at(100)));
        let (model, writer, tracker) = memory::empty(Arc::clone(&sharing) as _, clock);
        let process = Self::of(Arc::new(model), sharing, l1, stop);
        (process, Follower(writer, tracker, Arc::clone(&history.log)))
    }

    /// A process that reads a read model which another one keeps up to date.
    fn beside(other: &Self, history: &History, cache: &Arc<TestCache>) -> Self {
        let (sharing, l1, stop) = Self::caches(history, cache);
        Self::of(Arc::clone(&other.model), sharing, l1, stop)
    }

    fn caches(
        history: &History,
        cache: &Arc<TestCache>,
    ) -> (Arc<Sharing>, Arc<LevelCache>, CancellationToken) {
        let (l1, stop) = (Arc::new(LevelCache::new(100)), CancellationToken::new());
        let shared = SharedStock {
            cache: Arc::clone(cache) as _,
            stores: Rollout::of(&SHARED_STOCK_CACHE),
            log: history.log.incarnation(),
        };
        let sharing = Sharing::start(shared, Arc::clone(&l1), &TaskTracker::new(), &stop);
        sharing.note_caught_up(*history.log.head().borrow());
        (sharing, l1, stop)
    }

    fn of(
        model: Arc<memory::MemoryReadModel>,
        sharing: Arc<Sharing>,
        l1: Arc<LevelCache>,
        stop: CancellationToken,
    ) -> Self {
        let clock = Arc::new(SimClock::at(at(100)));
        let source = SharedLevels::new(Arc::clone(&model), Arc::clone(&sharing), clock.clone());
        let levels = Cached::new(Arc::clone(&model), Arc::new(source), l1, clock);
        Self { levels, model, sharing, stop }
    }

    /// The units of a level on hand.
    async fn on_hand(&self, level: (u128, u128)) -> Option<u32> {
        let found = self.levels.level(store(level.0), product(level.1)).await.unwrap();
        found.map(|level| level.on_hand)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// The key of a level of this log in the cache.
fn name(history: &History, level: (u128, u128)) -> String {
    format!("{}:level:{}:{}", history.log.incarnation(), store(level.0), product(level.1))
}

/// What the cache has of a level, once it is of this position.
async fn kept(cache: &TestCache, history: &History, level: (u128, u128), at: Position) -> Vec<u8> {
    let began = Instant::now();
    loop {
        let bytes = cache.inner.get(&name(history, level)).await.unwrap().unwrap_or_default();
        let text = String::from_utf8(bytes.clone()).unwrap();
        if text.contains(&format!("\"position\":{at},")) {
            return bytes;
        }
        assert!(began.elapsed() < PATIENCE, "not at {at}: {text}");
        sleep(Duration::from_millis(5)).await;
    }
}

/// The same level with other units on hand, to tell who has answered.
fn with_units(bytes: &[u8], units: u32) -> Vec<u8> {
    let mut level: serde_json::Value = serde_json::from_slice(bytes).unwrap();
    level["onHand"] = units.into();
    serde_json::to_vec(&level).unwrap()
}

const THIS: (u128, u128) = (1, 1);
const OTHER: (u128, u128) = (1, 2);

/// Two processes that have watched for a while, and what the cache has of [`THIS`] since the first has read it.
async fn two_processes() -> (History, Arc<TestCache>, [(Process, Follower); 2], Vec<u8>) {
    let (mut history, cache) = (History::new(), Arc::new(TestCache::default()));
    let mut processes = [(); 2].map(|()| Process::start(&history, &cache));
    for event in [(THIS, added(5)), (OTHER, added(1))] {
        history.record(event.0, event.1).await;
        for (process, follower) in &mut processes {
            follower.catch_up().await;
            assert_eq!(process.on_hand((9, 9)).await, None, "it has begun to watch");
        }
    }
    let bytes = kept(&cache, &history, THIS, Position::new(1)).await;
    let mut level: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    level["currentAt"] = 2.into();
    (history, cache, processes, serde_json::to_vec(&level).unwrap())
}

#[tokio::test]
async fn what_one_process_has_kept_is_used_by_another() {
    let (_history, cache, [_, (other, _)], level) = two_processes().await;
    cache.lie(&with_units(&level, 999));
    assert_eq!(other.on_hand(THIS).await, Some(999), "the cache was not asked");
}

#[tokio::test]
async fn what_is_older_than_what_this_process_has_seen_is_not_used() {
    let (mut history, cache, [_, (process, mut follower)], level) = two_processes().await;
    history.record(THIS, added(1)).await;
    follower.catch_up().await;
    cache.lie(&with_units(&level, 999));
    assert_eq!(process.on_hand(THIS).await, Some(6), "an older level was put back");
    assert_eq!(process.on_hand(THIS).await, Some(6));
}

/// It would be older than what is shown when the cache is gone a moment later.
#[tokio::test]
async fn what_is_newer_than_the_read_model_of_this_process_is_not_used() {
    let (mut history, cache, [(_, mut ahead), (process, _)], _) = two_processes().await;
    let position = history.record(THIS, added(1)).await;
    ahead.catch_up().await;
    let newer = kept(&cache, &history, THIS, position).await;
    cache.lie(&newer);
    assert_eq!(process.on_hand(THIS).await, Some(5));
}

/// Neither read nor written: a cache that makes trouble can be left, and one that is new be begun with few stores.
#[tokio::test]
async fn of_stores_that_the_flag_does_not_cover_nothing_is_shared() {
    let (mut history, cache, [(process, mut follower), _], level) = two_processes().await;
    process.sharing.shared.stores.set(0);
    cache.lie(&with_units(&level, 999));
    let asked = cache.asked.load(Ordering::SeqCst);
    assert_eq!(process.on_hand(THIS).await, Some(5));
    history.record(THIS, added(1)).await;
    follower.catch_up().await;
    assert_eq!(process.on_hand(THIS).await, Some(6));
    sleep(Duration::from_millis(50)).await;
    assert_eq!(cache.asked.load(Ordering::SeqCst), asked);
    // the position of the change that was not told is not there
    kept(&cache, &history, THIS, Position::new(1)).await;
    // what it has shown meanwhile binds it when the flag covers the store again
    process.sharing.shared.stores.set(100);
    process.sharing.replaced(Position::ZERO);
    assert_eq!(process.on_hand(THIS).await, Some(6));
}

/// As where another process writes the read model.
#[tokio::test]
async fn what_is_older_than_what_this_process_was_told_of_is_not_used() {
    let (_history, cache, [_, (process, _)], level) = two_processes().await;
    let changed = ((store(1), product(1)), Position::new(3));
    process.sharing.outdated(&mut std::iter::once(changed));
    cache.lie(&with_units(&level, 999));
    assert_eq!(process.on_hand(THIS).await, Some(5));
}

#[tokio::test]
async fn what_was_kept_before_the_read_model_was_replaced_is_not_used() {
    let (_history, cache, [_, (process, _)], level) = two_processes().await;
    process.sharing.replaced(Position::new(2));
    cache.lie(&with_units(&level, 999));
    assert_eq!(process.on_hand(THIS).await, Some(5));
}

/// A database shows a change before a process is told of it.
#[tokio::test]
async fn what_is_older_than_what_was_read_is_not_used() {
    let (mut history, cache, [(ahead, mut follower), _], level) = two_processes().await;
    let process = Process::beside(&ahead, &history, &cache);
    cache.is_gone.store(true, Ordering::SeqCst);
    history.record(THIS, added(1)).await;
    projection::catch_up(history.log.as_ref(), &mut follower.0).await.unwrap();
    assert_eq!(process.on_hand(THIS).await, Some(6));
    cache.is_gone.store(false, Ordering::SeqCst);
    cache.lie(&with_units(&level, 999));
    // so that it is not in memory
    let asked = cache.asked.load(Ordering::SeqCst);
    cache.inner.invalidate_all().await.unwrap();
    let began = Instant::now();
    while cache.asked.load(Ordering::SeqCst) == asked {
        assert_eq!(process.on_hand(THIS).await, Some(6));
        assert!(began.elapsed() < PATIENCE, "the cache is not asked");
        sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(process.on_hand(THIS).await, Some(6));
}

#[tokio::test]
async fn what_is_no_level_of_this_key_is_not_used() {
    let (history, cache, [_, (process, _)], level) = two_processes().await;
    let other = kept(&cache, &history, OTHER, Position::new(2)).await;
    let shape = String::from_utf8(level).unwrap().replace("\"shape\":1", "\"shape\":9");
    for lie in [b"".as_slice(), b"{}", &[0xff; 9], &other, shape.as_bytes()] {
        cache.lie(lie);
        assert_eq!(process.on_hand(THIS).await, Some(5));
        process.sharing.replaced(Position::ZERO);
    }
}

#[tokio::test]
async fn a_cache_that_is_gone_is_done_without() {
    let (mut history, cache, [(process, mut follower), _], _) = two_processes().await;
    cache.is_gone.store(true, Ordering::SeqCst);
    for units in 6..9 {
        history.record(THIS, added(1)).await;
        follower.catch_up().await;
        assert_eq!(process.on_hand(THIS).await, Some(units));
    }
}

/// Who has a level in memory drops it when another process sees that it was changed, though nothing else tells it.
#[tokio::test]
async fn a_change_reaches_the_memory_of_every_process() {
    let (mut history, cache) = (History::new(), Arc::new(TestCache::default()));
    let (following, mut follower) = Process::start(&history, &cache);
    let beside = Process::beside(&following, &history, &cache);
    history.record(THIS, added(5)).await;
    follower.catch_up().await;
    for units in 6..10 {
        assert_eq!(beside.on_hand(THIS).await, Some(units - 1));
        history.record(THIS, added(1)).await;
        follower.catch_up().await;
        let began = Instant::now();
        while beside.on_hand(THIS).await != Some(units) {
            assert!(began.elapsed() < Duration::from_secs(10), "it still has {units} less one");
            sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Positions and levels of another log look the same.
#[tokio::test]
async fn another_log_has_other_keys() {
    let (_, cache, processes, _) = two_processes().await;
    let mut other = History::new();
    let (process, mut follower) = Process::start(&other, &cache);
    follower.catch_up().await;
    assert_eq!(process.on_hand((9, 9)).await, None);
    for event in [(OTHER, added(3)), (THIS, added(7))] {
        other.record(event.0, event.1).await;
    }
    follower.catch_up().await;
    assert_eq!(process.on_hand(THIS).await, Some(7));
    assert_eq!(process.on_hand(OTHER).await, Some(3));
    assert_eq!(processes[0].0.on_hand(THIS).await, Some(5));
}

#[tokio::test]
async fn of_each_level_there_is_one_loader() {
    let (_history, cache, [_, (process, _)], _) = two_processes().await;
    let before = cache.asked.load(Ordering::SeqCst);
    let reads = (0..50).map(|_| process.on_hand(THIS));
    let found = futures_util::future::join_all(reads).await;
    assert!(found.iter().all(|units| *units == Some(5)), "{found:?}");
    assert_eq!(cache.asked.load(Ordering::SeqCst) - before, 1);
}
