//! One shard: its mailbox, its live aggregates, and the life of a batch from the mailbox to the replies.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesOrdered;
use kit_core::{Position, StreamId, Version};
use kit_event_store::{EventStoreError, Outcome, Transaction};
use tokio::sync::{mpsc, watch};
use tokio_util::task::TaskTracker;

use crate::batch::{Batch, InFlight, Streams};
use crate::claimed::{KeysInFlight, look_up_claims};
use crate::deciding::Deciding;
use crate::live::Live;
use crate::log_watch::LogWatch;
use crate::mailbox::{Inbox, Job, Query};
use crate::metrics::ShardMetrics;
use crate::pauses;
use crate::settle::{Settled, look_up, settle};
use crate::snapshots::Snapshots;
use crate::traces::append_span;
use crate::{Codec, Deps, ExecutorConfig, Versioned};

/// Most batches in flight where this process is the only writer. A shard decides ahead of the log, so that each disk
/// flush carries all commands that arrived meanwhile.
const IN_FLIGHT_MAX: usize = 16;

/// Streams of the commands of a batch after which it takes no further command: a basket has up to 500.
const BATCH_STREAMS_MAX: usize = 8_192;

type Appended = Pin<Box<dyn Future<Output = Result<Vec<Outcome>, EventStoreError>> + Send>>;

pub(crate) struct Shard<D: Codec> {
    deps: Deps<D>,
    config: ExecutorConfig,
    inbox: mpsc::Receiver<Job<D>>,
    log: Arc<LogWatch>,
    head: watch::Receiver<Position>,
    live: Live<D>,
    /// Batches in flight: appended and not yet answered by the log, oldest first.
    in_flight: VecDeque<InFlight<D>>,
    /// The answers of the log to what is in flight, in the same order.
    appends: FuturesOrdered<Appended>,
    /// Keys that commands in flight may claim, here and in the other shards.
    keys: KeysInFlight,
    /// Batches with commands that must be decided again.
    again: VecDeque<Batch<D>>,
    /// Queries that wait. They may only see durable state, so no batch is decided before they are served.
    queries: Vec<(StreamId, Query<D>)>,
    snapshots: Snapshots,
    metrics: ShardMetrics,
}

impl<D: Codec> Shard<D> {
    pub(crate) fn new(
        deps: Deps<D>,
        config: ExecutorConfig,
        inbox: Inbox<D>,
        keys: KeysInFlight,
        tasks: TaskTracker,
    ) -> Self {
        let every = config.snapshot_every.max(1);
        Self {
            snapshots: Snapshots::new(Arc::clone(&deps.event_store), tasks, every),
            head: deps.event_store.head(),
            live: Live::new(Arc::clone(&deps.decider), Arc::clone(&deps.event_store)),
            deps,
            config,
            inbox: inbox.jobs,
            log: inbox.log,
            in_flight: VecDeque::new(),
            appends: FuturesOrdered::new(),
            keys,
            again: VecDeque::new(),
            queries: Vec::new(),
            metrics: ShardMetrics::new(),
        }
    }

    /// Runs until every handle is dropped and every command is answered.
    pub(crate) async fn run(mut self) {
        loop {
            self.do_what_waits_for_the_log().await;
            tokio::select! {
                biased;
                Some(outcomes) = self.appends.next() => self.complete(outcomes).await,
                Some(first) = self.inbox.recv(), if self.takes_more() => {
                    let batch = self.take(first).await;
                    self.process(batch).await;
                }
                else => return,
            }
            self.evict();
        }
    }

    /// Submits a batch: answer repeats, load, decide, append. [`Self::complete`] continues when the log answers.
    async fn process(&mut self, mut batch: Batch<D>) {
        if batch.len() == 0 {
            return;
        }
        self.log.asks();
        let prepared = self.prepare(&mut batch).await;
        if self.in_flight.is_empty() {
            self.log.rests();
        }
        if let Err(error) = &prepared {
            self.log.note(&prepared);
            self.keys.leave(&batch.open);
            batch.fail_all(error);
            return self.reply(batch);
        }
        let (flight, group) = self.decide_all(batch);
        self.append(flight, group);
    }

    async fn prepare(&mut self, batch: &mut Batch<D>) -> Result<(), EventStoreError> {
        // what this process has forgotten may be on the disk: a command that comes again must not be refused for lack of it
        self.deps.event_store.refuse_when_stopped()?;
        look_up_claims(&self.deps, &self.keys, batch).await?;
        let streams = batch.open.iter_mut().flat_map(|item| &mut item.streams);
        let unreadable = self.live.load(streams).await?;
        if !unreadable.is_empty() {
            self.keys.leave(&batch.fail_unreadable(&unreadable));
        }
        Ok(())
    }

    /// Whether a new batch may be decided now: nothing waits for the log to catch up, and not too much is in flight.
    ///
    /// Where other processes write, what is in flight may be refused, so nothing may be decided on it.
    fn takes_more(&self) -> bool {
        let in_flight_max = if self.live.is_shared() { 1 } else { IN_FLIGHT_MAX };
        self.in_flight.len() < in_flight_max && self.again.is_empty() && self.queries.is_empty()
    }

    /// Does the work that needs a log with nothing in flight: repeats conflicting commands and serves queries.
    async fn do_what_waits_for_the_log(&mut self) {
        while self.in_flight.is_empty()
            && let Some(batch) = self.again.pop_front()
        {
            let pause = self.pause_before(&batch);
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            self.process(batch).await;
        }
        if self.in_flight.is_empty() {
            for (stream, query) in std::mem::take(&mut self.queries) {
                self.show(&stream, query).await;
            }
        }
    }

    /// Takes what waits in the mailbox, up to a limit.
    async fn take(&mut self, first: Job<D>) -> Batch<D> {
        // yield once: under load other callers are about to send, and one append then carries more commands
        tokio::task::yield_now().await;
        let mut batch = Batch::new();
        let mut next = Some(first);
        while let Some(job) = next {
            self.queries.extend(job.enter(&*self.deps.decider, &mut batch));
            let room = batch.len() < self.config.batch_max.max(1)
                && batch.stream_count() < BATCH_STREAMS_MAX;
            next = if room { self.inbox.try_recv().ok() } else { None };
        }
        self.metrics.taken(self.inbox.len());
        batch
    }

    /// Decides what is open in a batch, in order, each on states that include everything decided before.
    fn decide_all(&mut self, mut batch: Batch<D>) -> (InFlight<D>, Vec<Transaction>) {
        let now = self.deps.clock.now();
        let open = std::mem::take(&mut batch.open);
        self.metrics.decided(open.len());
        let head = *self.head.borrow();
        let every = self.snapshots.every();
        let mut deciding = Deciding::new(&self.deps, &mut self.live, head, every);
        let mut decided = Vec::with_capacity(open.len());
        for item in open {
            let verdict = deciding.decide_one(&item, now);
            decided.push((item, verdict));
        }
        let Deciding { group, busy, .. } = deciding;
        let drafts = self.snapshots.draft(&*self.deps.decider, &mut self.live, &busy);
        (InFlight { batch, decided, drafts, dirty: Streams::default() }, group)
    }

    /// Sends a group to the log.
    fn append(&mut self, mut flight: InFlight<D>, group: Vec<Transaction>) {
        let appended: Appended = if group.is_empty() {
            Box::pin(std::future::ready(Ok(Vec::new())))
        } else {
            let span = append_span(flight.decided.iter_mut().map(|(item, _)| item));
            let event_store = Arc::clone(&self.deps.event_store);
            self.log.asks();
            let append = async move { event_store.append(group).await };
            Box::pin(kit_trace::traced(span, append))
        };
        self.in_flight.push_back(flight);
        self.appends.push_back(appended);
    }

    /// Completes the oldest batch in flight, whose append has been answered.
    async fn complete(&mut self, outcomes: Result<Vec<Outcome>, EventStoreError>) {
        let Some(mut flight) = self.in_flight.pop_front() else { return };
        // before it is looked up, and what that has shown after it
        self.log.note(&outcomes);
        let outcomes = match outcomes {
            Err(EventStoreError::Unknown { reason, after }) => {
                let sent = flight.sent(self.live.is_shared());
                look_up(&*self.deps.event_store, sent, reason, after).await
            }
            known => known,
        };
        self.log.note(&outcomes);
        if self.in_flight.is_empty() {
            self.log.rests();
        } else {
            self.log.goes_on();
        }
        self.keys.leave(flight.decided.iter().map(|(item, _)| item));
        let Settled { dirty, committed } = match outcomes {
            Ok(outcomes) => {
                let head = *self.head.borrow();
                settle(&*self.deps.decider, &mut self.live, &mut flight, outcomes, head)
            }
            Err(error) => {
                let items = flight.decided.drain(..).map(|(item, _)| item);
                let items: Vec<_> = items.collect();
                let dirty = items.iter().flat_map(|item| item.streams.iter().cloned()).collect();
                flight.batch.fail(items, &error);
                Settled { dirty, committed: Vec::new() }
            }
        };
        self.metrics.conflicted(flight.batch.open.len());
        self.live.roll_back(dirty.iter());
        for behind in &mut self.in_flight {
            // what was decided since on the same states is as wrong as they are
            behind.dirty.extend(dirty.iter().cloned());
        }
        self.snapshots.keep::<D>(std::mem::take(&mut flight.drafts), &committed);
        self.reply(flight.batch);
    }

    /// Replies to those who wait for a batch, unless part of it must be decided again.
    fn reply(&mut self, mut batch: Batch<D>) {
        batch.open.retain(|item| !item.is_given_up());
        batch.open.append(&mut batch.put_off);
        if batch.open.is_empty() {
            batch.send();
        } else {
            self.again.push_back(batch);
        }
    }

    /// Pause before a batch is tried again.
    fn pause_before(&self, batch: &Batch<D>) -> Duration {
        if self.keys.hold_up(&batch.open) {
            return pauses::KEY;
        }
        let conflicts = batch.open.iter().map(|item| item.conflicts).max().unwrap_or(0);
        if conflicts == 0 || !self.live.is_shared() {
            return Duration::ZERO;
        }
        pauses::after_conflicts(conflicts, self.deps.ids.next_id(self.deps.clock.now()))
    }

    async fn show(&mut self, stream: &StreamId, query: Query<D>) {
        self.log.asks();
        let loaded = self.live.load_current(stream).await;
        self.log.rests();
        self.log.note(&loaded);
        if let Err(error) = loaded {
            return query(Err(error));
        }
        let head = *self.head.borrow();
        let nothing = D::State::default();
        let unknown = Versioned { state: &nothing, version: Version::ZERO, position: head };
        query(Ok(self.live.versioned(stream, head).unwrap_or(unknown)));
        self.live.demote_unknown(stream);
    }

    /// Evicts aggregates beyond the limit, but none that is ahead of the log: those were used last.
    fn evict(&mut self) {
        let live_max = (self.config.live_max / self.config.shards.max(1)).max(1);
        if self.live.len() > live_max {
            let in_flight: usize = self.in_flight.iter().map(InFlight::stream_count).sum();
            self.live.evict(live_max.max(in_flight));
        }
    }
}
