//! A saga as operators see it.

use kit_core::{RecordedEvent, Timestamp};
use kit_http::Problem;
use kit_service::ReadError;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::sync::Arc;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::process_managers::sagas::{Saga, SagaHistory, SagaKind, SagaState, SagaStep};
use crate::use_cases::Catalogue;

/// What a saga does.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) enum SagaKindBody {
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

impl From<SagaKindBody> for SagaKind {
    fn from(kind: SagaKindBody) -> Self {
        match kind {
            SagaKindBody::Transfer => Self::Transfer,
            SagaKindBody::SplitReservation => Self::SplitReservation,
            SagaKindBody::Checkout => Self::Checkout,
            SagaKindBody::PosBatch => Self::PosBatch,
            SagaKindBody::Stocktake => Self::Stocktake,
        }
    }
}

impl From<SagaKind> for SagaKindBody {
    fn from(kind: SagaKind) -> Self {
        match kind {
            SagaKind::Transfer => Self::Transfer,
            SagaKind::SplitReservation => Self::SplitReservation,
            SagaKind::Checkout => Self::Checkout,
            SagaKind::PosBatch => Self::PosBatch,
            SagaKind::Stocktake => Self::Stocktake,
        }
    }
}

/// What a saga is at.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) enum SagaStateBody {
    /// A step is to be done, and is tried.
    Performing,
    /// The same, and it has failed again and again: people should look.
    Stuck,
    /// It waits for people, or for a moment.
    Waiting,
    /// Nothing more comes of it.
    Ended,
}

impl From<SagaState> for SagaStateBody {
    fn from(state: SagaState) -> Self {
        match state {
            SagaState::Performing => Self::Performing,
            SagaState::Stuck => Self::Stuck,
            SagaState::Waiting => Self::Waiting,
            SagaState::Ended => Self::Ended,
        }
    }
}

/// A change that goes through several places, step by step.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct SagaBody {
    /// The saga: the `transferId`, `splitReservationId`, `checkoutId`, `posBatchId` or `stocktakeId`.
    saga_id: Uuid,
    /// What it does.
    kind: SagaKindBody,
    /// What it is at.
    state: SagaStateBody,
    /// How the thing itself stands, in the words of its kind: its `status` there.
    status: &'static str,
    /// The step that is to be done, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<SagaStepBody>,
    /// What it waits for, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    waits_for: Option<&'static str>,
    /// The moment at which it waits no longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    waits_until: Option<Timestamp>,
    /// How often the step had failed when that was last recorded: at ten tries, and when they have doubled.
    attempts: u32,
    /// What the step failed of then.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    /// When the saga last got on; a step that fails is no progress.
    #[schema(value_type = String, format = DateTime)]
    since: Timestamp,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Its version.
    version: u64,
    /// Position of its last change, in the answer about one saga; a consistency token for `minPosition`.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
    /// What happened to it, oldest first, in the answer about one saga.
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<SagaEventBody>>,
}

/// The step of a saga that is to be done.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct SagaStepBody {
    /// Its number within the saga.
    number: u32,
    /// What it is called: of a transfer `hold`, `dispatch`, `release` or `putAway`; of a split reservation `plan`, `hold`,
    /// `commit`, `release` or `return`; of a checkout `accept`, `reserve`, `prepare`, `sell`, `confirm`, `release` or `drop`; of a batch of a
    /// till `merge`.
    name: &'static str,
    /// The store that is to do it, or that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    store_id: Option<Uuid>,
    /// Its code, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    store_code: Option<Arc<str>>,
}

/// Something that happened to a saga.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct SagaEventBody {
    /// The saga's version after it.
    version: u64,
    /// What happened.
    #[serde(rename = "type")]
    event_type: String,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// Who wanted it.
    actor: String,
    /// Its facts.
    #[schema(value_type = Object)]
    data: Box<RawValue>,
}

impl SagaBody {
    /// A saga in a list.
    pub(super) fn listed(saga: &Saga, catalogue: &Catalogue) -> Self {
        Self {
            saga_id: saga.id,
            kind: saga.kind.into(),
            state: saga.state.into(),
            status: saga.status,
            step: saga.step.map(|step| SagaStepBody::of(step, catalogue)),
            waits_for: saga.waits_for,
            waits_until: saga.waits_until,
            attempts: saga.attempts,
            last_error: saga.last_error.clone(),
            since: saga.since,
            created_at: saga.created_at,
            version: saga.version.get(),
            position: None,
            history: None,
        }
    }

    /// A saga with its history.
    pub(super) fn whole(found: &SagaHistory, catalogue: &Catalogue) -> Result<Self, Problem> {
        let history = found.events.iter().map(|event| SagaEventBody::of(event));
        Ok(Self {
            position: Some(found.position.get()),
            history: Some(history.collect::<Result<_, _>>()?),
            ..Self::listed(&found.saga, catalogue)
        })
    }
}

impl SagaStepBody {
    fn of(step: SagaStep, catalogue: &Catalogue) -> Self {
        Self {
            number: step.number,
            name: step.name,
            store_id: step.store.map(|store| store.as_uuid()),
            store_code: step.store.and_then(|id| catalogue.of_store(id)).map(|store| store.code),
        }
    }
}

impl SagaEventBody {
    fn of(recorded: &RecordedEvent) -> Result<Self, Problem> {
        let data = RawValue::from_string(recorded.event.data.to_string());
        Ok(Self {
            version: recorded.version.get(),
            event_type: recorded.event.event_type.to_string(),
            recorded_at: recorded.metadata.recorded_at,
            actor: recorded.metadata.actor.to_string(),
            data: data.map_err(|error| {
                let place = recorded.position;
                ReadError::from(kit_event_store::EventStoreError::Corrupt(format!(
                    "event at position {place}: {error}"
                )))
            })?,
        })
    }
}
