//! The port of a task queue: what every adapter must do.
//!
//! A task is handed out at least once, and to one worker at a time. Workers MUST recognise repeats, by [`Task::id`]: one that
//! ends before it says what became of a task leaves it to another.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use uuid::Uuid;

/// How often a task is handed out before it is a dead letter.
pub const ATTEMPTS_MAX: u32 = 4;

/// Something to do; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Unique for ever; a repeat has the same.
    pub id: Uuid,
    /// What to do, as text that is opaque to the queue.
    pub payload: Arc<str>,
}

/// Why nobody is given a task any more but those who look after dead letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadLetterReason {
    /// It was attempted in vain [`ATTEMPTS_MAX`] times.
    AttemptsUsedUp,
    /// A worker has refused it: no attempt can succeed.
    Refused,
}

/// The queue failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// It cannot be reached now, or has not said that it has the task; the same call may succeed later.
    #[error("the task queue cannot take this now: {0}")]
    Unavailable(String),
}

/// Queues by name; one is made when it is first named.
#[async_trait]
pub trait TaskQueue: Send + Sync {
    /// Puts a task into a queue; afterwards the queue has it for certain. After an error it may have it.
    async fn enqueue(&self, queue: &str, task: Task) -> Result<(), QueueError>;

    /// Begins to work on a queue, beside others that do.
    async fn work(&self, queue: &str) -> Result<Box<dyn Worker>, QueueError>;

    /// Begins to work on the dead letters of a queue.
    async fn work_on_dead_letters(&self, queue: &str) -> Result<Box<dyn Worker>, QueueError>;
}

/// Takes tasks. Dropping it gives back what it has not settled, which counts as an attempt, since it may have ended by what
/// it was doing.
#[async_trait]
pub trait Worker: Send {
    /// Waits for the next task. Dropping the call loses nothing. A worker settles a job before it asks for the next: it may
    /// get none before. After an error the next call looks for the queue again; callers pause in between.
    async fn next(&mut self) -> Result<Job, QueueError>;
}

/// A task on loan until it is settled. One that is dropped instead is given back with its worker, at the latest.
pub struct Job {
    task: Task,
    dead: Option<DeadLetterReason>,
    settle: Box<dyn Settle>,
}

/// What became of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has been done.
    Done,
    /// It was attempted in vain.
    Failed,
    /// No attempt can succeed.
    Refused,
}

/// The adapter's side of a settlement.
#[async_trait]
pub trait Settle: Send {
    /// Tells the queue what became of a task. After an error it is handed out again.
    async fn settle(self: Box<Self>, outcome: Outcome) -> Result<(), QueueError>;
}

impl Job {
    /// Hands out a task, which may be a dead letter; for adapters.
    pub fn new(task: Task, dead: Option<DeadLetterReason>, settle: Box<dyn Settle>) -> Self {
        Self { task, dead, settle }
    }

    /// The task.
    pub const fn task(&self) -> &Task {
        &self.task
    }

    /// Why it is a dead letter, if it is one.
    pub const fn dead(&self) -> Option<DeadLetterReason> {
        self.dead
    }

    /// Says that it is done: call it when the effect is durable.
    pub async fn done(self) -> Result<(), QueueError> {
        self.settle.settle(Outcome::Done).await
    }

    /// Gives it back: it is handed out again, or is a dead letter after the last attempt. A dead letter that is given back
    /// stays one.
    pub async fn failed(self) -> Result<(), QueueError> {
        self.settle.settle(Outcome::Failed).await
    }

    /// Makes it a dead letter at once: it can never be done. A dead letter stays one.
    pub async fn refused(self) -> Result<(), QueueError> {
        self.settle.settle(Outcome::Refused).await
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { task, dead, settle: _ } = self;
        f.debug_struct("Job").field("task", task).field("dead", dead).finish_non_exhaustive()
    }
}
