//! A batch whose group the log has answered: verdicts become results, or are put back to be decided again.

use kit_core::{StreamId, Version};

use super::batch::{InFlight, Item, Streams, Verdict};
use super::shard::Shard;
use crate::{Codec, CommandReceipt, CommandResult, Decider, IDEMPOTENCY_NAMESPACE, Rejection};
use kit_event_store::{Claim, ClaimKey, FoundClaim, Outcome, StoreError};

/// An item with what was decided about it, without anything to write.
type Unwritten<D> = (Item<D>, Result<<D as Decider>::Answer, <D as Decider>::Refusal>);

impl<D: Codec> Shard<D> {
    /// Turns verdicts and outcomes into results. What stood on a refused transaction stays open in the batch; the
    /// streams whose live states are wrong are forgotten and handed back.
    pub(super) async fn settle(
        &mut self,
        flight: &mut InFlight<D>,
        outcomes: Result<Vec<Outcome>, StoreError>,
    ) -> Streams {
        let outcomes = match outcomes {
            Ok(outcomes) => outcomes,
            Err(error) => {
                let dirty: Streams = flight.streams().cloned().collect();
                self.forget(&dirty);
                let items: Vec<_> = flight.decided.drain(..).map(|(item, _)| item).collect();
                flight.batch.fail(&items, &error);
                flight.batch.open.append(&mut flight.later);
                return dirty;
            }
        };
        let mut dirty = std::mem::take(&mut flight.dirty);
        let mut unwritten = Vec::new();
        let mut committed = Vec::new();
        let mut outcomes = outcomes.into_iter();
        for (mut item, verdict) in std::mem::take(&mut flight.decided) {
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
                    flight
                        .batch
                        .settle(&item, Ok(CommandReceipt { answer, position, repeated: false }));
                    committed.push(events);
                }
                Some(Outcome::ClaimTaken { key, found }) => {
                    dirty.extend(item.streams.iter().cloned());
                    flight.batch.settle(&item, self.claim_taken(&item, key, &found));
                }
                Some(Outcome::Conflict { .. }) | None => {
                    dirty.extend(item.streams.iter().cloned());
                    item.conflicts += 1;
                    flight.batch.open.push(item);
                }
            }
        }
        self.forget(&dirty);
        self.keep_snapshots(std::mem::take(&mut flight.drafts), &committed);
        self.settle_unwritten(flight, unwritten, &mut dirty).await;
        flight.batch.open.append(&mut flight.later);
        dirty
    }

    fn claim_taken(&self, item: &Item<D>, key: ClaimKey, found: &FoundClaim) -> CommandResult<D> {
        match item.idempotency() {
            Some(idempotency) if key.namespace == IDEMPOTENCY_NAMESPACE => {
                self.repeat(idempotency, found)
            }
            _ => {
                let claim = Claim { key, value: found.value.clone(), expires_at: found.expires_at };
                let decider = &self.deps.decider;
                {
                    let refusal = decider.claim_taken(item.command(), &claim, found);
                    Err(Rejection::Refused { refusal, position: found.position })
                }
            }
        }
    }

    /// A verdict without a write is final only if every state it was decided on became durable and is still current.
    async fn settle_unwritten(
        &mut self,
        flight: &mut InFlight<D>,
        unwritten: Vec<Unwritten<D>>,
        dirty: &mut Streams,
    ) {
        if unwritten.is_empty() {
            return;
        }
        if !self.deps.event_store.is_exclusive() {
            let streams = unwritten.iter().flat_map(|(item, _)| item.streams.iter().cloned());
            if let Err(error) = self.find_stale(streams.collect(), dirty).await {
                let items: Vec<_> = unwritten.into_iter().map(|(item, _)| item).collect();
                flight.batch.fail(&items, &error);
                return;
            }
        }
        let position = *self.deps.event_store.head().borrow();
        for (mut item, verdict) in unwritten {
            if item.streams.iter().any(|stream| dirty.contains(stream)) {
                item.conflicts += 1;
                flight.batch.open.push(item);
                continue;
            }
            let done = |answer| CommandReceipt { answer, position, repeated: false };
            flight.batch.settle(
                &item,
                verdict.map(done).map_err(|refusal| Rejection::Refused { refusal, position }),
            );
        }
    }

    /// Finds streams that another process has changed, with one query.
    pub(super) async fn find_stale(
        &mut self,
        unique: Streams,
        dirty: &mut Streams,
    ) -> Result<(), StoreError> {
        let streams: Vec<StreamId> = unique.into_iter().collect();
        let versions = self.deps.event_store.versions(&streams).await?;
        for (stream, version) in streams.into_iter().zip(versions) {
            let cached = self.live.peek(&stream).map_or(Version::ZERO, |live| live.version);
            if cached != version {
                self.live.pop(&stream);
                dirty.insert(stream);
            }
        }
        Ok(())
    }

    fn forget(&mut self, streams: &Streams) {
        for stream in streams {
            self.live.pop(stream);
        }
    }
}
