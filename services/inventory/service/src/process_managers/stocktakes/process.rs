//! The rules of stocktakes as executor and process manager run them, and the store that takes part.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_inventory_domain::{
    Delayed, NextStep, PostCounts, RecordPosting, RecordStep, StepOutcome, Stocktake,
    StocktakeCommand, StocktakeEvent, StocktakeId, StocktakeRefusal, StoreId, decide_stocktake,
    evolve_stocktake, parse_stocktake_stream_id, stocktake_stream_id,
};
use kit_core::{Actor, Caller, EncodedEvent, RecordedEvent, Scope, StreamId, Timestamp};
use kit_event_store::{Claim, ClaimKey, EventStoreError, FoundClaim};
use kit_executor::{Codec, Decider, Decision, Executor, Versioned};
use kit_process_manager::{Outcome, Participants, Performed, Process, Reaction};
use uuid::Uuid;

use super::door::ACTOR;
use crate::process_managers::process_list::{Described, Listed};
use crate::process_managers::stored::StoredEvent;
use crate::use_cases::{StockCommands, route};

/// A command to one stocktake.
#[derive(Clone, Debug)]
pub struct ToStocktake {
    /// Which one.
    pub id: StocktakeId,
    /// What is wanted.
    pub command: StocktakeCommand,
}

/// The rules of stocktakes.
#[derive(Clone, Copy, Debug, Default)]
pub struct StocktakeProcess;

impl Decider for StocktakeProcess {
    type Command = ToStocktake;
    type Event = StocktakeEvent;
    type State = Stocktake;
    type Answer = StocktakeId;
    type Refusal = StocktakeRefusal;

    fn route(&self, command: &ToStocktake) -> u64 {
        route(command.id.as_uuid())
    }

    fn streams(&self, command: &ToStocktake) -> Vec<StreamId> {
        vec![stocktake_stream_id(command.id)]
    }

    fn unique_keys(&self, _: &ToStocktake) -> Vec<ClaimKey> {
        Vec::new()
    }

    fn decide(
        &self,
        command: &ToStocktake,
        stocktake: &[Versioned<'_, Stocktake>],
        now: Timestamp,
    ) -> Result<Decision<StocktakeEvent>, StocktakeRefusal> {
        let [stocktake] = stocktake else { return Err(StocktakeRefusal::Unknown) };
        let events = decide_stocktake(stocktake.state, &command.command, now)?;
        let events = events.into_iter().map(|event| (0, event)).collect();
        Ok(Decision { events, claims: Vec::new(), renewals: Vec::new() })
    }

    fn evolve(&self, state: Stocktake, event: &StocktakeEvent) -> Stocktake {
        evolve_stocktake(state, event)
    }

    fn answer(
        &self,
        command: &ToStocktake,
        _: &[(usize, StocktakeEvent)],
        _: &[Versioned<'_, Stocktake>],
        _: Timestamp,
    ) -> StocktakeId {
        command.id
    }

    /// A stocktake takes no claims of its own.
    fn claim_taken(&self, _: &ToStocktake, _: &Claim, _: &FoundClaim) -> StocktakeRefusal {
        StocktakeRefusal::Exists
    }
}

/// A stocktake has few events, so that there are no snapshots to read or write.
impl Codec for StocktakeProcess {
    fn encode(
        &self,
        _: &ToStocktake,
        event: &StocktakeEvent,
        event_id: Uuid,
        now: Timestamp,
    ) -> EncodedEvent {
        event.encode(event_id, now)
    }

    fn decode(&self, event: &RecordedEvent) -> Result<StocktakeEvent, EventStoreError> {
        StoredEvent::decode(event)
    }

    fn encode_answer(&self, answer: &StocktakeId) -> Box<str> {
        answer.to_string().into()
    }

    fn decode_answer(&self, answer: &str) -> Option<StocktakeId> {
        answer.parse().ok()
    }
}

impl Process for StocktakeProcess {
    type Step = PostCounts;

    fn stream(&self, process: Uuid) -> StreamId {
        stocktake_stream_id(StocktakeId::from_uuid(process))
    }

    fn route_of(&self, process: Uuid) -> u64 {
        route(process)
    }

    fn react(&self, stocktake: &Stocktake) -> Reaction<PostCounts> {
        match stocktake.next_step() {
            NextStep::Perform { number, step } => Reaction::Perform { number, step },
            NextStep::Wait { until } => Reaction::Wait { until },
            NextStep::Ended => Reaction::Ended,
        }
    }

    fn record(&self, process: Uuid, step: u32, outcome: Outcome) -> ToStocktake {
        let outcome = match outcome {
            Outcome::Done => StepOutcome::Done,
            Outcome::Refused(detail) => StepOutcome::Refused(detail),
            Outcome::Delayed { attempts, detail } => StepOutcome::Delayed { attempts, detail },
        };
        let command = StocktakeCommand::RecordStep(RecordStep { step, outcome });
        ToStocktake { id: StocktakeId::from_uuid(process), command }
    }

    /// A stocktake waits for no moment: this changes nothing.
    fn expire(&self, process: Uuid) -> ToStocktake {
        self.record(process, 0, Outcome::Done)
    }
}

impl Described for StocktakeProcess {
    fn status(stocktake: &Stocktake) -> &'static str {
        stocktake.status().as_str()
    }

    fn delayed(stocktake: &Stocktake) -> Option<&Delayed> {
        stocktake.delayed()
    }

    fn waits_for(_: &Stocktake) -> &'static str {
        "counts, or the review of what was counted"
    }

    fn described(step: &PostCounts) -> (&'static str, Option<StoreId>) {
        ("post", Some(step.store))
    }
}

impl Listed for StocktakeProcess {
    const NAME: &'static str = "stocktakes";
    const FILE: &'static str = "stocktakes.db";

    fn id_of(stream: &StreamId) -> Option<Uuid> {
        parse_stocktake_stream_id(stream).map(|id| id.as_uuid())
    }

    fn stores(stocktake: &Stocktake) -> Option<Vec<StoreId>> {
        stocktake.terms().map(|terms| vec![terms.store])
    }
}

/// The stores of this context, each of which takes the counts of its stocktakes.
pub(super) struct Stores {
    pub(super) commands: Arc<StockCommands>,
    /// Takes what came of the lines.
    pub(super) executor: Executor<StocktakeProcess>,
}

#[async_trait]
impl Participants<PostCounts> for Stores {
    /// What came of the lines is recorded with the last of them, which is the outcome of the step; of two drivers the first
    /// records it.
    async fn perform(
        &self,
        process: Uuid,
        _: Uuid,
        step: &PostCounts,
    ) -> Result<Performed, String> {
        let id = StocktakeId::from_uuid(process);
        let outcomes = self.commands.post_counts(id, step).await?;
        let command = StocktakeCommand::RecordPosting(RecordPosting { outcomes });
        let (actor, scope) = (Actor::system(ACTOR), Scope::All);
        let caller = Caller { actor, correlation_id: process, idempotency: None, scope };
        match self.executor.perform(ToStocktake { id, command }, caller).await {
            Ok(_) => Ok(Performed::Done),
            Err(_) => Err("what came of the lines could not be recorded".to_owned()),
        }
    }
}
