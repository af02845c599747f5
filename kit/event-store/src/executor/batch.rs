//! One round of a batch: decide everything in order, append once, settle each command.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::RandomState;
use kit_core::{StreamId, Timestamp, Version};

use super::shard::Shard;
use super::{
    Behaviour, Current, Decision, Done, Executed, IDEMPOTENCY_KEPT, IDEMPOTENCY_NAMESPACE,
    Idempotency, Rejection, Request,
};
use crate::port::{Append, Claim, ClaimKey, FoundClaim, Outcome, StoreError, Transaction};

/// A command on its way through the rounds.
pub(super) struct Item<B: Behaviour> {
    request: Request<B::Command>,
    streams: Vec<StreamId>,
    /// Where its result goes.
    place: usize,
    /// How often another writer was faster.
    pub(super) conflicts: u32,
}

impl<B: Behaviour> Item<B> {
    pub(super) fn new(behaviour: &B, request: Request<B::Command>, place: usize) -> Self {
        let streams = behaviour.streams(&request.command);
        Self { request, streams, place, conflicts: 0 }
    }

    fn idempotency_key(&self) -> Option<ClaimKey> {
        let idempotency = self.request.idempotency.as_ref()?;
        Some(ClaimKey::new(IDEMPOTENCY_NAMESPACE, idempotency.key.clone()))
    }
}

/// A command that was decided on the cached state and waits for the append.
enum Verdict<B: Behaviour> {
    /// Its transaction is in the group; the answer holds when that is committed.
    Append(B::Answer),
    /// Nothing to write: refused, or no change. Holds if the states it saw become durable and are current.
    Unwritten(Result<B::Answer, B::Refusal>),
}

/// An item with what was decided about it, without anything to write.
type Unwritten<B> = (Item<B>, Result<<B as Behaviour>::Answer, <B as Behaviour>::Refusal>);

type Results<B> = [Option<Executed<B>>];
pub(super) type Streams = HashSet<StreamId, RandomState>;

impl<B: Behaviour> Shard<B> {
    /// Runs one round and returns the items that must be decided again.
    pub(super) async fn round(
        &mut self,
        items: Vec<Item<B>>,
        results: &mut Results<B>,
    ) -> Vec<Item<B>> {
        let (items, mut again) = match self.replay(items, results).await {
            Ok(split) => split,
            Err((items, error)) => {
                fail(&items, &error, results);
                return Vec::new();
            }
        };
        if let Err(error) = self.load(items.iter().flat_map(|item| &item.streams)).await {
            fail(&items, &error, results);
            return again;
        }
        let now = self.deps.clock.now();
        let mut group = Vec::new();
        let mut verdicts = Vec::with_capacity(items.len());
        for item in &items {
            verdicts.push(self.decide(item, now, &mut group));
        }
        let outcomes =
            if group.is_empty() { Ok(Vec::new()) } else { self.deps.store.append(group).await };
        match outcomes {
            Ok(outcomes) => {
                again.extend(self.settle(items, verdicts, outcomes, results).await);
            }
            Err(error) => {
                self.forget(items.iter().flat_map(|item| &item.streams));
                fail(&items, &error, results);
            }
        }
        again
    }

    /// Answers repeated commands, and puts off those whose first sending is in this very batch.
    async fn replay(
        &self,
        items: Vec<Item<B>>,
        results: &mut Results<B>,
    ) -> Result<(Vec<Item<B>>, Vec<Item<B>>), (Vec<Item<B>>, StoreError)> {
        let keys: Vec<ClaimKey> = items.iter().filter_map(Item::idempotency_key).collect();
        if keys.is_empty() {
            return Ok((items, Vec::new()));
        }
        let found = match self.deps.store.find_claims(&keys, self.deps.clock.now()).await {
            Ok(found) => found,
            Err(error) => return Err((items, error)),
        };
        let mut found = keys.into_iter().zip(found);
        let mut seen: HashSet<ClaimKey, RandomState> = HashSet::default();
        let (mut fresh, mut later) = (Vec::with_capacity(items.len()), Vec::new());
        for item in items {
            let Some(idempotency) = &item.request.idempotency else {
                fresh.push(item);
                continue;
            };
            match found.next() {
                Some((_, Some(claim))) => {
                    results[item.place] = Some(self.repeat(idempotency, &claim));
                }
                Some((key, None)) => {
                    let first = seen.insert(key);
                    if first { &mut fresh } else { &mut later }.push(item);
                }
                None => later.push(item),
            }
        }
        Ok((fresh, later))
    }

    /// The answer to a command whose key is taken.
    fn repeat(&self, idempotency: &Idempotency, found: &FoundClaim) -> Executed<B> {
        let stored = found.value.split_once('\n');
        let Some((fingerprint, answer)) = stored else {
            return Err(Rejection::KeyReused);
        };
        if fingerprint != idempotency.fingerprint.as_ref() {
            return Err(Rejection::KeyReused);
        }
        match self.deps.behaviour.decode_answer(answer) {
            Some(answer) => Ok(Done { answer, position: found.position, replayed: true }),
            None => Err(Rejection::Store(StoreError::Corrupt(
                "the stored answer of this idempotency key cannot be read".into(),
            ))),
        }
    }

    /// Decides one command and folds its events into the live states at once.
    fn decide(
        &mut self,
        item: &Item<B>,
        now: Timestamp,
        group: &mut Vec<Transaction>,
    ) -> Verdict<B> {
        let behaviour = Arc::clone(&self.deps.behaviour);
        let command = &item.request.command;
        let decided = behaviour.decide(command, &self.currents(item), now);
        let Decision { events, mut claims } = match decided {
            Ok(decision) => decision,
            Err(refusal) => return Verdict::Unwritten(Err(refusal)),
        };
        let appends = self.fold_in(item, &events, now);
        let answer = behaviour.answer(command, &events, &self.currents(item), now);
        if events.is_empty() {
            return Verdict::Unwritten(Ok(answer));
        }
        if let (Some(key), Some(idempotency)) = (item.idempotency_key(), &item.request.idempotency)
        {
            let stored = behaviour.encode_answer(&answer);
            let value = format!("{}\n{stored}", idempotency.fingerprint).into();
            let expires_at = Some(now.after(IDEMPOTENCY_KEPT));
            claims.insert(0, Claim { key, value, expires_at });
        }
        let metadata = item.request.metadata(now);
        group.push(Transaction { metadata, appends, guards: Vec::new(), claims });
        Verdict::Append(answer)
    }

    fn currents(&self, item: &Item<B>) -> Vec<Current<'_, B::State>> {
        let live = |stream| self.live.peek(stream).map(super::shard::Live::current);
        item.streams.iter().filter_map(live).collect()
    }

    /// Applies events to the live states and groups them by stream.
    fn fold_in(
        &mut self,
        item: &Item<B>,
        events: &[(usize, B::Event)],
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
            let encoded = self.deps.behaviour.encode(&item.request.command, event, event_id, now);
            let append = *places[*place].get_or_insert_with(|| {
                let expected = live.version;
                appends.push(Append { stream: stream.clone(), expected, events: Vec::new() });
                appends.len() - 1
            });
            appends[append].events.push(encoded);
            let state = std::mem::take(&mut live.state);
            live.state = self.deps.behaviour.evolve(state, event);
            live.version = live.version.next();
        }
        appends
    }

    /// Turns verdicts and outcomes into results; what stood on a refused transaction is decided again.
    async fn settle(
        &mut self,
        items: Vec<Item<B>>,
        verdicts: Vec<Verdict<B>>,
        outcomes: Vec<Outcome>,
        results: &mut Results<B>,
    ) -> Vec<Item<B>> {
        let mut dirty = Streams::default();
        let mut again = Vec::new();
        let mut unwritten = Vec::new();
        let mut committed = Vec::new();
        let mut outcomes = outcomes.into_iter();
        for (mut item, verdict) in items.into_iter().zip(verdicts) {
            let answer = match verdict {
                Verdict::Append(answer) => answer,
                Verdict::Unwritten(verdict) => {
                    unwritten.push((item, verdict));
                    continue;
                }
            };
            match outcomes.next() {
                Some(Outcome::Committed(events)) => {
                    let position =
                        events.last().map_or_else(Default::default, |last| last.position);
                    results[item.place] = Some(Ok(Done { answer, position, replayed: false }));
                    committed.extend(events);
                }
                Some(Outcome::ClaimTaken { key, found }) => {
                    dirty.extend(item.streams.iter().cloned());
                    results[item.place] = Some(self.claim_taken(&item, key, &found));
                }
                Some(Outcome::Conflict { .. }) | None => {
                    dirty.extend(item.streams.iter().cloned());
                    item.conflicts += 1;
                    again.push(item);
                }
            }
        }
        self.forget(dirty.iter());
        self.keep_snapshots(&committed);
        again.extend(self.settle_unwritten(unwritten, dirty, results).await);
        again
    }

    fn claim_taken(&self, item: &Item<B>, key: ClaimKey, found: &FoundClaim) -> Executed<B> {
        match &item.request.idempotency {
            Some(idempotency) if key.namespace == IDEMPOTENCY_NAMESPACE => {
                self.repeat(idempotency, found)
            }
            _ => {
                let claim = Claim { key, value: found.value.clone(), expires_at: found.expires_at };
                let behaviour = &self.deps.behaviour;
                Err(Rejection::Refused(behaviour.claim_taken(&item.request.command, &claim, found)))
            }
        }
    }

    /// A verdict without a write is final only if every state it was decided on became durable and is still current.
    async fn settle_unwritten(
        &mut self,
        unwritten: Vec<Unwritten<B>>,
        mut dirty: Streams,
        results: &mut Results<B>,
    ) -> Vec<Item<B>> {
        let mut again = Vec::new();
        if unwritten.is_empty() {
            return again;
        }
        if !self.deps.store.is_exclusive() {
            let streams = unwritten.iter().flat_map(|(item, _)| item.streams.iter().cloned());
            if let Err(error) = self.find_stale(streams.collect(), &mut dirty).await {
                for (item, _) in unwritten {
                    results[item.place] = Some(Err(Rejection::Store(error.clone())));
                }
                return again;
            }
        }
        let position = *self.deps.store.head().borrow();
        for (mut item, verdict) in unwritten {
            if item.streams.iter().any(|stream| dirty.contains(stream)) {
                item.conflicts += 1;
                again.push(item);
                continue;
            }
            let done = |answer| Done { answer, position, replayed: false };
            results[item.place] = Some(verdict.map(done).map_err(Rejection::Refused));
        }
        again
    }

    /// Finds streams that another process has changed, with one query.
    pub(super) async fn find_stale(
        &mut self,
        unique: Streams,
        dirty: &mut Streams,
    ) -> Result<(), StoreError> {
        let streams: Vec<StreamId> = unique.into_iter().collect();
        let versions = self.deps.store.versions(&streams).await?;
        for (stream, version) in streams.into_iter().zip(versions) {
            let cached = self.live.peek(&stream).map_or(Version::ZERO, |live| live.version);
            if cached != version {
                self.live.pop(&stream);
                dirty.insert(stream);
            }
        }
        Ok(())
    }

    fn forget<'a>(&mut self, streams: impl Iterator<Item = &'a StreamId>) {
        for stream in streams {
            self.live.pop(stream);
        }
    }
}

fn fail<B: Behaviour>(items: &[Item<B>], error: &StoreError, results: &mut Results<B>) {
    for item in items {
        results[item.place] = Some(Err(Rejection::Store(error.clone())));
    }
}
