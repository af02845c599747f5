//! What a process is: its reaction, and those who take part in it.

use async_trait::async_trait;
use kit_core::{StreamId, Timestamp};
use kit_executor::Codec;
use uuid::Uuid;

/// The rules of one kind of process, without input or output.
pub trait Process: Codec {
    /// What a participant is asked to do.
    type Step: Send + Sync + 'static;

    /// The stream of a process.
    fn stream(&self, process: Uuid) -> StreamId;

    /// The route of its commands; see [`kit_executor::Decider::route`].
    fn route_of(&self, process: Uuid) -> u64;

    /// What is next. The state says all: a reaction to an event alone would be lost with a crash.
    fn react(&self, state: &Self::State) -> Reaction<Self::Step>;

    /// The command that records what came of a step. One that is recorded already must change nothing.
    fn record(&self, process: Uuid, step: u32, outcome: Outcome) -> Self::Command;

    /// The command that says that the moment of [`Reaction::Wait`] has come. Said too early it must change nothing.
    fn expire(&self, process: Uuid) -> Self::Command;
}

/// What is next in a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reaction<S> {
    /// A participant is to do something.
    Perform {
        /// Number of the step within the process: each has its own.
        number: u32,
        /// What.
        step: S,
    },
    /// It waits for a command, or for a moment.
    Wait {
        /// The moment, if there is one.
        until: Option<Timestamp>,
    },
    /// Nothing more comes of it.
    Ended,
}

/// What came of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// The participant will not do it, with the reason for people.
    Refused(String),
    /// It was tried in vain and goes on being tried: people should look.
    Delayed {
        /// How often.
        attempts: u32,
        /// What the last try failed of.
        detail: String,
    },
}

/// A participant's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Performed {
    /// It is done, now or by an earlier try.
    Done,
    /// It will not be done, with the reason for people. Nothing was changed.
    Refused(String),
}

/// Those who take part in a kind of process.
#[async_trait]
pub trait Participants<S>: Send + Sync + 'static {
    /// Does a step of a process. Called again with the same command id it MUST NOT do it again, however much later, and
    /// answers as if it had: the answer to the first call may have been lost.
    ///
    /// An error says that it is not known whether it was done, with what failed: it will be called again.
    async fn perform(&self, process: Uuid, command: Uuid, step: &S) -> Result<Performed, String>;
}

/// The id of a step's command: the same for every try.
#[must_use]
pub fn command_id(process: Uuid, step: u32) -> Uuid {
    Uuid::new_v5(&process, format!("step/{step}").as_bytes())
}
