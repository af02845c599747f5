//! A view that meets an event it cannot read passes over its stream, also after a restart, and heals when it can.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kit_core::{Position, RecordedEvent};
use kit_event_store::memory::MemoryStore;
use kit_event_store::parking::{ParkedStream, Parking};
use kit_event_store::projection::{Progress, Projection, ProjectionError, catch_up, follow};
use kit_event_store::{EventLog as _, EventStoreError};
use kit_testkit::event_store::{append, commit, stream, transaction};
use tokio_util::sync::CancellationToken;

const PATIENCE: Duration = Duration::from_secs(30);

/// What a view has stored; it outlives the view.
#[derive(Clone, Debug, Default)]
struct Stored {
    checkpoint: Position,
    /// Stream and version of what it has applied, in order.
    applied: Vec<(String, u64)>,
    parked: Vec<ParkedStream>,
}

/// A view that writes down what it applies, but cannot read some positions.
struct View {
    stored: Arc<Mutex<Stored>>,
    parking: Parking,
    unreadable: HashSet<u64>,
}

impl View {
    fn open(stored: &Arc<Mutex<Stored>>, unreadable: &[u64]) -> Self {
        let parking = Parking::new("view", stored.lock().unwrap().parked.clone());
        let unreadable = unreadable.iter().copied().collect();
        Self { stored: Arc::clone(stored), parking, unreadable }
    }

    fn read(&self, event: &RecordedEvent) -> Result<(String, u64), EventStoreError> {
        if self.unreadable.contains(&event.position.get()) {
            return Err(EventStoreError::Corrupt(format!("position {}", event.position)));
        }
        Ok((event.stream.to_string(), event.version.get()))
    }
}

#[async_trait]
impl Projection for View {
    fn name(&self) -> &'static str {
        "view"
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        Ok(self.stored.lock().unwrap().checkpoint)
    }

    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        let mut parking = self.parking.begin();
        for event in &events {
            let admitted = parking.admit(event, |event| self.read(event))?;
            let mut stored = self.stored.lock().unwrap();
            stored.applied.extend(admitted);
            stored.checkpoint = stored.checkpoint.max(event.position);
        }
        parking.commit();
        self.stored.lock().unwrap().parked = self.parking.streams();
        Ok(())
    }

    fn parking(&self) -> Parking {
        self.parking.clone()
    }

    async fn release(&mut self, stream: &kit_core::StreamId) -> Result<(), ProjectionError> {
        self.parking.release(stream);
        self.stored.lock().unwrap().parked = self.parking.streams();
        Ok(())
    }
}

/// Two streams in turns: a1 b1 a2 b2 a3 b3 at positions 1 to 6.
async fn two_streams(log: &MemoryStore) {
    for version in 0..3 {
        commit(log, transaction([append("a", version, 1)])).await;
        commit(log, transaction([append("b", version, 1)])).await;
    }
}

fn told(stored: &Mutex<Stored>) -> String {
    let stored = stored.lock().unwrap();
    let told: Vec<_> =
        stored.applied.iter().map(|(name, version)| format!("{name}{version}")).collect();
    told.join(" ")
}

#[tokio::test]
async fn the_neighbours_of_a_poison_event_go_on_and_a_repair_heals_in_order() {
    let (log, stored) = (MemoryStore::new(), Arc::default());
    two_streams(&log).await;
    let end = Position::new(6);
    // a2 cannot be read
    let reached = catch_up(&log, &mut View::open(&stored, &[3])).await.unwrap();
    assert_eq!((reached, told(&stored).as_str()), (end, "a1 b1 b2 b3"));

    // a restart keeps it parked, and applies nothing twice
    let mut again = View::open(&stored, &[3]);
    assert_eq!(catch_up(&log, &mut again).await.unwrap(), end);
    assert_eq!(told(&stored), "a1 b1 b2 b3");
    assert_eq!(again.parking().find(&stream("a")).unwrap().position, Position::new(3));

    // a3 cannot be read by the next version either
    catch_up(&log, &mut View::open(&stored, &[5])).await.unwrap();
    assert_eq!(told(&stored), "a1 b1 b2 b3 a2");
    commit(&log, transaction([append("a", 3, 1)])).await;
    commit(&log, transaction([append("b", 3, 1)])).await;

    // and all of it by the one after, with what has come meanwhile
    let mut healed = View::open(&stored, &[]);
    assert_eq!(catch_up(&log, &mut healed).await.unwrap(), Position::new(8));
    assert_eq!(told(&stored), "a1 b1 b2 b3 a2 a3 a4 b4");
    assert!(healed.parking().is_empty());
    assert_eq!(stored.lock().unwrap().parked, []);
}

#[tokio::test]
async fn a_long_stream_is_taken_up_in_parts() {
    const EVENTS: u64 = 25_000;
    let (log, stored) = (MemoryStore::new(), Arc::default());
    commit(&log, transaction([append("a", 0, EVENTS)])).await;
    catch_up(&log, &mut View::open(&stored, &[1])).await.unwrap();
    assert_eq!(told(&stored), "");
    catch_up(&log, &mut View::open(&stored, &[])).await.unwrap();
    let versions = |stored: &Stored| stored.applied.iter().map(|(_, version)| *version).collect();
    let versions: Vec<u64> = versions(&stored.lock().unwrap());
    assert_eq!(versions, (1..=EVENTS).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_view_that_follows_goes_on_past_a_poison_event_and_says_so() {
    let (log, stored) = (Arc::new(MemoryStore::new()), Arc::default());
    let view = View::open(&stored, &[3]);
    let (tracker, progress) = Progress::of(&view);
    let stop = CancellationToken::new();
    let following =
        tokio::spawn(follow(Arc::clone(&log) as _, Box::new(view), tracker, stop.clone()));
    two_streams(&log).await;
    assert!(progress.reach(*log.head().borrow(), PATIENCE).await, "stands still");
    assert_eq!(told(&stored), "a1 b1 b2 b3");
    let parked = progress.parking().streams();
    assert_eq!((parked.len(), parked[0].position), (1, Position::new(3)));
    assert_eq!(parked[0].reason, "position 3");
    stop.cancel();
    following.await.unwrap();
}
