//! Changing stock: what callers ask for becomes commands to one store, and refusals become reasons.

use std::sync::Arc;

use gondola_inventory_domain::{
    Command, CommitReservation, CountStock, CustomerRef, ExtendReservation, PositiveQuantity,
    ProductId, Reason, Refusal, ReleaseCause, ReleaseReservation, ReservationId, StockQuantity,
    StoreId, TimeToLive, TransactionRef,
};
use kit_core::{Caller, IdSource, Timestamp};
use kit_event_store::EventStoreError;
use kit_executor::{CommandReceipt, CommandResult, Executor, Rejection, Request};

use super::answer::{Answer, LineAnswer};
use super::claims;
use super::command::{Line, StoreCommand};
use super::decider::{InventoryDecider, LineRefusal, StoreRefusal};
use super::queries::{Freshness, Queries, ReadError};
use super::reservation::{LineStatus, ReservationView};

/// How a reservation is to end or go on.
#[derive(Clone, Debug)]
pub enum EndReservation {
    /// The sale happened.
    Commit {
        /// The sale.
        transaction: TransactionRef,
        /// Who bought.
        customer: Option<CustomerRef>,
        /// What was sold of it.
        sold: Sold,
    },
    /// The promise is void.
    Release {
        /// Why.
        reason: Option<Reason>,
    },
    /// Its deadline becomes now plus this.
    Extend(TimeToLive),
}

/// What was sold of a reservation.
#[derive(Clone, Debug)]
pub enum Sold {
    /// All of it.
    All,
    /// So many of its only line.
    Units(StockQuantity),
    /// So many of each of these; lines that are not named were not sold.
    Lines(Vec<(ProductId, PositiveQuantity)>),
}

/// A command that was not executed.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Lines that cannot be done.
    #[error("the command is refused")]
    Refused {
        /// The store.
        store: StoreId,
        /// Each line and why.
        lines: Vec<LineRefusal>,
    },
    /// No reservation has this id.
    #[error("no reservation {0} is known; it may be older than 30 days")]
    UnknownReservation(ReservationId),
    /// Another reservation has this id.
    #[error("reservation id {0} is taken; choose a new one")]
    ReservationIdTaken(ReservationId),
    /// The reservation has ended otherwise.
    #[error("the reservation has ended")]
    Ended(Box<ReservationView>),
    /// A line that the reservation does not have.
    #[error("reservation {id} has no line of product {product}; name only its own products")]
    NoSuchLine {
        /// The reservation.
        id: ReservationId,
        /// The product.
        product: ProductId,
    },
    /// One quantity for several lines.
    #[error("reservation {id} has {lines} lines; say what was sold of each with \"lines\"")]
    SeveralLines {
        /// The reservation.
        id: ReservationId,
        /// How many lines it has.
        lines: usize,
    },
    /// The idempotency key was used for another command.
    #[error("the idempotency key was used for another request; use a new key for a new request")]
    KeyReused,
    /// Others kept changing the same stock.
    #[error("others changed the same stock at the same time, {0} times in a row; try again")]
    Conflict(u32),
    /// Too many commands wait.
    #[error("too many commands wait for this store; try again shortly")]
    Overloaded,
    /// The log failed.
    #[error(transparent)]
    Store(EventStoreError),
    /// A question that the command needed an answer to failed.
    #[error(transparent)]
    Read(#[from] ReadError),
}

type Written = Result<CommandReceipt<Answer>, WriteError>;

/// The commands of this context.
pub struct Writes {
    executor: Executor<InventoryDecider>,
    queries: Arc<Queries>,
    ids: Arc<dyn IdSource>,
}

impl Writes {
    /// Puts the commands together.
    #[must_use]
    pub fn new(
        executor: Executor<InventoryDecider>,
        queries: Arc<Queries>,
        ids: Arc<dyn IdSource>,
    ) -> Self {
        Self { executor, queries, ids }
    }

    /// A new reservation id.
    pub fn new_reservation_id(&self) -> ReservationId {
        ReservationId::from_uuid(self.ids.next_id(self.queries.now()))
    }

    /// Executes one command.
    pub async fn execute(&self, command: StoreCommand, caller: Caller) -> Written {
        let store = command.store;
        let executed = self.executor.execute(self.request(command, caller)).await;
        explain(store, executed)
    }

    /// Executes many commands, those of one store in order; each has a result of its own.
    pub async fn execute_all(&self, commands: Vec<(StoreCommand, Caller)>) -> Vec<Written> {
        let stores: Vec<StoreId> = commands.iter().map(|(command, _)| command.store).collect();
        let requests = commands.into_iter().map(|(command, caller)| self.request(command, caller));
        let executed = self.executor.execute_all(requests.collect()).await;
        stores.into_iter().zip(executed).map(|(store, one)| explain(store, one)).collect()
    }

    /// Completes a count that was taken in the past with what the log said at that moment, which cannot change any more.
    pub async fn place_count(
        &self,
        store: StoreId,
        product: ProductId,
        mut count: CountStock,
    ) -> Result<CountStock, WriteError> {
        if let Some(at) = count.occurred_at
            && at < self.queries.now()
        {
            let then = self.queries.state_at(store, product, at).await?;
            count.on_hand_then =
                Some(then.map_or(StockQuantity::ZERO, |(level, _)| level.on_hand()));
        }
        Ok(count)
    }

    /// Finds a reservation's stock levels and what ending it asks of them.
    pub async fn plan_end(
        &self,
        id: ReservationId,
        end: &EndReservation,
    ) -> Result<StoreCommand, WriteError> {
        let now = self.queries.now();
        let found = self.queries.log.find_claims(&[claims::key(id)], now).await;
        let found = found.map_err(WriteError::Store)?.into_iter().next().flatten();
        let levels = found.and_then(|claim| claims::parse(&claim.value));
        let (store, products) = levels.ok_or(WriteError::UnknownReservation(id))?;
        let lines = end_lines(id, &products, end)?;
        Ok(StoreCommand { store, lines, makes: None })
    }

    /// Ends or extends a reservation. Saying the same again after it is done gives the same answer again.
    pub async fn end(&self, id: ReservationId, end: EndReservation, caller: Caller) -> Written {
        let command = self.plan_end(id, &end).await?;
        match self.execute(command, caller).await {
            Err(WriteError::Refused { store, lines }) if ended_before(&lines) => {
                self.how_it_ended(id, store, lines, &end).await
            }
            other => other,
        }
    }

    /// The reservation is not active: the views know how it ended.
    ///
    /// The refusal itself came from the log; the view only says which one, so it is awaited up to the log's end.
    pub async fn how_it_ended(
        &self,
        id: ReservationId,
        store: StoreId,
        lines: Vec<LineRefusal>,
        end: &EndReservation,
    ) -> Written {
        let position = self.queries.head();
        let Some(view) = self.queries.reservation(id).await? else {
            return Err(WriteError::Refused { store, lines });
        };
        let repeated = match (end, view.status(self.queries.now())) {
            (EndReservation::Commit { transaction, .. }, LineStatus::Committed) => {
                view.transaction.as_deref() == Some(transaction.as_str())
            }
            (EndReservation::Release { .. }, LineStatus::Released(cause)) => {
                cause == ReleaseCause::Cancelled
            }
            _ => false,
        };
        if !repeated {
            return Err(WriteError::Ended(Box::new(view)));
        }
        let answer = self.answer_again(&view).await?;
        Ok(CommandReceipt { answer, position, repeated: true })
    }

    async fn answer_again(&self, view: &ReservationView) -> Result<Answer, WriteError> {
        let mut lines = Vec::with_capacity(view.lines.len());
        for line in &view.lines {
            let level = self.queries.level(view.store, line.product, Freshness::Eventual).await?;
            let Some(level) = level else { continue };
            let sold = line.status == LineStatus::Committed;
            let quantity = if sold { line.committed } else { line.quantity };
            lines.push(LineAnswer { level, quantity });
        }
        let (store, as_of) = (view.store, self.queries.now());
        Ok(Answer { store, as_of, reservation: Some(view.id), expires_at: None, lines })
    }

    fn request(&self, command: StoreCommand, caller: Caller) -> Request<StoreCommand> {
        let command_id = self.ids.next_id(self.queries.now());
        Request { command, command_id, caller }
    }

    /// The present moment on the server's monotonic clock.
    pub fn now(&self) -> Timestamp {
        self.queries.now()
    }
}

/// Whether the only thing wrong is that the reservation has ended.
pub(crate) fn ended_before(lines: &[LineRefusal]) -> bool {
    lines.iter().all(|line| matches!(line.refusal, Refusal::ReservationNotActive { .. }))
}

fn end_lines(
    id: ReservationId,
    products: &[ProductId],
    end: &EndReservation,
) -> Result<Vec<Line>, WriteError> {
    let reservation_id = id;
    let line = |product: &ProductId, command| Line { product: *product, command, optional: false };
    let (transaction, customer, sold) = match end {
        EndReservation::Release { reason } => {
            let release = ReleaseReservation { reservation_id, reason: reason.clone() };
            let release = Command::ReleaseReservation(release);
            return Ok(products.iter().map(|product| line(product, release.clone())).collect());
        }
        EndReservation::Extend(ttl) => {
            let extend = ExtendReservation { reservation_id, ttl: *ttl };
            let extend = Command::ExtendReservation(extend);
            return Ok(products.iter().map(|product| line(product, extend.clone())).collect());
        }
        EndReservation::Commit { transaction, customer, sold } => (transaction, customer, sold),
    };
    let commit = |quantity| {
        let (transaction, customer) = (transaction.clone(), customer.clone());
        Command::CommitReservation(CommitReservation {
            reservation_id,
            quantity,
            transaction,
            customer,
        })
    };
    match sold {
        Sold::All => Ok(products.iter().map(|product| line(product, commit(None))).collect()),
        Sold::Units(units) => match products {
            [product] => Ok(vec![line(product, commit(Some(*units)))]),
            several => Err(WriteError::SeveralLines { id, lines: several.len() }),
        },
        Sold::Lines(sold) => {
            if let Some((product, _)) = sold.iter().find(|(product, _)| !products.contains(product))
            {
                return Err(WriteError::NoSuchLine { id, product: *product });
            }
            let line = |product: &ProductId| {
                let units = sold.iter().find(|(sold, _)| sold == product).map(|(_, units)| *units);
                let quantity = units.map_or(StockQuantity::ZERO, StockQuantity::from);
                Line {
                    product: *product,
                    command: commit(Some(quantity)),
                    optional: units.is_none(),
                }
            };
            Ok(products.iter().map(line).collect())
        }
    }
}

/// What came of a command: its answer with the position that it has by now, or why it was not executed.
fn explain(store: StoreId, executed: CommandResult<InventoryDecider>) -> Written {
    let rejection = match executed {
        Ok(CommandReceipt { answer, position, repeated }) => {
            return Ok(CommandReceipt { answer: answer.at(position), position, repeated });
        }
        Err(rejection) => rejection,
    };
    Err(match rejection {
        Rejection::Refused { refusal: StoreRefusal::Lines(lines), .. } => {
            WriteError::Refused { store, lines }
        }
        Rejection::Refused { refusal: StoreRefusal::ReservationIdTaken(id), .. } => {
            WriteError::ReservationIdTaken(id)
        }
        Rejection::KeyReused => WriteError::KeyReused,
        Rejection::Conflict { tries } => WriteError::Conflict(tries),
        Rejection::Overloaded => WriteError::Overloaded,
        Rejection::Store(error) => WriteError::Store(error),
    })
}
