//! What operators see and do of the sagas of this context, whatever their kind: list, history, retry, cancel.

use std::sync::Arc;

use gondola_inventory_domain::{
    CancelTransfer, NextStep, Reason, StoreId, Transfer, TransferCommand, TransferId,
    TransferRefusal, TransferStatus, TransferStep,
};
use kit_core::{Caller, Position, RecordedEvent, Scope, Timestamp, Version};
use kit_process_manager::DriveError;
use kit_service::{ReadError, Slice};
use uuid::Uuid;

use super::transfers::{
    ListedTransfer, TransferAt, TransferError, TransferFilter, Transfers, is_progress,
};

/// What a saga does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SagaKind {
    /// It moves units from one store to another.
    Transfer,
}

/// What a saga is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SagaState {
    /// A step is to be done, and is tried.
    Performing,
    /// The same, and it has failed again and again: people should look.
    Stuck,
    /// It waits for people, or for a moment.
    Waiting,
    /// Nothing more comes of it.
    Ended,
}

/// The step that is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SagaStep {
    /// Its number within the saga.
    pub number: u32,
    /// What it is called.
    pub name: &'static str,
    /// The store that is to do it.
    pub store: StoreId,
}

/// A saga as operators see it.
#[derive(Clone, Debug)]
pub struct Saga {
    /// Which one; of a transfer, its id.
    pub id: Uuid,
    /// What it does.
    pub kind: SagaKind,
    /// What it is at.
    pub state: SagaState,
    /// How the thing itself stands, in the words of its kind.
    pub status: &'static str,
    /// The step that is to be done, if one is.
    pub step: Option<SagaStep>,
    /// What it waits for, as a text for people, if it waits.
    pub waits_for: Option<&'static str>,
    /// The moment at which it waits no longer, if there is one.
    pub waits_until: Option<Timestamp>,
    /// How often the step had failed when that was last recorded; 0 while it has not failed often.
    pub attempts: u32,
    /// What it failed of then, as a text for people.
    pub last_error: Option<String>,
    /// When the saga last got on; a step that fails is no progress.
    pub since: Timestamp,
    /// When it began.
    pub created_at: Timestamp,
    /// Its version.
    pub version: Version,
}

/// A saga with all that happened to it, oldest first.
#[derive(Clone, Debug)]
pub struct SagaHistory {
    /// As it stands after these events.
    pub saga: Saga,
    /// Position of the last one.
    pub position: Position,
    /// What happened.
    pub events: Vec<Arc<RecordedEvent>>,
}

/// Which sagas are listed; all conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct SagaFilter {
    /// Only those of this kind.
    pub kind: Option<SagaKind>,
    /// Only those that are stuck.
    pub stuck: bool,
    /// Those that have ended as well.
    pub ended: bool,
    /// Only those within this scope.
    pub scope: Scope,
    /// Only those after this one in the list.
    pub after: Option<Uuid>,
    /// The most of them.
    pub limit: usize,
}

/// What an operator wanted was not done.
#[derive(Debug, thiserror::Error)]
pub enum SagaError {
    /// No saga has this id.
    #[error("no saga {0} is known: check the id, and list them with `GET /api/v1/sagas`")]
    Unknown(Uuid),
    /// It has come to its end.
    #[error("the saga has ended ({0}): there is nothing to retry or to cancel")]
    Ended(&'static str),
    /// No step is to be done.
    #[error("no step of the saga is to be done, so there is nothing to retry: it waits for {0}")]
    Waiting(&'static str),
    /// Nobody knows what would have to be compensated.
    #[error(
        "step {} ({}) has no outcome yet, so that nobody knows what is to be compensated: retry it first",
        .0.number, .0.name
    )]
    StepUnderWay(SagaStep),
    /// The step was tried and failed again.
    #[error("it was tried and failed again; it goes on being tried: {0}")]
    Failed(#[from] DriveError),
    /// The rules of its kind do not allow it.
    #[error(transparent)]
    Transfer(TransferError),
    /// It cannot be read now.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// The sagas of this context.
pub struct Sagas {
    transfers: Arc<Transfers>,
}

impl Sagas {
    pub(crate) const fn new(transfers: Arc<Transfers>) -> Self {
        Self { transfers }
    }

    /// Sagas, newest first.
    pub async fn list(&self, filter: SagaFilter) -> Result<Slice<Saga, Uuid>, ReadError> {
        // the one kind that there is: who asks for it asks for all
        let SagaFilter { kind: Some(SagaKind::Transfer) | None, stuck, ended, scope, after, limit } =
            filter;
        let filter = TransferFilter {
            scope,
            unfinished: !ended,
            delayed: stuck,
            after: after.map(TransferId::from_uuid),
            limit,
            ..TransferFilter::default()
        };
        let Slice { items, next } = self.transfers.list(filter).await?;
        let items = items.iter().map(Saga::listed).collect();
        Ok(Slice { items, next: next.map(|last| last.as_uuid()) })
    }

    /// Waits until the list has a position.
    pub async fn reach(&self, position: Position) -> Result<(), ReadError> {
        self.transfers.reach(position).await
    }

    /// A saga and what happened to it.
    pub async fn find(&self, id: Uuid, scope: &Scope) -> Result<SagaHistory, SagaError> {
        let found = self.transfer(id, scope).await?;
        self.history(found).await
    }

    /// Has the step that is to be done tried at once, and goes on from there as far as it goes by itself.
    pub async fn retry(&self, id: Uuid, caller: &Caller) -> Result<SagaHistory, SagaError> {
        let found = self.transfer(id, &caller.scope).await?;
        match found.transfer.next_step() {
            NextStep::Ended => return Err(SagaError::Ended(found.transfer.status().as_str())),
            NextStep::Wait { .. } => return Err(SagaError::Waiting(waits_for(&found.transfer))),
            NextStep::Perform { .. } => {}
        }
        tracing::info!(saga = %id, actor = %caller.actor, "saga_retried");
        self.transfers.retry(found.id).await?;
        self.find(id, &caller.scope).await
    }

    /// Has what was done compensated, where the kind of the saga allows that at the point where it is.
    pub async fn cancel(
        &self,
        id: Uuid,
        reason: Option<Reason>,
        caller: Caller,
    ) -> Result<SagaHistory, SagaError> {
        let found = self.transfer(id, &caller.scope).await?;
        let next = found.transfer.next_step();
        if next == NextStep::Ended {
            return Err(SagaError::Ended(found.transfer.status().as_str()));
        }
        let (scope, cancel) = (caller.scope.clone(), CancelTransfer { reason });
        let command = TransferCommand::CancelTransfer(cancel);
        match (self.transfers.perform(found.id, command, caller).await, next) {
            (Ok(cancelled), _) => self.history(cancelled.answer).await,
            (Err(TransferError::Refused(TransferRefusal::Unknown)), _) => {
                Err(SagaError::Unknown(id))
            }
            (Err(TransferError::Refused(TransferRefusal::Busy)), NextStep::Perform { .. }) => {
                let now = self.transfer(id, &scope).await?;
                match step_of(&now.transfer.next_step()) {
                    Some(step) => Err(SagaError::StepUnderWay(step)),
                    None => Err(SagaError::Transfer(TransferRefusal::Busy.into())),
                }
            }
            (Err(error), _) => Err(SagaError::Transfer(error)),
        }
    }

    async fn transfer(&self, id: Uuid, scope: &Scope) -> Result<TransferAt, SagaError> {
        let found = self.transfers.find(TransferId::from_uuid(id), scope).await?;
        found.ok_or(SagaError::Unknown(id))
    }

    async fn history(&self, found: TransferAt) -> Result<SagaHistory, SagaError> {
        let events = self.transfers.history(found.id, found.version).await?;
        let recorded = |event: &Arc<RecordedEvent>| event.metadata.recorded_at;
        let created_at = events.first().map(recorded).unwrap_or_default();
        let since = events.iter().rev().find(|event| is_progress(event)).map(recorded);
        let (id, version, position) = (found.id.as_uuid(), found.version, found.position);
        let times = (created_at, since.unwrap_or(created_at));
        let saga = Saga::of_transfer(id, &found.transfer, version, times);
        Ok(SagaHistory { saga, position, events })
    }
}

impl Saga {
    fn listed(listed: &ListedTransfer) -> Self {
        let times = (listed.created_at, listed.since);
        Self::of_transfer(listed.id.as_uuid(), &listed.transfer, listed.version, times)
    }

    fn of_transfer(
        id: Uuid,
        transfer: &Transfer,
        version: Version,
        (created_at, since): (Timestamp, Timestamp),
    ) -> Self {
        let next = transfer.next_step();
        let delayed = transfer.delayed();
        let state = match (&next, delayed) {
            (NextStep::Perform { .. }, Some(_)) => SagaState::Stuck,
            (NextStep::Perform { .. }, None) => SagaState::Performing,
            (NextStep::Wait { .. }, _) => SagaState::Waiting,
            (NextStep::Ended, _) => SagaState::Ended,
        };
        let waits_until = match next {
            NextStep::Wait { until } => until,
            _ => None,
        };
        Self {
            id,
            kind: SagaKind::Transfer,
            state,
            status: transfer.status().as_str(),
            step: step_of(&next),
            waits_for: (state == SagaState::Waiting).then(|| waits_for(transfer)),
            waits_until,
            attempts: delayed.map_or(0, |delayed| delayed.attempts),
            last_error: delayed.map(|delayed| delayed.detail.clone()),
            since,
            created_at,
            version,
        }
    }
}

fn step_of(next: &NextStep<TransferStep>) -> Option<SagaStep> {
    let NextStep::Perform { number, step } = next else { return None };
    Some(SagaStep { number: *number, name: step.name(), store: step.store() })
}

/// What a transfer without a step waits for.
fn waits_for(transfer: &Transfer) -> &'static str {
    match transfer.status() {
        TransferStatus::Held => "its dispatch or its cancellation, or the end of its hold",
        TransferStatus::InTransit => "its receipt or its return",
        _ => "nothing",
    }
}
