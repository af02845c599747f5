//! The steps of transfers in a store: each is one append, and is done once, however often it is asked for.

use gondola_inventory_domain::{
    Command, DispatchTransfer, LineCommand, PositiveQuantity, ProductId, Reason, ReceiveTransfer,
    ReleaseReservation, ReservationId, ReserveStock, TimeToLive, TransferId, TransferStep,
};
use kit_core::Timestamp;
use kit_process_manager::Performed;
use uuid::Uuid;

use super::command::{StoreCommand, Subject};
use super::decider::StoreRefusal;
use super::stock_commands::StockCommands;
use super::store_steps::{StoreStep, of_step, time_left};

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
        let (process, is_final) = (transfer.as_uuid(), |refusal: &_| is_final(step, refusal));
        let step = StoreStep { process, actor: ACTOR, command_id, command };
        self.perform_store_step(step, is_final).await
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
