//! The command executor: contention is batched, not fought.
//!
//! A few shard tasks own all live aggregates. A shard takes everything that waits in its mailbox, decides the commands in
//! order against state that includes everything decided before, and appends them together. While that append is under way
//! it decides the next batch; a caller is answered when its own append, and everything before it, is durable.

mod batch;
mod settle;
mod shard;
mod snapshots;

use std::num::NonZeroUsize;
use std::sync::Arc;

use kit_core::{
    Actor, Clock, EncodedEvent, IdSource, Metadata, Position, RecordedEvent, StreamId, Timestamp,
    Version,
};
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::port::{Claim, EventStore, FoundClaim, StoreError};
use shard::{Job, Shard};

/// Namespace of the claims that make commands idempotent.
pub const IDEMPOTENCY_NAMESPACE: &str = "idempotency";

/// How long the answer to a command with an idempotency key is kept.
pub const IDEMPOTENCY_KEPT: std::time::Duration = std::time::Duration::from_hours(24);

/// What the executor runs: the rules of one bounded context, without input or output.
pub trait Behaviour: Send + Sync + 'static {
    /// A wish to change something.
    type Command: Send + Sync + 'static;
    /// Something that happened.
    type Event: Send + 'static;
    /// The state of one stream.
    type State: Default + Send + Sync + 'static;
    /// What the caller is told after success.
    type Answer: Send + 'static;
    /// Why a command was refused by the rules.
    type Refusal: Send + 'static;

    /// Version of the shape of snapshots; raised when [`Behaviour::encode_state`] changes.
    const SNAPSHOT_SCHEMA: u16;

    /// Commands of one route are executed by one shard, in order.
    fn route(&self, command: &Self::Command) -> u64;

    /// The streams that the command reads and writes, each once.
    fn streams(&self, command: &Self::Command) -> Vec<StreamId>;

    /// Decides. Pure: the same command, states and time give the same decision.
    fn decide(
        &self,
        command: &Self::Command,
        streams: &[Current<'_, Self::State>],
        now: Timestamp,
    ) -> Result<Decision<Self::Event>, Self::Refusal>;

    /// Folds an event into a state. Total: history never fails.
    fn evolve(&self, state: Self::State, event: &Self::Event) -> Self::State;

    /// The answer after success, from the events of the command and the states after them.
    fn answer(
        &self,
        command: &Self::Command,
        events: &[(usize, Self::Event)],
        streams: &[Current<'_, Self::State>],
        now: Timestamp,
    ) -> Self::Answer;

    /// The refusal when a claim of the decision is held by somebody else.
    fn claim_taken(
        &self,
        command: &Self::Command,
        claim: &Claim,
        found: &FoundClaim,
    ) -> Self::Refusal;

    /// Writes an event for the log.
    fn encode(
        &self,
        command: &Self::Command,
        event: &Self::Event,
        event_id: Uuid,
        now: Timestamp,
    ) -> EncodedEvent;

    /// Reads an event of the log, whatever its schema version.
    fn decode(&self, event: &RecordedEvent) -> Result<Self::Event, StoreError>;

    /// Writes a state for a snapshot.
    fn encode_state(&self, state: &Self::State) -> Box<str>;

    /// Reads a state from a snapshot of the present schema; `None` when it is not readable.
    fn decode_state(&self, snapshot: &str) -> Option<Self::State>;

    /// Size of a state in parts, such as active reservations: large states are snapshotted less often.
    fn weight(&self, state: &Self::State) -> u64;

    /// Writes an answer, so that a repeated command can be given the same one.
    fn encode_answer(&self, answer: &Self::Answer) -> Box<str>;

    /// Reads an answer back.
    fn decode_answer(&self, answer: &str) -> Option<Self::Answer>;
}

/// One stream as a decision sees it.
#[derive(Debug)]
pub struct Current<'a, S> {
    /// The state.
    pub state: &'a S,
    /// The version of that state.
    pub version: Version,
}

/// What a command leads to.
#[derive(Debug)]
pub struct Decision<E> {
    /// The events, each with the place of its stream in [`Behaviour::streams`]. None: nothing changes.
    pub events: Vec<(usize, E)>,
    /// Unique keys to take.
    pub claims: Vec<Claim>,
}

/// A command with who asked for it.
#[derive(Debug)]
pub struct Request<C> {
    /// The wish.
    pub command: C,
    /// Unique for this command; kept with its events as their causation.
    pub command_id: Uuid,
    /// What this command is part of.
    pub correlation_id: Uuid,
    /// Who asks.
    pub actor: Actor,
    /// Makes a repetition harmless.
    pub idempotency: Option<Idempotency>,
}

/// The name of a command that may be sent more than once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idempotency {
    /// The caller's key.
    pub key: Box<str>,
    /// Tells a repetition from another command under the same key.
    pub fingerprint: Box<str>,
}

/// A command was executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done<A> {
    /// What the caller is told.
    pub answer: A,
    /// Position of the command's last event: views at or beyond it show the change.
    pub position: Position,
    /// Whether this is the answer to an earlier sending of the same command.
    pub replayed: bool,
}

/// A command was not executed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Rejection<R> {
    /// The rules refuse it.
    #[error("the command is refused")]
    Refused(R),
    /// The idempotency key was used for another command.
    #[error("the idempotency key was used for another command; use a new key for a new command")]
    KeyReused,
    /// Other processes kept changing the same streams.
    #[error("others changed the same stock at the same time, {tries} times in a row; try again")]
    Conflict {
        /// How often it was tried.
        tries: u32,
    },
    /// Too many commands wait.
    #[error("too many commands wait for this store; try again shortly")]
    Overloaded,
    /// The store cannot take it now; nothing was written.
    #[error(transparent)]
    Store(StoreError),
}

/// The result of one command.
pub type Executed<B> = Result<Done<<B as Behaviour>::Answer>, Rejection<<B as Behaviour>::Refusal>>;

/// The commands of one shard, and their places among all.
type Part<C> = (Vec<usize>, Vec<Request<C>>);

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
pub struct Deps<B> {
    /// The rules.
    pub behaviour: Arc<B>,
    /// The log.
    pub store: Arc<dyn EventStore>,
    /// The time; made monotonic by the caller.
    pub clock: Arc<dyn Clock>,
    /// Ids of events.
    pub ids: Arc<dyn IdSource>,
}

impl<B> Clone for Deps<B> {
    fn clone(&self) -> Self {
        Self {
            behaviour: Arc::clone(&self.behaviour),
            store: Arc::clone(&self.store),
            clock: Arc::clone(&self.clock),
            ids: Arc::clone(&self.ids),
        }
    }
}

/// The handle that commands are given to. The shards end when the last handle is gone and all is answered.
pub struct Executor<B: Behaviour> {
    behaviour: Arc<B>,
    shards: Arc<[mpsc::Sender<Job<B>>]>,
}

impl<B: Behaviour> Clone for Executor<B> {
    fn clone(&self) -> Self {
        Self { behaviour: Arc::clone(&self.behaviour), shards: Arc::clone(&self.shards) }
    }
}

impl<B: Behaviour> Executor<B> {
    /// Starts the shard tasks on a tracker, so that a drain can wait for them.
    pub fn start(deps: &Deps<B>, config: ExecutorConfig, tasks: &TaskTracker) -> Self {
        let shards = config.shards.max(1);
        let start_one = |_| {
            let (sender, inbox) = mpsc::channel(config.mailbox.max(1));
            tasks.spawn(Shard::new(deps.clone(), config, inbox, tasks.clone()).run());
            sender
        };
        Self {
            behaviour: Arc::clone(&deps.behaviour),
            shards: (0..shards).map(start_one).collect(),
        }
    }

    /// Executes one command. Dropping the future does not undo a command that was taken.
    pub async fn execute(&self, request: Request<B::Command>) -> Executed<B> {
        let shard = self.shard(self.behaviour.route(&request.command));
        let (reply, answer) = oneshot::channel();
        self.shards[shard]
            .try_send(Job::One(Box::new(request), reply))
            .map_err(|_| Rejection::Overloaded)?;
        answer.await.unwrap_or_else(|_| Err(lost()))
    }

    /// Executes several commands, those of one route in order; each has a result of its own, in the order given.
    ///
    /// Waits for room in the mailboxes instead of being refused: bulk work yields to single commands.
    pub async fn execute_all(&self, requests: Vec<Request<B::Command>>) -> Vec<Executed<B>> {
        let mut results: Vec<Executed<B>> = Vec::with_capacity(requests.len());
        let mut parts: Vec<Part<B::Command>> = Vec::new();
        parts.resize_with(self.shards.len(), Default::default);
        for (place, request) in requests.into_iter().enumerate() {
            let (places, part) = &mut parts[self.shard(self.behaviour.route(&request.command))];
            places.push(place);
            part.push(request);
            results.push(Err(lost()));
        }
        let mut answers = Vec::new();
        for ((places, part), mailbox) in parts.into_iter().zip(self.shards.iter()) {
            let (reply, answer) = oneshot::channel();
            if !part.is_empty() && mailbox.send(Job::Many(part, reply)).await.is_ok() {
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
        look: impl FnOnce(&B::State, Version) -> T + Send + 'static,
    ) -> Result<T, Rejection<B::Refusal>> {
        let (reply, answer) = oneshot::channel();
        let look = Box::new(move |found: Result<(&B::State, Version), StoreError>| {
            // a caller that went away does not want the answer any more
            drop(reply.send(found.map(|(state, version)| look(state, version))));
        });
        let job = Job::Inspect(stream, look);
        self.shards[self.shard(route)].try_send(job).map_err(|_| Rejection::Overloaded)?;
        answer.await.unwrap_or_else(|_| Err(gone())).map_err(Rejection::Store)
    }

    fn shard(&self, route: u64) -> usize {
        let count = u64::try_from(self.shards.len()).unwrap_or(1);
        usize::try_from(route % count).unwrap_or(0)
    }
}

fn gone() -> StoreError {
    StoreError::Stopped("the command executor has ended".into())
}

/// The shard went away with the command: it may or may not have been written.
fn lost<R>() -> Rejection<R> {
    Rejection::Store(StoreError::Unknown("the command executor went away".into()))
}

impl<C> Request<C> {
    fn metadata(&self, now: Timestamp) -> Metadata {
        Metadata {
            correlation_id: self.correlation_id,
            causation_id: self.command_id,
            actor: self.actor.clone(),
            recorded_at: now,
        }
    }
}
