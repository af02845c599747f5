//! A batch on its way to the log: repeated commands are answered, the others decided in order on the live states.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::RandomState;
use kit_core::{Idempotency, StreamId, Timestamp};

use super::shard::{Live, Shard, Waiting};
use super::snapshots::Draft;
use crate::{
    Codec, CommandReceipt, CommandResult, Decision, IDEMPOTENCY_KEPT, IDEMPOTENCY_NAMESPACE,
    Rejection, Request, Versioned,
};
use kit_event_store::{Append, Claim, ClaimKey, FoundClaim, StoreError, Transaction};

pub(super) type Streams = HashSet<StreamId, RandomState>;
pub(super) type Keys = HashSet<ClaimKey, RandomState>;

/// A command on its way through a batch.
pub(super) struct Item<D: Codec> {
    request: Request<D::Command>,
    pub(super) streams: Vec<StreamId>,
    /// Where its result goes.
    place: usize,
    /// How often another writer was faster.
    pub(super) conflicts: u32,
}

impl<D: Codec> Item<D> {
    fn new(decider: &D, request: Request<D::Command>, place: usize) -> Self {
        let streams = decider.streams(&request.command);
        Self { request, streams, place, conflicts: 0 }
    }

    pub(super) fn command(&self) -> &D::Command {
        &self.request.command
    }

    pub(super) fn idempotency(&self) -> Option<&Idempotency> {
        self.request.caller.idempotency.as_ref()
    }

    fn idempotency_key(&self) -> Option<ClaimKey> {
        let idempotency = self.request.caller.idempotency.as_ref()?;
        Some(ClaimKey::new(IDEMPOTENCY_NAMESPACE, idempotency.key.clone()))
    }
}

/// Commands that were taken from the mailbox together, and who waits for their results.
pub(super) struct Batch<D: Codec> {
    /// What is still to be decided.
    pub(super) open: Vec<Item<D>>,
    results: Vec<Option<CommandResult<D>>>,
    waiting: Vec<Waiting<D>>,
}

impl<D: Codec> Batch<D> {
    pub(super) fn new() -> Self {
        Self { open: Vec::new(), results: Vec::new(), waiting: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.results.len()
    }

    pub(super) fn add(&mut self, decider: &D, request: Request<D::Command>) {
        self.open.push(Item::new(decider, request, self.results.len()));
        self.results.push(None);
    }

    /// Notes who waits for the commands that come next.
    pub(super) fn owe(&mut self, waiting: Waiting<D>) {
        self.waiting.push(waiting);
    }

    pub(super) fn settle(&mut self, item: &Item<D>, result: CommandResult<D>) {
        self.results[item.place] = Some(result);
    }

    pub(super) fn fail(&mut self, items: &[Item<D>], error: &StoreError) {
        for item in items {
            self.settle(item, Err(Rejection::Store(error.clone())));
        }
    }

    /// Answers everybody; what has no result was tried too often.
    pub(super) fn answer(self, tries: u32) {
        let given_up = || Err(Rejection::Conflict { tries });
        let mut results = self.results.into_iter().map(|one| one.unwrap_or_else(given_up));
        for one in self.waiting {
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
}

/// A command that was decided on the live states and waits for the log.
pub(super) enum Verdict<D: Codec> {
    /// Its transaction is in the group; the answer holds when that is committed.
    Append(D::Answer),
    /// Nothing to write: refused, or no change. Holds if the states it saw become durable and are current.
    Unwritten(Result<D::Answer, D::Refusal>),
}

/// A decided batch whose group is being appended. The live states are ahead of the log by what is in flight.
pub(super) struct InFlight<D: Codec> {
    pub(super) batch: Batch<D>,
    pub(super) decided: Vec<(Item<D>, Verdict<D>)>,
    /// Commands that must wait for another one: under the same idempotency key, or, where others write too, on the
    /// same stream.
    pub(super) later: Vec<Item<D>>,
    /// Idempotency keys that its group claims.
    pub(super) keys: Vec<ClaimKey>,
    /// Snapshots that are worth keeping once the group is durable.
    pub(super) drafts: Vec<Draft>,
    /// Streams whose live states turned out wrong while it was in flight.
    pub(super) dirty: Streams,
}

impl<D: Codec> InFlight<D> {
    /// The streams that its commands saw.
    pub(super) fn streams(&self) -> impl Iterator<Item = &StreamId> {
        self.decided.iter().flat_map(|(item, _)| &item.streams)
    }
}

impl<D: Codec> Shard<D> {
    /// Decides what is open in a batch, and gives the group to append; `None` when there is nothing left to wait for.
    pub(super) async fn decide_all(
        &mut self,
        mut batch: Batch<D>,
    ) -> Option<(InFlight<D>, Vec<Transaction>)> {
        let open = std::mem::take(&mut batch.open);
        let (mut items, mut later) = match self.replay(open, &mut batch).await {
            Ok(split) => split,
            Err((items, error)) => {
                batch.fail(&items, &error);
                self.finish(batch);
                return None;
            }
        };
        if let Err(error) = self.load(&mut items).await {
            batch.fail(&items, &error);
            batch.fail(&later, &error);
            self.finish(batch);
            return None;
        }
        let now = self.deps.clock.now();
        let mut group = Vec::with_capacity(items.len());
        let mut keys = Vec::new();
        let mut decided = Vec::with_capacity(items.len());
        let mut written = Streams::default();
        for item in items {
            if !self.deps.event_store.is_exclusive() {
                // were the write before it refused, another process's event could take its place unseen
                if item.streams.iter().any(|stream| written.contains(stream)) {
                    later.push(item);
                    continue;
                }
                written.extend(item.streams.iter().cloned());
            }
            let verdict = self.decide(&item, now, &mut group);
            if let Verdict::Append(_) = verdict {
                keys.extend(item.idempotency_key());
                self.claiming.extend(item.idempotency_key());
            }
            decided.push((item, verdict));
        }
        let drafts = self.draft_snapshots(now);
        let dirty = Streams::default();
        Some((InFlight { batch, decided, later, keys, drafts, dirty }, group))
    }

    /// Answers repeated commands, and puts off those whose first sending is not durable yet.
    async fn replay(
        &mut self,
        items: Vec<Item<D>>,
        batch: &mut Batch<D>,
    ) -> Result<(Vec<Item<D>>, Vec<Item<D>>), (Vec<Item<D>>, StoreError)> {
        let keys: Vec<ClaimKey> = items.iter().filter_map(Item::idempotency_key).collect();
        if keys.is_empty() {
            return Ok((items, Vec::new()));
        }
        let found = match self.deps.event_store.find_claims(&keys, self.deps.clock.now()).await {
            Ok(found) => found,
            Err(error) => return Err((items, error)),
        };
        let mut found = keys.into_iter().zip(found);
        let mut seen = Keys::default();
        let (mut fresh, mut later) = (Vec::with_capacity(items.len()), Vec::new());
        for item in items {
            let Some(idempotency) = &item.request.caller.idempotency else {
                fresh.push(item);
                continue;
            };
            match found.next() {
                Some((_, Some(claim))) => {
                    batch.settle(&item, self.repeat(idempotency, &claim));
                }
                Some((key, None)) => {
                    let first = !self.claiming.contains(&key) && seen.insert(key);
                    if first { &mut fresh } else { &mut later }.push(item);
                }
                None => later.push(item),
            }
        }
        Ok((fresh, later))
    }

    /// The answer to a command whose key is taken.
    pub(super) fn repeat(&self, idempotency: &Idempotency, found: &FoundClaim) -> CommandResult<D> {
        let stored = found.value.split_once('\n');
        let Some((fingerprint, answer)) = stored else {
            return Err(Rejection::KeyReused);
        };
        if fingerprint != idempotency.fingerprint.as_ref() {
            return Err(Rejection::KeyReused);
        }
        match self.deps.decider.decode_answer(answer) {
            Some(answer) => Ok(CommandReceipt { answer, position: found.position, repeated: true }),
            None => Err(Rejection::Store(StoreError::Corrupt(
                "the stored answer of this idempotency key cannot be read".into(),
            ))),
        }
    }

    /// Decides one command and folds its events into the live states at once.
    fn decide(
        &mut self,
        item: &Item<D>,
        now: Timestamp,
        group: &mut Vec<Transaction>,
    ) -> Verdict<D> {
        let decider = Arc::clone(&self.deps.decider);
        let command = &item.request.command;
        let decided = decider.decide(command, &self.currents(item), now);
        let Decision { events, mut claims } = match decided {
            Ok(decision) => decision,
            Err(refusal) => return Verdict::Unwritten(Err(refusal)),
        };
        let appends = self.fold_in(item, &events, now);
        let answer = decider.answer(command, &events, &self.currents(item), now);
        if events.is_empty() {
            return Verdict::Unwritten(Ok(answer));
        }
        if let (Some(key), Some(idempotency)) =
            (item.idempotency_key(), &item.request.caller.idempotency)
        {
            let stored = decider.encode_answer(&answer);
            let value = format!("{}\n{stored}", idempotency.fingerprint).into();
            let expires_at = Some(now.after(IDEMPOTENCY_KEPT));
            claims.insert(0, Claim { key, value, expires_at });
        }
        let metadata = item.request.metadata(now);
        group.push(Transaction { metadata, appends, guards: Vec::new(), claims });
        Verdict::Append(answer)
    }

    fn currents(&self, item: &Item<D>) -> Vec<Versioned<'_, D::State>> {
        let live = |stream| self.live.peek(stream).map(Live::current);
        item.streams.iter().filter_map(live).collect()
    }

    /// Applies events to the live states and groups them by stream.
    fn fold_in(
        &mut self,
        item: &Item<D>,
        events: &[(usize, D::Event)],
        now: Timestamp,
    ) -> Vec<Append> {
        let mut appends: Vec<Append> = Vec::with_capacity(item.streams.len());
        let mut places: Vec<Option<usize>> = vec![None; item.streams.len()];
        for (place, event) in events {
            let stream = &item.streams[*place];
            let Some(live) = self.live.peek_mut(stream) else {
                continue;
            };
            let event_id = self.deps.ids.next_id(now);
            let encoded = self.deps.decider.encode(&item.request.command, event, event_id, now);
            let append = *places[*place].get_or_insert_with(|| {
                let expected = live.version;
                appends.push(Append { stream: stream.clone(), expected, events: Vec::new() });
                appends.len() - 1
            });
            appends[append].events.push(encoded);
            let state = std::mem::take(&mut live.state);
            live.state = self.deps.decider.evolve(state, event);
            live.version = live.version.next();
            if live.since_snapshot() >= self.snapshot_every {
                self.due.push(stream.clone());
            }
        }
        appends
    }
}
