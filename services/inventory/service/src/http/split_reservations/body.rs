//! A split reservation as callers see it.

use std::sync::Arc;

use gondola_inventory_domain::{SplitPart, SplitReservation, SplitReservationId, SplitStatus};
use kit_core::{Position, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::process_managers::split_reservations::{SplitHistoryEntry, SplitReservationAt};
use crate::use_cases::{Catalogue, part_reservation};

/// How a split reservation stands.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) enum SplitReservationState {
    /// Its parts are being held.
    Requested,
    /// All parts are held.
    Active,
    /// Its parts are being sold.
    Committing,
    /// All parts are sold.
    Committed,
    /// What is held is being released, and what was sold returned.
    Releasing,
    /// It was given up: nothing is held.
    Released,
    /// Its deadline passed: nothing is held.
    Expired,
    /// A part had ended when all were to be sold: nothing is held, and nothing is sold.
    Revoked,
    /// A store refused its part, or the stores have not enough: nothing is held.
    Refused,
}

impl From<SplitStatus> for SplitReservationState {
    fn from(status: SplitStatus) -> Self {
        match status {
            SplitStatus::Requested => Self::Requested,
            SplitStatus::Active => Self::Active,
            SplitStatus::Committing => Self::Committing,
            SplitStatus::Committed => Self::Committed,
            SplitStatus::Releasing => Self::Releasing,
            SplitStatus::Released => Self::Released,
            SplitStatus::Expired => Self::Expired,
            SplitStatus::Revoked => Self::Revoked,
            SplitStatus::Refused => Self::Refused,
        }
    }
}

impl From<SplitReservationState> for SplitStatus {
    fn from(state: SplitReservationState) -> Self {
        match state {
            SplitReservationState::Requested => Self::Requested,
            SplitReservationState::Active => Self::Active,
            SplitReservationState::Committing => Self::Committing,
            SplitReservationState::Committed => Self::Committed,
            SplitReservationState::Releasing => Self::Releasing,
            SplitReservationState::Released => Self::Released,
            SplitReservationState::Expired => Self::Expired,
            SplitReservationState::Revoked => Self::Revoked,
            SplitReservationState::Refused => Self::Refused,
        }
    }
}

/// A basket held in several stores as one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SplitReservation)]
pub(in crate::http) struct SplitReservationBody {
    /// The split reservation.
    split_reservation_id: Uuid,
    /// How it stands.
    status: SplitReservationState,
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
    /// What a store refused last, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// What the present step fails of, again and again; it goes on being tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    delayed_by: Option<String>,
    /// How often stores were looked for; 1 where they were named.
    plan: u32,
    /// What each store holds; none while stores are looked for.
    parts: Vec<SplitPartBody>,
    /// What happened, in order; in the answer to `GET`.
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<Vec<SplitHistoryBody>>,
    /// Its version.
    version: u64,
    /// Position of its last change; a consistency token for `minPosition`. Not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<u64>,
}

/// What one store holds of a split reservation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SplitReservationPart)]
pub(in crate::http) struct SplitPartBody {
    /// The reservation in the store.
    reservation_id: Uuid,
    /// The store.
    store_id: Uuid,
    /// Its code, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    store_code: Option<Arc<str>>,
    /// How it stands: `planned`, `active`, `refused`, `skipped`, `released`, `committed`, `revoked` or `returned`.
    status: &'static str,
    /// Why the store refused it, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// How many of which.
    lines: Vec<SplitPartLine>,
}

/// Units of one product.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SplitReservationLine)]
pub(in crate::http) struct SplitPartLine {
    /// The product.
    product_id: Uuid,
    /// Its SKU, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_sku: Option<Arc<str>>,
    /// How many.
    quantity: u32,
}

/// Something that happened to a split reservation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SplitReservationHistoryEntry)]
pub(in crate::http) struct SplitHistoryBody {
    /// The event.
    event_type: &'static str,
    /// The store, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    store_id: Option<Uuid>,
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

impl SplitReservationBody {
    /// A split reservation after a command, or asked for by its id.
    pub(super) fn of(at: &SplitReservationAt, position: Position, catalogue: &Catalogue) -> Self {
        let (split, terms) = (&at.split, at.split.terms());
        let numbered = (0..).zip(split.parts());
        // what earlier plans have left is in the history
        let parts = numbered.filter(|(_, part)| part.plan == split.plan());
        Self {
            split_reservation_id: at.id.as_uuid(),
            status: split.status().into(),
            expires_at: terms.map(|terms| terms.expires_at).unwrap_or_default(),
            reason: terms.and_then(|terms| terms.reason.as_ref()).map(ToString::to_string),
            order_id: terms.and_then(|terms| terms.order.as_ref()).map(ToString::to_string),
            transaction_id: split.transaction().map(ToString::to_string),
            detail: split.detail().map(str::to_owned),
            delayed_by: split.delayed().map(|delayed| delayed.detail.clone()),
            plan: split.plan(),
            parts: parts
                .map(|(number, part)| SplitPartBody::of(at.id, number, part, catalogue))
                .collect(),
            history: None,
            version: at.version.get(),
            position: Some(position.get()),
        }
    }

    /// A split reservation in a list.
    pub(super) fn listed(at: &SplitReservationAt, catalogue: &Catalogue) -> Self {
        Self { position: None, ..Self::of(at, at.position, catalogue) }
    }

    /// The same with what happened.
    pub(super) fn with_history(
        self,
        history: &[SplitHistoryEntry],
        split: &SplitReservation,
    ) -> Self {
        let store = |number| split.part(number).map(|part| part.planned.store.as_uuid());
        let entry = |entry: &SplitHistoryEntry| SplitHistoryBody {
            event_type: entry.event_type,
            store_id: entry.part.and_then(store),
            detail: entry.detail.clone(),
            recorded_at: entry.recorded_at,
            actor: entry.actor.to_string(),
            position: entry.position.get(),
        };
        Self { history: Some(history.iter().map(entry).collect()), ..self }
    }
}

impl SplitPartBody {
    fn of(id: SplitReservationId, number: u32, part: &SplitPart, catalogue: &Catalogue) -> Self {
        let store = part.planned.store;
        let lines = part.planned.lines.iter();
        let lines = lines.map(|(product, quantity)| SplitPartLine {
            product_id: product.as_uuid(),
            product_sku: catalogue.of_product(*product).map(|product| product.code),
            quantity: quantity.get(),
        });
        Self {
            reservation_id: part_reservation(id, number).as_uuid(),
            store_id: store.as_uuid(),
            store_code: catalogue.of_store(store).map(|store| store.code),
            status: part.status.as_str(),
            detail: part.detail.clone(),
            lines: lines.collect(),
        }
    }
}
