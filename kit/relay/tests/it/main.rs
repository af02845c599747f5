//! What a relay publishes, after failures of the bus and after restarts.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod cut_off;

use std::sync::Arc;
use std::time::Duration;

use kit_core::{Epoch, Position, RecordedEvent};
use kit_event_bus::{EventBus, MemoryBus, Message, Subscription};
use kit_event_store::memory::MemoryStore;
use kit_event_store::projection::Progress;
use kit_event_store::{Checkpoints, EventLog, EventStoreError, SavedCheckpoint};
use kit_lease::memory::MemoryLeases;
use kit_lease::{LeaseTimes, Leases, Singletons};
use kit_relay::{Relay, RelayConfig, Told, Translate};
use kit_testkit::event_store::{append, transaction};
use kit_testkit::flaky_bus::FlakyBus;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// Long enough for anything that is expected to happen.
const PATIENCE: Duration = Duration::from_secs(30);

const TOPIC: &str = "news";
const CONFIG: RelayConfig = RelayConfig { name: "test-relay", topics: &[TOPIC] };

/// What the relay's checkpoint is called.
fn place(log: &MemoryStore) -> String {
    format!("{}@{}", CONFIG.name, log.incarnation())
}

/// The message about an event carries the event's position.
#[expect(clippy::unnecessary_wraps, reason = "a translation may fail, this one does not")]
fn translate(event: &RecordedEvent) -> Told {
    Ok(Some(Message {
        topic: TOPIC.into(),
        key: event.stream.as_str().into(),
        id: event.event.event_id,
        payload: event.position.get().to_string().into(),
        trace: None,
    }))
}

/// A log with `count` more events of one stream, each a transaction of its own.
async fn grow(log: &MemoryStore, count: u64) {
    let head = log.head().borrow().get();
    for number in head..head + count {
        let transaction = transaction([append("counter-1", number, 1)]);
        log.append(vec![transaction]).await.unwrap();
    }
}

/// A running relay.
struct Running {
    progress: Progress,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Running {
    fn start(log: &Arc<MemoryStore>, bus: impl EventBus + 'static) -> Self {
        Self::start_with(log, bus, translate)
    }

    fn start_with(
        log: &Arc<MemoryStore>,
        bus: impl EventBus + 'static,
        translation: impl Translate + 'static,
    ) -> Self {
        Self::start_by(&Singletons::alone(), log, bus, translation)
    }

    fn start_by(
        singletons: &Singletons,
        log: &Arc<MemoryStore>,
        bus: impl EventBus + 'static,
        translation: impl Translate + 'static,
    ) -> Self {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let relay = Relay::new(CONFIG, Arc::clone(log) as _, Arc::new(bus), translation);
        let progress = relay.start(singletons, &tasks, &stop);
        Self { progress, tasks, stop }
    }

    async fn reach(&self, position: u64) {
        let reached = self.progress.reach(Position::new(position), PATIENCE).await;
        assert!(reached, "the relay is at {:?}, not {position}", self.progress.position());
    }

    async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        tokio::time::timeout(PATIENCE, self.tasks.wait()).await.unwrap();
    }
}

/// The positions of the next `count` messages.
async fn take(news: &mut Box<dyn Subscription>, count: usize) -> Vec<u64> {
    let mut told = Vec::new();
    while told.len() < count {
        let delivery = tokio::time::timeout(PATIENCE, news.next()).await.unwrap().unwrap();
        told.push(delivery.message().payload.parse().unwrap());
        delivery.ack().await.unwrap();
    }
    told
}

#[tokio::test]
async fn events_of_which_nothing_is_told_hold_up_nothing() {
    let (log, bus) = (Arc::new(MemoryStore::new()), MemoryBus::default());
    let mut news = bus.subscribe("test", &[TOPIC]).await.unwrap();
    grow(&log, 6).await;
    let even_only = |event: &RecordedEvent| match event.position.get() % 2 {
        0 => translate(event),
        _ => Ok(None),
    };
    let relay = Running::start_with(&log, bus, even_only);
    assert_eq!(take(&mut news, 3).await, [2, 4, 6]);
    grow(&log, 1).await;
    relay.reach(7).await;
    relay.stop().await;
}

#[tokio::test]
async fn after_a_restart_a_relay_goes_on_from_its_checkpoint_without_loss() {
    let (log, bus) = (Arc::new(MemoryStore::new()), MemoryBus::default());
    let mut news = bus.subscribe("group", &[TOPIC]).await.unwrap();
    // never fails, and keeps its messages as long as the test lives
    let durable = FlakyBus::new(Arc::new(bus.clone()), u64::MAX).durable();
    grow(&log, 3).await;
    let relay = Running::start(&log, durable.clone());
    relay.reach(3).await;
    relay.stop().await;
    assert_eq!(log.load_checkpoint(&place(&log)).await.unwrap(), Position::new(3));

    grow(&log, 2).await;
    let relay = Running::start(&log, durable);
    relay.reach(5).await;
    relay.stop().await;
    assert_eq!(take(&mut news, 5).await, [1, 2, 3, 4, 5]);
}

/// A store may keep the checkpoints of the log whose place an older one has taken.
#[tokio::test]
async fn a_log_that_was_put_back_is_told_from_its_beginning() {
    let (log, bus) = (Arc::new(MemoryStore::new()), MemoryBus::default());
    let mut news = bus.subscribe("group", &[TOPIC]).await.unwrap();
    grow(&log, 3).await;
    for of_before in [CONFIG.name, "test-relay@00000000-0000-0000-0000-000000000001"] {
        let saved = log.save_checkpoint(of_before, Position::new(2), Epoch::ZERO).await;
        assert_eq!(saved.unwrap(), SavedCheckpoint::Saved);
    }
    let durable = FlakyBus::new(Arc::new(bus.clone()), u64::MAX).durable();
    let relay = Running::start(&log, durable);
    assert_eq!(take(&mut news, 3).await, [1, 2, 3]);
    relay.stop().await;
}

#[tokio::test]
async fn a_bus_that_fails_every_third_call_is_told_everything_in_order() {
    let (log, bus) = (Arc::new(MemoryStore::new()), MemoryBus::default());
    let mut news = bus.subscribe("group", &[TOPIC]).await.unwrap();
    let flaky = FlakyBus::new(Arc::new(bus), 3).durable();
    let mut told = Vec::new();
    let mut restarts = 0;
    while restarts < 4 {
        grow(&log, 600).await;
        let relay = Running::start(&log, flaky.clone());
        relay.reach(log.head().borrow().get()).await;
        relay.stop().await;
        restarts += 1;
        while told.last() != Some(&log.head().borrow().get()) {
            told.append(&mut take(&mut news, 1).await);
        }
    }
    assert!(told.len() > 2_400, "half done publications are repeated: {}", told.len());
    // when a position is published for the first time, all before it have been published
    let mut first = 0;
    for position in told {
        assert!(position <= first + 1, "{position} came after {first}");
        first = first.max(position);
    }
    assert_eq!(first, 2_400);
}

#[tokio::test]
async fn a_bus_that_forgets_is_told_everything_at_each_start() {
    let log = Arc::new(MemoryStore::new());
    grow(&log, 3).await;
    for _ in 0..2 {
        let bus = MemoryBus::default();
        let mut news = bus.subscribe("group", &[TOPIC]).await.unwrap();
        let relay = Running::start(&log, bus);
        assert_eq!(take(&mut news, 3).await, [1, 2, 3]);
        relay.stop().await;
    }
    assert_eq!(log.load_checkpoint(&place(&log)).await.unwrap(), Position::ZERO);
}

#[tokio::test]
async fn what_nobody_takes_is_passed_over() {
    let (log, bus) = (Arc::new(MemoryStore::new()), MemoryBus::default());
    grow(&log, 3).await;
    let relay = Running::start(&log, bus.clone());
    relay.reach(3).await;
    let mut news = bus.subscribe("group", &[TOPIC]).await.unwrap();
    grow(&log, 1).await;
    assert_eq!(take(&mut news, 1).await, [4]);
    relay.stop().await;
}

#[tokio::test]
async fn a_full_bus_does_not_keep_a_relay_from_ending() {
    let log = Arc::new(MemoryStore::new());
    let bus = MemoryBus::new(std::num::NonZeroUsize::new(2).unwrap());
    let mut news = bus.subscribe("group", &[TOPIC]).await.unwrap();
    grow(&log, 10).await;
    let relay = Running::start(&log, bus);
    assert_eq!(take(&mut news, 1).await, [1]);
    relay.stop().await;
}

/// A translation that cannot read the event at a position.
fn all_but(position: u64) -> impl FnMut(&RecordedEvent) -> Told {
    move |event| {
        if event.position.get() == position {
            return Err(EventStoreError::Corrupt("of a newer version".to_owned()));
        }
        translate(event)
    }
}

/// Streams 1 and 2 in turns: odd positions are the first one's.
async fn grow_two(log: &MemoryStore, each: u64) {
    for version in 0..each {
        for stream in ["counter-1", "counter-2"] {
            log.append(vec![transaction([append(stream, version, 1)])]).await.unwrap();
        }
    }
}

#[tokio::test]
async fn an_event_that_cannot_be_read_keeps_back_its_own_stream_only() {
    let (log, bus) = (Arc::new(MemoryStore::new()), MemoryBus::default());
    let mut news = bus.subscribe("group", &[TOPIC]).await.unwrap();
    grow_two(&log, 3).await;
    let relay = Running::start_with(&log, bus, all_but(3));
    relay.reach(6).await;
    assert_eq!(take(&mut news, 4).await, [1, 2, 4, 6]);
    let parked = relay.progress.parking().streams();
    assert_eq!((parked[0].stream.as_str(), parked[0].position.get()), ("counter-1", 3));
    relay.stop().await;
}

#[tokio::test]
async fn a_durable_bus_is_told_after_a_repair_what_was_kept_back_and_in_order() {
    let (log, bus) = (Arc::new(MemoryStore::new()), MemoryBus::default());
    let mut news = bus.subscribe("group", &[TOPIC]).await.unwrap();
    let durable = FlakyBus::new(Arc::new(bus.clone()), u64::MAX).durable();
    grow_two(&log, 3).await;
    for _ in 0..2 {
        let relay = Running::start_with(&log, durable.clone(), all_but(3));
        relay.reach(6).await;
        relay.stop().await;
    }
    assert_eq!(take(&mut news, 6).await, [1, 2, 4, 6, 4, 6], "others are told again");
    let relay = Running::start(&log, durable);
    relay.reach(6).await;
    assert_eq!(take(&mut news, 4).await, [3, 4, 5, 6]);
    relay.stop().await;
    assert_eq!(log.load_checkpoint(&place(&log)).await.unwrap(), Position::new(6));
}

/// Whatever the leases say: here their keeper has forgotten a holder that the store remembers.
#[tokio::test]
async fn who_is_refused_by_the_store_does_not_go_on_before_it_has_a_later_epoch() {
    let (log, bus) = (Arc::new(MemoryStore::new()), MemoryBus::default());
    let _news = bus.subscribe("group", &[TOPIC]).await.unwrap();
    let durable = FlakyBus::new(Arc::new(bus), u64::MAX).durable();
    grow(&log, 3).await;
    let saved = log.save_checkpoint(&place(&log), Position::new(2), Epoch::new(41)).await.unwrap();
    assert_eq!(saved, SavedCheckpoint::Saved);
    let leases: Arc<dyn Leases> = Arc::new(MemoryLeases::default());
    let times = LeaseTimes::new(Duration::from_millis(400));
    let singletons = Singletons::by_lease(Arc::clone(&leases), Uuid::from_u128(1), times);
    let relay = Running::start_by(&singletons, &log, durable, translate);
    relay.reach(3).await;
    let refused =
        log.save_checkpoint(&place(&log), Position::new(1), Epoch::new(41)).await.unwrap();
    assert_eq!(refused, SavedCheckpoint::Superseded { by: Epoch::new(42) });
    relay.stop().await;
    assert_eq!(log.load_checkpoint(&place(&log)).await.unwrap(), Position::new(3));
}

/// A process whose turn it is not knows how far the one is whose turn it is.
#[tokio::test]
async fn all_processes_know_how_far_the_one_is_that_publishes() {
    let (log, bus) = (Arc::new(MemoryStore::new()), MemoryBus::default());
    let mut news = bus.subscribe("group", &[TOPIC]).await.unwrap();
    let durable = FlakyBus::new(Arc::new(bus), u64::MAX).durable();
    let leases: Arc<dyn Leases> = Arc::new(MemoryLeases::default());
    let processes = [1, 2].map(|number| {
        let (leases, holder) = (Arc::clone(&leases), Uuid::from_u128(number));
        let singletons = Singletons::by_lease(leases, holder, LeaseTimes::default());
        Running::start_by(&singletons, &log, durable.clone(), translate)
    });
    grow(&log, 3).await;
    for process in &processes {
        process.reach(3).await;
    }
    assert_eq!(take(&mut news, 3).await, [1, 2, 3]);
    for process in processes {
        process.stop().await;
    }
    grow(&log, 1).await;
    let alone = Singletons::by_lease(leases, Uuid::from_u128(3), LeaseTimes::default());
    let last = Running::start_by(&alone, &log, durable, translate);
    assert_eq!(take(&mut news, 1).await, [4], "nothing was told twice");
    last.stop().await;
}
