//! The handle that commands are given to: it routes each to its shard and waits for the result.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use kit_core::{Caller, Clock, IdSource, Metadata, Position, StreamId, Timestamp};
use kit_event_store::{EventStore, EventStoreError};
use kit_process::critical_task;
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::claimed::KeysInFlight;
use crate::decider::{Codec, Decider, Versioned};
use crate::log_watch::LogWatch;
use crate::mailbox::{Inbox, Job};
use crate::shard::Shard;
use crate::traces::Sent;

/// Namespace of the claims that make commands idempotent.
pub const IDEMPOTENCY_NAMESPACE: &str = "idempotency";

/// How long the answer to a command with an idempotency key is kept.
pub const IDEMPOTENCY_KEPT: Duration = Duration::from_hours(24);

/// A command with its id and its caller.
#[derive(Debug)]
pub struct Request<C> {
    /// The command.
    pub command: C,
    /// Unique for this command; kept with its events as their causation.
    pub command_id: Uuid,
    /// The caller, recorded with the events, and its idempotency key if the command may be sent again.
    pub caller: Caller,
}

/// A command was executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandReceipt<A> {
    /// The answer of the domain.
    pub answer: A,
    /// Position of the command's last event: views at or beyond it show the change.
    pub position: Position,
    /// Whether this is the answer to an earlier sending of the same command.
    pub repeated: bool,
}

/// A command was not executed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Rejection<R> {
    /// The rules of the domain refuse it.
    #[error("the command is refused")]
    Refused {
        /// The reason, as the domain states it.
        refusal: R,
        /// Position up to which the refusing states were known: a view there shows why.
        position: Position,
    },
    /// The idempotency key was used for another command.
    #[error("the idempotency key was used for another command; use a new key for a new command")]
    KeyReused,
    /// Other processes kept changing the same streams.
    #[error("others changed the same state at the same time, {tries} times in a row; try again")]
    Conflict {
        /// How often it was tried.
        tries: u32,
    },
    /// Too many commands wait.
    #[error("too many commands wait; try again shortly")]
    Overloaded,
    /// The event store failed; whether the command was written, the error says.
    #[error(transparent)]
    EventStore(EventStoreError),
}

/// The result of one command.
pub type CommandResult<D> =
    Result<CommandReceipt<<D as Decider>::Answer>, Rejection<<D as Decider>::Refusal>>;

/// The commands of one shard, and their places among all.
type Part<C> = (Vec<usize>, Vec<Sent<C>>);

/// Limits of an executor.
#[derive(Clone, Copy, Debug)]
pub struct ExecutorConfig {
    /// Shard tasks; a route always maps to the same one.
    pub shards: usize,
    /// Jobs that may wait for a shard.
    pub mailbox: usize,
    /// Most commands decided and appended together.
    pub batch_max: usize,
    /// Live aggregates kept in memory, over all shards.
    pub live_max: usize,
    /// Events of a stream between two snapshots, for a small state.
    pub snapshot_every: u64,
}

impl Default for ExecutorConfig {
    /// A shard for each core but one, which is left to the writer of the log: more shards than threads only make
    /// batches smaller.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self {
            shards: cores.saturating_sub(1).max(1),
            mailbox: 4_096,
            batch_max: 1_024,
            live_max: 400_000,
            snapshot_every: 500,
        }
    }
}

/// What an executor works with.
pub struct Deps<D> {
    /// The rules.
    pub decider: Arc<D>,
    /// The log.
    pub event_store: Arc<dyn EventStore>,
    /// The time; made monotonic by the caller.
    pub clock: Arc<dyn Clock>,
    /// Ids of events.
    pub ids: Arc<dyn IdSource>,
}

impl<D> Clone for Deps<D> {
    fn clone(&self) -> Self {
        Self {
            decider: Arc::clone(&self.decider),
            event_store: Arc::clone(&self.event_store),
            clock: Arc::clone(&self.clock),
            ids: Arc::clone(&self.ids),
        }
    }
}

/// The handle that commands are given to. The shards end when the last handle is dropped and every command is answered.
pub struct Executor<D: Codec> {
    deps: Deps<D>,
    shards: Arc<[Mailbox<D>]>,
}

/// The way to a shard.
struct Mailbox<D: Codec> {
    jobs: mpsc::Sender<Job<D>>,
    log: Arc<LogWatch>,
}

impl<D: Codec> Mailbox<D> {
    /// Puts a job in, unless there is no room or the log does not answer.
    fn try_send(&self, job: Job<D>) -> Result<(), Rejection<D::Refusal>> {
        self.log.refusal().map_or(Ok(()), |error| Err(Rejection::EventStore(error)))?;
        self.jobs.try_send(job).map_err(|_| Rejection::Overloaded)
    }
}

impl<D: Codec> Clone for Executor<D> {
    fn clone(&self) -> Self {
        Self { deps: self.deps.clone(), shards: Arc::clone(&self.shards) }
    }
}

impl<D: Codec> Executor<D> {
    /// Starts the shard tasks on a tracker, so that a drain can wait for them.
    pub fn start(deps: &Deps<D>, config: ExecutorConfig, tasks: &TaskTracker) -> Self {
        let shards = config.shards.max(1);
        let keys = KeysInFlight::default();
        let start_one = |_| {
            let (jobs, inbox) = mpsc::channel(config.mailbox.max(1));
            let log = Arc::new(LogWatch::new());
            let inbox = Inbox { jobs: inbox, log: Arc::clone(&log) };
            let shard = Shard::new(deps.clone(), config, inbox, keys.clone(), tasks.clone());
            tasks.spawn(critical_task("command-shard", shard.run()));
            Mailbox { jobs, log }
        };
        Self { deps: deps.clone(), shards: (0..shards).map(start_one).collect() }
    }

    /// A command on behalf of a caller, with a command id of its own.
    pub fn request(&self, command: D::Command, caller: Caller) -> Request<D::Command> {
        let command_id = self.deps.ids.next_id(self.deps.clock.now());
        Request { command, command_id, caller }
    }

    /// Executes one command on behalf of a caller: [`request`](Self::request), then [`execute`](Self::execute).
    pub async fn perform(&self, command: D::Command, caller: Caller) -> CommandResult<D> {
        self.execute(self.request(command, caller)).await
    }

    /// Executes one command. Dropping the future does not undo a command that was taken.
    pub async fn execute(&self, request: Request<D::Command>) -> CommandResult<D> {
        let shard = self.shard(self.deps.decider.route(&request.command));
        let (reply, answer) = oneshot::channel();
        self.shards[shard].try_send(Job::One(Box::new(request.into()), reply))?;
        answer.await.unwrap_or_else(|_| Err(lost()))
    }

    /// Executes several commands, those of one route in order; each has a result of its own, in the order given.
    ///
    /// Waits for room in the mailboxes instead of being refused: bulk work yields to single commands.
    pub async fn execute_all(&self, requests: Vec<Request<D::Command>>) -> Vec<CommandResult<D>> {
        let mut results: Vec<CommandResult<D>> = Vec::with_capacity(requests.len());
        let mut parts: Vec<Part<D::Command>> = Vec::new();
        parts.resize_with(self.shards.len(), Default::default);
        for (place, request) in requests.into_iter().enumerate() {
            let (places, part) = &mut parts[self.shard(self.deps.decider.route(&request.command))];
            places.push(place);
            part.push(request.into());
            results.push(Err(lost()));
        }
        let mut answers = Vec::new();
        for ((places, part), mailbox) in parts.into_iter().zip(self.shards.iter()) {
            let (reply, answer) = oneshot::channel();
            if part.is_empty() {
                continue;
            }
            if let Some(error) = mailbox.log.refusal() {
                for place in places {
                    results[place] = Err(Rejection::EventStore(error.clone()));
                }
            } else if mailbox.jobs.send(Job::Many(part, reply)).await.is_ok() {
                answers.push((places, answer));
            }
        }
        for (places, answer) in answers {
            for (place, result) in places.into_iter().zip(answer.await.unwrap_or_default()) {
                results[place] = result;
            }
        }
        results
    }

    /// Looks at the present state of a stream, behind every command that was sent before.
    pub async fn inspect<T: Send + 'static>(
        &self,
        route: u64,
        stream: StreamId,
        look: impl FnOnce(Versioned<'_, D::State>) -> T + Send + 'static,
    ) -> Result<T, Rejection<D::Refusal>> {
        let (reply, answer) = oneshot::channel();
        let query = Box::new(move |found: Result<Versioned<'_, D::State>, EventStoreError>| {
            // a send error means that the caller dropped its future
            drop(reply.send(found.map(look)));
        });
        let job = Job::Inspect(stream, query);
        self.shards[self.shard(route)].try_send(job)?;
        answer.await.unwrap_or_else(|_| Err(gone())).map_err(Rejection::EventStore)
    }

    fn shard(&self, route: u64) -> usize {
        let count = u64::try_from(self.shards.len()).unwrap_or(1);
        usize::try_from(route % count).unwrap_or(0)
    }
}

fn gone() -> EventStoreError {
    EventStoreError::Stopped("the command executor has ended".into())
}

/// The shard ended before it replied: the command may or may not have been written.
fn lost<R>() -> Rejection<R> {
    Rejection::EventStore(EventStoreError::Unknown {
        reason: "the command executor went away".into(),
        after: Position::ZERO,
    })
}

impl<C> Request<C> {
    pub(crate) fn metadata(&self, now: Timestamp) -> Metadata {
        Metadata {
            correlation_id: self.caller.correlation_id,
            causation_id: self.command_id,
            actor: self.caller.actor.clone(),
            recorded_at: now,
        }
    }
}
