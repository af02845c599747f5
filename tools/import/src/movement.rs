//! What a line means for one stock level, and the requests that bring it about.

use anyhow::{Context, bail};
use gondola_inventory::use_cases::{
    CommandError, LevelRef, Performed, ProductRef, SaleHalf, StockCommands, StockRequest, StoreRef,
};
use gondola_inventory_domain::{
    AddStock, AdjustStock, Command, CountStock, CustomerRef, OnShortage, PositiveQuantity,
    ProductId, Reason, Reference, ReservationId, ReserveStock, StockDelta, StoreId, TimeToLive,
    TransactionRef, stream_id,
};
use kit_core::{Caller, StreamId, Timestamp};

use super::deterministic_ids::DeterministicIds;
use super::reject::Reject;
use super::services::Author;

/// A change of one stock level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Movement {
    pub(super) store: StoreId,
    pub(super) product: ProductId,
    pub(super) change: Change,
}

impl Movement {
    /// The stock level's events.
    pub(super) fn stream(&self) -> StreamId {
        stream_id(self.product, self.store)
    }
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

/// A sale: the units are reserved, and the reservation is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sale {
    pub(super) quantity: PositiveQuantity,
    pub(super) transaction: TransactionRef,
    pub(super) customer: Option<CustomerRef>,
    pub(super) occurred_at: Option<Timestamp>,
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

/// The number of the first try of a sale.
const FIRST_TRY: u16 = 1;

/// Codes of the refusals of a sale because there are, or were, too few units.
const TOO_FEW: [&str; 2] = ["insufficient-stock", "not-on-hand-then"];

/// Makes the requests of an import.
#[derive(Clone, Debug)]
pub(super) struct Commands {
    pub(super) ids: DeterministicIds,
    pub(super) author: Author,
    /// Whether the goods of all sales have left, those too that the books do not have.
    pub(super) already_left: bool,
}

impl Commands {
    /// Adds the requests of a line to a group, to be performed in this order; `number` is the try of a sale.
    pub(super) fn add(&self, line: u64, movement: &Movement, number: u16, group: &mut Group) {
        let level = level(movement);
        let request = match &movement.change {
            Change::Sold(sale) => {
                let half = SaleHalf::Reserve { quantity: sale.quantity, sold_at: sale.occurred_at };
                group.push((self.half(line, movement, number, half), self.caller(line)));
                self.half(line, movement, number, commit(sale))
            }
            Change::Added(add) => StockRequest::AddStock { level, add: add.clone() },
            Change::Counted(count) => StockRequest::CountStock { level, count: count.clone() },
        };
        group.push((request, self.caller(line)));
    }

    /// What a stock level decides first of a line.
    pub(super) fn first_decision(&self, line: u64, movement: &Movement) -> Command {
        match &movement.change {
            Change::Sold(sale) => Command::ReserveStock(ReserveStock {
                reservation_id: self.reservation(line, FIRST_TRY),
                quantity: sale.quantity,
                ttl: TimeToLive::default(),
                reason: None,
                order: None,
                customer: None,
                sold_at: sale.occurred_at,
            }),
            Change::Added(add) => Command::AddStock(add.clone()),
            Change::Counted(count) => Command::CountStock(count.clone()),
        }
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

    /// Executes lines in their order and gives their outcomes; what was sold beyond the books is taken off them after the
    /// rest, where that was said.
    pub(super) async fn execute<'a>(
        &self,
        stock: &StockCommands,
        lines: impl Iterator<Item = (u64, &'a Movement)> + Clone,
    ) -> anyhow::Result<Vec<Outcome>> {
        let mut group = Vec::with_capacity(lines.size_hint().0 * 2);
        for (line, movement) in lines.clone() {
            self.add(line, movement, FIRST_TRY, &mut group);
        }
        let mut results = stock.perform_all(group).await.into_iter();
        let mut outcomes = Vec::with_capacity(lines.size_hint().0);
        for (line, movement) in lines {
            let outcome = Self::outcome(movement, &mut results)?;
            outcomes.push(self.or_already_left(stock, line, movement, outcome).await?);
        }
        Ok(outcomes)
    }

    /// Takes the goods of a sale off the books, if they were too few for it and have left all the same.
    async fn or_already_left(
        &self,
        stock: &StockCommands,
        line: u64,
        movement: &Movement,
        outcome: Outcome,
    ) -> anyhow::Result<Outcome> {
        match (&movement.change, &outcome) {
            (Change::Sold(sale), Outcome::Refused(reject))
                if self.already_left && TOO_FEW.contains(&reject.code) =>
            {
                let adjustment = gone(sale)?;
                let request = StockRequest::AdjustStock { level: level(movement), adjustment };
                settle(Some(stock.perform(request, self.caller(line)).await))
            }
            _ => Ok(outcome),
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
        let outcome = Self::outcome(movement, &mut stock.perform_all(group).await.into_iter())?;
        self.or_already_left(stock, line, movement, outcome).await
    }

    /// Whether a line is asked again though later ones of its stock level are done: goods that have left are taken off the
    /// books after the rest of their group, so an import that broke off in between has not refused them.
    pub(super) fn asks_again(&self, movement: &Movement) -> bool {
        self.already_left && matches!(movement.change, Change::Sold(_))
    }

    fn half(&self, line: u64, movement: &Movement, number: u16, half: SaleHalf) -> StockRequest {
        let reservation = self.reservation(line, number);
        StockRequest::RecordSale { level: level(movement), reservation, half }
    }

    /// Without an idempotency key: what is in the log already is known from the log itself.
    fn caller(&self, line: u64) -> Caller {
        let Author { actor, scope } = self.author.clone();
        Caller { actor, correlation_id: self.ids.of_line(line), idempotency: None, scope }
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
    SaleHalf::Commit { transaction, customer, occurred_at: sale.occurred_at }
}

/// A sale of goods that the books do not have.
fn gone(sale: &Sale) -> anyhow::Result<AdjustStock> {
    Ok(AdjustStock {
        delta: StockDelta::from(sale.quantity).negated(),
        reason: Reason::new("Sale of goods already gone")?,
        reference: Reference::new(sale.transaction.as_str()).ok(),
        occurred_at: sale.occurred_at,
        on_shortage: OnShortage::RevokeNewest,
        already_left: true,
    })
}

/// Tells a refusal of the line from a failure of the import.
fn settle(performed: Option<Performed>) -> anyhow::Result<Outcome> {
    match performed {
        None => bail!("the command executor gave no answer"),
        Some(Ok(_)) => Ok(Outcome::Applied),
        Some(Err(CommandError::Refused { lines, .. })) => {
            let refused = lines.first().map(|line| Reject::refused(&line.refusal));
            Ok(Outcome::Refused(refused.context("a refusal names no line")?))
        }
        Some(Err(error)) => Err(error.into()),
    }
}
