//! What a line means for one stock level, and the requests that bring it about.

use anyhow::bail;
use gondola_inventory::use_cases::{
    CommandError, Count, LevelRef, Performed, ProductRef, SaleHalf, StockCommands, StockRequest,
    StoreRef,
};
use gondola_inventory_domain::{
    AddStock, CustomerRef, PositiveQuantity, ProductId, Refusal, ReservationId, StoreId,
    TransactionRef,
};
use kit_core::{Actor, Caller};

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
    Counted(Count),
}

/// A sale: the units are reserved, and the reservation is committed.
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

/// Requests that are performed together.
pub(super) type Group = Vec<(StockRequest, Caller)>;

/// Makes the requests of an import.
#[derive(Clone, Debug)]
pub(super) struct Commands {
    pub(super) ids: DeterministicIds,
    pub(super) actor: Actor,
}

impl Commands {
    /// Adds the requests of a line to a group, to be performed in this order; `number` is the try of a sale.
    pub(super) fn add(&self, line: u64, movement: &Movement, number: u16, group: &mut Group) {
        let level = level(movement);
        let request = match &movement.change {
            Change::Sold(sale) => {
                let half = SaleHalf::Reserve { quantity: sale.quantity };
                group.push((self.half(line, movement, number, half), self.caller(line)));
                self.half(line, movement, number, commit(sale))
            }
            Change::Added(add) => StockRequest::AddStock { level, add: add.clone() },
            Change::Counted(count) => StockRequest::CountStock { level, count: count.clone() },
        };
        group.push((request, self.caller(line)));
    }

    /// What became of a line, from the results of its requests.
    pub(super) fn outcome(
        movement: &Movement,
        results: &mut impl Iterator<Item = Performed>,
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

    /// Finishes a sale whose reservation was made in try `number` by an interrupted run.
    pub(super) async fn finish(
        &self,
        stock: &StockCommands,
        line: u64,
        movement: &Movement,
        number: u16,
    ) -> anyhow::Result<Outcome> {
        let Change::Sold(sale) = &movement.change else {
            bail!("line {line} is no sale any more: the file or the catalogue has changed");
        };
        let request = self.half(line, movement, number, commit(sale));
        let performed = stock.perform(request, self.caller(line)).await;
        if settle(Some(performed))? == Outcome::Applied {
            return Ok(Outcome::Applied);
        }
        // the reservation has expired since and its units were free again: another one is needed
        let mut group = Vec::with_capacity(2);
        self.add(line, movement, number.saturating_add(1), &mut group);
        Self::outcome(movement, &mut stock.perform_all(group).await.into_iter())
    }

    fn half(&self, line: u64, movement: &Movement, number: u16, half: SaleHalf) -> StockRequest {
        let reservation = self.reservation(line, number);
        StockRequest::RecordSale { level: level(movement), reservation, half }
    }

    /// Without an idempotency key: what is in the log already is known from the log itself.
    fn caller(&self, line: u64) -> Caller {
        let (actor, correlation_id) = (self.actor.clone(), self.ids.of_line(line));
        Caller { actor, correlation_id, idempotency: None }
    }

    fn reservation(&self, line: u64, number: u16) -> ReservationId {
        ReservationId::from_uuid(self.ids.of_try(line, number))
    }
}

fn level(movement: &Movement) -> LevelRef {
    LevelRef { store: StoreRef::Id(movement.store), product: ProductRef::Id(movement.product) }
}

fn commit(sale: &Sale) -> SaleHalf {
    let (transaction, customer) = (sale.transaction.clone(), sale.customer.clone());
    SaleHalf::Commit { transaction, customer }
}

/// Tells a refusal of the line from a failure of the import.
fn settle(performed: Option<Performed>) -> anyhow::Result<Outcome> {
    match performed {
        None => bail!("the command executor gave no answer"),
        Some(Ok(_)) => Ok(Outcome::Applied),
        Some(Err(CommandError::Refused { lines, .. })) => {
            let refusal: Option<&Refusal> = lines.first().map(|line| &line.refusal);
            let code = refusal.map_or("refused", Refusal::code);
            let reason = refusal.map_or_else(String::new, Refusal::to_string);
            Ok(Outcome::Refused(Reject::new(code, reason)))
        }
        Some(Err(error)) => Err(error.into()),
    }
}
