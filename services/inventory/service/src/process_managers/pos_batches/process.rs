//! The rules of batches as executor and process manager run them, and the store that takes part.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_inventory_domain::{
    Delayed, MergeLines, NextStep, PosBatch, PosBatchCommand, PosBatchEvent, PosBatchId,
    PosBatchRefusal, RecordMerge, RecordStep, StepOutcome, StoreId, decide_pos_batch,
    evolve_pos_batch, pos_batch_stream_id,
};
use kit_core::{Actor, Caller, EncodedEvent, RecordedEvent, Scope, StreamId, Timestamp};
use kit_event_store::{Claim, ClaimKey, EventStoreError, FoundClaim};
use kit_executor::{Codec, Decider, Decision, Executor, Versioned};
use kit_process_manager::{Outcome, Participants, Performed, Process, Reaction};
use uuid::Uuid;

use crate::process_managers::process_list::Described;
use crate::process_managers::stored::StoredEvent;
use crate::use_cases::{StockCommands, route};

/// Who records what came of lines.
pub(super) const ACTOR: &str = "system:pos-batches";

/// A command to one batch of a till.
#[derive(Clone, Debug)]
pub struct ToPosBatch {
    /// Which one.
    pub id: PosBatchId,
    /// What is wanted.
    pub command: PosBatchCommand,
}

/// The rules of batches of tills.
#[derive(Clone, Copy, Debug, Default)]
pub struct PosBatchProcess;

impl Decider for PosBatchProcess {
    type Command = ToPosBatch;
    type Event = PosBatchEvent;
    type State = PosBatch;
    type Answer = PosBatchId;
    type Refusal = PosBatchRefusal;

    fn route(&self, command: &ToPosBatch) -> u64 {
        route(command.id.as_uuid())
    }

    fn streams(&self, command: &ToPosBatch) -> Vec<StreamId> {
        vec![pos_batch_stream_id(command.id)]
    }

    fn unique_keys(&self, _: &ToPosBatch) -> Vec<ClaimKey> {
        Vec::new()
    }

    fn decide(
        &self,
        command: &ToPosBatch,
        batch: &[Versioned<'_, PosBatch>],
        now: Timestamp,
    ) -> Result<Decision<PosBatchEvent>, PosBatchRefusal> {
        let [batch] = batch else { return Err(PosBatchRefusal::Unknown) };
        let events = decide_pos_batch(batch.state, &command.command, now)?;
        let events = events.into_iter().map(|event| (0, event)).collect();
        Ok(Decision { events, claims: Vec::new(), renewals: Vec::new() })
    }

    fn evolve(&self, state: PosBatch, event: &PosBatchEvent) -> PosBatch {
        evolve_pos_batch(state, event)
    }

    fn answer(
        &self,
        command: &ToPosBatch,
        _: &[(usize, PosBatchEvent)],
        _: &[Versioned<'_, PosBatch>],
        _: Timestamp,
    ) -> PosBatchId {
        command.id
    }

    /// A batch takes no claims of its own: its stream is its number.
    fn claim_taken(&self, _: &ToPosBatch, _: &Claim, _: &FoundClaim) -> PosBatchRefusal {
        PosBatchRefusal::Unknown
    }
}

/// A batch has few events, so that there are no snapshots to read or write.
impl Codec for PosBatchProcess {
    fn encode(
        &self,
        _: &ToPosBatch,
        event: &PosBatchEvent,
        event_id: Uuid,
        now: Timestamp,
    ) -> EncodedEvent {
        event.encode(event_id, now)
    }

    fn decode(&self, event: &RecordedEvent) -> Result<PosBatchEvent, EventStoreError> {
        StoredEvent::decode(event)
    }

    fn encode_answer(&self, answer: &PosBatchId) -> Box<str> {
        answer.to_string().into()
    }

    fn decode_answer(&self, answer: &str) -> Option<PosBatchId> {
        answer.parse().ok()
    }
}

impl Process for PosBatchProcess {
    type Step = MergeLines;

    fn stream(&self, process: Uuid) -> StreamId {
        pos_batch_stream_id(PosBatchId::from_uuid(process))
    }

    fn route_of(&self, process: Uuid) -> u64 {
        route(process)
    }

    fn react(&self, batch: &PosBatch) -> Reaction<MergeLines> {
        match batch.next_step() {
            NextStep::Perform { number, step } => Reaction::Perform { number, step },
            NextStep::Wait { until } => Reaction::Wait { until },
            NextStep::Ended => Reaction::Ended,
        }
    }

    fn record(&self, process: Uuid, step: u32, outcome: Outcome) -> ToPosBatch {
        let outcome = match outcome {
            Outcome::Done => StepOutcome::Done,
            Outcome::Refused(detail) => StepOutcome::Refused(detail),
            Outcome::Delayed { attempts, detail } => StepOutcome::Delayed { attempts, detail },
        };
        let command = PosBatchCommand::RecordStep(RecordStep { step, outcome });
        ToPosBatch { id: PosBatchId::from_uuid(process), command }
    }

    /// A batch waits for no moment: this changes nothing.
    fn expire(&self, process: Uuid) -> ToPosBatch {
        self.record(process, 0, Outcome::Done)
    }
}

impl Described for PosBatchProcess {
    fn status(batch: &PosBatch) -> &'static str {
        if batch.is_merged() { "merged" } else { "received" }
    }

    fn delayed(batch: &PosBatch) -> Option<&Delayed> {
        batch.delayed()
    }

    /// It has a step to do until it has ended.
    fn waits_for(_: &PosBatch) -> &'static str {
        "nothing"
    }

    fn described(step: &MergeLines) -> (&'static str, Option<StoreId>) {
        ("merge", Some(step.terms.store))
    }
}

/// The stores of this context, each of which merges the lines of its tills.
pub(super) struct Stores {
    pub(super) commands: Arc<StockCommands>,
    /// Takes what came of the lines.
    pub(super) executor: Executor<PosBatchProcess>,
}

#[async_trait]
impl Participants<MergeLines> for Stores {
    /// What came of the lines is recorded with the last of them, which is the outcome of the step; of two drivers the first
    /// records it.
    async fn perform(
        &self,
        process: Uuid,
        _: Uuid,
        step: &MergeLines,
    ) -> Result<Performed, String> {
        let id = PosBatchId::from_uuid(process);
        let outcomes = self.commands.merge_lines(id, &step.terms).await?;
        let command = PosBatchCommand::RecordMerge(RecordMerge { outcomes });
        let (actor, scope) = (Actor::system(ACTOR), Scope::All);
        let caller = Caller { actor, correlation_id: process, idempotency: None, scope };
        match self.executor.perform(ToPosBatch { id, command }, caller).await {
            Ok(_) => Ok(Performed::Done),
            Err(_) => Err("what came of the lines could not be recorded".to_owned()),
        }
    }
}
