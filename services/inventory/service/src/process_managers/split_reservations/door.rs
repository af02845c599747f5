//! The door to split reservations: requests go in, and each comes out as the split reservation stands after it.

use std::sync::Arc;

use gondola_inventory_domain::{
    CommitSplitReservation, CustomerRef, InvalidBasket, NextStep, OrderRef, PlannedPart,
    PositiveQuantity, Reason, RequestSplitReservation, SplitBasket, SplitRefusal, SplitReservation,
    SplitReservationCommand, SplitReservationEvent, SplitReservationId, TimeToLive, TransactionRef,
    Wanted, sum_demand,
};
use kit_core::{Actor, Caller, Position, Scope, Timestamp, Version};
use kit_event_store::EventStoreError;
use kit_executor::{CommandReceipt, Executor, ExecutorConfig};
use kit_process_manager::{Participants, Runner};
use kit_service::{ReadError, Slice};
use uuid::Uuid;

use super::process::{ACTOR, SplitReservationProcess, Stores, ToSplitReservation};
use crate::process_managers::driven::{Driven, DrivenDeps, ProcessAt};
use crate::process_managers::process_list::{ListedProcess, ProcessFilter};
use crate::process_managers::stored::StoredEvent as _;
use crate::use_cases::{Catalogue, Customers, ProductRef, StockCommands, StoreRef, UnknownName};

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
    fn of(at: ProcessAt<SplitReservation>) -> Self {
        let ProcessAt { id, state: split, version, position } = at;
        Self { id: SplitReservationId::from_uuid(id), split, version, position }
    }

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
    pub(crate) driven: DrivenDeps<SplitReservation>,
    pub(crate) commands: Arc<StockCommands>,
}

/// Performs requests about split reservations, and drives each as far as it goes by itself.
pub struct SplitReservations {
    pub(in crate::process_managers) driven: Driven<SplitReservationProcess>,
    catalogue: Arc<Catalogue>,
    customers: Customers,
}

impl SplitReservations {
    /// Starts the executor of split reservations, and gives their runner too, which is still to be run.
    pub(crate) fn start(
        deps: SplitReservationsDeps,
        limits: ExecutorConfig,
    ) -> (Self, Runner<SplitReservationProcess>) {
        let SplitReservationsDeps { driven, commands } = deps;
        let catalogue = Arc::clone(&commands.catalogue);
        let customers = commands.customers.clone();
        let stores = |executor: &Executor<_>| -> Arc<dyn Participants<_>> {
            Arc::new(Stores { commands, executor: executor.clone() })
        };
        let (driven, runner) = Driven::start(driven, limits, ACTOR, stores);
        (Self { driven, catalogue, customers }, runner)
    }

    /// Begins a split reservation, whose parts the stores hold, or which is refused.
    pub async fn request(
        &self,
        order: SplitReservationOrder,
        mut caller: Caller,
    ) -> Result<CommandReceipt<SplitReservationAt>, SplitReservationError> {
        let SplitReservationOrder { wanted, ttl, reason, order, customer } = order;
        let customer = self.customers.name(customer, &mut caller).await?;
        let wanted = match wanted {
            WantedParts::Named(parts) => Wanted::Parts(self.parts(parts, &caller.scope).await?),
            WantedParts::Found(basket) => Wanted::Basket(basket),
        };
        let request = RequestSplitReservation { wanted, ttl, reason, order, customer };
        let id = SplitReservationId::from_uuid(self.driven.new_id());
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
        let customer = self.customers.name(customer, &mut caller).await?;
        let sale = CommitSplitReservation { transaction, customer };
        self.perform(id, SplitReservationCommand::CommitSplitReservation(sale), caller).await
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
        self.driven.settle(id.as_uuid()).await;
        let answer = self.find(id, &Scope::All).await?.ok_or(SplitRefusal::Unknown)?;
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
        match self.driven.order(ToSplitReservation { id, command }, caller).await {
            Ok(receipt) => Ok(receipt),
            Err(rejection) => Err(kit_service::CommandError::or_refusal(rejection)?.into()),
        }
    }

    /// A split reservation as it stands, if all of its stores are within a scope.
    pub async fn find(
        &self,
        id: SplitReservationId,
        scope: &Scope,
    ) -> Result<Option<SplitReservationAt>, ReadError> {
        Ok(self.driven.find(id.as_uuid(), scope).await?.map(SplitReservationAt::of))
    }

    /// Split reservations, newest first.
    pub async fn list(
        &self,
        filter: ProcessFilter,
    ) -> Result<Slice<ListedProcess<SplitReservation>, Uuid>, ReadError> {
        self.driven.list(filter).await
    }

    /// Waits until the list has a position.
    pub async fn reach(&self, position: Position) -> Result<(), ReadError> {
        self.driven.reach(position).await
    }

    /// What happened to a split reservation as it stands, in order.
    pub async fn history(
        &self,
        at: &SplitReservationAt,
    ) -> Result<Vec<SplitHistoryEntry>, ReadError> {
        let recorded = self.driven.history(at.id.as_uuid(), at.version).await?;
        let entry = |recorded: Arc<kit_core::RecordedEvent>| {
            let event = SplitReservationEvent::decode(&recorded)?;
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
