//! Drives one process as far as it goes by itself.

use std::sync::Arc;

use kit_core::{Actor, Caller, Clock, IdSource, Scope};
use kit_executor::{Executor, Rejection};
use uuid::Uuid;

use crate::process::{Outcome, Participants, Performed, Process, Reaction, command_id};

/// Most steps of one drive; a process that has more is driven on when it is found again.
const STEPS_MAX: usize = 16;

/// A process could not be driven on; it stays to be driven.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DriveError {
    /// A step failed, or its participant will not do it and it must be done.
    #[error("step {step} is not done: {detail}")]
    Step {
        /// Its number.
        step: u32,
        /// What it failed of.
        detail: String,
    },
    /// The process itself could not be read or written.
    #[error("the process cannot be read or written: {0}")]
    Log(String),
}

/// The processes of one kind.
pub struct Processes<P: Process> {
    /// Their rules.
    pub process: Arc<P>,
    /// Decides and writes.
    pub executor: Executor<P>,
    /// Who does the steps.
    pub participants: Arc<dyn Participants<P::Step>>,
    /// The present time, monotonic.
    pub clock: Arc<dyn Clock>,
    /// Names each drive.
    pub ids: Arc<dyn IdSource>,
    /// Who records outcomes.
    pub actor: Actor,
}

impl<P: Process> Processes<P> {
    /// Performs what is next in a process, step by step, until it waits or has ended.
    ///
    /// It may be dropped at any point, and driven by several at a time.
    pub async fn drive(&self, process: Uuid) -> Result<(), DriveError> {
        let correlation_id = self.ids.next_id(self.clock.now());
        let mut before = None;
        for _ in 0..STEPS_MAX {
            match self.react(process).await? {
                Reaction::Perform { number, step } => {
                    let refused = self.perform(process, number, &step, correlation_id).await?;
                    if before == Some(number) {
                        let detail = refused.unwrap_or_else(|| "it has no outcome".to_owned());
                        return Err(DriveError::Step { step: number, detail });
                    }
                    before = Some(number);
                }
                Reaction::Wait { until: Some(until) } if until <= self.clock.now() => {
                    let expire = self.process.expire(process);
                    self.write(expire, correlation_id).await?;
                }
                Reaction::Wait { .. } | Reaction::Ended => return Ok(()),
            }
        }
        Ok(())
    }

    /// Drives a process because somebody asked for it. A step that fails is noted as delayed at once: people know of it.
    pub async fn retry(&self, process: Uuid) -> Result<(), DriveError> {
        let driven = self.drive(process).await;
        if let Err(DriveError::Step { step, detail }) = &driven {
            let noted = self.note_delay(process, *step, 1, detail.clone()).await;
            if let Err(error) = noted {
                tracing::warn!(%process, %error, "delay_not_noted");
            }
        }
        driven
    }

    /// Notes that the step that is next fails again and again.
    pub(crate) async fn note_delay(
        &self,
        process: Uuid,
        step: u32,
        attempts: u32,
        detail: String,
    ) -> Result<(), DriveError> {
        let outcome = Outcome::Delayed { attempts, detail };
        let correlation_id = self.ids.next_id(self.clock.now());
        self.write(self.process.record(process, step, outcome), correlation_id).await
    }

    async fn react(&self, process: Uuid) -> Result<Reaction<P::Step>, DriveError> {
        let rules = Arc::clone(&self.process);
        let look = move |found: kit_executor::Versioned<'_, P::State>| rules.react(found.state);
        let (route, stream) = (self.process.route_of(process), self.process.stream(process));
        let found = self.executor.inspect(route, stream, look).await;
        found.map_err(|rejection| log_error(&rejection))
    }

    /// Has a step done and records what came of it; the answer is why it was refused, if it was.
    async fn perform(
        &self,
        process: Uuid,
        number: u32,
        step: &P::Step,
        correlation_id: Uuid,
    ) -> Result<Option<String>, DriveError> {
        let performed = self.participants.perform(process, command_id(process, number), step).await;
        let performed = performed.map_err(|detail| DriveError::Step { step: number, detail })?;
        let (outcome, refused) = match performed {
            Performed::Done => (Outcome::Done, None),
            Performed::Refused(detail) => (Outcome::Refused(detail.clone()), Some(detail)),
        };
        self.write(self.process.record(process, number, outcome), correlation_id).await?;
        Ok(refused)
    }

    async fn write(&self, command: P::Command, correlation_id: Uuid) -> Result<(), DriveError> {
        let (actor, scope) = (self.actor.clone(), Scope::All);
        let caller = Caller { actor, correlation_id, idempotency: None, scope };
        match self.executor.perform(command, caller).await {
            Ok(_) => Ok(()),
            Err(rejection) => Err(log_error(&rejection)),
        }
    }
}

fn log_error<R>(rejection: &Rejection<R>) -> DriveError {
    DriveError::Log(match rejection {
        Rejection::Refused { .. } => "the process refuses what happened".to_owned(),
        Rejection::EventStore(error) => error.to_string(),
        Rejection::KeyReused | Rejection::Conflict { .. } | Rejection::Overloaded => {
            "too much is written at the same time".to_owned()
        }
    })
}
