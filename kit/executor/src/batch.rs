//! Commands that were taken together, on their way: what is open, what was decided, and who waits for the results.

use std::collections::HashSet;
use std::time::Duration;

use foldhash::fast::RandomState;
use kit_core::{Idempotency, StreamId};
use kit_event_store::{ClaimKey, EventStoreError, FoundClaim};
use tokio::sync::oneshot;
use tokio::time::Instant;
use uuid::Uuid;

use crate::live::Unreadable;
use crate::snapshots::Draft;
use crate::traces::{CommandTrace, Sent};
use crate::{Codec, CommandResult, Decider, IDEMPOTENCY_NAMESPACE, Rejection, Request};

/// How often a command is decided, at least, before it is given up as conflicting.
const TRIES: u32 = 12;

/// For how long it is decided again, at least. With several processes on one hot stream, one of them wins each round, and
/// who has just won is ahead in the next; a number of rounds alone would give up commands that only need another one.
const TRIED_FOR: Duration = Duration::from_secs(5);

/// A set of streams.
pub(crate) type Streams = HashSet<StreamId, RandomState>;

/// A command on its way through a batch.
pub(crate) struct Item<D: Codec> {
    pub(crate) request: Request<D::Command>,
    pub(crate) streams: Vec<StreamId>,
    /// The keys that it may claim: its idempotency key, if it has one, and those of its decider.
    pub(crate) keys: Vec<ClaimKey>,
    /// Those of the decider's keys that are held by others.
    pub(crate) taken: Vec<(ClaimKey, FoundClaim)>,
    /// Place of its result among those of the batch.
    index: usize,
    /// How often another writer was faster.
    pub(crate) conflicts: u32,
    /// When that was so for the first time.
    first_conflict: Option<Instant>,
    /// Ends with it.
    pub(crate) trace: Option<Box<CommandTrace>>,
}

impl<D: Codec> Item<D> {
    /// Notes that another writer was faster.
    pub(crate) fn lose(&mut self) {
        self.conflicts += 1;
        self.first_conflict.get_or_insert_with(Instant::now);
    }

    /// Whether others were faster so often and for so long that it is the caller's turn.
    pub(crate) fn is_given_up(&self) -> bool {
        self.conflicts >= TRIES
            && self.first_conflict.is_some_and(|first| first.elapsed() >= TRIED_FOR)
    }

    pub(crate) fn idempotency(&self) -> Option<&Idempotency> {
        self.request.caller.idempotency.as_ref()
    }

    pub(crate) fn idempotency_key(&self) -> Option<ClaimKey> {
        let idempotency = self.idempotency()?;
        Some(ClaimKey::new(IDEMPOTENCY_NAMESPACE, idempotency.key.clone()))
    }
}

/// The callers that wait for results, in the order of a batch's commands.
pub(crate) enum Waiting<D: Codec> {
    One(oneshot::Sender<CommandResult<D>>),
    Many(usize, oneshot::Sender<Vec<CommandResult<D>>>),
}

/// Commands that were taken from the mailbox together.
pub(crate) struct Batch<D: Codec> {
    /// What is to be decided now, in order.
    pub(crate) open: Vec<Item<D>>,
    /// What is to be decided when all else of the batch has its result: it waits for a command with one of its keys, or
    /// for one that does.
    pub(crate) put_off: Vec<Item<D>>,
    /// How many stream names the taken commands have.
    streams: usize,
    /// The results so far: what was not decided yet would be given up.
    results: Vec<CommandResult<D>>,
    waiting: Vec<Waiting<D>>,
}

impl<D: Codec> Batch<D> {
    pub(crate) fn new() -> Self {
        Self {
            open: Vec::new(),
            put_off: Vec::new(),
            streams: 0,
            results: Vec::new(),
            waiting: Vec::new(),
        }
    }

    /// Commands taken.
    pub(crate) fn len(&self) -> usize {
        self.results.len()
    }

    /// How many stream names they have, and so about as many events.
    pub(crate) fn stream_count(&self) -> usize {
        self.streams
    }

    pub(crate) fn add(&mut self, decider: &D, sent: Sent<D::Command>) {
        let Sent { request, mut trace } = sent;
        if let Some(trace) = &mut trace {
            trace.taken();
        }
        let streams = decider.streams(&request.command);
        self.streams += streams.len();
        let (index, taken) = (self.results.len(), Vec::new());
        let keys = decider.unique_keys(&request.command);
        let (conflicts, first_conflict) = (0, None);
        let mut item =
            Item { request, streams, keys, taken, index, conflicts, first_conflict, trace };
        item.keys.extend(item.idempotency_key());
        self.open.push(item);
        self.results.push(Err(Rejection::Conflict { tries: 0 }));
    }

    /// Adds the callers that wait for the next commands.
    pub(crate) fn add_waiting(&mut self, waiting: Waiting<D>) {
        self.waiting.push(waiting);
    }

    pub(crate) fn set_result(&mut self, item: &Item<D>, result: CommandResult<D>) {
        self.results[item.index] = result;
    }

    /// Gives some commands a failure of the event store as their result.
    pub(crate) fn fail(
        &mut self,
        items: impl IntoIterator<Item = Item<D>>,
        error: &EventStoreError,
    ) {
        for item in items {
            self.set_result(&item, Err(Rejection::EventStore(error.clone())));
        }
    }

    /// Fails the open commands that have a stream in common with `unreadable`, and gives them back; their neighbours stay
    /// open.
    pub(crate) fn fail_unreadable(&mut self, unreadable: &Unreadable) -> Vec<Item<D>> {
        let error = |item: &Item<D>| item.streams.iter().find_map(|stream| unreadable.get(stream));
        let (failed, open) =
            std::mem::take(&mut self.open).into_iter().partition(|item| error(item).is_some());
        self.open = open;
        let failed: Vec<Item<D>> = failed;
        for item in &failed {
            if let Some(error) = error(item) {
                self.set_result(item, Err(Rejection::EventStore(error.clone())));
            }
        }
        failed
    }

    /// Gives everything that has no result yet a failure of the event store.
    pub(crate) fn fail_all(&mut self, error: &EventStoreError) {
        let (open, put_off) = (std::mem::take(&mut self.open), std::mem::take(&mut self.put_off));
        self.fail(open.into_iter().chain(put_off), error);
    }

    /// Sends all results.
    pub(crate) fn send(self) {
        let mut results = self.results.into_iter();
        for one in self.waiting {
            // a send error means that the caller dropped its future; the command is executed all the same
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
}

/// What was decided about a command. It waits for the log.
pub(crate) enum Verdict<D: Codec> {
    /// Its transaction is in the group; the answer holds when that is committed.
    Append {
        answer: D::Answer,
        /// What it writes, to be folded into what the log is known to have; empty where this process writes alone.
        events: Vec<(usize, D::Event)>,
    },
    /// Nothing to write: refused, or no change. Holds if the states it saw become durable and are current.
    Unwritten(Result<D::Answer, <D as Decider>::Refusal>),
}

/// A decided batch whose group is being appended.
pub(crate) struct InFlight<D: Codec> {
    pub(crate) batch: Batch<D>,
    /// The commands in the order of the group. Each has a transaction in it, except for what is unwritten where this
    /// process writes alone.
    pub(crate) decided: Vec<(Item<D>, Verdict<D>)>,
    /// Snapshots that are worth keeping once the group is durable.
    pub(crate) drafts: Vec<Draft>,
    /// Streams whose live states turned out wrong while it was in flight.
    pub(crate) dirty: Streams,
}

impl<D: Codec> InFlight<D> {
    /// How many stream names its commands have.
    pub(crate) fn stream_count(&self) -> usize {
        self.decided.iter().map(|(item, _)| item.streams.len()).sum()
    }

    /// The appends of its group by their ids, each with a stream of its command.
    pub(crate) fn sent(&self, shared: bool) -> Vec<(Uuid, StreamId)> {
        let sent = self
            .decided
            .iter()
            .filter(|(_, verdict)| shared || matches!(verdict, Verdict::Append { .. }));
        let name = |(item, _): &(Item<D>, _)| {
            Some((item.request.command_id, item.streams.first()?.clone()))
        };
        sent.filter_map(name).collect()
    }
}
