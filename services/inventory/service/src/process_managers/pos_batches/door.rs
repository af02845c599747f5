//! The door to batches of tills: they go in, and each comes out as it stands after that.

use std::sync::Arc;
use std::time::Duration;

use gondola_inventory_domain::{
    PosBatch, PosBatchCommand, PosBatchId, PosBatchRefusal, PosBatchTerms, ReceivePosBatch,
    pos_batch_stream_id,
};
use kit_core::{Actor, Caller, Clock, IdSource, Position, RecordedEvent, Timestamp, Version};
use kit_event_store::EventStore;
use kit_executor::{CommandReceipt, Deps as ExecutorDeps, Executor, ExecutorConfig};
use kit_process_manager::{DriveError, DueProcesses, Processes, Runner};
use kit_service::{ReadError, Slice};
use tokio_util::task::TaskTracker;

use super::process::{ACTOR, PosBatchProcess, Stores, ToPosBatch};
use super::read_model::{
    ListedPosBatch, PosBatchFilter, Till, TillFilter, TillPlace, TillReadModel,
};
use crate::process_managers::driven::history;
use crate::use_cases::{StockCommands, UnknownName, route};

/// Name of the runner's lease, and of batches in metrics.
const NAME: &str = "pos-batches";

/// Batches kept in memory, each with up to 2,000 lines; they are read again when they are needed.
const LIVE_MAX: usize = 200;

/// How long a request waits until its batch is merged. It goes on afterwards.
const MERGED_MAX: Duration = Duration::from_secs(5);

/// A batch as it stands.
#[derive(Clone, Debug)]
pub struct PosBatchAt {
    /// Which one.
    pub id: PosBatchId,
    /// How it stands.
    pub batch: PosBatch,
    /// The version that it is at.
    pub version: Version,
    /// Position of its last event.
    pub position: Position,
}

/// A batch that was not received.
#[derive(Debug, thiserror::Error)]
pub enum PosBatchError {
    /// The rules of batches do not allow it.
    #[error(transparent)]
    Refused(#[from] PosBatchRefusal),
    /// A store or product that the catalogue does not have.
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    /// Not performed for another reason than the rules.
    #[error(transparent)]
    Failed(#[from] kit_service::CommandError),
    /// How it stands cannot be told now; it was received.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// What batches work with.
pub(crate) struct PosBatchesDeps {
    pub(crate) event_store: Arc<dyn EventStore>,
    pub(crate) commands: Arc<StockCommands>,
    pub(crate) tills: Arc<dyn TillReadModel>,
    pub(crate) due: Arc<dyn DueProcesses>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    /// Where they are driven, whether or not a request still waits.
    pub(crate) tasks: TaskTracker,
}

/// Receives batches of tills, and merges each into the stock of its store.
pub struct PosBatches {
    log: Arc<dyn EventStore>,
    processes: Arc<Processes<PosBatchProcess>>,
    tills: Arc<dyn TillReadModel>,
    clock: Arc<dyn Clock>,
    tasks: TaskTracker,
}

impl PosBatches {
    /// Starts the executor of batches, and gives their runner too, which is still to be run.
    pub(crate) fn start(
        deps: PosBatchesDeps,
        limits: ExecutorConfig,
    ) -> (Self, Runner<PosBatchProcess>) {
        let PosBatchesDeps { event_store, commands, tills, due, clock, ids, tasks } = deps;
        let decider = Arc::new(PosBatchProcess);
        let executor_deps = ExecutorDeps {
            decider: Arc::clone(&decider),
            event_store: Arc::clone(&event_store),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
        };
        let limits = ExecutorConfig { shards: 1, live_max: LIVE_MAX, ..limits };
        let executor = Executor::start(&executor_deps, limits, &tasks);
        let processes = Arc::new(Processes {
            process: decider,
            executor: executor.clone(),
            participants: Arc::new(Stores { commands, executor }),
            clock: Arc::clone(&clock),
            ids,
            actor: Actor::system(ACTOR),
        });
        let runner = Runner::new(NAME, Arc::clone(&processes), due);
        (Self { log: event_store, processes, tills, clock, tasks }, runner)
    }

    /// Receives a batch whose store is within the scope of the caller, and merges it; what takes longer than five seconds or
    /// fails on the way goes on later. One that was received before is answered as it stands by now.
    pub async fn receive(
        &self,
        terms: PosBatchTerms,
        caller: Caller,
    ) -> Result<CommandReceipt<PosBatchAt>, PosBatchError> {
        let id = gondola_inventory_domain::pos_batch_id(terms.store, &terms.till, terms.sequence);
        let was_received = self.find(id).await?.is_some();
        let command = PosBatchCommand::ReceivePosBatch(ReceivePosBatch { terms });
        let performed = self.processes.executor.perform(ToPosBatch { id, command }, caller).await;
        let receipt = match performed {
            Ok(receipt) => receipt,
            Err(rejection) => return Err(kit_service::CommandError::or_refusal(rejection)?.into()),
        };
        self.merge(id).await;
        let answer = self.find(id).await?.ok_or(PosBatchRefusal::Unknown)?;
        let position = receipt.position.max(answer.position);
        let repeated = receipt.repeated || was_received;
        Ok(CommandReceipt { answer, position, repeated })
    }

    /// Waits until it is merged, but not for long; it is driven on without the waiting request.
    async fn merge(&self, id: PosBatchId) {
        let processes = Arc::clone(&self.processes);
        let driven = self.tasks.spawn(async move {
            if let Err(error) = processes.drive(id.as_uuid()).await {
                tracing::warn!(pos_batch = %id, %error, "pos_batch_not_driven");
            }
        });
        // late or failed: the answer tells how far it is, and the runner drives it on
        let _ = tokio::time::timeout(MERGED_MAX, driven).await;
    }

    /// A batch as it stands, behind every earlier change of it; `None` when there is none.
    pub async fn find(&self, id: PosBatchId) -> Result<Option<PosBatchAt>, ReadError> {
        let (route, stream) = (route(id.as_uuid()), pos_batch_stream_id(id));
        let take = move |found: kit_executor::Versioned<'_, PosBatch>| PosBatchAt {
            id,
            batch: found.state.clone(),
            version: found.version,
            position: found.position,
        };
        let found = self.processes.executor.inspect(route, stream, take).await?;
        Ok(found.batch.terms().is_some().then_some(found))
    }

    /// Performs what is next at once. An error says what it failed of; it goes on being tried.
    pub(crate) async fn retry(&self, id: PosBatchId) -> Result<(), DriveError> {
        self.processes.retry(id.as_uuid()).await
    }

    /// What happened to a batch as it stands, oldest first.
    pub(crate) async fn history(
        &self,
        at: &PosBatchAt,
    ) -> Result<Vec<Arc<RecordedEvent>>, ReadError> {
        history(self.log.as_ref(), &pos_batch_stream_id(at.id), at.version).await
    }

    /// Batches, highest id first.
    pub(crate) async fn batches(
        &self,
        filter: PosBatchFilter,
    ) -> Result<Slice<ListedPosBatch, PosBatchId>, ReadError> {
        self.tills.batches(filter).await
    }

    /// Tills, by store and name.
    pub async fn tills(&self, filter: TillFilter) -> Result<Slice<Till, TillPlace>, ReadError> {
        self.tills.list(filter).await
    }

    /// One till, with at most so many ranges of missing batches; `None` when no batch of it was received.
    pub async fn till(&self, place: TillPlace, ranges: usize) -> Result<Option<Till>, ReadError> {
        self.tills.get(place, ranges).await
    }

    /// Waits until the list of tills has a position.
    pub async fn reach(&self, position: Position) -> Result<(), ReadError> {
        self.tills.freshness().reach(position).await
    }

    /// The present time, by which moments of lines are judged.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
