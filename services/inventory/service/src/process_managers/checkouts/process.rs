//! The rules of checkouts as executor and process manager run them, and who takes part.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_inventory_domain::{
    Checkout, CheckoutCommand, CheckoutEvent, CheckoutId, CheckoutRefusal, CheckoutStep, Delayed,
    ExpireCheckout, NextStep, RecordStep, StepOutcome, StoreId, checkout_stream_id,
    decide_checkout, evolve_checkout, parse_checkout_stream_id,
};
use kit_core::{Clock, EncodedEvent, RecordedEvent, StreamId, Timestamp};
use kit_event_store::{Claim, ClaimKey, EventStoreError, FoundClaim};
use kit_executor::{Codec, Decider, Decision, Versioned};
use kit_process_manager::{Outcome, Participants, Performed, Process, Reaction};
use uuid::Uuid;

use crate::process_managers::process_list::{Described, Listed};
use crate::process_managers::stored::StoredEvent;
use crate::use_cases::{
    CHECKOUT_TOO_LATE, ConfirmationAnswer, OrderConfirmations, PreparedConfirmation, StockCommands,
    route,
};

/// A command to one checkout.
#[derive(Clone, Debug)]
pub struct ToCheckout {
    /// Which one.
    pub id: CheckoutId,
    /// What is wanted.
    pub command: CheckoutCommand,
}

/// The rules of checkouts.
#[derive(Clone, Copy, Debug, Default)]
pub struct CheckoutProcess;

impl Decider for CheckoutProcess {
    type Command = ToCheckout;
    type Event = CheckoutEvent;
    type State = Checkout;
    type Answer = CheckoutId;
    type Refusal = CheckoutRefusal;

    fn route(&self, command: &ToCheckout) -> u64 {
        route(command.id.as_uuid())
    }

    fn streams(&self, command: &ToCheckout) -> Vec<StreamId> {
        vec![checkout_stream_id(command.id)]
    }

    fn unique_keys(&self, _: &ToCheckout) -> Vec<ClaimKey> {
        Vec::new()
    }

    fn decide(
        &self,
        command: &ToCheckout,
        checkout: &[Versioned<'_, Checkout>],
        now: Timestamp,
    ) -> Result<Decision<CheckoutEvent>, CheckoutRefusal> {
        let [checkout] = checkout else { return Err(CheckoutRefusal::Unknown) };
        let events = decide_checkout(checkout.state, &command.command, now)?;
        let events = events.into_iter().map(|event| (0, event)).collect();
        Ok(Decision { events, claims: Vec::new(), renewals: Vec::new() })
    }

    fn evolve(&self, state: Checkout, event: &CheckoutEvent) -> Checkout {
        evolve_checkout(state, event)
    }

    fn answer(
        &self,
        command: &ToCheckout,
        _: &[(usize, CheckoutEvent)],
        _: &[Versioned<'_, Checkout>],
        _: Timestamp,
    ) -> CheckoutId {
        command.id
    }

    /// A checkout takes no claims of its own.
    fn claim_taken(&self, _: &ToCheckout, _: &Claim, _: &FoundClaim) -> CheckoutRefusal {
        CheckoutRefusal::Exists
    }
}

/// A checkout has few events, so that there are no snapshots to read or write.
impl Codec for CheckoutProcess {
    fn encode(
        &self,
        _: &ToCheckout,
        event: &CheckoutEvent,
        event_id: Uuid,
        now: Timestamp,
    ) -> EncodedEvent {
        event.encode(event_id, now)
    }

    fn decode(&self, event: &RecordedEvent) -> Result<CheckoutEvent, EventStoreError> {
        StoredEvent::decode(event)
    }

    fn encode_answer(&self, answer: &CheckoutId) -> Box<str> {
        answer.to_string().into()
    }

    fn decode_answer(&self, answer: &str) -> Option<CheckoutId> {
        answer.parse().ok()
    }
}

impl Process for CheckoutProcess {
    type Step = CheckoutStep;

    fn stream(&self, process: Uuid) -> StreamId {
        checkout_stream_id(CheckoutId::from_uuid(process))
    }

    fn route_of(&self, process: Uuid) -> u64 {
        route(process)
    }

    fn react(&self, checkout: &Checkout) -> Reaction<CheckoutStep> {
        match checkout.next_step() {
            NextStep::Perform { number, step } => Reaction::Perform { number, step },
            NextStep::Wait { until } => Reaction::Wait { until },
            NextStep::Ended => Reaction::Ended,
        }
    }

    fn record(&self, process: Uuid, step: u32, outcome: Outcome) -> ToCheckout {
        let outcome = match outcome {
            Outcome::Done => StepOutcome::Done,
            Outcome::Refused(detail) => StepOutcome::Refused(detail),
            Outcome::Delayed { attempts, detail } => StepOutcome::Delayed { attempts, detail },
        };
        let command = CheckoutCommand::RecordStep(RecordStep { step, outcome });
        ToCheckout { id: CheckoutId::from_uuid(process), command }
    }

    fn expire(&self, process: Uuid) -> ToCheckout {
        let command = CheckoutCommand::ExpireCheckout(ExpireCheckout);
        ToCheckout { id: CheckoutId::from_uuid(process), command }
    }
}

impl Described for CheckoutProcess {
    fn status(checkout: &Checkout) -> &'static str {
        checkout.status().as_str()
    }

    fn delayed(checkout: &Checkout) -> Option<&Delayed> {
        checkout.delayed()
    }

    fn waits_for(_: &Checkout) -> &'static str {
        "its commit or its cancellation, or its deadline"
    }

    fn described(step: &CheckoutStep) -> (&'static str, Option<StoreId>) {
        (step.name(), Some(step.store()))
    }
}

impl Listed for CheckoutProcess {
    const NAME: &'static str = "checkouts";
    const FILE: &'static str = "checkouts.db";

    fn id_of(stream: &StreamId) -> Option<Uuid> {
        parse_checkout_stream_id(stream).map(|id| id.as_uuid())
    }

    fn stores(checkout: &Checkout) -> Option<Vec<StoreId>> {
        checkout.terms().map(|terms| vec![terms.store])
    }
}

/// The store service, the inventory and the notification service.
pub(super) struct Participating {
    /// Asks the one, and does the steps of the other.
    pub(super) commands: Arc<StockCommands>,
    /// `None` where the installation has none.
    pub(super) confirmations: Option<Arc<dyn OrderConfirmations>>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Participating {
    /// A step of the notification service.
    async fn notify(&self, id: CheckoutId, step: &CheckoutStep) -> Result<Performed, String> {
        let confirmations = self.confirmations.as_ref().ok_or_else(not_served);
        match step {
            CheckoutStep::Prepare { expires_at, .. } if self.clock.now() >= *expires_at => {
                // what was taken meanwhile is dropped by the step that follows
                Ok(Performed::Refused(CHECKOUT_TOO_LATE.to_owned()))
            }
            CheckoutStep::Prepare { store, lines, order, .. } => {
                let (checkout, store) = (id, *store);
                let (order, lines) = (order.clone(), lines.clone());
                let wanted = PreparedConfirmation { checkout, store, order, lines };
                Ok(match confirmations?.prepare(wanted).await? {
                    ConfirmationAnswer::Taken => Performed::Done,
                    ConfirmationAnswer::Refused(why) => Performed::Refused(why),
                })
            }
            CheckoutStep::Confirm { transaction, .. } => {
                confirmations?.commit(id, transaction.clone()).await?;
                Ok(Performed::Done)
            }
            CheckoutStep::Drop { .. } => {
                confirmations?.drop_prepared(id).await?;
                Ok(Performed::Done)
            }
            _ => Err(format!("{} is no step of the notification service", step.name())),
        }
    }
}

/// A checkout that began where there was a notification service.
fn not_served() -> String {
    "this process knows no notification service, and the checkout has begun where there was one: start one with --notification-url"
        .to_owned()
}

#[async_trait]
impl Participants<CheckoutStep> for Participating {
    async fn perform(
        &self,
        process: Uuid,
        command: Uuid,
        step: &CheckoutStep,
    ) -> Result<Performed, String> {
        let id = CheckoutId::from_uuid(process);
        match step {
            CheckoutStep::Accept { store, products, ttl, expires_at } => {
                self.commands.accept(*store, products, *ttl, *expires_at).await
            }
            CheckoutStep::Reserve { .. }
            | CheckoutStep::Sell { .. }
            | CheckoutStep::Release { .. } => {
                self.commands.perform_checkout_step(id, command, step).await
            }
            CheckoutStep::Prepare { .. }
            | CheckoutStep::Confirm { .. }
            | CheckoutStep::Drop { .. } => self.notify(id, step).await,
        }
    }
}
