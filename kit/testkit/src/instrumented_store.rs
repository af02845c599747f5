//! An event store around another one: it counts calls, holds appends back, and fails them as told.

#![expect(clippy::missing_panics_doc, reason = "in a test a panic is the report")]

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use kit_core::{Epoch, Position, RecordedEvent, StreamId, Timestamp, Version};
use kit_event_store::{
    Checkpoints, ClaimKey, EventLog, EventStore, EventStoreError, FoundClaim, Incarnation, Loaded,
    Outcome, SavedCheckpoint, Snapshot, Streams, Transaction,
};
use tokio::sync::{Semaphore, watch};

use crate::unreadable::Unreadable;

/// Pause between two looks at whether the past is slow.
const SLOW_LOOK: Duration = Duration::from_millis(5);

/// How an append fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendFault {
    /// It is refused: nothing is written, and the caller knows.
    Refused,
    /// It is lost: nothing is written, and the caller does not know.
    Lost,
    /// Its reply is lost: it is written, and the caller does not know.
    ReplyLost,
    /// It stops the log: the next start would show whether it is written, and nothing else is written before.
    Stops,
    /// It is written, and stops the log before anybody knows of it.
    WrittenAndStops,
}

/// Passes calls on to another event store, and says what they were.
pub struct InstrumentedStore {
    inner: Arc<dyn EventStore>,
    /// Appends that may go on; `None` when all may.
    passes: Option<Semaphore>,
    faults: Mutex<HashMap<usize, AppendFault>>,
    /// The type of events that no append may have.
    refused_type: Mutex<Option<&'static str>>,
    stopped: AtomicBool,
    failing_reads: AtomicUsize,
    failing_loads: AtomicUsize,
    /// While set, a look into the past keeps its blocking thread.
    past_is_slow: Arc<AtomicBool>,
    /// Positions whose events are given as those of a version that nobody reads.
    unreadable: Unreadable,
    /// Looks into the past that keep one.
    slow_looks: Arc<AtomicUsize>,
    appends: AtomicUsize,
    loads: AtomicUsize,
    version_queries: AtomicUsize,
    stream_events: AtomicUsize,
    snapshots: Mutex<Vec<Snapshot>>,
}

impl InstrumentedStore {
    /// Around a store, with nothing held back.
    pub fn new(inner: impl EventStore + 'static) -> Self {
        Self::around(Arc::new(inner))
    }

    /// The same around a store of any kind.
    pub fn around(inner: Arc<dyn EventStore>) -> Self {
        let [failing_reads, failing_loads, appends, loads, version_queries, stream_events] =
            std::array::from_fn(|_| AtomicUsize::new(0));
        Self {
            inner,
            passes: None,
            faults: Mutex::default(),
            refused_type: Mutex::default(),
            stopped: AtomicBool::new(false),
            failing_reads,
            failing_loads,
            past_is_slow: Arc::default(),
            unreadable: Unreadable::default(),
            slow_looks: Arc::default(),
            appends,
            loads,
            version_queries,
            stream_events,
            snapshots: Mutex::default(),
        }
    }

    /// Around a store; every append waits until [`Self::let_pass`] allows one more.
    pub fn gated(inner: impl EventStore + 'static) -> Self {
        Self { passes: Some(Semaphore::new(0)), ..Self::new(inner) }
    }

    /// The store inside, past everything that is counted or fails.
    pub fn inner(&self) -> &dyn EventStore {
        &*self.inner
    }

    /// Lets the next appends pass the gate.
    pub fn let_pass(&self, appends: usize) {
        self.passes.as_ref().expect("the store has a gate").add_permits(appends);
    }

    /// Lets the append of a number fail; they count from 0.
    pub fn fail_append(&self, number: usize, fault: AppendFault) {
        self.faults.lock().expect("no test panics with it").insert(number, fault);
    }

    /// Lets the next append fail.
    pub fn fail_next_append(&self, fault: AppendFault) {
        self.fail_append(self.appends(), fault);
    }

    /// Refuses appends with events of a type until told otherwise.
    pub fn refuse_type(&self, event_type: Option<&'static str>) {
        *self.refused_type.lock().expect("no test panics with it") = event_type;
    }

    /// Whether it was stopped by a fault.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    fn is_refused(&self, transactions: &[Transaction]) -> bool {
        let refused = *self.refused_type.lock().expect("no test panics with it");
        let mut appends = transactions.iter().flat_map(|transaction| &transaction.appends);
        refused.is_some_and(|refused| {
            appends.any(|append| append.events.iter().any(|event| event.event_type == refused))
        })
    }

    /// Lets the next reads of the log fail, and with them the search for appends.
    pub fn fail_reads(&self, reads: usize) {
        self.failing_reads.store(reads, Ordering::SeqCst);
    }

    /// Lets the next loads of streams fail.
    pub fn fail_loads(&self, loads: usize) {
        self.failing_loads.store(loads, Ordering::SeqCst);
    }

    /// Whether looks into the past keep a blocking thread until told otherwise.
    pub fn slow_down_the_past(&self, slow: bool) {
        self.past_is_slow.store(slow, Ordering::SeqCst);
    }

    /// Gives the event at a position as one that a newer version has written.
    pub fn make_unreadable(&self, position: Position) {
        self.unreadable.add(position);
    }

    /// Looks into the past that keep a blocking thread now.
    pub fn slow_looks(&self) -> usize {
        self.slow_looks.load(Ordering::SeqCst)
    }

    /// Keeps a blocking thread while the past is slow, whether or not the caller waits for it.
    async fn look_slowly(&self) {
        if !self.past_is_slow.load(Ordering::SeqCst) {
            return;
        }
        let (slow, looks) = (Arc::clone(&self.past_is_slow), Arc::clone(&self.slow_looks));
        let wait = move || {
            looks.fetch_add(1, Ordering::SeqCst);
            while slow.load(Ordering::SeqCst) {
                std::thread::sleep(SLOW_LOOK);
            }
            looks.fetch_sub(1, Ordering::SeqCst);
        };
        tokio::task::spawn_blocking(wait).await.expect("waiting does not panic");
    }

    /// Appends that were begun.
    pub fn appends(&self) -> usize {
        self.appends.load(Ordering::SeqCst)
    }

    /// Loads of streams.
    pub fn loads(&self) -> usize {
        self.loads.load(Ordering::SeqCst)
    }

    /// Queries for versions.
    pub fn version_queries(&self) -> usize {
        self.version_queries.load(Ordering::SeqCst)
    }

    /// Events that [`Streams::read_stream`] has given.
    pub fn stream_events(&self) -> usize {
        self.stream_events.load(Ordering::SeqCst)
    }

    /// The snapshots that were saved.
    pub fn snapshots(&self) -> Vec<Snapshot> {
        self.snapshots.lock().expect("no test panics with it").clone()
    }
}

/// Fails as long as there are calls that should.
fn fail_if_told(calls: &AtomicUsize) -> Result<(), EventStoreError> {
    let one_less = |calls: usize| calls.checked_sub(1);
    match calls.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less) {
        Ok(_) => Err(EventStoreError::Unavailable("no connection".into())),
        Err(_) => Ok(()),
    }
}

#[async_trait]
impl EventLog for InstrumentedStore {
    async fn append(
        &self,
        transactions: Vec<Transaction>,
    ) -> Result<Vec<Outcome>, EventStoreError> {
        let number = self.appends.fetch_add(1, Ordering::SeqCst);
        if let Some(passes) = &self.passes {
            passes.acquire().await.expect("the gate is never closed").forget();
        }
        self.refuse_when_stopped()?;
        let after = *self.inner.head().borrow();
        let lost = || EventStoreError::Unknown { reason: "the connection broke".into(), after };
        let fault = self.faults.lock().expect("no test panics with it").remove(&number);
        match fault {
            None if self.is_refused(&transactions) => {
                Err(EventStoreError::Unavailable("told to".into()))
            }
            None => self.inner.append(transactions).await,
            Some(AppendFault::Refused) => Err(EventStoreError::Unavailable("told to".into())),
            Some(AppendFault::Lost) => Err(lost()),
            Some(AppendFault::Stops) => {
                self.stopped.store(true, Ordering::SeqCst);
                Err(lost())
            }
            Some(AppendFault::WrittenAndStops) => {
                self.inner.append(transactions).await?;
                self.stopped.store(true, Ordering::SeqCst);
                Err(lost())
            }
            Some(AppendFault::ReplyLost) => {
                self.inner.append(transactions).await?;
                Err(lost())
            }
        }
    }

    fn refuse_when_stopped(&self) -> Result<(), EventStoreError> {
        let stopped = || Err(EventStoreError::Stopped("told to".into()));
        if self.stopped.load(Ordering::SeqCst) { stopped() } else { Ok(()) }
    }

    async fn read_all(
        &self,
        after: Position,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        fail_if_told(&self.failing_reads)?;
        Ok(self.unreadable.given(self.inner.read_all(after, limit).await?))
    }

    async fn find_claims(
        &self,
        keys: &[ClaimKey],
        now: Timestamp,
    ) -> Result<Vec<Option<FoundClaim>>, EventStoreError> {
        self.inner.find_claims(keys, now).await
    }

    async fn versions(&self, streams: &[StreamId]) -> Result<Vec<Version>, EventStoreError> {
        self.version_queries.fetch_add(1, Ordering::SeqCst);
        self.inner.versions(streams).await
    }

    fn incarnation(&self) -> Incarnation {
        self.inner.incarnation()
    }

    fn head(&self) -> watch::Receiver<Position> {
        self.inner.head()
    }

    fn last_recorded_at(&self) -> Timestamp {
        self.inner.last_recorded_at()
    }

    fn is_exclusive(&self) -> bool {
        self.inner.is_exclusive()
    }
}

#[async_trait]
impl Streams for InstrumentedStore {
    async fn load(
        &self,
        streams: &[StreamId],
        schema_version: u16,
    ) -> Result<Vec<Loaded>, EventStoreError> {
        self.loads.fetch_add(1, Ordering::SeqCst);
        fail_if_told(&self.failing_loads)?;
        let mut loaded = self.inner.load(streams, schema_version).await?;
        for loaded in &mut loaded {
            loaded.events = self.unreadable.given(std::mem::take(&mut loaded.events));
        }
        Ok(loaded)
    }

    async fn load_at(
        &self,
        stream: &StreamId,
        at: Timestamp,
        schema_version: u16,
    ) -> Result<Loaded, EventStoreError> {
        self.look_slowly().await;
        self.inner.load_at(stream, at, schema_version).await
    }

    async fn read_stream(
        &self,
        stream: &StreamId,
        after: Version,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        self.look_slowly().await;
        let events = self.inner.read_stream(stream, after, limit).await?;
        let events = self.unreadable.given(events);
        self.stream_events.fetch_add(events.len(), Ordering::SeqCst);
        Ok(events)
    }

    async fn read_back(
        &self,
        stream: &StreamId,
        before: Option<Position>,
        limit: usize,
    ) -> Result<Vec<Arc<RecordedEvent>>, EventStoreError> {
        self.look_slowly().await;
        self.inner.read_back(stream, before, limit).await
    }

    async fn save_snapshots(&self, snapshots: Vec<Snapshot>) -> Result<(), EventStoreError> {
        self.snapshots.lock().expect("no test panics with it").extend(snapshots.iter().cloned());
        self.inner.save_snapshots(snapshots).await
    }
}

#[async_trait]
impl Checkpoints for InstrumentedStore {
    async fn load_checkpoint(&self, subscriber: &str) -> Result<Position, EventStoreError> {
        self.inner.load_checkpoint(subscriber).await
    }

    async fn save_checkpoint(
        &self,
        subscriber: &str,
        at: Position,
        epoch: Epoch,
    ) -> Result<SavedCheckpoint, EventStoreError> {
        self.inner.save_checkpoint(subscriber, at, epoch).await
    }
}
