//! The rules of split reservations as executor and process manager run them, and who takes part.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_inventory_domain::{
    Delayed, ExpireSplitReservation, NextStep, RecordPlan, RecordStep, SplitRefusal,
    SplitReservation, SplitReservationCommand, SplitReservationEvent, SplitReservationId,
    SplitStep, StepOutcome, StoreId, decide_split, evolve_split, parse_split_stream_id,
    split_stream_id,
};
use kit_core::{Actor, Caller, EncodedEvent, RecordedEvent, Scope, StreamId, Timestamp};
use kit_event_store::{Claim, ClaimKey, EventStoreError, FoundClaim};
use kit_executor::{Codec, Decider, Decision, Executor, Versioned};
use kit_process_manager::{Outcome, Participants, Performed, Process, Reaction};
use uuid::Uuid;

use crate::process_managers::process_list::{Described, Listed};
use crate::process_managers::stored::StoredEvent;
use crate::use_cases::{Found, StockCommands, route};

/// Who records what was found.
pub(super) const ACTOR: &str = "system:split-reservations";

/// A command to one split reservation.
#[derive(Clone, Debug)]
pub struct ToSplitReservation {
    /// Which one.
    pub id: SplitReservationId,
    /// What is wanted.
    pub command: SplitReservationCommand,
}

/// The rules of split reservations.
#[derive(Clone, Copy, Debug, Default)]
pub struct SplitReservationProcess;

impl Decider for SplitReservationProcess {
    type Command = ToSplitReservation;
    type Event = SplitReservationEvent;
    type State = SplitReservation;
    type Answer = SplitReservationId;
    type Refusal = SplitRefusal;

    fn route(&self, command: &ToSplitReservation) -> u64 {
        route(command.id.as_uuid())
    }

    fn streams(&self, command: &ToSplitReservation) -> Vec<StreamId> {
        vec![split_stream_id(command.id)]
    }

    fn unique_keys(&self, _: &ToSplitReservation) -> Vec<ClaimKey> {
        Vec::new()
    }

    fn decide(
        &self,
        command: &ToSplitReservation,
        split: &[Versioned<'_, SplitReservation>],
        now: Timestamp,
    ) -> Result<Decision<SplitReservationEvent>, SplitRefusal> {
        let [split] = split else { return Err(SplitRefusal::Unknown) };
        let events = decide_split(split.state, &command.command, now)?;
        let events = events.into_iter().map(|event| (0, event)).collect();
        Ok(Decision { events, claims: Vec::new(), renewals: Vec::new() })
    }

    fn evolve(&self, state: SplitReservation, event: &SplitReservationEvent) -> SplitReservation {
        evolve_split(state, event)
    }

    fn answer(
        &self,
        command: &ToSplitReservation,
        _: &[(usize, SplitReservationEvent)],
        _: &[Versioned<'_, SplitReservation>],
        _: Timestamp,
    ) -> SplitReservationId {
        command.id
    }

    /// A split reservation takes no claims of its own.
    fn claim_taken(&self, _: &ToSplitReservation, _: &Claim, _: &FoundClaim) -> SplitRefusal {
        SplitRefusal::Exists
    }
}

/// A split reservation has few events, so that there are no snapshots to read or write.
impl Codec for SplitReservationProcess {
    fn encode(
        &self,
        _: &ToSplitReservation,
        event: &SplitReservationEvent,
        event_id: Uuid,
        now: Timestamp,
    ) -> EncodedEvent {
        event.encode(event_id, now)
    }

    fn decode(&self, event: &RecordedEvent) -> Result<SplitReservationEvent, EventStoreError> {
        StoredEvent::decode(event)
    }

    fn encode_answer(&self, answer: &SplitReservationId) -> Box<str> {
        answer.to_string().into()
    }

    fn decode_answer(&self, answer: &str) -> Option<SplitReservationId> {
        answer.parse().ok()
    }
}

impl Process for SplitReservationProcess {
    type Step = SplitStep;

    fn stream(&self, process: Uuid) -> StreamId {
        split_stream_id(SplitReservationId::from_uuid(process))
    }

    fn route_of(&self, process: Uuid) -> u64 {
        route(process)
    }

    fn react(&self, split: &SplitReservation) -> Reaction<SplitStep> {
        match split.next_step() {
            NextStep::Perform { number, step } => Reaction::Perform { number, step },
            NextStep::Wait { until } => Reaction::Wait { until },
            NextStep::Ended => Reaction::Ended,
        }
    }

    fn record(&self, process: Uuid, step: u32, outcome: Outcome) -> ToSplitReservation {
        let outcome = match outcome {
            Outcome::Done => StepOutcome::Done,
            Outcome::Refused(detail) => StepOutcome::Refused(detail),
            Outcome::Delayed { attempts, detail } => StepOutcome::Delayed { attempts, detail },
        };
        let command = SplitReservationCommand::RecordStep(RecordStep { step, outcome });
        ToSplitReservation { id: SplitReservationId::from_uuid(process), command }
    }

    fn expire(&self, process: Uuid) -> ToSplitReservation {
        let command = SplitReservationCommand::ExpireSplitReservation(ExpireSplitReservation);
        ToSplitReservation { id: SplitReservationId::from_uuid(process), command }
    }
}

impl Described for SplitReservationProcess {
    fn status(split: &SplitReservation) -> &'static str {
        split.status().as_str()
    }

    fn delayed(split: &SplitReservation) -> Option<&Delayed> {
        split.delayed()
    }

    fn waits_for(_: &SplitReservation) -> &'static str {
        "its commit or its release, or its deadline"
    }

    fn described(step: &SplitStep) -> (&'static str, Option<StoreId>) {
        (step.name(), step.store())
    }
}

impl Listed for SplitReservationProcess {
    const NAME: &'static str = "split-reservations";
    const FILE: &'static str = "split-reservations.db";

    fn id_of(stream: &StreamId) -> Option<Uuid> {
        parse_split_stream_id(stream).map(|id| id.as_uuid())
    }

    fn stores(split: &SplitReservation) -> Option<Vec<StoreId>> {
        split.stores()
    }
}

/// The stores of this context, each of which does its own steps, and who finds them.
pub(super) struct Stores {
    pub(super) commands: Arc<StockCommands>,
    /// Takes what was found.
    pub(super) executor: Executor<SplitReservationProcess>,
}

impl Stores {
    /// Records what was found, which is the outcome of the step; of two drivers the first has found it.
    async fn find(
        &self,
        id: SplitReservationId,
        step: &SplitStep,
        number: u32,
    ) -> Result<Performed, String> {
        let SplitStep::Plan { basket, excluded, expires_at, .. } = step else {
            return Err("stores are found for a basket only".to_owned());
        };
        let parts = match self.commands.find_parts(basket, excluded, *expires_at).await? {
            Found::Parts(parts) => parts,
            Found::None(why) => return Ok(Performed::Refused(why)),
        };
        let command = SplitReservationCommand::RecordPlan(RecordPlan { step: number, parts });
        let (actor, scope) = (Actor::system(ACTOR), Scope::All);
        let (correlation_id, idempotency) = (id.as_uuid(), None);
        let caller = Caller { actor, correlation_id, idempotency, scope };
        match self.executor.perform(ToSplitReservation { id, command }, caller).await {
            Ok(_) => Ok(Performed::Done),
            Err(_) => Err("the stores that were found could not be recorded".to_owned()),
        }
    }
}

#[async_trait]
impl Participants<SplitStep> for Stores {
    async fn perform(
        &self,
        process: Uuid,
        command: Uuid,
        step: &SplitStep,
    ) -> Result<Performed, String> {
        let id = SplitReservationId::from_uuid(process);
        match step {
            SplitStep::Plan { number, .. } => self.find(id, step, *number).await,
            _ => self.commands.perform_split_step(id, command, step).await,
        }
    }
}
