//! Two relays of one log: one publishes, and what it writes after its time is refused (E11).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use async_trait::async_trait;
use kit_core::{Position, RecordedEvent};
use kit_event_bus::{BusError, EventBus, Message, Places, Subscription};
use kit_event_store::{Checkpoints as _, EventStore};
use kit_lease::{LeaseTimes, Singletons};
use kit_postgres::PostgresLeases;
use kit_relay::{Relay, RelayConfig, Told};
use kit_testkit::event_store::{append, commit, transaction};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::scratch::Scratch;

const CONFIG: RelayConfig = RelayConfig { name: "relay", topics: &["news"] };

const TIMES: LeaseTimes = LeaseTimes::new(Duration::from_secs(1));

const PATIENCE: Duration = Duration::from_secs(30);

/// A bus that keeps nothing, and stops the whole process of who publishes on it when it is told to, as a signal would.
#[derive(Clone)]
struct PausingBus {
    armed: Arc<AtomicBool>,
    paused: mpsc::SyncSender<()>,
    resume: Arc<std::sync::Mutex<mpsc::Receiver<()>>>,
}

/// The other end of a bus.
struct Pause {
    armed: Arc<AtomicBool>,
    paused: mpsc::Receiver<()>,
    resume: mpsc::SyncSender<()>,
}

fn pausing_bus() -> (PausingBus, Pause) {
    let armed = Arc::new(AtomicBool::new(false));
    let ((paused, is_paused), (resume, resumed)) = (mpsc::sync_channel(1), mpsc::sync_channel(1));
    let resumed = Arc::new(std::sync::Mutex::new(resumed));
    let bus = PausingBus { armed: Arc::clone(&armed), paused, resume: resumed };
    (bus, Pause { armed, paused: is_paused, resume })
}

#[async_trait]
impl EventBus for PausingBus {
    fn is_durable(&self) -> bool {
        true
    }

    fn is_wanted(&self, _topics: &[&str]) -> bool {
        true
    }

    /// Not one task of the process runs meanwhile: its runtime has this thread only.
    async fn publish(&self, _messages: Vec<Message>) -> Result<(), BusError> {
        if self.armed.swap(false, Ordering::SeqCst) {
            self.paused.send(()).unwrap();
            self.resume.lock().unwrap().recv().unwrap();
        }
        Ok(())
    }

    async fn worked_off(&self, _group: &str) {}

    async fn subscribe(
        &self,
        _group: &str,
        _topics: &[&str],
    ) -> Result<Box<dyn Subscription>, BusError> {
        Err(BusError::Unavailable("nobody listens".to_owned()))
    }

    async fn replay(
        &self,
        reader: &str,
        topics: &[&str],
        _from: &Places,
    ) -> Result<Box<dyn Subscription>, BusError> {
        self.subscribe(reader, topics).await
    }
}

/// A process in this one: its own thread with a runtime, store and leases.
struct Process {
    stop: CancellationToken,
    thread: thread::JoinHandle<()>,
}

impl Process {
    fn start(scratch: &Scratch, number: u128, bus: PausingBus) -> Self {
        let (database, stop) = (scratch.database(), CancellationToken::new());
        let stopped = stop.clone();
        let relaying = async move {
            let log: Arc<dyn EventStore> =
                Arc::new(crate::scratch::open_at(database.clone()).await);
            let leases = Arc::new(PostgresLeases::new(&database).unwrap());
            let singletons = Singletons::by_lease(leases, Uuid::from_u128(number), TIMES);
            let relay = Relay::new(CONFIG, log, Arc::new(bus), translate);
            let tasks = TaskTracker::new();
            relay.start(&singletons, &tasks, &stopped);
            tasks.close();
            tasks.wait().await;
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { stop, thread: thread::spawn(move || runtime.block_on(relaying)) }
    }

    fn stop(self) {
        self.stop.cancel();
        self.thread.join().unwrap();
    }
}

#[expect(clippy::unnecessary_wraps, reason = "a translation may fail, this one does not")]
fn translate(event: &RecordedEvent) -> Told {
    Ok(Some(Message {
        topic: "news".into(),
        key: event.stream.as_str().into(),
        id: event.event.event_id,
        payload: "".into(),
        trace: None,
    }))
}

/// What the relay's checkpoint is called.
fn place(log: &dyn EventStore) -> String {
    format!("{}@{}", CONFIG.name, log.incarnation())
}

async fn wait_for_checkpoint(log: &dyn EventStore, position: u64) {
    let began = Instant::now();
    loop {
        let at = log.load_checkpoint(&place(log)).await.unwrap();
        if at == Position::new(position) {
            return;
        }
        assert!(began.elapsed() < PATIENCE, "the relay is at {at}, not {position}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// A holder is paused after it has published, before it has saved the checkpoint: when it wakes up, that is the next thing it
/// does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: make test-services"]
async fn a_paused_relay_that_wakes_up_is_refused() {
    let scratch = Scratch::new();
    let log = scratch.open().await;
    let ((bus, pause), (other_bus, _other_pause)) = (pausing_bus(), pausing_bus());
    let holder = Process::start(&scratch, 1, bus);
    commit(&log, transaction([append("a", 0, 5)])).await;
    wait_for_checkpoint(&log, 5).await;

    pause.armed.store(true, Ordering::SeqCst);
    commit(&log, transaction([append("a", 5, 1)])).await;
    let paused = tokio::task::spawn_blocking(move || {
        pause.paused.recv_timeout(PATIENCE).unwrap();
        pause
    });
    let pause = paused.await.unwrap();
    let other = Process::start(&scratch, 2, other_bus);
    commit(&log, transaction([append("a", 6, 10)])).await;
    wait_for_checkpoint(&log, 16).await;

    pause.resume.send(()).unwrap();
    // what it writes when it wakes up is written at once
    for _ in 0..50 {
        sleep(Duration::from_millis(20)).await;
        let at = log.load_checkpoint(&place(&log)).await.unwrap();
        assert_eq!(at, Position::new(16), "the paused one has moved the checkpoint");
    }
    other.stop();
    commit(&log, transaction([append("a", 16, 1)])).await;
    wait_for_checkpoint(&log, 17).await;
    holder.stop();
}
