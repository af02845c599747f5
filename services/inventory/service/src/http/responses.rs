//! What callers are told after a command.

use std::sync::Arc;

use gondola_inventory_domain::{LineStatus, ReleaseCause};
use kit_core::{Position, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::use_cases::{Catalogue, ReservationAnswer, ReservationAnswerLine};

/// A reservation of stock in one store.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names on the wire")]
#[serde(rename_all = "camelCase")]
pub(super) struct Reservation {
    /// The reservation.
    reservation_id: Uuid,
    /// How it stands.
    status: ReservationStatus,
    /// The store.
    store_id: Uuid,
    /// Its code, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    store_code: Option<Arc<str>>,
    /// The product, when the reservation has one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<Uuid>,
    /// Its SKU, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_sku: Option<Arc<str>>,
    /// Units of that line that the command reserved, sold or released.
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<u32>,
    /// Units of that product still available.
    #[serde(skip_serializing_if = "Option::is_none")]
    available: Option<u32>,
    /// Version of that stock level.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    /// The deadline while it is active. It still is after a command that left units held.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
    /// The lines of a basket.
    #[serde(skip_serializing_if = "Option::is_none")]
    lines: Option<Vec<ReservationLine>>,
    /// Position of the change; a consistency token for `minPosition`.
    position: u64,
}

/// How a reservation stands.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum ReservationStatus {
    /// It holds units.
    Active,
    /// The sale happened.
    Committed,
    /// It was given up.
    Released,
    /// Its deadline passed, whether or not that is recorded.
    Expired,
    /// Its units were found missing.
    Revoked,
    /// Its units left for another store.
    Transferred,
}

impl From<LineStatus> for ReservationStatus {
    fn from(status: LineStatus) -> Self {
        match status {
            LineStatus::Active => Self::Active,
            LineStatus::Committed => Self::Committed,
            LineStatus::Released(ReleaseCause::Expired) => Self::Expired,
            LineStatus::Released(ReleaseCause::Shortage) => Self::Revoked,
            LineStatus::Released(_) => Self::Released,
            LineStatus::Transferred => Self::Transferred,
        }
    }
}

impl From<ReservationStatus> for LineStatus {
    fn from(status: ReservationStatus) -> Self {
        match status {
            ReservationStatus::Active => Self::Active,
            ReservationStatus::Committed => Self::Committed,
            ReservationStatus::Released => Self::Released(ReleaseCause::Cancelled),
            ReservationStatus::Expired => Self::Released(ReleaseCause::Expired),
            ReservationStatus::Revoked => Self::Released(ReleaseCause::Shortage),
            ReservationStatus::Transferred => Self::Transferred,
        }
    }
}

/// One product of a basket after a command.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReservationLine {
    /// The product.
    product_id: Uuid,
    /// Its SKU, if the catalogue has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    product_sku: Option<Arc<str>>,
    /// Units that the command reserved, sold or released.
    quantity: u32,
    /// Units of the product still available.
    available: u32,
    /// Version of the stock level.
    version: u64,
}

impl Reservation {
    /// A reservation after a command whose last event is at `position`.
    pub(super) fn of_answer(
        answer: &ReservationAnswer,
        position: Position,
        catalogue: &Catalogue,
    ) -> Self {
        let sku = |line: &ReservationAnswerLine| {
            catalogue.of_product(line.product).map(|product| product.code)
        };
        let only = if let [only] = answer.lines.as_slice() { Some(only) } else { None };
        let line = |line: &ReservationAnswerLine| ReservationLine {
            product_id: line.product.as_uuid(),
            product_sku: sku(line),
            quantity: line.quantity,
            available: line.available,
            version: line.version.get(),
        };
        Self {
            reservation_id: answer.id.as_uuid(),
            status: answer.status.into(),
            store_id: answer.store.as_uuid(),
            store_code: catalogue.of_store(answer.store).map(|store| store.code),
            product_id: only.map(|line| line.product.as_uuid()),
            product_sku: only.and_then(sku),
            quantity: only.map(|line| line.quantity),
            available: only.map(|line| line.available),
            version: only.map(|line| line.version.get()),
            expires_at: answer.expires_at,
            lines: only.is_none().then(|| answer.lines.iter().map(line).collect()),
            position: position.get(),
        }
    }
}
