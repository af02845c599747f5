//! One shard: its mailbox, its live aggregates, and its loop.

use std::sync::Arc;
use std::time::Duration;

use foldhash::fast::RandomState;
use kit_core::{RecordedEvent, StreamId, Version};
use lru::LruCache;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::task::TaskTracker;

use super::batch::{Item, Streams};
use super::{Behaviour, Current, Deps, Executed, ExecutorConfig, Rejection, Request};
use crate::port::{Loaded, Snapshot, StoreError};

/// How often a command is decided before it is given up as conflicting.
const TRIES: u32 = 3;

/// Pause before the second try; doubled for the third.
const CONFLICT_PAUSE: Duration = Duration::from_millis(2);

/// Each part of a state's weight puts its next snapshot off by this many events, so that the work of
/// writing snapshots stays in proportion to the events.
const SNAPSHOT_EVENTS_PER_WEIGHT: u64 = 10;

type Look<B> = Box<dyn FnOnce(Result<(&<B as Behaviour>::State, Version), StoreError>) + Send>;

/// What waits in a mailbox.
pub(super) enum Job<B: Behaviour> {
    One(Box<Request<B::Command>>, oneshot::Sender<Executed<B>>),
    Many(Vec<Request<B::Command>>, oneshot::Sender<Vec<Executed<B>>>),
    Inspect(StreamId, Look<B>),
}

/// An aggregate in memory.
pub(super) struct Live<S> {
    pub(super) state: S,
    pub(super) version: Version,
    /// Version of its newest snapshot.
    pub(super) snapshot: Version,
}

impl<S> Live<S> {
    pub(super) fn current(&self) -> Current<'_, S> {
        Current { state: &self.state, version: self.version }
    }
}

pub(super) struct Shard<B: Behaviour> {
    pub(super) deps: Deps<B>,
    pub(super) live: LruCache<StreamId, Live<B::State>, RandomState>,
    live_max: usize,
    batch_max: usize,
    snapshot_every: u64,
    inbox: mpsc::Receiver<Job<B>>,
    tasks: TaskTracker,
    /// The snapshots that are being written.
    saving: Option<JoinHandle<()>>,
}

/// Who waits for the results of a batch, in the order of its items.
enum Waiting<B: Behaviour> {
    One(oneshot::Sender<Executed<B>>),
    Many(usize, oneshot::Sender<Vec<Executed<B>>>),
}

impl<B: Behaviour> Shard<B> {
    pub(super) fn new(
        deps: Deps<B>,
        config: ExecutorConfig,
        inbox: mpsc::Receiver<Job<B>>,
        tasks: TaskTracker,
    ) -> Self {
        Self {
            deps,
            // trimmed between batches: within one, all of its aggregates must be at hand
            live: LruCache::unbounded_with_hasher(RandomState::default()),
            live_max: (config.live_max / config.shards.max(1)).max(1),
            batch_max: config.batch_max.max(1),
            snapshot_every: config.snapshot_every.max(1),
            inbox,
            tasks,
            saving: None,
        }
    }

    pub(super) async fn run(mut self) {
        while let Some(first) = self.inbox.recv().await {
            let mut items = Vec::new();
            let mut waiting = Vec::new();
            let mut looks = Vec::new();
            let mut next = Some(first);
            while let Some(job) = next {
                self.admit(job, &mut items, &mut waiting, &mut looks);
                next = if items.len() < self.batch_max { self.inbox.try_recv().ok() } else { None };
            }
            let results = self.execute(items).await;
            answer(waiting, results);
            for (stream, look) in looks {
                self.show(stream, look).await;
            }
            while self.live.len() > self.live_max {
                self.live.pop_lru();
            }
        }
    }

    fn admit(
        &self,
        job: Job<B>,
        items: &mut Vec<Item<B>>,
        waiting: &mut Vec<Waiting<B>>,
        looks: &mut Vec<(StreamId, Look<B>)>,
    ) {
        match job {
            Job::One(request, reply) => {
                items.push(Item::new(&*self.deps.behaviour, *request, items.len()));
                waiting.push(Waiting::One(reply));
            }
            Job::Many(requests, reply) => {
                waiting.push(Waiting::Many(requests.len(), reply));
                for request in requests {
                    items.push(Item::new(&*self.deps.behaviour, request, items.len()));
                }
            }
            Job::Inspect(stream, look) => looks.push((stream, look)),
        }
    }

    /// Executes all items, deciding again what met a conflict; results in the order of the items.
    async fn execute(&mut self, items: Vec<Item<B>>) -> Vec<Executed<B>> {
        let mut results: Vec<Option<Executed<B>>> = Vec::new();
        results.resize_with(items.len(), || None);
        let mut open = items;
        while !open.is_empty() {
            open = self.round(open, &mut results).await;
            open.retain(|item| item.conflicts < TRIES);
            if let Some(conflicts) = open.iter().map(|item| item.conflicts).max()
                && conflicts > 0
            {
                tokio::time::sleep(CONFLICT_PAUSE * conflicts + self.jitter()).await;
            }
        }
        let given_up = || Err(Rejection::Conflict { tries: TRIES });
        results.into_iter().map(|result| result.unwrap_or_else(given_up)).collect()
    }

    /// Up to two milliseconds taken from a fresh id, so that shards of several processes do not retry in step.
    fn jitter(&self) -> Duration {
        let id = self.deps.ids.next_id(self.deps.clock.now());
        Duration::from_micros(u64::from(id.as_bytes()[15]) * 8)
    }

    /// Brings streams into memory that are not there.
    pub(super) async fn load(
        &mut self,
        streams: impl Iterator<Item = &StreamId>,
    ) -> Result<(), StoreError> {
        let mut missing: Vec<StreamId> = Vec::new();
        for stream in streams {
            if self.live.get(stream).is_none() {
                missing.push(stream.clone());
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        missing.sort_unstable();
        missing.dedup();
        let loaded = self.deps.store.load(&missing, B::SNAPSHOT_SCHEMA).await?;
        for (stream, loaded) in missing.into_iter().zip(loaded) {
            let live = self.fold(&stream, loaded).await?;
            self.live.put(stream, live);
        }
        Ok(())
    }

    async fn fold(&self, stream: &StreamId, loaded: Loaded) -> Result<Live<B::State>, StoreError> {
        let behaviour = &*self.deps.behaviour;
        let (loaded, state, snapshot) = match &loaded.snapshot {
            None => (loaded, B::State::default(), Version::ZERO),
            Some(one) => match behaviour.decode_state(&one.state) {
                Some(state) => {
                    let version = one.version;
                    (loaded, state, version)
                }
                None => (self.load_whole(stream).await?, B::State::default(), Version::ZERO),
            },
        };
        let version = loaded.version();
        let mut state = state;
        for event in &loaded.events {
            state = behaviour.evolve(state, &behaviour.decode(event)?);
        }
        Ok(Live { state, version, snapshot })
    }

    /// A snapshot that cannot be read is worth nothing: read the whole stream.
    async fn load_whole(&self, stream: &StreamId) -> Result<Loaded, StoreError> {
        tracing::warn!(%stream, "snapshot_unreadable");
        let mut events = self.deps.store.read_back(stream, None, usize::MAX).await?;
        events.reverse();
        Ok(Loaded { snapshot: None, events })
    }

    /// Brings a stream into memory as it is now, whoever wrote last.
    async fn load_current(&mut self, stream: &StreamId) -> Result<(), StoreError> {
        if !self.deps.store.is_exclusive() {
            let unique = std::iter::once(stream.clone()).collect();
            self.find_stale(unique, &mut Streams::default()).await?;
        }
        self.load(std::iter::once(stream)).await
    }

    async fn show(&mut self, stream: StreamId, look: Look<B>) {
        match self.load_current(&stream).await {
            Err(error) => look(Err(error)),
            Ok(()) => match self.live.peek(&stream) {
                Some(live) => look(Ok((&live.state, live.version))),
                None => look(Ok((&B::State::default(), Version::ZERO))),
            },
        }
    }

    /// Keeps snapshots of streams on which enough happened since the last one; never waits for them.
    pub(super) fn keep_snapshots(&mut self, committed: &[Arc<RecordedEvent>]) {
        if self.saving.as_ref().is_some_and(|saving| !saving.is_finished()) {
            return;
        }
        let due: Vec<Snapshot> =
            committed.iter().filter_map(|event| self.snapshot_due(event)).collect();
        if due.is_empty() {
            return;
        }
        let store = Arc::clone(&self.deps.store);
        self.saving = Some(self.tasks.spawn(async move {
            if let Err(error) = store.save_snapshots(due).await {
                tracing::warn!(%error, "snapshots_not_kept");
            }
        }));
    }

    /// The snapshot of an event's stream, if the event is its last and one is due.
    fn snapshot_due(&mut self, event: &RecordedEvent) -> Option<Snapshot> {
        let behaviour = &self.deps.behaviour;
        let live = self.live.peek_mut(&event.stream)?;
        let since = live.version.get().saturating_sub(live.snapshot.get());
        if live.version != event.version
            || since < self.snapshot_every
            || since
                < self.snapshot_every + SNAPSHOT_EVENTS_PER_WEIGHT * behaviour.weight(&live.state)
        {
            return None;
        }
        live.snapshot = live.version;
        Some(Snapshot {
            stream: event.stream.clone(),
            version: event.version,
            position: event.position,
            recorded_at: event.metadata.recorded_at,
            schema_version: B::SNAPSHOT_SCHEMA,
            state: behaviour.encode_state(&live.state),
        })
    }
}

fn answer<B: Behaviour>(waiting: Vec<Waiting<B>>, results: Vec<Executed<B>>) {
    let mut results = results.into_iter();
    for one in waiting {
        // a caller that went away has lost interest in the answer; the command stands
        match one {
            Waiting::One(reply) => {
                if let Some(result) = results.next() {
                    drop(reply.send(result));
                }
            }
            Waiting::Many(count, reply) => {
                drop(reply.send(results.by_ref().take(count).collect()));
            }
        }
    }
}
