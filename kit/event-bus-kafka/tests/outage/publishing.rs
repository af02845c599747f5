//! A log that grows, and its relay.

use std::sync::Arc;

use kit_core::{Position, RecordedEvent};
use kit_event_bus::{EventBus, Message};
use kit_event_store::memory::MemoryStore;
use kit_event_store::projection::Progress;
use kit_event_store::{EventLog, EventStore, Transaction};
use kit_lease::Singletons;
use kit_relay::{Relay, RelayConfig, Told};
use kit_testkit::event_store::{append, transaction};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::{PATIENCE, STREAMS, TOPIC};

const CONFIG: RelayConfig = RelayConfig { name: "test-relay", topics: &[TOPIC] };

/// Events that are written together.
pub(crate) const GROUP: u64 = 500;

#[expect(clippy::unnecessary_wraps, reason = "a translation may fail, this one does not")]
fn translate(event: &RecordedEvent) -> Told {
    Ok(Some(Message {
        topic: TOPIC.into(),
        key: event.stream.as_str().into(),
        id: event.event.event_id,
        payload: event.version.get().to_string().into(),
        trace: None,
    }))
}

/// The running relay of a log.
pub(crate) struct Relaying {
    pub(crate) progress: Progress,
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

    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        self.tasks.close();
        tokio::time::timeout(PATIENCE, self.tasks.wait()).await.unwrap();
    }
}

/// A log that grows, and its relay.
pub(crate) struct Publishing {
    log: Arc<MemoryStore>,
    pub(crate) versions: Vec<u64>,
    pub(crate) relaying: Relaying,
}

impl Publishing {
    pub(crate) fn start(bus: impl EventBus + 'static) -> Self {
        let log = Arc::new(MemoryStore::new());
        let relaying = Relaying::start(&log, bus);
        Self { log, versions: vec![0; usize::try_from(STREAMS).unwrap()], relaying }
    }

    /// What a process does that ends and starts again: what its client had queued is gone.
    pub(crate) async fn restart(&mut self, bus: impl EventBus + 'static) {
        self.relaying.stop().await;
        self.relaying = Relaying::start(&self.log, bus);
    }

    /// Writes a group of events to the streams in turns.
    pub(crate) async fn grow(&mut self) {
        self.grow_by(GROUP).await;
    }

    /// Writes as many events.
    pub(crate) async fn grow_by(&mut self, events: u64) {
        let group = (0..events).map(|number| self.next(number % STREAMS)).collect();
        self.log.append(group).await.unwrap();
    }

    fn next(&mut self, stream: u64) -> Transaction {
        let version = &mut self.versions[usize::try_from(stream).unwrap()];
        *version += 1;
        transaction([append(&format!("counter-{stream}"), *version - 1, 1)])
    }

    pub(crate) fn head(&self) -> u64 {
        self.log.head().borrow().get()
    }

    /// Events that the bus does not have yet.
    pub(crate) fn lag(&self) -> u64 {
        self.head() - self.relaying.progress.position().get()
    }

    pub(crate) async fn await_told(&self) {
        let told = self.relaying.progress.reach(Position::new(self.head()), PATIENCE).await;
        assert!(told, "{} events are not told", self.lag());
    }
}
