//! What operators see and do of the sagas of this context, whatever their kind: list, history, retry, cancel.

mod kinds;
mod pos_batches;

use std::sync::Arc;

use gondola_inventory_domain::{Reason, StoreId};
use kit_core::{Caller, Position, RecordedEvent, Scope, Timestamp, Version};
use kit_process_manager::{DriveError, Reaction};
use kit_service::{ReadError, Slice};
use uuid::Uuid;

use self::kinds::SagasOfKind;
use super::checkouts::{CheckoutError, Checkouts};
use super::pos_batches::PosBatches;
use super::process_list::{Described, is_progress};
use super::split_reservations::{SplitReservationError, SplitReservations};
use super::stocktakes::{StocktakeError, Stocktakes};
use super::transfers::{TransferError, Transfers};

/// What a saga does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SagaKind {
    /// It moves units from one store to another.
    Transfer,
    /// It holds and sells a basket in several stores as one.
    SplitReservation,
    /// It has a basket accepted by store, inventory and notification service, and commits it in all of them.
    Checkout,
    /// It merges what a till has sold while it was offline into the stock of its store.
    PosBatch,
    /// It has shelves counted and reviewed, and posts what is approved.
    Stocktake,
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
    /// The store that is to do it, or that it is about, if it is about one.
    pub store: Option<StoreId>,
}

/// A saga as operators see it.
#[derive(Clone, Debug)]
pub struct Saga {
    /// Which one: the id of the transfer, of the split reservation, of the checkout, of the batch of a till, or of the stocktake.
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
    /// What it tells of has happened already.
    #[error(
        "{0}, so that there is nothing to cancel: what its step fails of must be repaired, and it goes on being tried"
    )]
    Final(&'static str),
    /// The step was tried and failed again.
    #[error("it was tried and failed again; it goes on being tried: {0}")]
    Failed(#[from] DriveError),
    /// The rules of transfers do not allow it.
    #[error(transparent)]
    Transfer(TransferError),
    /// The rules of split reservations do not allow it.
    #[error(transparent)]
    SplitReservation(SplitReservationError),
    /// The rules of checkouts do not allow it.
    #[error(transparent)]
    Checkout(CheckoutError),
    /// The rules of stocktakes do not allow it.
    #[error(transparent)]
    Stocktake(StocktakeError),
    /// It cannot be read now.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// The sagas of this context.
pub struct Sagas {
    kinds: [Box<dyn SagasOfKind>; 5],
}

impl Sagas {
    pub(crate) fn new(
        transfers: Arc<Transfers>,
        split_reservations: Arc<SplitReservations>,
        checkouts: Arc<Checkouts>,
        pos_batches: Arc<PosBatches>,
        stocktakes: Arc<Stocktakes>,
    ) -> Self {
        let kinds: [Box<dyn SagasOfKind>; 5] = [
            Box::new(transfers),
            Box::new(split_reservations),
            Box::new(checkouts),
            Box::new(pos_batches),
            Box::new(stocktakes),
        ];
        Self { kinds }
    }

    /// Sagas, newest first; batches of tills, whose ids say nothing of their age, among them by their ids.
    pub async fn list(&self, filter: SagaFilter) -> Result<Slice<Saga, Uuid>, ReadError> {
        let (mut all, mut is_cut) = (Vec::new(), false);
        for kind in &self.kinds {
            if filter.kind.is_none_or(|wanted| wanted == kind.kind()) {
                let Slice { items, next } = kind.list(&filter).await?;
                is_cut |= next.is_some();
                all.extend(items);
            }
        }
        // the first of all kinds are among the first of each
        all.sort_unstable_by_key(|saga| std::cmp::Reverse(saga.id));
        is_cut |= all.len() > filter.limit;
        all.truncate(filter.limit);
        let next = all.last().filter(|_| is_cut).map(|saga| saga.id);
        Ok(Slice { items: all, next })
    }

    /// Waits until the lists have a position.
    pub async fn reach(&self, position: Position) -> Result<(), ReadError> {
        for kind in &self.kinds {
            kind.reach(position).await?;
        }
        Ok(())
    }

    /// A saga and what happened to it.
    pub async fn find(&self, id: Uuid, scope: &Scope) -> Result<SagaHistory, SagaError> {
        self.found(id, scope).await.map(|(_, found)| found)
    }

    /// Has the step that is to be done tried at once, and goes on from there as far as it goes by itself.
    pub async fn retry(&self, id: Uuid, caller: &Caller) -> Result<SagaHistory, SagaError> {
        let (kind, SagaHistory { saga, .. }) = self.found(id, &caller.scope).await?;
        match (saga.state, saga.waits_for) {
            (SagaState::Ended, _) => return Err(SagaError::Ended(saga.status)),
            (SagaState::Waiting, waits_for) => {
                return Err(SagaError::Waiting(waits_for.unwrap_or("nothing")));
            }
            (SagaState::Performing | SagaState::Stuck, _) => {}
        }
        tracing::info!(saga = %id, actor = %caller.actor, "saga_retried");
        kind.retry(id).await?;
        self.find(id, &caller.scope).await
    }

    /// Has what was done compensated, where the kind of the saga allows that at the point where it is.
    pub async fn cancel(
        &self,
        id: Uuid,
        reason: Option<Reason>,
        caller: Caller,
    ) -> Result<SagaHistory, SagaError> {
        let scope = caller.scope.clone();
        let (kind, SagaHistory { saga, .. }) = self.found(id, &scope).await?;
        if saga.state == SagaState::Ended {
            return Err(SagaError::Ended(saga.status));
        }
        match kind.cancel(id, reason, caller).await {
            Ok(()) => self.find(id, &scope).await,
            Err(error) if kind.is_busy(&error) => {
                match self.find(id, &scope).await?.saga.step.filter(|_| saga.step.is_some()) {
                    Some(step) => Err(SagaError::StepUnderWay(step)),
                    None => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    async fn found(
        &self,
        id: Uuid,
        scope: &Scope,
    ) -> Result<(&dyn SagasOfKind, SagaHistory), SagaError> {
        for kind in &self.kinds {
            if let Some(found) = kind.find(id, scope).await? {
                return Ok((kind.as_ref(), found));
            }
        }
        Err(SagaError::Unknown(id))
    }
}

impl Saga {
    /// A process as operators see it.
    fn of<K: Described>(
        (kind, id): (SagaKind, Uuid),
        process: &K::State,
        version: Version,
        (created_at, since): (Timestamp, Timestamp),
    ) -> Self {
        let delayed = K::delayed(process);
        let (state, step, waits_until) = match K::default().react(process) {
            Reaction::Perform { number, step } => {
                let (name, store) = K::described(&step);
                let state =
                    if delayed.is_some() { SagaState::Stuck } else { SagaState::Performing };
                (state, Some(SagaStep { number, name, store }), None)
            }
            Reaction::Wait { until } => (SagaState::Waiting, None, until),
            Reaction::Ended => (SagaState::Ended, None, None),
        };
        Self {
            id,
            kind,
            state,
            status: K::status(process),
            step,
            waits_for: (state == SagaState::Waiting).then(|| K::waits_for(process)),
            waits_until,
            attempts: delayed.map_or(0, |delayed| delayed.attempts),
            last_error: delayed.map(|delayed| delayed.detail.clone()),
            since,
            created_at,
            version,
        }
    }
}

impl SagaHistory {
    /// A process with all that happened to it.
    fn of<K: Described>(
        named: (SagaKind, Uuid),
        process: &K::State,
        (version, position): (Version, Position),
        events: Vec<Arc<RecordedEvent>>,
    ) -> Self {
        let recorded = |event: &Arc<RecordedEvent>| event.metadata.recorded_at;
        let created_at = events.first().map(recorded).unwrap_or_default();
        let since = events.iter().rev().find(|event| is_progress(event)).map(recorded);
        let times = (created_at, since.unwrap_or(created_at));
        let saga = Saga::of::<K>(named, process, version, times);
        Self { saga, position, events }
    }
}
