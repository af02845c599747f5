//! What callers are told after a command.

use axum::response::{IntoResponse, Response};
use gondola_inventory_domain::ReleaseCause;
use http::{HeaderName, HeaderValue, StatusCode};
use kit_core::Timestamp;
use kit_executor::CommandReceipt;
use kit_http::{Json, Problem};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::levels::StockLevelBody;
use crate::use_cases::{Answer, LineAnswer, LineStatus};

/// A promise of stock in one store.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names on the wire")]
#[serde(rename_all = "camelCase")]
pub(super) struct Reservation {
    /// The promise.
    reservation_id: Uuid,
    /// How it stands.
    status: ReservationStatus,
    /// The store.
    store_id: Uuid,
    /// The product, when the reservation has one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<Uuid>,
    /// Units of that line: promised while active, sold after a commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<u32>,
    /// Units of that product still available.
    #[serde(skip_serializing_if = "Option::is_none")]
    available: Option<u32>,
    /// Version of that stock level.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u64>,
    /// The deadline while it is active.
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
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum ReservationStatus {
    /// The promise holds.
    Active,
    /// The sale happened.
    Committed,
    /// It was given up.
    Released,
    /// Its deadline passed.
    Expired,
    /// Its units were found missing.
    Revoked,
}

impl From<LineStatus> for ReservationStatus {
    fn from(status: LineStatus) -> Self {
        match status {
            LineStatus::Active => Self::Active,
            LineStatus::Committed => Self::Committed,
            LineStatus::Released(ReleaseCause::Expired) => Self::Expired,
            LineStatus::Released(ReleaseCause::Shortage) => Self::Revoked,
            LineStatus::Released(_) => Self::Released,
        }
    }
}

/// One product of a basket after a command.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReservationLine {
    /// The product.
    product_id: Uuid,
    /// Units promised, or sold after a commit.
    quantity: u32,
    /// Units of the product still available.
    available: u32,
    /// Version of the stock level.
    version: u64,
}

impl Reservation {
    pub(super) fn of_answer(done: &CommandReceipt<Answer>, status: ReservationStatus) -> Self {
        let Answer { store, reservation, expires_at, lines, .. } = &done.answer;
        let only = if let [only] = lines.as_slice() { Some(only) } else { None };
        let line = |LineAnswer { level, quantity }: &LineAnswer| ReservationLine {
            product_id: level.product.as_uuid(),
            quantity: *quantity,
            available: level.available(),
            version: level.version.get(),
        };
        Self {
            reservation_id: reservation.map_or(Uuid::nil(), |id| id.as_uuid()),
            status,
            store_id: store.as_uuid(),
            product_id: only.map(|line| line.level.product.as_uuid()),
            quantity: only.map(|line| line.quantity),
            available: only.map(|line| line.level.available()),
            version: only.map(|line| line.level.version.get()),
            expires_at: *expires_at,
            lines: only.is_none().then(|| lines.iter().map(line).collect()),
            position: done.position.get(),
        }
    }
}

/// An answer to a command: its status, and whether it is a repeat. It is no representation that could be asked for
/// again, so it has no entity tag.
pub(super) fn answered(
    status: StatusCode,
    done: &CommandReceipt<Answer>,
    body: impl Serialize,
) -> Response {
    let mut response = (status, Json(body)).into_response();
    if done.repeated {
        let name = HeaderName::from_static("idempotency-replayed");
        response.headers_mut().insert(name, HeaderValue::from_static("true"));
    }
    response
}

/// The level of an answer to a command about one stock level.
pub(super) fn only_level(done: &CommandReceipt<Answer>) -> Result<StockLevelBody, Problem> {
    let line = done.answer.lines.first();
    let line = line.ok_or_else(|| Problem::internal("a command was answered without its level"))?;
    Ok(line.level.into())
}
