//! The door to split reservations: requests go in, and each comes out as the split reservation stands after it.

use std::sync::Arc;
use std::time::Duration;

use gondola_inventory_domain::{
    CommitSplitReservation, Customer, CustomerRef, InvalidBasket, NextStep, OrderRef, PlannedPart,
    PositiveQuantity, Reason, RequestSplitReservation, SplitBasket, SplitRefusal, SplitReservation,
    SplitReservationCommand, SplitReservationId, StoreId, TimeToLive, TransactionRef, Wanted,
    split_stream_id, sum_demand,
};
use kit_core::{Actor, Caller, Clock, IdSource, Position, Scope, Timestamp, Version};
use kit_event_store::{EventStore, EventStoreError};
use kit_executor::{CommandReceipt, Deps as ExecutorDeps, Executor, ExecutorConfig};
use kit_process_manager::{DueProcesses, Processes, Runner};
use kit_service::ReadError;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::codec::decode_split_event;
use super::process::{ACTOR, SplitReservationProcess, Stores, ToSplitReservation};
use crate::use_cases::{
    Catalogue, Customers, ProductRef, StockCommands, StoreRef, UnknownName, route,
};

/// Name of the runner's lease, and of split reservations in metrics.
const NAME: &str = "split-reservations";

/// Split reservations kept in memory; they are read again when they are needed.
const LIVE_MAX: usize = 10_000;

/// How long a request waits until its split reservation stands still. It goes on afterwards.
const SETTLE_MAX: Duration = Duration::from_secs(2);

/// Most events of a split reservation that are told: three plans with twenty parts each have less.
const HISTORY_MAX: usize = 500;

/// A split reservation that is asked for, with stores and products by id or by code.
#[derive(Clone, Debug)]
pub struct SplitReservationOrder {
    /// What is wanted from where.
    pub wanted: WantedParts,
    /// Time from now until the deadline.
    pub ttl: TimeToLive,
    /// The reason, as free text.
    pub reason: Option<Reason>,
    /// The order that it is for.
    pub order: Option<OrderRef>,
    /// The customer that it is for.
    pub customer: Option<CustomerRef>,
}

/// What is wanted from where, as a request names it.
#[derive(Clone, Debug)]
pub enum WantedParts {
    /// From these stores; lines of one product are added up.
    Named(Vec<(StoreRef, Vec<(ProductRef, PositiveQuantity)>)>),
    /// From stores that are still to be found; what it names is within the scope of the caller.
    Found(SplitBasket),
}

/// A split reservation as it stands.
#[derive(Clone, Debug)]
pub struct SplitReservationAt {
    /// Which one.
    pub id: SplitReservationId,
    /// How it stands.
    pub split: SplitReservation,
    /// The version that it is at.
    pub version: Version,
    /// Position of its last event.
    pub position: Position,
}

impl SplitReservationAt {
    /// Whether it stands still: until somebody wants something of it, or its deadline passes.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        !matches!(self.split.next_step(), NextStep::Perform { .. })
    }
}

/// One event of a split reservation, as people are told of it.
#[derive(Clone, Debug)]
pub struct SplitHistoryEntry {
    /// Its name in the log.
    pub event_type: &'static str,
    /// Number of the part that it is about, if it is about one.
    pub part: Option<u32>,
    /// More about it, if there is more.
    pub detail: Option<String>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// Its position in the log.
    pub position: Position,
}

/// A request that was not performed.
#[derive(Debug, thiserror::Error)]
pub enum SplitReservationError {
    /// The rules of split reservations do not allow it.
    #[error(transparent)]
    Refused(#[from] SplitRefusal),
    /// A store or product that the catalogue does not have.
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    /// Lines that cannot be held in one piece.
    #[error(transparent)]
    InvalidLines(#[from] InvalidBasket),
    /// Not performed for another reason than the rules.
    #[error(transparent)]
    Failed(#[from] kit_service::CommandError),
    /// How it stands cannot be told now; it was performed.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// What split reservations work with.
pub(crate) struct SplitReservationsDeps {
    pub(crate) event_store: Arc<dyn EventStore>,
    pub(crate) commands: Arc<StockCommands>,
    pub(crate) due: Arc<dyn DueProcesses>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    /// Where they are driven, whether or not a request still waits.
    pub(crate) tasks: TaskTracker,
}

/// Performs requests about split reservations, and drives each as far as it goes by itself.
pub struct SplitReservations {
    processes: Arc<Processes<SplitReservationProcess>>,
    log: Arc<dyn EventStore>,
    catalogue: Arc<Catalogue>,
    customers: Customers,
    tasks: TaskTracker,
}

impl SplitReservations {
    /// Starts the executor of split reservations, and gives their runner too, which is still to be run.
    pub(crate) fn start(
        deps: SplitReservationsDeps,
        limits: ExecutorConfig,
    ) -> (Self, Runner<SplitReservationProcess>) {
        let SplitReservationsDeps { event_store, commands, due, clock, ids, tasks } = deps;
        let decider = Arc::new(SplitReservationProcess);
        let executor_deps = ExecutorDeps {
            decider: Arc::clone(&decider),
            event_store: Arc::clone(&event_store),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
        };
        let limits = ExecutorConfig { shards: 1, live_max: LIVE_MAX, ..limits };
        let executor = Executor::start(&executor_deps, limits, &tasks);
        let catalogue = Arc::clone(&commands.catalogue);
        let customers = commands.customers.clone();
        let processes = Arc::new(Processes {
            process: decider,
            executor: executor.clone(),
            participants: Arc::new(Stores { commands, executor }),
            clock,
            ids,
            actor: Actor::system(ACTOR),
        });
        let runner = Runner::new(NAME, Arc::clone(&processes), due);
        (Self { processes, log: event_store, catalogue, customers, tasks }, runner)
    }

    /// Begins a split reservation, whose parts the stores hold, or which is refused.
    pub async fn request(
        &self,
        order: SplitReservationOrder,
        mut caller: Caller,
    ) -> Result<CommandReceipt<SplitReservationAt>, SplitReservationError> {
        let SplitReservationOrder { wanted, ttl, reason, order, customer } = order;
        let customer = self.customer(customer, &mut caller).await?;
        let wanted = match wanted {
            WantedParts::Named(parts) => Wanted::Parts(self.parts(parts, &caller.scope).await?),
            WantedParts::Found(basket) => Wanted::Basket(basket),
        };
        let request = RequestSplitReservation { wanted, ttl, reason, order, customer };
        let Processes { ids, clock, .. } = self.processes.as_ref();
        let id = SplitReservationId::from_uuid(ids.next_id(clock.now()));
        self.perform(id, SplitReservationCommand::RequestSplitReservation(request), caller).await
    }

    /// Has all parts sold to a customer, if that is not the one whom it was reserved for.
    pub async fn commit(
        &self,
        id: SplitReservationId,
        transaction: TransactionRef,
        customer: Option<CustomerRef>,
        mut caller: Caller,
    ) -> Result<CommandReceipt<SplitReservationAt>, SplitReservationError> {
        let customer = self.customer(customer, &mut caller).await?;
        let sale = CommitSplitReservation { transaction, customer };
        self.perform(id, SplitReservationCommand::CommitSplitReservation(sale), caller).await
    }

    /// The customer of a request as its command names them.
    async fn customer(
        &self,
        customer: Option<CustomerRef>,
        caller: &mut Caller,
    ) -> Result<Option<Customer>, SplitReservationError> {
        let Some(customer) = customer else { return Ok(None) };
        let identified = self.customers.identify([&customer].into_iter()).await;
        let identified = identified.map_err(kit_service::CommandError::from)?;
        identified.bind(Some(&customer), caller);
        Ok(Some(identified.name(customer).map_err(kit_service::CommandError::from)?))
    }

    /// The caller must have every store.
    async fn parts(
        &self,
        named: Vec<(StoreRef, Vec<(ProductRef, PositiveQuantity)>)>,
        scope: &Scope,
    ) -> Result<Vec<PlannedPart>, SplitReservationError> {
        let mut parts = Vec::with_capacity(named.len());
        for (store, lines) in named {
            let store = self.catalogue.store(&store, scope).await?;
            let lines = sum_demand(&self.catalogue.lines(&lines).await?)?;
            parts.push(PlannedPart { store, lines });
        }
        Ok(parts)
    }

    /// Performs a command, and drives the split reservation as far as it goes by itself; what takes longer than two seconds
    /// or fails on the way goes on later. Who does not see all of its stores does not see it at all.
    pub async fn perform(
        &self,
        id: SplitReservationId,
        command: SplitReservationCommand,
        caller: Caller,
    ) -> Result<CommandReceipt<SplitReservationAt>, SplitReservationError> {
        let begins = matches!(command, SplitReservationCommand::RequestSplitReservation(_));
        if !begins && self.find(id, &caller.scope).await?.is_none() {
            return Err(SplitRefusal::Unknown.into());
        }
        let receipt = self.order(id, command, caller).await?;
        let id = receipt.answer;
        self.settle(id.as_uuid()).await;
        let answer = inspect(&self.processes, id).await?.ok_or(SplitRefusal::Unknown)?;
        let CommandReceipt { position, repeated, .. } = receipt;
        Ok(CommandReceipt { position: position.max(answer.position), answer, repeated })
    }

    /// Records what is wanted, and leaves it to the runner.
    pub async fn order(
        &self,
        id: SplitReservationId,
        command: SplitReservationCommand,
        caller: Caller,
    ) -> Result<CommandReceipt<SplitReservationId>, SplitReservationError> {
        match self.processes.executor.perform(ToSplitReservation { id, command }, caller).await {
            Ok(receipt) => Ok(receipt),
            Err(rejection) => Err(kit_service::CommandError::or_refusal(rejection)?.into()),
        }
    }

    /// Waits until it stands still, but not for long; it is driven on without the waiting request.
    async fn settle(&self, id: Uuid) {
        let driven = self.tasks.spawn(drive(Arc::clone(&self.processes), id));
        // late or failed: the answer tells how far it is, and the runner drives it on
        let _ = tokio::time::timeout(SETTLE_MAX, driven).await;
    }

    /// A split reservation as it stands, if all of its stores are within a scope.
    pub async fn find(
        &self,
        id: SplitReservationId,
        scope: &Scope,
    ) -> Result<Option<SplitReservationAt>, ReadError> {
        let sees = |found: &SplitReservationAt| {
            let is_own = |store: StoreId| scope.allows(store.as_uuid());
            let stores = found.split.stores();
            scope.owners().is_none() || stores.is_some_and(|stores| stores.into_iter().all(is_own))
        };
        Ok(inspect(&self.processes, id).await?.filter(sees))
    }

    /// What happened to a split reservation, in order.
    pub async fn history(
        &self,
        id: SplitReservationId,
    ) -> Result<Vec<SplitHistoryEntry>, ReadError> {
        let stream = split_stream_id(id);
        let recorded = self.log.read_stream(&stream, Version::ZERO, HISTORY_MAX).await?;
        let entry = |recorded: Arc<kit_core::RecordedEvent>| {
            let event = decode_split_event(&recorded)?;
            Ok(SplitHistoryEntry {
                event_type: event.type_name(),
                part: event.part(),
                detail: event.detail().map(str::to_owned),
                recorded_at: recorded.metadata.recorded_at,
                actor: recorded.metadata.actor.clone(),
                position: recorded.position,
            })
        };
        let entries = recorded.into_iter().map(entry).collect::<Result<_, EventStoreError>>();
        Ok(entries?)
    }
}

/// Drives a split reservation until it stands still. A drive has so many steps and no more; of these there may be more.
async fn drive(processes: Arc<Processes<SplitReservationProcess>>, id: Uuid) {
    loop {
        if let Err(error) = processes.drive(id).await {
            tracing::warn!(split_reservation = %id, %error, "split_reservation_not_driven");
            return;
        }
        match inspect(&processes, SplitReservationId::from_uuid(id)).await {
            Ok(Some(found)) if !found.is_settled() => {}
            _ => return,
        }
    }
}

/// A split reservation as it stands, by its own stream; `None` when there is none.
async fn inspect(
    processes: &Processes<SplitReservationProcess>,
    id: SplitReservationId,
) -> Result<Option<SplitReservationAt>, ReadError> {
    let (route, stream) = (route(id.as_uuid()), split_stream_id(id));
    let take = move |found: kit_executor::Versioned<'_, SplitReservation>| SplitReservationAt {
        id,
        split: found.state.clone(),
        version: found.version,
        position: found.position,
    };
    let found = processes.executor.inspect(route, stream, take).await?;
    Ok(found.split.terms().is_some().then_some(found))
}
