//! The rules of transfers as executor and process manager run them, and the stores that take part.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_inventory_domain::{
    Delayed, ExpireTransfer, NextStep, RecordStep, Reference, StepOutcome, StoreId, Transfer,
    TransferCommand, TransferEvent, TransferId, TransferRefusal, TransferStatus, TransferStep,
    decide_transfer, evolve_transfer, transfer_stream_id,
};
use kit_core::{EncodedEvent, RecordedEvent, StreamId, Timestamp};
use kit_event_store::{Claim, ClaimKey, EventStoreError, FoundClaim};
use kit_executor::{Codec, Decider, Decision, Versioned};
use kit_process_manager::{Outcome, Participants, Performed, Process, Reaction};
use uuid::Uuid;

use crate::process_managers::process_list::Described;
use crate::process_managers::stored::StoredEvent;
use crate::use_cases::{StockCommands, route};

/// A command to one transfer.
#[derive(Clone, Debug)]
pub struct ToTransfer {
    /// Which one.
    pub id: TransferId,
    /// What is wanted.
    pub command: TransferCommand,
}

impl ToTransfer {
    /// The reference that it gives a transfer.
    fn reference(&self) -> Option<&Reference> {
        match &self.command {
            TransferCommand::RequestTransfer(request) => request.reference.as_ref(),
            _ => None,
        }
    }
}

/// The key of a reference: one transfer has it, of whatever stores.
fn reference_key(reference: &Reference) -> ClaimKey {
    ClaimKey::new("transfer-reference", reference.as_str())
}

/// The claim of a transfer on its reference, for ever or until a moment.
fn reference_claim(
    reference: &Reference,
    transfer: TransferId,
    expires_at: Option<Timestamp>,
) -> Claim {
    Claim { key: reference_key(reference), value: transfer.to_string().into(), expires_at }
}

/// The rules of transfers.
#[derive(Clone, Copy, Debug, Default)]
pub struct TransferProcess;

impl Decider for TransferProcess {
    type Command = ToTransfer;
    type Event = TransferEvent;
    type State = Transfer;
    type Answer = TransferId;
    type Refusal = TransferRefusal;

    fn route(&self, command: &ToTransfer) -> u64 {
        route(command.id.as_uuid())
    }

    fn streams(&self, command: &ToTransfer) -> Vec<StreamId> {
        vec![transfer_stream_id(command.id)]
    }

    fn unique_keys(&self, command: &ToTransfer) -> Vec<ClaimKey> {
        command.reference().map(reference_key).into_iter().collect()
    }

    fn decide(
        &self,
        command: &ToTransfer,
        transfer: &[Versioned<'_, Transfer>],
        now: Timestamp,
    ) -> Result<Decision<TransferEvent>, TransferRefusal> {
        let [transfer] = transfer else { return Err(TransferRefusal::Unknown) };
        let events = decide_transfer(transfer.state, &command.command, now)?;
        let (mut claims, mut renewals) = (Vec::new(), Vec::new());
        for event in &events {
            match event {
                TransferEvent::Requested { reference: Some(reference), .. } => {
                    claims.push(reference_claim(reference, command.id, None));
                }
                // nothing came of it: its reference is free for another try
                TransferEvent::HoldRefused { .. } => {
                    let terms = transfer.state.terms();
                    let reference = terms.and_then(|terms| terms.reference.as_ref());
                    let free = |reference| reference_claim(reference, command.id, Some(now));
                    renewals.extend(reference.map(free));
                }
                _ => {}
            }
        }
        let events = events.into_iter().map(|event| (0, event)).collect();
        Ok(Decision { events, claims, renewals })
    }

    fn evolve(&self, state: Transfer, event: &TransferEvent) -> Transfer {
        evolve_transfer(state, event)
    }

    fn answer(
        &self,
        command: &ToTransfer,
        _: &[(usize, TransferEvent)],
        _: &[Versioned<'_, Transfer>],
        _: Timestamp,
    ) -> TransferId {
        command.id
    }

    /// Only a reference is claimed.
    fn claim_taken(&self, command: &ToTransfer, _: &Claim, found: &FoundClaim) -> TransferRefusal {
        match (command.reference(), found.value.parse()) {
            (Some(reference), Ok(transfer)) => {
                TransferRefusal::ReferenceTaken { reference: reference.clone(), transfer }
            }
            _ => TransferRefusal::Exists,
        }
    }
}

/// A transfer has fewer events than a snapshot is taken after, so that there are no snapshots to read or write.
impl Codec for TransferProcess {
    fn encode(
        &self,
        _: &ToTransfer,
        event: &TransferEvent,
        event_id: Uuid,
        now: Timestamp,
    ) -> EncodedEvent {
        event.encode(event_id, now)
    }

    fn decode(&self, event: &RecordedEvent) -> Result<TransferEvent, EventStoreError> {
        StoredEvent::decode(event)
    }

    fn encode_answer(&self, answer: &TransferId) -> Box<str> {
        answer.to_string().into()
    }

    fn decode_answer(&self, answer: &str) -> Option<TransferId> {
        answer.parse().ok()
    }
}

impl Described for TransferProcess {
    fn status(transfer: &Transfer) -> &'static str {
        transfer.status().as_str()
    }

    fn delayed(transfer: &Transfer) -> Option<&Delayed> {
        transfer.delayed()
    }

    fn waits_for(transfer: &Transfer) -> &'static str {
        match transfer.status() {
            TransferStatus::Held => "its dispatch or its cancellation, or the end of its hold",
            TransferStatus::InTransit => "its receipt or its return",
            _ => "nothing",
        }
    }

    fn described(step: &TransferStep) -> (&'static str, Option<StoreId>) {
        (step.name(), Some(step.store()))
    }
}

impl Process for TransferProcess {
    type Step = TransferStep;

    fn stream(&self, process: Uuid) -> StreamId {
        transfer_stream_id(TransferId::from_uuid(process))
    }

    fn route_of(&self, process: Uuid) -> u64 {
        route(process)
    }

    fn react(&self, transfer: &Transfer) -> Reaction<TransferStep> {
        match transfer.next_step() {
            NextStep::Perform { number, step } => Reaction::Perform { number, step },
            NextStep::Wait { until } => Reaction::Wait { until },
            NextStep::Ended => Reaction::Ended,
        }
    }

    fn record(&self, process: Uuid, step: u32, outcome: Outcome) -> ToTransfer {
        let outcome = match outcome {
            Outcome::Done => StepOutcome::Done,
            Outcome::Refused(detail) => StepOutcome::Refused(detail),
            Outcome::Delayed { attempts, detail } => StepOutcome::Delayed { attempts, detail },
        };
        let id = TransferId::from_uuid(process);
        ToTransfer { id, command: TransferCommand::RecordStep(RecordStep { step, outcome }) }
    }

    fn expire(&self, process: Uuid) -> ToTransfer {
        let command = TransferCommand::ExpireTransfer(ExpireTransfer);
        ToTransfer { id: TransferId::from_uuid(process), command }
    }
}

/// The stores of this context, each of which does its own steps.
pub(super) struct Stores(pub(super) Arc<StockCommands>);

#[async_trait]
impl Participants<TransferStep> for Stores {
    async fn perform(
        &self,
        process: Uuid,
        command: Uuid,
        step: &TransferStep,
    ) -> Result<Performed, String> {
        self.0.perform_step(TransferId::from_uuid(process), command, step).await
    }
}
