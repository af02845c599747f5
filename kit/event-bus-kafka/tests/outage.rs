//! A log, its relay and Kafka, while the broker is stopped, killed and overrun (E02, E18, E20).
//!
//! A binary of its own, since the broker's other guests would notice. Variables: `GONDOLA_TEST_OUTAGE`, seconds that the
//! broker is away, 10 by default; `GONDOLA_TEST_SECONDS`, seconds of load, 10 by default.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

#[path = "it/scratch.rs"]
mod scratch;

use std::sync::Arc;
use std::time::Duration;

use kit_core::{Position, RecordedEvent};
use kit_event_bus::{EventBus, Message, Places, Subscription};
use kit_event_store::memory::MemoryStore;
use kit_event_store::projection::Progress;
use kit_event_store::{EventLog, EventStore, EventStoreError, Transaction};
use kit_lease::Singletons;
use kit_relay::{Relay, RelayConfig};
use kit_testkit::event_store::{append, transaction};
use kit_testkit::servers::{signal_server, start_server};
use tokio::sync::Mutex;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use scratch::Scratch;

/// Longer than anything that is expected to happen.
const PATIENCE: Duration = Duration::from_mins(3);

const TOPIC: &str = "news";
const CONFIG: RelayConfig = RelayConfig { name: "test-relay", topics: &[TOPIC] };

/// Streams that are written in turns; each is a key.
const STREAMS: u64 = 100;

/// Events that are written together.
const GROUP: u64 = 500;

/// One test at a time has the broker.
static BROKER: Mutex<()> = Mutex::const_new(());

#[expect(clippy::disallowed_methods, reason = "a test run has no command line of its own")]
fn number(name: &str, default: u64) -> u64 {
    let given = std::env::var(name).ok().filter(|text| !text.is_empty());
    given.map_or(default, |text| text.parse().unwrap())
}

#[expect(clippy::unnecessary_wraps, reason = "a translation may fail, this one does not")]
fn translate(event: &RecordedEvent) -> Result<Message, EventStoreError> {
    Ok(Message {
        topic: TOPIC.into(),
        key: event.stream.as_str().into(),
        id: event.event.event_id,
        payload: event.version.get().to_string().into(),
        trace: None,
    })
}

/// The running relay of a log.
struct Relaying {
    progress: Progress,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Relaying {
    fn start(log: &Arc<MemoryStore>, bus: impl EventBus + 'static) -> Self {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let log = Arc::clone(log) as Arc<dyn EventStore>;
        let progress = Relay::new(CONFIG, log, Arc::new(bus), translate).start(
            &Singletons::alone(),
            &tasks,
            &stop,
        );
        Self { progress, tasks, stop }
    }

    async fn stop(&self) {
        self.stop.cancel();
        self.tasks.close();
        tokio::time::timeout(PATIENCE, self.tasks.wait()).await.unwrap();
    }
}

/// A log that grows, and its relay.
struct Publishing {
    log: Arc<MemoryStore>,
    versions: Vec<u64>,
    relaying: Relaying,
}

impl Publishing {
    fn start(bus: impl EventBus + 'static) -> Self {
        let log = Arc::new(MemoryStore::new());
        let relaying = Relaying::start(&log, bus);
        Self { log, versions: vec![0; usize::try_from(STREAMS).unwrap()], relaying }
    }

    /// What a process does that ends and starts again: what its client had queued is gone.
    async fn restart(&mut self, bus: impl EventBus + 'static) {
        self.relaying.stop().await;
        self.relaying = Relaying::start(&self.log, bus);
    }

    /// Writes a group of events to the streams in turns.
    async fn grow(&mut self) {
        let group = (0..GROUP).map(|number| self.next(number % STREAMS)).collect();
        self.log.append(group).await.unwrap();
    }

    fn next(&mut self, stream: u64) -> Transaction {
        let version = &mut self.versions[usize::try_from(stream).unwrap()];
        *version += 1;
        transaction([append(&format!("counter-{stream}"), *version - 1, 1)])
    }

    fn head(&self) -> u64 {
        self.log.head().borrow().get()
    }

    /// Events that the bus does not have yet.
    fn lag(&self) -> u64 {
        self.head() - self.relaying.progress.position().get()
    }

    async fn await_told(&self) {
        let told = self.relaying.progress.reach(Position::new(self.head()), PATIENCE).await;
        assert!(told, "{} events are not told", self.lag());
    }
}

/// What a consumer that recognises repeats makes of the messages: the version of each key.
#[derive(Debug)]
struct Seen {
    versions: Vec<u64>,
    count: u64,
    repeats: u64,
}

impl Seen {
    fn new() -> Self {
        Self { versions: vec![0; usize::try_from(STREAMS).unwrap()], count: 0, repeats: 0 }
    }

    /// What comes for the first time is the next version of its key.
    fn note(&mut self, message: &Message) {
        let stream: usize = message.key.strip_prefix("counter-").unwrap().parse().unwrap();
        let (version, at) = (message.payload.parse().unwrap(), &mut self.versions[stream]);
        if version <= *at {
            self.repeats += 1;
            return;
        }
        assert_eq!(version, *at + 1, "{} came out of order", message.key);
        *at = version;
        self.count += 1;
    }

    async fn consume(&mut self, news: &mut Box<dyn Subscription>, until: u64) {
        while self.count < until {
            let next = tokio::time::timeout(PATIENCE, news.next()).await;
            let delivery =
                next.unwrap_or_else(|_| panic!("{} of {until} came", self.count)).unwrap();
            self.note(delivery.message());
            delivery.ack().await.unwrap();
        }
    }
}

/// The broker goes away in the middle of the work and comes back, and the publisher starts again meanwhile; returns how long the relay then took to tell everything.
async fn outage(away: impl FnOnce(), back: impl FnOnce()) -> Duration {
    let scratch = Scratch::new();
    let consuming = scratch.bus();
    let mut news = consuming.subscribe("group", &[TOPIC]).await.unwrap();
    let mut publishing = Publishing::start(scratch.bus());
    for _ in 0..10 {
        publishing.grow().await;
    }
    publishing.await_told().await;
    away();
    let until = Instant::now() + Duration::from_secs(number("GONDOLA_TEST_OUTAGE", 10));
    while Instant::now() < until {
        publishing.grow().await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(publishing.lag() > 0, "the broker was not away");
    publishing.restart(scratch.bus()).await;
    back();
    let began = Instant::now();
    publishing.await_told().await;
    let took = began.elapsed();
    let mut seen = Seen::new();
    seen.consume(&mut news, publishing.head()).await;
    eprintln!("{} events, lag 0 after {took:?}, {} repeats", seen.count, seen.repeats);
    assert_eq!(seen.versions, publishing.versions);
    publishing.relaying.stop().await;
    took
}

#[tokio::test]
#[ignore = "needs Kafka: make test-services"]
async fn a_broker_that_was_stopped_is_told_everything_in_order() {
    let _broker = BROKER.lock().await;
    let took = outage(|| signal_server("kafka", "STOP"), || signal_server("kafka", "CONT")).await;
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[tokio::test]
#[ignore = "needs Kafka: make test-services"]
async fn a_broker_that_was_killed_is_told_everything_in_order() {
    let _broker = BROKER.lock().await;
    let took = outage(|| signal_server("kafka", "KILL"), || start_server("kafka")).await;
    assert!(took < Duration::from_secs(10), "{took:?}");
}

/// Ten thousand events a second, as they come, for as long as it is asked for.
#[tokio::test]
#[ignore = "needs Kafka: make test-services"]
async fn a_relay_keeps_up_with_ten_thousand_events_a_second() {
    let _broker = BROKER.lock().await;
    let scratch = Scratch::new();
    let mut publishing = Publishing::start(scratch.bus());
    let seconds = number("GONDOLA_TEST_SECONDS", 10);
    let mut tick = tokio::time::interval(Duration::from_millis(1_000 * GROUP / 10_000));
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (began, mut most) = (Instant::now(), 0);
    while publishing.head() < 10_000 * seconds {
        tick.tick().await;
        publishing.grow().await;
        most = most.max(publishing.lag());
    }
    let (written, lag) = (began.elapsed(), publishing.lag());
    publishing.await_told().await;
    let told = began.elapsed();
    eprintln!(
        "{} events in {written:?}, lag {lag} then and {most} at most, all told after {told:?}",
        publishing.head()
    );
    assert!(told < written + Duration::from_secs(2), "{lag} events behind at the end");
    let mut news = scratch.bus().replay("reader", &[TOPIC], &Places::new()).await.unwrap();
    let mut seen = Seen::new();
    seen.consume(&mut news, publishing.head()).await;
    assert_eq!((seen.count, seen.repeats), (publishing.head(), 0));
    publishing.relaying.stop().await;
}
