//! Processes of one kind: what is asked of one is driven as far as it goes by itself while who asks waits.

use std::sync::Arc;
use std::time::Duration;

use kit_core::{Actor, Caller, Clock, IdSource, Position, RecordedEvent, Scope, Version};
use kit_event_store::EventStore;
use kit_executor::{CommandResult, Deps as ExecutorDeps, Executor, ExecutorConfig, Versioned};
use kit_process_manager::{DriveError, Participants, Processes, Reaction, Runner};
use kit_service::{ReadError, Slice};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::process_list::{Listed, ListedProcess, ProcessFilter, ProcessList};

/// Processes kept in memory; they are read again when they are needed.
const LIVE_MAX: usize = 10_000;

/// How long a request waits until its process stands still. It goes on afterwards.
const SETTLE_MAX: Duration = Duration::from_secs(2);

/// Events of a history that are read at once.
const HISTORY_PAGE: usize = 500;

/// A process as it stands.
#[derive(Clone, Debug)]
pub struct ProcessAt<S> {
    /// Which one.
    pub id: Uuid,
    /// How it stands.
    pub state: S,
    /// The version that it is at.
    pub version: Version,
    /// Position of its last event.
    pub position: Position,
}

/// What processes of a kind work with.
pub(crate) struct DrivenDeps<S> {
    pub(crate) event_store: Arc<dyn EventStore>,
    pub(crate) list: Arc<dyn ProcessList<S>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn IdSource>,
    /// Where they are driven, whether or not a request still waits.
    pub(crate) tasks: TaskTracker,
}

/// The processes of a kind.
pub(crate) struct Driven<K: Listed> {
    processes: Arc<Processes<K>>,
    log: Arc<dyn EventStore>,
    list: Arc<dyn ProcessList<K::State>>,
    tasks: TaskTracker,
}

impl<K: Listed> Driven<K>
where
    K::State: Clone + Send + Sync + 'static,
{
    /// Starts the executor of the kind, and gives the runner too, which is still to be run. `participants` may record by the
    /// executor what they have found.
    pub(crate) fn start(
        deps: DrivenDeps<K::State>,
        limits: ExecutorConfig,
        actor: &'static str,
        participants: impl FnOnce(&Executor<K>) -> Arc<dyn Participants<K::Step>>,
    ) -> (Self, Runner<K>) {
        let DrivenDeps { event_store, list, clock, ids, tasks } = deps;
        let decider = Arc::new(K::default());
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
            participants: participants(&executor),
            executor,
            clock,
            ids,
            actor: Actor::system(actor),
        });
        let runner = Runner::new(K::NAME, Arc::clone(&processes), Arc::clone(&list) as _);
        (Self { processes, log: event_store, list, tasks }, runner)
    }

    /// An id for a new one.
    pub(crate) fn new_id(&self) -> Uuid {
        self.processes.ids.next_id(self.processes.clock.now())
    }

    /// Records what is wanted, and leaves it to the runner.
    pub(crate) async fn order(&self, command: K::Command, caller: Caller) -> CommandResult<K> {
        self.processes.executor.perform(command, caller).await
    }

    /// Waits until a process stands still, but not for long; it is driven on without the waiting request.
    pub(crate) async fn settle(&self, id: Uuid) {
        let driven = self.tasks.spawn(drive(Arc::clone(&self.processes), id));
        // late or failed: the answer tells how far it is, and the runner drives it on
        let _ = tokio::time::timeout(SETTLE_MAX, driven).await;
    }

    /// Performs what is next at once. An error says what the step failed of; it goes on being tried.
    pub(crate) async fn retry(&self, id: Uuid) -> Result<(), DriveError> {
        self.processes.retry(id).await
    }

    /// A process as it stands, by its own stream, if all of its stores are within a scope.
    pub(crate) async fn find(
        &self,
        id: Uuid,
        scope: &Scope,
    ) -> Result<Option<ProcessAt<K::State>>, ReadError> {
        let sees = |found: &ProcessAt<K::State>| {
            let stores = || K::stores(&found.state);
            let all_own = |stores: Vec<gondola_inventory_domain::StoreId>| {
                stores.into_iter().all(|store| scope.allows(store.as_uuid()))
            };
            scope.owners().is_none() || stores().is_some_and(all_own)
        };
        Ok(inspect(&self.processes, id).await?.filter(sees))
    }

    /// What happened to a process up to a version, oldest first.
    pub(crate) async fn history(
        &self,
        id: Uuid,
        version: Version,
    ) -> Result<Vec<Arc<RecordedEvent>>, ReadError> {
        history(self.log.as_ref(), &self.processes.process.stream(id), version).await
    }

    /// Processes, newest first.
    pub(crate) async fn list(
        &self,
        filter: ProcessFilter,
    ) -> Result<Slice<ListedProcess<K::State>, Uuid>, ReadError> {
        self.list.list(filter).await
    }

    /// Waits until the list has a position.
    pub(crate) async fn reach(&self, position: Position) -> Result<(), ReadError> {
        self.list.freshness().reach(position).await
    }
}

/// What happened in a stream up to a version, oldest first.
pub(super) async fn history(
    log: &dyn EventStore,
    stream: &kit_core::StreamId,
    version: Version,
) -> Result<Vec<Arc<RecordedEvent>>, ReadError> {
    let (mut events, mut after) = (Vec::new(), Version::ZERO);
    while after < version {
        let page = log.read_stream(stream, after, HISTORY_PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.version;
        events.extend(page.into_iter().filter(|event| event.version <= version));
    }
    Ok(events)
}

/// Drives a process until it stands still. A drive has so many steps and no more; of these there may be more.
async fn drive<K: Listed>(processes: Arc<Processes<K>>, id: Uuid)
where
    K::State: Clone + Send + 'static,
{
    loop {
        if let Err(error) = processes.drive(id).await {
            tracing::warn!(process = %id, kind = K::NAME, %error, "process_not_driven");
            return;
        }
        match inspect(&processes, id).await {
            Ok(Some(found)) if is_performing(&found.state, processes.process.as_ref()) => {}
            _ => return,
        }
    }
}

/// Whether a step is to be done: else it stands still until somebody wants something of it, or a moment comes.
fn is_performing<K: Listed>(state: &K::State, rules: &K) -> bool {
    matches!(rules.react(state), Reaction::Perform { .. })
}

/// A process as it stands, by its own stream; `None` when there is none.
async fn inspect<K: Listed>(
    processes: &Processes<K>,
    id: Uuid,
) -> Result<Option<ProcessAt<K::State>>, ReadError>
where
    K::State: Clone + Send + 'static,
{
    let (route, stream) = (processes.process.route_of(id), processes.process.stream(id));
    let take = move |found: Versioned<'_, K::State>| ProcessAt {
        id,
        state: found.state.clone(),
        version: found.version,
        position: found.position,
    };
    let found = processes.executor.inspect(route, stream, take).await?;
    Ok((found.version > Version::ZERO).then_some(found))
}
