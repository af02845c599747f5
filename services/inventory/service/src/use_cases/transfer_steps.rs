//! The steps of transfers in a store: each is one append, and is done once, however often it is asked for.

use gondola_inventory_domain::{
    Command, DispatchTransfer, LineCommand, PositiveQuantity, ProductId, Reason, ReceiveTransfer,
    ReleaseReservation, ReservationId, ReserveStock, StoreId, TimeToLive, TransferId, TransferStep,
};
use kit_core::{Actor, Caller, Scope, Timestamp};
use kit_event_store::ClaimKey;
use kit_executor::{CommandResult, Rejection, Request};
use kit_process_manager::Performed;
use uuid::Uuid;

use super::claims;
use super::command::{StoreCommand, Subject};
use super::command_error::CommandError;
use super::decider::{InventoryDecider, StoreRefusal};
use super::look_back::Late;
use super::stock_commands::StockCommands;

/// Who does it.
const ACTOR: &str = "system:transfers";

impl StockCommands {
    /// Does a step of a transfer, unless that was done before under this command id. An error says that nobody knows.
    pub(crate) async fn perform_step(
        &self,
        transfer: TransferId,
        command_id: Uuid,
        step: &TransferStep,
    ) -> Result<Performed, String> {
        let command = step_command(transfer, command_id, step, self.clock.now());
        let (store, key) = (command.store, done_key(&command));
        let rejection = match self.execute_step(command, command_id, transfer).await {
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
            Rejection::Refused { refusal, .. } => is_final(step, refusal),
            _ => false,
        };
        let refusal = told(CommandError::rejected(store, rejection));
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
        command: StoreCommand,
        command_id: Uuid,
        transfer: TransferId,
    ) -> CommandResult<InventoryDecider> {
        let (actor, scope, correlation_id) = (Actor::system(ACTOR), Scope::All, transfer.as_uuid());
        let caller = Caller { actor, correlation_id, idempotency: None, scope };
        let late = Late::of(&command, &caller);
        let request = Request { command, command_id, caller };
        let mut executed = [self.executor.execute(request).await];
        self.look_back(late.map(|late| (0, late)), &mut executed).await;
        let [executed] = executed;
        executed
    }

    async fn is_claimed(&self, key: ClaimKey) -> Result<bool, String> {
        let found = self.log.find_claims(&[key], self.clock.now()).await;
        let found = found.map_err(|error| error.to_string())?;
        Ok(found.iter().any(Option::is_some))
    }
}

/// Whether a refusal stands for ever, so that no other try can succeed any more. A hold may: what it holds ends by itself,
/// and a late success is released.
fn is_final(step: &TransferStep, refusal: &StoreRefusal) -> bool {
    match step {
        TransferStep::Hold { .. } => refusal.history_needed().is_none(),
        TransferStep::Dispatch { .. } | TransferStep::Release { .. } => refusal.is_only_ended(),
        TransferStep::PutAway { .. } => false,
    }
}

/// The reasons, as a text for people.
fn told(error: CommandError) -> String {
    match error {
        CommandError::Refused { lines, .. } => {
            let line = |line: &super::decider::LineRefusal| {
                format!("product {}: {}", line.product, line.refusal)
            };
            lines.iter().map(line).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

/// The claim that says that a command was executed.
fn done_key(command: &StoreCommand) -> ClaimKey {
    match (command.step, command.subject) {
        (None, Subject::NewReservation { id, .. }) => claims::key(id),
        (step, _) => claims::step_key(step.unwrap_or_default()),
    }
}

fn step_command(
    transfer: TransferId,
    command_id: Uuid,
    step: &TransferStep,
    now: Timestamp,
) -> StoreCommand {
    let reservation = hold_of(transfer);
    match step {
        TransferStep::Hold { store, lines, until } => {
            let ttl = time_left(now, *until);
            let lines = lines.iter().map(|line| hold(transfer, *line, ttl)).collect();
            // its own id makes it unique
            let subject = Subject::NewReservation { id: reservation, chosen: true };
            StoreCommand::reservation(*store, lines, subject)
        }
        TransferStep::Dispatch { store, destination, products, occurred_at } => {
            let dispatch = DispatchTransfer {
                transfer_id: transfer,
                reservation_id: reservation,
                destination: *destination,
                occurred_at: *occurred_at,
            };
            let command = Command::DispatchTransfer(dispatch);
            let lines = products.iter().map(|id| LineCommand::required(*id, command.clone()));
            of_step(*store, lines.collect(), command_id)
        }
        TransferStep::Release { store, products } => {
            let (reservation_id, quantity, reason) = (reservation, None, None);
            let release = ReleaseReservation { reservation_id, quantity, reason };
            let command = Command::ReleaseReservation(release);
            let line = |id: &ProductId| LineCommand {
                optional: true,
                ..LineCommand::required(*id, command.clone())
            };
            of_step(*store, products.iter().map(line).collect(), command_id)
        }
        TransferStep::PutAway { store, from, lines, occurred_at } => {
            let line = |(product, quantity): &(ProductId, PositiveQuantity)| {
                let (transfer_id, from, quantity) = (transfer, *from, *quantity);
                let occurred_at = *occurred_at;
                let receive = ReceiveTransfer { transfer_id, from, quantity, occurred_at };
                LineCommand::required(*product, Command::ReceiveTransfer(receive))
            };
            of_step(*store, lines.iter().map(line).collect(), command_id)
        }
    }
}

fn of_step(store: StoreId, lines: Vec<LineCommand>, command_id: Uuid) -> StoreCommand {
    let command = StoreCommand::reservation(store, lines, Subject::Levels);
    StoreCommand { step: Some(command_id), ..command }
}

fn hold(
    transfer: TransferId,
    (product, quantity): (ProductId, PositiveQuantity),
    ttl: TimeToLive,
) -> LineCommand {
    let reserve = ReserveStock {
        reservation_id: hold_of(transfer),
        quantity,
        ttl,
        reason: Reason::new(&format!("transfer {transfer}")).ok(),
        order: None,
        customer: None,
        sold_at: None,
    };
    LineCommand::required(product, Command::ReserveStock(reserve))
}

/// The reservation that holds a transfer's units at its source.
fn hold_of(transfer: TransferId) -> ReservationId {
    ReservationId::from_uuid(Uuid::new_v5(&transfer.as_uuid(), b"hold"))
}

/// The time until a moment, in whole seconds and at least one.
fn time_left(now: Timestamp, until: Timestamp) -> TimeToLive {
    let seconds = until.as_millis().saturating_sub(now.as_millis()).div_euclid(1_000);
    TimeToLive::from_seconds(seconds.max(1)).unwrap_or_default()
}
