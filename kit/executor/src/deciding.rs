//! Deciding a batch: each command on states that include everything decided before it, and the group to append.

use std::sync::Arc;

use kit_core::{Position, StreamId, Timestamp, Version};
use kit_event_store::{Append, Claim, Guard, Transaction};

use crate::batch::{Item, Verdict};
use crate::live::Live;
use crate::{Codec, Decision, Deps, IDEMPOTENCY_KEPT, Versioned};

/// A group that is being decided.
pub(crate) struct Deciding<'a, D: Codec> {
    deps: &'a Deps<D>,
    live: &'a mut Live<D>,
    /// The end of the log, as far as this process knows.
    head: Position,
    /// What is to be appended, in order.
    pub(crate) group: Vec<Transaction>,
    /// Streams with enough events since their last snapshot to think of another one.
    pub(crate) busy: Vec<StreamId>,
    snapshot_every: u64,
}

impl<'a, D: Codec> Deciding<'a, D> {
    pub(crate) fn new(
        deps: &'a Deps<D>,
        live: &'a mut Live<D>,
        head: Position,
        snapshot_every: u64,
    ) -> Self {
        Self { deps, live, head, group: Vec::new(), busy: Vec::new(), snapshot_every }
    }

    /// Decides one command, folds its events into the live states, and adds its transaction to the group.
    pub(crate) fn decide_one(&mut self, item: &Item<D>, now: Timestamp) -> Verdict<D> {
        let decider = Arc::clone(&self.deps.decider);
        let command = &item.request.command;
        // another process's clock may be ahead of this one's
        let now = self.live.recorded_at(&item.streams).map_or(now, |last| now.max(last));
        let mut transaction = self.transaction(item, now);
        let decision = decider.decide(command, &self.seen(item), now);
        let decision = decision.and_then(|decision| self.free_of_claims(item, decision, now));
        let Decision { events, claims, renewals } = match decision {
            Ok(decision) => decision,
            Err(refusal) => {
                self.add_check(item, transaction);
                return Verdict::Unwritten(Err(refusal));
            }
        };
        let order = self.fold_in(item, &events, &mut transaction);
        let answer = decider.answer(command, &events, &self.seen(item), now);
        if events.is_empty() {
            self.add_check(item, transaction);
            return Verdict::Unwritten(Ok(answer));
        }
        transaction.claims.extend(self.idempotency_claim(item, &answer, now));
        transaction.claims.extend(claims);
        transaction.renewals = renewals;
        self.group.push(transaction);
        Verdict::Append { answer, events: self.in_order_of_append(events, &order) }
    }

    /// The decision, unless it needs a key that is known to be another's. Nothing was folded in yet, so that nothing has
    /// to be rolled back.
    fn free_of_claims(
        &self,
        item: &Item<D>,
        decision: Decision<D::Event>,
        now: Timestamp,
    ) -> Result<Decision<D::Event>, D::Refusal> {
        let holder = |claim: &Claim| {
            let mut taken = item.taken.iter().filter(|(key, _)| *key == claim.key);
            taken.find_map(|(_, found)| found.holds_at(now).then_some(found))
        };
        let refused = decision.claims.iter().find_map(|claim| {
            let found = holder(claim)?;
            Some(self.deps.decider.claim_taken(&item.request.command, claim, found))
        });
        refused.map_or(Ok(decision), Err)
    }

    /// A transaction for a command's events. Where other processes write, it guards every stream that the command
    /// reads. A stream that it appends to needs no guard: the expected version checks the same.
    fn transaction(&self, item: &Item<D>, now: Timestamp) -> Transaction {
        let partition = self.deps.decider.route(&item.request.command);
        let mut transaction = Transaction::new(item.request.metadata(now), partition);
        if self.live.is_shared() {
            let guard = |stream: &StreamId| {
                let seen = self.live.versioned(stream, Position::ZERO);
                let version = seen.map_or(Version::ZERO, |seen| seen.version);
                Guard { stream: stream.clone(), version }
            };
            transaction.guards = item.streams.iter().map(guard).collect();
        }
        transaction
    }

    /// Where other processes write, a refusal is final only if the states it was decided on are current and no other
    /// process has executed the command. The log checks both, in the order of the group.
    fn add_check(&mut self, item: &Item<D>, mut check: Transaction) {
        if self.live.is_shared() {
            check.unclaimed.extend(item.idempotency_key());
            self.group.push(check);
        }
    }

    fn seen(&self, item: &Item<D>) -> Vec<Versioned<'_, D::State>> {
        let streams = item.streams.iter();
        streams.filter_map(|stream| self.live.versioned(stream, self.head)).collect()
    }

    /// Applies events to the live states and adds them to the transaction by stream. Gives for each stream of the command
    /// its place among the appends.
    fn fold_in(
        &mut self,
        item: &Item<D>,
        events: &[(usize, D::Event)],
        transaction: &mut Transaction,
    ) -> Vec<Option<usize>> {
        let now = transaction.metadata.recorded_at;
        let mut order = vec![None; item.streams.len()];
        for (index, event) in events {
            let stream = &item.streams[*index];
            let event_id = self.deps.ids.next_id(now);
            let encoded = self.deps.decider.encode(&item.request.command, event, event_id, now);
            let Some(live) = self.live.apply(stream, event, now) else { continue };
            let appends = &mut transaction.appends;
            let place = *order[*index].get_or_insert_with(|| {
                let expected = Version::new(live.version.get() - 1);
                appends.push(Append { stream: stream.clone(), expected, events: Vec::new() });
                appends.len() - 1
            });
            appends[place].events.push(encoded);
            if live.since_snapshot() >= self.snapshot_every {
                self.busy.push(stream.clone());
            }
        }
        if !transaction.guards.is_empty() {
            let mut written = order.iter().map(Option::is_some);
            transaction.guards.retain(|_| !written.next().unwrap_or(false));
        }
        order
    }

    /// The events in log order; empty where this process is the only writer.
    fn in_order_of_append(
        &self,
        mut events: Vec<(usize, D::Event)>,
        order: &[Option<usize>],
    ) -> Vec<(usize, D::Event)> {
        if !self.live.is_shared() {
            return Vec::new();
        }
        events.sort_by_key(|(index, _)| order[*index]);
        events
    }

    fn idempotency_claim(
        &self,
        item: &Item<D>,
        answer: &D::Answer,
        now: Timestamp,
    ) -> Option<Claim> {
        let (key, idempotency) = (item.idempotency_key()?, item.idempotency()?);
        let stored = self.deps.decider.encode_answer(answer);
        let value = format!("{}\n{stored}", idempotency.fingerprint).into();
        let needed = self.deps.decider.answer_needed_until(answer);
        let expires_at = Some(now.after(IDEMPOTENCY_KEPT)).max(needed);
        Some(Claim { key, value, expires_at })
    }
}
