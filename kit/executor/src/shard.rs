//! One shard: its mailbox, its live aggregates, and its loop.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use foldhash::fast::RandomState;
use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use kit_core::{Position, StreamId, Version};
use lru::LruCache;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

use super::batch::{Batch, InFlight, Item, Keys, Streams};
use crate::{Codec, CommandResult, Decider, Deps, ExecutorConfig, Request, Versioned};
use kit_event_store::{Loaded, Outcome, StoreError};

/// How often a command is decided before it is given up as conflicting.
const TRIES: u32 = 3;

/// Pause before the second try; doubled for the third.
const CONFLICT_PAUSE: Duration = Duration::from_millis(2);

/// Batches that may wait for the log at once, where this process is the only writer. A shard decides ahead of the log,
/// so that each flush of the disk takes all that was asked for meanwhile; who asked is answered after it.
const IN_FLIGHT_MAX: usize = 16;

type Look<D> = Box<dyn FnOnce(Result<Versioned<'_, <D as Decider>::State>, StoreError>) + Send>;

/// What waits in a mailbox.
pub(super) enum Job<D: Codec> {
    One(Box<Request<D::Command>>, oneshot::Sender<CommandResult<D>>),
    Many(Vec<Request<D::Command>>, oneshot::Sender<Vec<CommandResult<D>>>),
    Inspect(StreamId, Look<D>),
}

/// An aggregate in memory.
pub(super) struct Live<S> {
    /// Its name, shared by all that is said of it.
    pub(super) stream: StreamId,
    pub(super) state: S,
    pub(super) version: Version,
    /// Version of its newest snapshot.
    pub(super) snapshot: Version,
    /// Size of that snapshot, zero when there is none.
    pub(super) snapshot_bytes: u64,
}

impl<S> Live<S> {
    pub(super) fn current(&self) -> Versioned<'_, S> {
        Versioned { state: &self.state, version: self.version, position: Position::ZERO }
    }

    /// Events since its newest snapshot.
    pub(super) fn since_snapshot(&self) -> u64 {
        self.version.get().saturating_sub(self.snapshot.get())
    }
}

pub(super) struct Shard<D: Codec> {
    pub(super) deps: Deps<D>,
    pub(super) live: LruCache<StreamId, Live<D::State>, RandomState>,
    live_max: usize,
    /// Whether `live` is kept in the order of use. Until it is half full nothing has to go for long, and each move to
    /// the front touches three entries that no cache of the processor has.
    in_order: bool,
    batch_max: usize,
    pub(super) snapshot_every: u64,
    inbox: mpsc::Receiver<Job<D>>,
    pub(super) tasks: TaskTracker,
    /// What was decided and not yet answered by the log, oldest first.
    in_flight: VecDeque<InFlight<D>>,
    in_flight_max: usize,
    /// Idempotency keys that will be claimed when what is in flight lands.
    pub(super) claiming: Keys,
    /// The answers of the log to what is in flight, in the same order.
    appends: FuturesOrdered<Appended>,
    /// Batches with commands that must be decided again.
    again: VecDeque<Batch<D>>,
    /// Who wants to see a state. What is shown must be durable, so nothing departs before they are served.
    looks: Vec<(StreamId, Look<D>)>,
    /// Streams on which enough may have happened for a snapshot.
    pub(super) due: Vec<StreamId>,
    /// The snapshots that are being written.
    pub(super) saving: Option<JoinHandle<()>>,
}

/// Who waits for results, in the order of a batch's commands.
pub(super) enum Waiting<D: Codec> {
    One(oneshot::Sender<CommandResult<D>>),
    Many(usize, oneshot::Sender<Vec<CommandResult<D>>>),
}

type Appended = Pin<Box<dyn Future<Output = Result<Vec<Outcome>, StoreError>> + Send>>;

impl<D: Codec> Shard<D> {
    pub(super) fn new(
        deps: Deps<D>,
        config: ExecutorConfig,
        inbox: mpsc::Receiver<Job<D>>,
        tasks: TaskTracker,
    ) -> Self {
        let in_flight_max = if deps.event_store.is_exclusive() { IN_FLIGHT_MAX } else { 1 };
        Self {
            deps,
            // trimmed between batches: within one, all of its aggregates must be at hand
            live: LruCache::unbounded_with_hasher(RandomState::default()),
            live_max: (config.live_max / config.shards.max(1)).max(1),
            in_order: false,
            batch_max: config.batch_max.max(1),
            snapshot_every: config.snapshot_every.max(1),
            inbox,
            tasks,
            in_flight: VecDeque::new(),
            in_flight_max,
            claiming: Keys::default(),
            appends: FuturesOrdered::new(),
            again: VecDeque::new(),
            looks: Vec::new(),
            due: Vec::new(),
            saving: None,
        }
    }

    pub(super) async fn run(mut self) {
        loop {
            self.catch_up().await;
            tokio::select! {
                biased;
                Some(outcomes) = self.appends.next() => self.land(outcomes).await,
                Some(first) = self.inbox.recv(), if self.takes_more() => {
                    // under load others are about to send: let them, so that one append carries more
                    tokio::task::yield_now().await;
                    let batch = self.gather(first);
                    self.depart(batch).await;
                }
                else => return,
            }
            self.trim();
        }
    }

    /// Whether a new batch may be decided now: nothing waits for the log to catch up, and not too much is in flight.
    fn takes_more(&self) -> bool {
        self.in_flight.len() < self.in_flight_max && self.again.is_empty() && self.looks.is_empty()
    }

    /// Does what must not run ahead of the log: decides again what met a conflict, and shows states.
    async fn catch_up(&mut self) {
        while self.in_flight.is_empty()
            && let Some(batch) = self.again.pop_front()
        {
            let conflicts = batch.open.iter().map(|item| item.conflicts).max().unwrap_or(0);
            if conflicts > 0 {
                tokio::time::sleep(CONFLICT_PAUSE * conflicts + self.jitter()).await;
            }
            self.depart(batch).await;
        }
        if self.in_flight.is_empty() {
            for (stream, look) in std::mem::take(&mut self.looks) {
                self.show(stream, look).await;
            }
        }
    }

    /// Takes what waits in the mailbox, up to a limit.
    fn gather(&mut self, first: Job<D>) -> Batch<D> {
        let mut batch = Batch::new();
        let mut next = Some(first);
        while let Some(job) = next {
            match job {
                Job::One(request, reply) => {
                    batch.add(&*self.deps.decider, *request);
                    batch.owe(Waiting::One(reply));
                }
                Job::Many(requests, reply) => {
                    batch.owe(Waiting::Many(requests.len(), reply));
                    for request in requests {
                        batch.add(&*self.deps.decider, request);
                    }
                }
                Job::Inspect(stream, look) => self.looks.push((stream, look)),
            }
            next = if batch.len() < self.batch_max { self.inbox.try_recv().ok() } else { None };
        }
        batch
    }

    /// Decides a batch and sends its group to the log.
    async fn depart(&mut self, batch: Batch<D>) {
        if batch.open.is_empty() {
            return;
        }
        let Some((flight, group)) = self.decide_all(batch).await else { return };
        self.in_flight.push_back(flight);
        let appended: Appended = if group.is_empty() {
            Box::pin(std::future::ready(Ok(Vec::new())))
        } else {
            let store = Arc::clone(&self.deps.event_store);
            Box::pin(async move { store.append(group).await })
        };
        self.appends.push_back(appended);
    }

    /// Settles the batch that has been in flight the longest.
    async fn land(&mut self, outcomes: Result<Vec<Outcome>, StoreError>) {
        let Some(mut flight) = self.in_flight.pop_front() else { return };
        for key in &flight.keys {
            self.claiming.remove(key);
        }
        let dirty = self.settle(&mut flight, outcomes).await;
        if !dirty.is_empty() {
            // what was decided since on the same states is as wrong as they are
            for behind in &mut self.in_flight {
                behind.dirty.extend(dirty.iter().cloned());
            }
        }
        self.finish(flight.batch);
    }

    /// Answers a batch, unless part of it must be decided again.
    pub(super) fn finish(&mut self, mut batch: Batch<D>) {
        batch.open.retain(|item| item.conflicts < TRIES);
        if batch.open.is_empty() {
            batch.answer(TRIES);
        } else {
            self.again.push_back(batch);
        }
    }

    /// Lets go of the aggregates that were not used for the longest time, but of none that is ahead of the log.
    fn trim(&mut self) {
        if !self.in_order && self.live.len() > self.live_max / 2 {
            self.in_order = true;
            for stream in self.in_flight.iter().flat_map(InFlight::streams) {
                self.live.promote(stream);
            }
        }
        if self.live.len() <= self.live_max {
            return;
        }
        let in_flight: usize = self.in_flight.iter().map(|flight| flight.streams().count()).sum();
        while self.live.len() > self.live_max.max(in_flight) {
            self.live.pop_lru();
        }
    }

    /// Up to two milliseconds taken from a fresh id, so that shards of several processes do not retry in step.
    fn jitter(&self) -> Duration {
        let id = self.deps.ids.next_id(self.deps.clock.now());
        Duration::from_micros(u64::from(id.as_bytes()[15]) * 8)
    }

    /// Brings the streams of some commands into memory, and has the commands share the names that are there.
    pub(super) async fn load(&mut self, items: &mut [Item<D>]) -> Result<(), StoreError> {
        let mut missing: Vec<StreamId> = Vec::new();
        for stream in items.iter_mut().flat_map(|item| &mut item.streams) {
            if self.in_order {
                self.live.promote(stream);
            }
            match self.live.peek(stream) {
                Some(known) => *stream = known.stream.clone(),
                None => missing.push(stream.clone()),
            }
        }
        self.fetch(missing).await
    }

    async fn fetch(&mut self, mut missing: Vec<StreamId>) -> Result<(), StoreError> {
        if missing.is_empty() {
            return Ok(());
        }
        missing.sort_unstable();
        missing.dedup();
        let loaded = self.deps.event_store.load(&missing, D::SNAPSHOT_SCHEMA).await?;
        for (stream, loaded) in missing.into_iter().zip(loaded) {
            let live = fold(&self.deps, &stream, loaded).await?;
            self.live.put(stream, live);
        }
        Ok(())
    }

    /// Brings a stream into memory as it is now, whoever wrote last.
    async fn load_current(&mut self, stream: &StreamId) -> Result<(), StoreError> {
        if !self.deps.event_store.is_exclusive() {
            let unique = std::iter::once(stream.clone()).collect();
            self.find_stale(unique, &mut Streams::default()).await?;
        }
        if self.live.contains(stream) { Ok(()) } else { self.fetch(vec![stream.clone()]).await }
    }

    async fn show(&mut self, stream: StreamId, look: Look<D>) {
        let position = *self.deps.event_store.head().borrow();
        match self.load_current(&stream).await {
            Err(error) => look(Err(error)),
            Ok(()) => match self.live.peek(&stream) {
                Some(live) => look(Ok(Versioned { position, ..live.current() })),
                None => look(Ok(Versioned {
                    state: &D::State::default(),
                    version: Version::ZERO,
                    position,
                })),
            },
        }
    }
}

async fn fold<D: Codec>(
    deps: &Deps<D>,
    stream: &StreamId,
    loaded: Loaded,
) -> Result<Live<D::State>, StoreError> {
    let decider = &*deps.decider;
    let (loaded, state, snapshot) = match &loaded.snapshot {
        None => (loaded, D::State::default(), Version::ZERO),
        Some(one) => match decider.decode_state(&one.state) {
            Some(state) => {
                let version = one.version;
                (loaded, state, version)
            }
            None => (load_whole(deps, stream).await?, D::State::default(), Version::ZERO),
        },
    };
    let version = loaded.version();
    let kept = loaded.snapshot.as_ref().map_or(0, |one| one.state.len());
    let snapshot_bytes = u64::try_from(kept).unwrap_or(u64::MAX);
    let mut state = state;
    for event in &loaded.events {
        state = decider.evolve(state, &decider.decode(event)?);
    }
    Ok(Live { stream: stream.clone(), state, version, snapshot, snapshot_bytes })
}

/// A snapshot that cannot be read is worth nothing: read the whole stream.
async fn load_whole<D: Codec>(deps: &Deps<D>, stream: &StreamId) -> Result<Loaded, StoreError> {
    tracing::warn!(%stream, "snapshot_unreadable");
    let mut events = deps.event_store.read_back(stream, None, usize::MAX).await?;
    events.reverse();
    Ok(Loaded { snapshot: None, events })
}
