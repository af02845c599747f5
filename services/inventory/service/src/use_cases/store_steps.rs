//! Steps of processes in a store: each is one append, and is done once, however often it is asked for.

use gondola_inventory_domain::{LineCommand, StoreId, TimeToLive};
use kit_core::{Actor, Caller, Scope, Timestamp};
use kit_event_store::ClaimKey;
use kit_executor::{CommandResult, Rejection, Request};
use kit_process_manager::Performed;
use uuid::Uuid;

use super::claims;
use super::command::{StoreCommand, Subject};
use super::command_error::CommandError;
use super::decider::{InventoryDecider, LineRefusal, StoreRefusal};
use super::hold_limits::HoldLimitReached;
use super::look_back::Late;
use super::stock_commands::StockCommands;

/// A step of a process in a store.
pub(super) struct StoreStep {
    /// The process.
    pub(super) process: Uuid,
    /// Who does it.
    pub(super) actor: &'static str,
    /// The same for every try.
    pub(super) command_id: Uuid,
    /// What is done.
    pub(super) command: StoreCommand,
}

impl StockCommands {
    /// Does a step, unless that was done before under its command id. `is_final` says whether a refusal stands for ever. An
    /// error says that nobody knows.
    pub(super) async fn perform_store_step(
        &self,
        step: StoreStep,
        is_final: impl Fn(&StoreRefusal) -> bool + Send,
    ) -> Result<Performed, String> {
        let (store, key) = (step.command.store, done_key(&step.command));
        let executed = match self.execute_step(step).await {
            Ok(executed) => executed,
            Err(reached) => return Ok(Performed::Refused(reached.to_string())),
        };
        let rejection = match executed {
            Ok(receipt) => {
                self.note(&receipt);
                return Ok(Performed::Done);
            }
            Err(rejection) => rejection,
        };
        let is_final = match &rejection {
            Rejection::Refused { refusal: StoreRefusal::StepDone, .. }
            | Rejection::Refused { refusal: StoreRefusal::ReservationIdTaken(_), .. } => {
                return Ok(Performed::Done);
            }
            Rejection::Refused { refusal, .. } => is_final(refusal),
            _ => false,
        };
        let refusal = self.told(CommandError::rejected(store, rejection));
        if !is_final {
            return Err(refusal);
        }
        // what refuses it may be what an earlier try has done
        if self.is_claimed(key).await? {
            Ok(Performed::Done)
        } else {
            Ok(Performed::Refused(refusal))
        }
    }

    async fn execute_step(
        &self,
        step: StoreStep,
    ) -> Result<CommandResult<InventoryDecider>, HoldLimitReached> {
        let StoreStep { process, actor, command_id, command } = step;
        let (actor, scope) = (Actor::system(actor), Scope::All);
        let caller = Caller { actor, correlation_id: process, idempotency: None, scope };
        let late = Late::of(&command, &caller);
        let (store, subject) = (command.store, command.subject);
        let request = Request { command, command_id, caller };
        let requester = match &self.hold_gate {
            Some(gate) if holds(&request.command) => gate.requester(process).await,
            _ => None,
        };
        let mut executed = [self.execute_within_limits(request, requester).await?];
        self.look_back(late.map(|late| (0, late)), &mut executed).await;
        let [executed] = executed;
        if matches!(subject, Subject::NewReservation { .. }) {
            self.holds.note(store, &executed);
        }
        Ok(executed)
    }

    /// The reasons, as a text for people.
    fn told(&self, error: CommandError) -> String {
        let CommandError::Refused { lines, .. } = error else { return error.to_string() };
        let line = |line: &LineRefusal| {
            format!("product {}: {}", self.catalogue.called(line.product), line.refusal)
        };
        lines.iter().map(line).collect::<Vec<_>>().join("; ")
    }

    /// Whether a command was executed that takes this claim.
    pub(super) async fn is_claimed(&self, key: ClaimKey) -> Result<bool, String> {
        let found = self.log.find_claims(&[key], self.clock.now()).await;
        let found = found.map_err(|error| error.to_string())?;
        Ok(found.iter().any(Option::is_some))
    }
}

/// Whether a command makes a reservation.
const fn holds(command: &StoreCommand) -> bool {
    matches!(command.subject, Subject::NewReservation { .. })
}

/// The claim that says that a command was executed.
pub(super) fn done_key(command: &StoreCommand) -> ClaimKey {
    match (command.step, command.subject) {
        (None, Subject::NewReservation { id, .. }) => claims::key(id),
        (step, _) => claims::step_key(step.unwrap_or_default()),
    }
}

/// A command to stock levels that is done once under this command id.
pub(super) fn of_step(store: StoreId, lines: Vec<LineCommand>, command_id: Uuid) -> StoreCommand {
    let command = StoreCommand::reservation(store, lines, Subject::Levels);
    StoreCommand { step: Some(command_id), ..command }
}

/// The time until a moment, in whole seconds and at least one.
pub(super) fn time_left(now: Timestamp, until: Timestamp) -> TimeToLive {
    let seconds = until.as_millis().saturating_sub(now.as_millis()).div_euclid(1_000);
    TimeToLive::from_seconds(seconds.max(1)).unwrap_or_default()
}
