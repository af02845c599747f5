//! A checkout as callers see it.

use std::sync::Arc;

use gondola_inventory_domain::{
    CheckoutEvent, CheckoutId, CheckoutStatus, Participant, ParticipantStatus,
};
use kit_core::{Position, RecordedEvent, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::process_managers::checkouts::CheckoutAt;
use crate::process_managers::stored::StoredEvent as _;
use crate::use_cases::{Catalogue, checkout_reservation};

/// How a checkout stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) enum CheckoutState {
    /// It is being accepted by those who take part.
    Requested,
    /// All have accepted it: it waits for its commit.
    Active,
    /// It is being committed.
    Committing,
    /// It is committed everywhere.
    Committed,
    /// It is being rolled back.
    RollingBack,
    /// Somebody gave it up: nothing is held, sold or confirmed.
    Cancelled,
    /// Its deadline passed: nothing is held, sold or confirmed.
    Expired,
    /// One of them refused it: nothing is held, sold or confirmed.
    Refused,
    /// Its units were not held any more at its commit: nothing is held, sold or confirmed.
    Revoked,
}

impl From<CheckoutStatus> for CheckoutState {
    fn from(status: CheckoutStatus) -> Self {
        match status {
            CheckoutStatus::Requested => Self::Requested,
            CheckoutStatus::Active => Self::Active,
            CheckoutStatus::Committing => Self::Committing,
            CheckoutStatus::Committed => Self::Committed,
            CheckoutStatus::RollingBack => Self::RollingBack,
            CheckoutStatus::Cancelled => Self::Cancelled,
            CheckoutStatus::Expired => Self::Expired,
            CheckoutStatus::Refused => Self::Refused,
            CheckoutStatus::Revoked => Self::Revoked,
        }
    }
}

/// The name of one who takes part.
pub(super) const fn participant(who: Participant) -> &'static str {
    match who {
        Participant::Store => "store",
        Participant::Inventory => "inventory",
        Participant::Notification => "notification",
    }
}

/// A basket that store, inventory and notification service accept, and commit or roll back together.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Checkout)]
pub(in crate::http) struct CheckoutBody {
    /// The checkout.
    checkout_id: Uuid,
    /// How it stands.
    status: CheckoutState,
    /// The store that serves it.
    store_id: Uuid,
    /// Its code, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    store_code: Option<Arc<str>>,
    /// The reservation that holds its units.
    reservation_id: Uuid,
    /// The deadline: until then it can be committed.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// The order that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<String>,
    /// The sale, once it was ordered.
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<String>,
    /// What the present step fails of, again and again; it goes on being tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    delayed_by: Option<String>,
    /// How many of which.
    lines: Vec<CheckoutLineBody>,
    /// How it stands with each who takes part, in the order in which they are asked.
    steps: Vec<CheckoutStepBody>,
    /// What happened, in order; in the answer to `GET`.
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<CheckoutHistoryBody>>,
    /// Its version.
    version: u64,
    /// Position of its last change; a consistency token for `minPosition`.
    position: u64,
}

/// Units of one product.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CheckoutLine)]
pub(in crate::http) struct CheckoutLineBody {
    /// The product.
    product_id: Uuid,
    /// Its SKU, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_sku: Option<Arc<str>>,
    /// How many.
    quantity: u32,
}

/// How a checkout stands with one who takes part.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CheckoutStep)]
pub(in crate::http) struct CheckoutStepBody {
    /// Who: `store`, `inventory` or `notification`.
    participant: &'static str,
    /// How it stands there: `pending`, `accepted`, `refused`, `skipped`, `committed`, `rolledBack`, `revoked`, `notServed` (this
    /// installation has no notification service) or `notWanted`. The store keeps nothing of its answer: it stays `accepted`.
    status: &'static str,
    /// Why it was refused, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// Something that happened to a checkout.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CheckoutHistoryEntry)]
pub(in crate::http) struct CheckoutHistoryBody {
    /// The event.
    event_type: &'static str,
    /// More about it, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
    /// Who did it.
    actor: String,
    /// Its position in the log.
    position: u64,
}

impl CheckoutBody {
    /// A checkout after a command, or asked for by its id.
    pub(super) fn of(at: &CheckoutAt, position: Position, catalogue: &Catalogue) -> Self {
        let (checkout, terms) = (&at.state, at.state.terms());
        let store = terms.and_then(|terms| catalogue.of_store(terms.store));
        let lines = terms.map(|terms| terms.lines.as_slice()).unwrap_or_default().iter();
        let lines = lines.map(|(product, quantity)| CheckoutLineBody {
            product_id: product.as_uuid(),
            product_sku: catalogue.of_product(*product).map(|product| product.code),
            quantity: quantity.get(),
        });
        Self {
            checkout_id: at.id,
            status: checkout.status().into(),
            store_id: terms.map(|terms| terms.store.as_uuid()).unwrap_or_default(),
            store_code: store.map(|store| store.code),
            reservation_id: checkout_reservation(CheckoutId::from_uuid(at.id)).as_uuid(),
            expires_at: terms.map(|terms| terms.expires_at).unwrap_or_default(),
            reason: terms.and_then(|terms| terms.reason.as_ref()).map(ToString::to_string),
            order_id: terms.and_then(|terms| terms.order.as_ref()).map(ToString::to_string),
            transaction_id: checkout.transaction().map(ToString::to_string),
            delayed_by: checkout.delayed().map(|delayed| delayed.detail.clone()),
            lines: lines.collect(),
            steps: checkout.participants().map(CheckoutStepBody::of).into(),
            history: None,
            version: at.version.get(),
            position: position.get(),
        }
    }

    /// The same with what happened.
    pub(super) fn with_history(
        self,
        history: &[Arc<RecordedEvent>],
    ) -> Result<Self, kit_service::ReadError> {
        let entry = |recorded: &Arc<RecordedEvent>| {
            let event = CheckoutEvent::decode(recorded)?;
            Ok(CheckoutHistoryBody {
                event_type: event.type_name(),
                detail: event.detail().map(str::to_owned),
                recorded_at: recorded.metadata.recorded_at,
                actor: recorded.metadata.actor.to_string(),
                position: recorded.position.get(),
            })
        };
        let history = history.iter().map(entry);
        let history = history.collect::<Result<_, kit_event_store::EventStoreError>>()?;
        Ok(Self { history: Some(history), ..self })
    }
}

impl CheckoutStepBody {
    fn of((who, status, detail): (Participant, ParticipantStatus, Option<&str>)) -> Self {
        Self {
            participant: participant(who),
            status: status.as_str(),
            detail: detail.map(str::to_owned),
        }
    }
}
