//! After the log has answered: the verdicts of a batch become results, or are reset and decided again.

use std::sync::Arc;
use std::time::Duration;

use kit_core::{Idempotency, Position, RecordedEvent, StreamId};
use kit_event_store::{Claim, ClaimKey, EventStore, EventStoreError, FoundClaim, Outcome};
use uuid::Uuid;

use crate::aggregate::EventMark;
use crate::batch::{InFlight, Item, Streams, Verdict};
use crate::live::Live;
use crate::{Codec, CommandReceipt, CommandResult, Decider, IDEMPOTENCY_NAMESPACE, Rejection};

/// Pauses before an append whose outcome is unknown is looked up again.
const LOOK_UP_PAUSES: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(800),
];

/// The effect of a completed batch on the live states.
pub(crate) struct Settled {
    /// Streams whose live states include events that were not written.
    pub(crate) dirty: Streams,
    /// The events that were written, by transaction.
    pub(crate) committed: Vec<Vec<Arc<RecordedEvent>>>,
}

/// Gives each command of a batch its result. Commands decided on a refused transaction are reset.
///
/// `head` is the position reported for commands that wrote nothing, where this process is the only writer.
pub(crate) fn settle<D: Codec>(
    decider: &D,
    live: &mut Live<D>,
    flight: &mut InFlight<D>,
    outcomes: Vec<Outcome>,
    head: Position,
) -> Settled {
    let dirty = std::mem::take(&mut flight.dirty);
    let mut settled = Settled { dirty, committed: Vec::with_capacity(outcomes.len()) };
    let mut outcomes = outcomes.into_iter();
    for (mut item, verdict) in std::mem::take(&mut flight.decided) {
        let has_transaction = live.is_shared() || matches!(verdict, Verdict::Append { .. });
        let outcome = if has_transaction { outcomes.next() } else { settled.unwritten(&item) };
        match (outcome, verdict) {
            (Some(Outcome::Committed(recorded)), Verdict::Append { answer, events }) => {
                note_durable(live, &item, &events, &recorded);
                let position = recorded.last().map_or(head, |last| last.position);
                let receipt = CommandReceipt { answer, position, repeated: false };
                flight.batch.set_result(&item, Ok(receipt));
                settled.committed.push(recorded);
            }
            (Some(Outcome::Committed(_)), Verdict::Unwritten(verdict)) => {
                let result = unwritten::<D>(verdict, seen_up_to(live, &item, head));
                flight.batch.set_result(&item, result);
                item.streams.iter().for_each(|stream| live.demote_unknown(stream));
            }
            (Some(Outcome::ClaimTaken { key, found }), _) => {
                settled.dirty.extend(item.streams.iter().cloned());
                flight.batch.set_result(&item, claim_taken(decider, &item, key, &found));
            }
            (Some(Outcome::Conflict { .. } | Outcome::Superseded { .. }) | None, _) => {
                settled.dirty.extend(item.streams.iter().cloned());
                item.lose();
                flight.batch.set_result(&item, Err(Rejection::Conflict { tries: item.conflicts }));
                flight.batch.open.push(item);
            }
        }
    }
    settled
}

impl Settled {
    /// What the log would say of a verdict without a transaction, where this process writes alone: it holds if every
    /// state it was decided on became durable.
    fn unwritten<D: Codec>(&self, item: &Item<D>) -> Option<Outcome> {
        let wrong = item.streams.iter().any(|stream| self.dirty.contains(stream));
        (!wrong).then(|| Outcome::Committed(Vec::new()))
    }
}

fn note_durable<D: Codec>(
    live: &mut Live<D>,
    item: &Item<D>,
    events: &[(usize, D::Event)],
    recorded: &[Arc<RecordedEvent>],
) {
    for ((index, event), recorded) in events.iter().zip(recorded) {
        let mark = EventMark {
            version: recorded.version,
            position: recorded.position,
            recorded_at: recorded.metadata.recorded_at,
        };
        live.note_durable(&item.streams[*index], event, mark);
    }
}

/// The position up to which a command has seen its streams.
fn seen_up_to<D: Codec>(live: &Live<D>, item: &Item<D>, head: Position) -> Position {
    let position = |stream| live.versioned(stream, head).map(|seen| seen.position);
    item.streams.iter().filter_map(position).max().unwrap_or(head)
}

fn unwritten<D: Codec>(
    verdict: Result<D::Answer, <D as Decider>::Refusal>,
    position: Position,
) -> CommandResult<D> {
    match verdict {
        Ok(answer) => Ok(CommandReceipt { answer, position, repeated: false }),
        Err(refusal) => Err(Rejection::Refused { refusal, position }),
    }
}

fn claim_taken<D: Codec>(
    decider: &D,
    item: &Item<D>,
    key: ClaimKey,
    found: &FoundClaim,
) -> CommandResult<D> {
    match item.idempotency() {
        Some(idempotency) if key.namespace == IDEMPOTENCY_NAMESPACE => {
            repeated_answer(decider, idempotency, found)
        }
        _ => {
            let claim = Claim { key, value: found.value.clone(), expires_at: found.expires_at };
            let refusal = decider.claim_taken(&item.request.command, &claim, found);
            Err(Rejection::Refused { refusal, position: found.position })
        }
    }
}

/// The result of a command whose idempotency key is taken: the first answer again, or a refusal of the key.
pub(crate) fn repeated_answer<D: Codec>(
    decider: &D,
    idempotency: &Idempotency,
    found: &FoundClaim,
) -> CommandResult<D> {
    let Some((fingerprint, answer)) = found.value.split_once('\n') else {
        return Err(Rejection::KeyReused);
    };
    if fingerprint != idempotency.fingerprint.as_ref() {
        return Err(Rejection::KeyReused);
    }
    match decider.decode_answer(answer) {
        Some(answer) => Ok(CommandReceipt { answer, position: found.position, repeated: true }),
        None => Err(Rejection::EventStore(EventStoreError::Corrupt(
            "the stored answer of this idempotency key cannot be read".into(),
        ))),
    }
}

/// Finds out what appends whose outcome is unknown have written. What has written nothing is decided again.
pub(crate) async fn look_up(
    event_store: &dyn EventStore,
    sent: Vec<(Uuid, StreamId)>,
    reason: String,
    after: Position,
) -> Result<Vec<Outcome>, EventStoreError> {
    let ids: Vec<Uuid> = sent.iter().map(|(id, _)| *id).collect();
    for pause in LOOK_UP_PAUSES {
        tokio::time::sleep(pause).await;
        let Ok(found) = event_store.find_appends(after, &ids).await else { continue };
        let outcome = |(events, (_, stream)): (Vec<_>, (Uuid, StreamId))| {
            if events.is_empty() {
                Outcome::Superseded { stream }
            } else {
                Outcome::Committed(events)
            }
        };
        return Ok(found.into_iter().zip(sent).map(outcome).collect());
    }
    Err(EventStoreError::Unknown { reason, after })
}
