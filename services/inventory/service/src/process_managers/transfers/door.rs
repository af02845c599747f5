//! The door to transfers: requests go in, and each comes out as the transfer stands after it.

use std::sync::Arc;

use gondola_inventory_domain::{
    InvalidBasket, PositiveQuantity, Reason, ReceiveArrivals, Reference, RequestTransfer,
    TimeToLive, Transfer, TransferCommand, TransferId, TransferRefusal, sum_demand,
    transfer_stream_id,
};
use kit_core::{Actor, Caller, Clock, IdSource, Position, RecordedEvent, Scope, Version};
use kit_event_store::EventStore;
use kit_executor::{CommandReceipt, Deps as ExecutorDeps, Executor, ExecutorConfig};
use kit_process_manager::{DriveError, Processes, Runner};
use kit_service::{ReadError, Slice};
use tokio_util::task::TaskTracker;

use super::process::{Stores, ToTransfer, TransferProcess};
use super::read_model::{ListedTransfer, TransferFilter, TransferReadModel};
use crate::process_managers::driven::history;
use crate::use_cases::{
    Catalogue, InboundStock, ProductRef, StockCommands, StoreRef, UnknownName, route,
};

/// Name of the runner's lease, and of transfers in metrics.
const NAME: &str = "transfers";

/// Transfers kept in memory; they are read again when they are needed.
const LIVE_MAX: usize = 10_000;

/// A transfer that is asked for, with stores and products by id or by code.
#[derive(Clone, Debug)]
pub struct TransferOrder {
    /// Where the units are.
    pub source: StoreRef,
    /// Where they go.
    pub destination: StoreRef,
    /// 1 to 500 lines; those of one product are added up.
    pub lines: Vec<(ProductRef, PositiveQuantity)>,
    /// How long they are held.
    pub hold: TimeToLive,
    /// What those who ask call it; no other transfer has it, unless that one was refused.
    pub reference: Option<Reference>,
    /// The reason, as free text.
    pub reason: Option<Reason>,
}

/// A transfer as it stands.
#[derive(Clone, Debug)]
pub struct TransferAt {
    /// Which one.
    pub id: TransferId,
    /// How it stands.
    pub transfer: Transfer,
    /// The version that it is at.
    pub version: Version,
    /// Position of its last event.
    pub position: Position,
}

/// A request that was not performed.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// The rules of transfers do not allow it.
    #[error(transparent)]
    Refused(#[from] TransferRefusal),
    /// A store or product that the catalogue does not have.
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    /// Lines that cannot be sent in one piece.
    #[error(transparent)]
    InvalidLines(#[from] InvalidBasket),
    /// Not performed for another reason than the rules.
    #[error(transparent)]
    Failed(#[from] kit_service::CommandError),
    /// How it stands cannot be told now; it was performed.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// What transfers work with.
pub(crate) struct TransfersDeps {
    pub(crate) event_store: Arc<dyn EventStore>,
    pub(crate) commands: Arc<StockCommands>,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) list: Arc<dyn TransferReadModel>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
}

/// Performs requests about transfers, and drives each as far as it goes by itself.
pub struct Transfers {
    log: Arc<dyn EventStore>,
    processes: Arc<Processes<TransferProcess>>,
    catalogue: Arc<Catalogue>,
    list: Arc<dyn TransferReadModel>,
}

impl Transfers {
    /// Starts the executor of transfers, and gives their runner too, which is still to be run.
    pub(crate) fn start(
        deps: TransfersDeps,
        limits: ExecutorConfig,
        tasks: &TaskTracker,
    ) -> (Self, Runner<TransferProcess>) {
        let TransfersDeps { event_store, commands, catalogue, list, clock, ids } = deps;
        let decider = Arc::new(TransferProcess);
        let executor_deps = ExecutorDeps {
            decider: Arc::clone(&decider),
            event_store: Arc::clone(&event_store),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
        };
        let limits = ExecutorConfig { shards: 1, live_max: LIVE_MAX, ..limits };
        let processes = Arc::new(Processes {
            process: decider,
            executor: Executor::start(&executor_deps, limits, tasks),
            participants: Arc::new(Stores(commands)),
            clock,
            ids,
            actor: Actor::system("system:transfers"),
        });
        let runner = Runner::new(NAME, Arc::clone(&processes), Arc::clone(&list) as _);
        (Self { log: event_store, processes, catalogue, list }, runner)
    }

    /// Begins a transfer, which its source holds or refuses.
    pub async fn request(
        &self,
        order: TransferOrder,
        caller: Caller,
    ) -> Result<CommandReceipt<TransferAt>, TransferError> {
        let TransferOrder { source, destination, lines, hold, reference, reason } = order;
        let mut found = Vec::with_capacity(lines.len());
        for (product, quantity) in &lines {
            found.push((self.catalogue.product(product).await?, *quantity));
        }
        let request = RequestTransfer {
            source: self.catalogue.store(&source, &caller.scope).await?,
            // anybody may send to any store: it decides by itself what it receives
            destination: self.catalogue.store(&destination, &Scope::All).await?,
            lines: sum_demand(&found)?,
            hold,
            reference,
            reason,
        };
        let Processes { ids, clock, .. } = self.processes.as_ref();
        let id = TransferId::from_uuid(ids.next_id(clock.now()));
        self.perform(id, TransferCommand::RequestTransfer(request), caller).await
    }

    /// Receives arrivals whose products are named by id, SKU or GTIN; `arrivals` gives them once the products are known.
    pub async fn receive(
        &self,
        id: TransferId,
        products: Vec<ProductRef>,
        arrivals: impl FnOnce(Vec<gondola_inventory_domain::ProductId>) -> ReceiveArrivals,
        caller: Caller,
    ) -> Result<CommandReceipt<TransferAt>, TransferError> {
        let mut found = Vec::with_capacity(products.len());
        for product in &products {
            found.push(self.catalogue.product(product).await?);
        }
        self.perform(id, TransferCommand::ReceiveArrivals(arrivals(found)), caller).await
    }

    /// Performs a command, and drives the transfer as far as it goes by itself. What fails on the way is tried again later.
    /// Who receives must see the destination, who does anything else the source; to others the transfer is not there.
    pub async fn perform(
        &self,
        id: TransferId,
        command: TransferCommand,
        caller: Caller,
    ) -> Result<CommandReceipt<TransferAt>, TransferError> {
        self.check_scope(id, &command, &caller.scope).await?;
        let receipt = self.order(id, command, caller).await?;
        let id = receipt.answer;
        if let Err(error) = self.processes.drive(id.as_uuid()).await {
            tracing::warn!(transfer = %id, %error, "transfer_not_driven");
        }
        let answer = self.get(id).await?.ok_or(TransferRefusal::Unknown)?;
        let CommandReceipt { position, repeated, .. } = receipt;
        Ok(CommandReceipt { position: position.max(answer.position), answer, repeated })
    }

    /// Records what is wanted, and leaves it to the runner.
    pub async fn order(
        &self,
        id: TransferId,
        command: TransferCommand,
        caller: Caller,
    ) -> Result<CommandReceipt<TransferId>, TransferError> {
        match self.processes.executor.perform(ToTransfer { id, command }, caller).await {
            Ok(receipt) => Ok(receipt),
            Err(rejection) => Err(kit_service::CommandError::or_refusal(rejection)?.into()),
        }
    }

    /// Performs what is next at once. An error says what the step failed of; it goes on being tried.
    pub(crate) async fn retry(&self, id: TransferId) -> Result<(), DriveError> {
        self.processes.retry(id.as_uuid()).await
    }

    /// What happened to a transfer up to a version, oldest first.
    pub(crate) async fn history(
        &self,
        id: TransferId,
        version: Version,
    ) -> Result<Vec<Arc<RecordedEvent>>, ReadError> {
        history(self.log.as_ref(), &transfer_stream_id(id), version).await
    }

    /// Its stores never change, so that they can be looked at before the command is decided.
    async fn check_scope(
        &self,
        id: TransferId,
        command: &TransferCommand,
        scope: &Scope,
    ) -> Result<(), TransferError> {
        if scope.owners().is_none() || matches!(command, TransferCommand::RequestTransfer(_)) {
            return Ok(());
        }
        let found = self.get(id).await?;
        let terms = found.as_ref().and_then(|found| found.transfer.terms());
        let concerned = terms.map(|terms| match command {
            TransferCommand::ReceiveArrivals(_) => terms.destination,
            _ => terms.source,
        });
        let is_own = concerned.is_some_and(|store| scope.allows(store.as_uuid()));
        if is_own { Ok(()) } else { Err(TransferRefusal::Unknown.into()) }
    }

    /// A transfer as it stands, if its source or its destination is within a scope.
    pub async fn find(
        &self,
        id: TransferId,
        scope: &Scope,
    ) -> Result<Option<TransferAt>, ReadError> {
        let sees = |found: &TransferAt| {
            let stores = found.transfer.terms().map(|terms| [terms.source, terms.destination]);
            stores.is_some_and(|stores| stores.iter().any(|store| scope.allows(store.as_uuid())))
        };
        Ok(self.get(id).await?.filter(sees))
    }

    /// A transfer as it stands, by its own stream; `None` when there is none.
    async fn get(&self, id: TransferId) -> Result<Option<TransferAt>, ReadError> {
        let (route, stream) = (route(id.as_uuid()), transfer_stream_id(id));
        let look = move |found: kit_executor::Versioned<'_, Transfer>| TransferAt {
            id,
            transfer: found.state.clone(),
            version: found.version,
            position: found.position,
        };
        let found = self.processes.executor.inspect(route, stream, look).await?;
        Ok(found.transfer.terms().is_some().then_some(found))
    }

    /// Transfers, newest first.
    pub async fn list(
        &self,
        filter: TransferFilter,
    ) -> Result<Slice<ListedTransfer, TransferId>, ReadError> {
        self.list.list(filter).await
    }

    /// What transfers bring to stores.
    pub(crate) fn inbound(&self) -> Arc<dyn InboundStock> {
        Arc::clone(&self.list) as _
    }

    /// Waits until the list has a position.
    pub async fn reach(&self, position: Position) -> Result<(), ReadError> {
        self.list.freshness().reach(position).await
    }
}
