//! Several executors on one log, as several processes have it: nothing is sold twice, and no command is refused without
//! reason.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use async_trait::async_trait;
use kit_core::{
    Actor, Caller, Clock, IdSource, Position, RandomIds, RecordedEvent, StreamId, SystemClock,
    Timestamp, Version,
};
use kit_event_store::memory::MemoryStore;
use kit_event_store::{
    Checkpoints, ClaimKey, EventLog, EventStore, EventStoreError, FoundClaim, Loaded, Outcome,
    Snapshot, Streams, Transaction,
};
use kit_executor::{CommandResult, Deps, Executor, ExecutorConfig, Rejection, Request};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use crate::purses::{Purses, Put, stream};

/// A clock that stands where it is put.
struct StandingClock(AtomicI64);

impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

fn standing(millis: i64) -> Arc<StandingClock> {
    Arc::new(StandingClock(AtomicI64::new(millis)))
}

fn executor(event_store: Arc<dyn EventStore>, clock: Arc<dyn Clock>) -> Executor<Purses> {
    let deps = Deps { decider: Arc::new(Purses), event_store, clock, ids: Arc::new(RandomIds) };
    let config = ExecutorConfig { shards: 1, ..ExecutorConfig::default() };
    Executor::start(&deps, config, &TaskTracker::new())
}

fn request(command: Put) -> Request<Put> {
    let id = RandomIds.next_id(SystemClock.now());
    let caller = Caller { actor: Actor::system("test"), correlation_id: id, idempotency: None };
    Request { command, command_id: id, caller }
}

async fn whole(store: &dyn EventStore, name: &str) -> Vec<Arc<RecordedEvent>> {
    store.read_stream(&stream(name), Version::ZERO, usize::MAX).await.unwrap()
}

/// Four executors sell one product with half as many units as are requested. The number of units is the variable
/// `GONDOLA_TEST_UNITS`, as in the system tests.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_executors_sell_exactly_what_there_is() {
    const EXECUTORS: usize = 4;
    const AT_ONCE: usize = 250;
    let units = std::env::var_os("GONDOLA_TEST_UNITS")
        .map_or(20_000, |text| text.to_str().unwrap().parse::<usize>().unwrap());
    let store = Arc::new(MemoryStore::shared());
    let executors: Vec<_> =
        (0..EXECUTORS).map(|_| executor(Arc::clone(&store) as _, Arc::new(SystemClock))).collect();
    let stocked = i64::try_from(units).unwrap();
    executors[0].execute(request(Put("hot", stocked))).await.unwrap();

    let asked = Arc::new(AtomicUsize::new(0));
    let sell = |executor: Executor<Purses>| {
        let asked = Arc::clone(&asked);
        async move {
            let mut sold = 0;
            while asked.fetch_add(AT_ONCE, Ordering::SeqCst) < 2 * units {
                sold += sell_all(&executor, AT_ONCE).await;
            }
            sold
        }
    };
    let selling: Vec<_> =
        executors.iter().map(|executor| tokio::spawn(sell(executor.clone()))).collect();
    let mut sold = Vec::new();
    for one in selling {
        sold.push(one.await.unwrap());
    }
    assert_eq!(sold.iter().sum::<usize>(), units, "sold by each: {sold:?}");
    let events = whole(&*store, "hot").await;
    assert_eq!(events.len(), units + 1, "an event for each unit, and one that stocked it");
    let left: i64 = events.iter().map(|event| event.event.data.parse::<i64>().unwrap()).sum();
    assert_eq!(left, 0);
}

/// Sends single units in groups until each is sold or refused; gives how many were sold.
async fn sell_all(executor: &Executor<Purses>, mut wanted: usize) -> usize {
    let mut sold = 0;
    while wanted > 0 {
        let group = (0..wanted).map(|_| request(Put("hot", -1))).collect();
        wanted = 0;
        let mut last = Position::ZERO;
        let mut sold_out = false;
        for result in executor.execute_all(group).await {
            match result {
                Ok(receipt) => {
                    assert!(receipt.position > last, "commands of one route keep their order");
                    assert!(!sold_out, "a later command got what an earlier one was refused");
                    last = receipt.position;
                    sold += 1;
                }
                Err(Rejection::Refused { refusal, position }) => {
                    assert_eq!(refusal, 0, "refused while there was stock");
                    assert!(position > last, "it has seen the last unit go");
                    sold_out = true;
                }
                // the others were faster every time: asked again
                Err(Rejection::Conflict { .. }) => wanted += 1,
                Err(other) => panic!("{other}"),
            }
        }
    }
    sold
}

/// A refusal that was decided on what this process remembers is put to the log first, in one append.
#[tokio::test]
async fn a_refusal_is_validated_in_the_append() {
    let store = Arc::new(Counting::default());
    let clock = standing(1_000);
    let one = executor(Arc::clone(&store) as _, Arc::clone(&clock) as _);
    let other = executor(Arc::clone(&store) as _, clock);
    one.execute(request(Put("a", 1))).await.unwrap();
    let receipt = other.execute(request(Put("a", 4))).await.unwrap();
    // one remembers a single unit and finds five, with one more append than it takes otherwise
    let before = store.appends.load(Ordering::SeqCst);
    assert_eq!(one.execute(request(Put("a", -5))).await.unwrap().answer, 0);
    assert_eq!(store.appends.load(Ordering::SeqCst) - before, 2);
    assert_eq!(store.versions.load(Ordering::SeqCst), 0, "no query of its own");
    // a refusal carries the position of the state that it was decided on
    let refused = other.execute(request(Put("a", -1))).await;
    let Err(Rejection::Refused { refusal: 0, position }) = refused else { panic!("{refused:?}") };
    assert_eq!(position, receipt.position.next());
    let seen = other.inspect(0, stream("a"), |purse| (*purse.state, purse.position)).await;
    assert_eq!(seen.unwrap(), (0, position));
}

/// A process that missed a conflict reads what is new, not everything.
#[tokio::test]
async fn a_conflict_reads_on_from_what_is_durable() {
    let store = Arc::new(Counting::default());
    let clock = standing(1_000);
    let one = executor(Arc::clone(&store) as _, Arc::clone(&clock) as _);
    let other = executor(Arc::clone(&store) as _, clock);
    for _ in 0..100 {
        one.execute(request(Put("a", 1))).await.unwrap();
    }
    other.execute(request(Put("a", 1))).await.unwrap();
    let (loads, read) = (&store.loads, &store.read);
    let (loads_before, read_before) = (loads.load(Ordering::SeqCst), read.load(Ordering::SeqCst));
    assert_eq!(one.execute(request(Put("a", 1))).await.unwrap().answer, 102);
    assert_eq!(loads.load(Ordering::SeqCst), loads_before, "it is not loaded again");
    assert_eq!(read.load(Ordering::SeqCst) - read_before, 1, "one event was new");
}

/// Whatever the processes' clocks say, time does not go back inside a stream.
#[tokio::test]
async fn time_does_not_go_back_inside_a_stream() {
    let store = Arc::new(MemoryStore::shared());
    let (ahead, behind) = (standing(90_000), standing(5_000));
    let one = executor(Arc::clone(&store) as _, ahead);
    let other = executor(Arc::clone(&store) as _, behind);
    for _ in 0..3 {
        one.execute(request(Put("a", 1))).await.unwrap();
        other.execute(request(Put("a", 1))).await.unwrap();
    }
    other.execute(request(Put("b", 1))).await.unwrap();
    let recorded = async |name: &str| {
        let events = whole(&*store, name).await;
        events.iter().map(|event| event.metadata.recorded_at.as_millis()).collect::<Vec<_>>()
    };
    assert_eq!(recorded("a").await, [90_000; 6]);
    assert_eq!(recorded("b").await, [5_000], "other streams have their own time");
}

/// An append whose reply was lost is looked up by its id: what it wrote is reported as done, once.
#[tokio::test]
async fn an_unknown_outcome_is_looked_up() {
    for shared in [false, true] {
        let store = Arc::new(Counting { shared, ..Counting::default() });
        let executor = executor(Arc::clone(&store) as _, standing(1_000));
        executor.execute(request(Put("a", 1))).await.unwrap();
        store.loses_reply.store(1, Ordering::SeqCst);
        let receipt = executor.execute(request(Put("a", 2))).await.unwrap();
        assert_eq!((receipt.answer, receipt.position), (3, Position::new(2)));
        // and what was never written is decided again
        store.loses_append.store(1, Ordering::SeqCst);
        let receipt = executor.execute(request(Put("a", 4))).await.unwrap();
        assert_eq!((receipt.answer, receipt.position), (7, Position::new(3)));
        assert_eq!(whole(&store.inner, "a").await.len(), 3);
        // while the outcome is unknown, the executor does not answer
        store.loses_append.store(1, Ordering::SeqCst);
        store.hides_appends.store(99, Ordering::SeqCst);
        let unknown: CommandResult<Purses> = executor.execute(request(Put("a", 8))).await;
        assert!(
            matches!(unknown, Err(Rejection::EventStore(EventStoreError::Unknown { after, .. })) if after == Position::new(3)),
            "{unknown:?}"
        );
    }
}

/// A memory store that counts calls, and can lose appends and their replies.
struct Counting {
    inner: MemoryStore,
    shared: bool,
    appends: AtomicUsize,
    versions: AtomicUsize,
    loads: AtomicUsize,
    /// Events read of streams.
    read: AtomicUsize,
    /// Number of next appends that are written but whose reply is lost.
    loses_reply: AtomicUsize,
    /// Number of next appends that are lost: not written, and without a reply.
    loses_append: AtomicUsize,
    /// Number of next look-ups of appends that fail.
    hides_appends: AtomicUsize,
}

impl Default for Counting {
    fn default() -> Self {
        let zero = || AtomicUsize::new(0);
        Self {
            inner: MemoryStore::shared(),
            shared: true,
            appends: zero(),
            versions: zero(),
            loads: zero(),
            read: zero(),
            loses_reply: zero(),
            loses_append: zero(),
            hides_appends: zero(),
        }
    }
}

fn takes_one(of: &AtomicUsize) -> bool {
    of.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
}

#[async_trait]
impl EventLog for Counting {
    async fn append(
        &self,
        transactions: Vec<Transaction>,
    ) -> Result<Vec<Outcome>, EventStoreError> {
        self.appends.fetch_add(1, Ordering::SeqCst);
        let after = *self.inner.head().borrow();
        let lost = || EventStoreError::Unknown { reason: "the connection broke".into(), after };
        if takes_one(&self.loses_append) {
            return Err(lost());
        }
        let outcomes = self.inner.append(transactions).await;
        if takes_one(&self.loses_reply) { Err(lost()) } else { outcomes }
    }

    async fn read_all(
        &self,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        if takes_one(&self.hides_appends) {
            return Err(EventStoreError::Unavailable("no connection".into()));
        }
        self.inner.read_all(after, limit).await
    }

    async fn find_claims(
        &self,
        keys: &[ClaimKey],
        now: Timestamp,
    ) -> Result<Vec<Option<FoundClaim>>, EventStoreError> {
        self.inner.find_claims(keys, now).await
    }

    async fn versions(&self, streams: &[StreamId]) -> Result<Vec<Version>, EventStoreError> {
        self.versions.fetch_add(1, Ordering::SeqCst);
        self.inner.versions(streams).await
    }

    fn head(&self) -> watch::Receiver<Position> {
        self.inner.head()
    }

    fn last_recorded_at(&self) -> Timestamp {
        self.inner.last_recorded_at()
    }

    fn is_exclusive(&self) -> bool {
        !self.shared
    }
}

#[async_trait]
impl Streams for Counting {
    async fn load(
        &self,
        streams: &[StreamId],
        schema_version: u16,
    ) -> Result<Vec<Loaded>, EventStoreError> {
        self.loads.fetch_add(1, Ordering::SeqCst);
        self.inner.load(streams, schema_version).await
    }

    async fn load_at(
        &self,
        stream: &StreamId,
        at: Timestamp,
        schema_version: u16,
    ) -> Result<Loaded, EventStoreError> {
        self.inner.load_at(stream, at, schema_version).await
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        let events = self.inner.read_stream(stream, after, limit).await?;
        self.read.fetch_add(events.len(), Ordering::SeqCst);
        Ok(events)
    }

    async fn read_back(
        &self,
        stream: &StreamId,
        before: Option<Position>,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        self.inner.read_back(stream, before, limit).await
    }

    async fn save_snapshots(&self, snapshots: Vec<Snapshot>) -> Result<(), EventStoreError> {
        self.inner.save_snapshots(snapshots).await
    }
}

#[async_trait]
impl Checkpoints for Counting {
    async fn load_checkpoint(&self, subscriber: &str) -> Result<Position, EventStoreError> {
        self.inner.load_checkpoint(subscriber).await
    }

    async fn save_checkpoint(&self, subscriber: &str, at: Position) -> Result<(), EventStoreError> {
        self.inner.save_checkpoint(subscriber, at).await
    }
}
