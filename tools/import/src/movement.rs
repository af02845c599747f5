//! What a line means for one stock level, and the commands that bring it about.

use anyhow::bail;
use gondola_inventory::use_cases::{Answer, StoreCommand, WriteError, Writes};
use gondola_inventory_domain::{
    AddStock, Command, CommitReservation, CountStock, CustomerRef, PositiveQuantity, ProductId,
    Refusal, ReservationId, ReserveStock, StoreId, TimeToLive, TransactionRef,
};
use kit_core::{Actor, Caller};
use kit_executor::CommandReceipt;

use super::deterministic_ids::DeterministicIds;
use super::reject::Reject;

/// A change of one stock level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Movement {
    pub(super) store: StoreId,
    pub(super) product: ProductId,
    pub(super) change: Change,
}

/// What happened to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Units were sold.
    Sold(Sale),
    /// Units arrived, or came back.
    Added(AddStock),
    /// The shelf was counted.
    Counted(CountStock),
}

/// A sale: the units are promised, and the promise is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sale {
    pub(super) quantity: PositiveQuantity,
    pub(super) transaction: TransactionRef,
    pub(super) customer: Option<CustomerRef>,
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is in the log.
    Applied,
    /// The stock level refused it.
    Refused(Reject),
}

/// Commands that are executed together.
pub(super) type Group = Vec<(StoreCommand, Caller)>;

type Written = Result<CommandReceipt<Answer>, WriteError>;

/// Commands of an import.
#[derive(Clone, Debug)]
pub(super) struct Commands {
    pub(super) ids: DeterministicIds,
    pub(super) actor: Actor,
}

impl Commands {
    /// Adds the commands of a line to a group, to be executed in this order; `number` is the try of a sale.
    pub(super) fn add(&self, line: u64, movement: &Movement, number: u16, group: &mut Group) {
        match &movement.change {
            Change::Sold(sale) => {
                let reserve = Command::ReserveStock(ReserveStock {
                    reservation_id: self.reservation(line, number),
                    quantity: sale.quantity,
                    ttl: TimeToLive::default(),
                    reason: None,
                    order: None,
                    customer: None,
                });
                group.push(self.command(line, movement, reserve));
                group.push(self.commit(line, movement, sale, number));
            }
            Change::Added(add) => {
                group.push(self.command(line, movement, Command::AddStock(add.clone())));
            }
            Change::Counted(count) => {
                group.push(self.command(line, movement, Command::CountStock(count.clone())));
            }
        }
    }

    /// What became of a line, from the results of its commands.
    pub(super) fn outcome(
        movement: &Movement,
        results: &mut impl Iterator<Item = Written>,
    ) -> anyhow::Result<Outcome> {
        let first = settle(results.next())?;
        if !matches!(movement.change, Change::Sold(_)) {
            return Ok(first);
        }
        match (first, settle(results.next())?) {
            (Outcome::Applied, Outcome::Refused(reject)) => {
                bail!("a promise that was just made cannot be kept: {}", reject.reason)
            }
            (reserved, _) => Ok(reserved),
        }
    }

    /// Finishes a sale whose promise was made in try `number` by a run that was broken off.
    pub(super) async fn finish(
        &self,
        writes: &Writes,
        line: u64,
        movement: &Movement,
        number: u16,
    ) -> anyhow::Result<Outcome> {
        let Change::Sold(sale) = &movement.change else {
            bail!("line {line} is no sale any more: the file or the catalogue has changed");
        };
        let (command, caller) = self.commit(line, movement, sale, number);
        if settle(Some(writes.execute(command, caller).await))? == Outcome::Applied {
            return Ok(Outcome::Applied);
        }
        // the promise has expired since and its units were free again: another one is needed
        let mut group = Vec::with_capacity(2);
        self.add(line, movement, number.saturating_add(1), &mut group);
        Self::outcome(movement, &mut writes.execute_all(group).await.into_iter())
    }

    fn commit(
        &self,
        line: u64,
        movement: &Movement,
        sale: &Sale,
        number: u16,
    ) -> (StoreCommand, Caller) {
        let commit = Command::CommitReservation(CommitReservation {
            reservation_id: self.reservation(line, number),
            quantity: None,
            transaction: sale.transaction.clone(),
            customer: sale.customer.clone(),
        });
        self.command(line, movement, commit)
    }

    /// A command without idempotency key and claim: what is in the log already is known from the log itself.
    fn command(&self, line: u64, movement: &Movement, command: Command) -> (StoreCommand, Caller) {
        let command = StoreCommand::single(movement.store, movement.product, command);
        let (actor, correlation_id) = (self.actor.clone(), self.ids.of_line(line));
        (command, Caller { actor, correlation_id, idempotency: None })
    }

    fn reservation(&self, line: u64, number: u16) -> ReservationId {
        ReservationId::from_uuid(self.ids.of_try(line, number))
    }
}

/// Tells a refusal of the line from a failure of the import.
fn settle(written: Option<Written>) -> anyhow::Result<Outcome> {
    match written {
        None => bail!("the command executor gave no answer"),
        Some(Ok(_)) => Ok(Outcome::Applied),
        Some(Err(WriteError::Refused { lines, .. })) => {
            let refusal: Option<&Refusal> = lines.first().map(|line| &line.refusal);
            let code = refusal.map_or("refused", Refusal::code);
            let reason = refusal.map_or_else(String::new, Refusal::to_string);
            Ok(Outcome::Refused(Reject::new(code, reason)))
        }
        Some(Err(error)) => Err(error.into()),
    }
}
