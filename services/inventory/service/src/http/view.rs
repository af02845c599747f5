//! Response bodies: stock levels, reservations, movements.

use gondola_inventory_domain::ReleaseCause;
use kit_core::{Position, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::use_cases::{
    LevelRow, LineStatus, Movement, MovementCause, ReservationAnswer, ReservationAnswerLine,
    ReservationView,
};

/// One product in one store.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct StockLevel {
    /// The store.
    store_id: Uuid,
    /// The product.
    product_id: Uuid,
    /// Units physically in the store.
    on_hand: u32,
    /// Units promised by active reservations.
    reserved: u32,
    /// On hand less reserved.
    available: u32,
    /// Available less safety stock: what can be promised.
    offered: u32,
    /// Units that are not offered.
    safety_stock: u32,
    /// Reorder at or below so many available units.
    reorder_point: u32,
    /// Version of the stock level: how many events it has.
    version: u64,
    /// Position of its last event known to this answer; a consistency token for `minPosition`.
    position: u64,
    /// The moment for which the answer holds.
    #[schema(value_type = String, format = DateTime)]
    as_of: Timestamp,
}

impl From<LevelRow> for StockLevel {
    fn from(row: LevelRow) -> Self {
        Self {
            store_id: row.store.as_uuid(),
            product_id: row.product.as_uuid(),
            on_hand: row.on_hand,
            reserved: row.reserved,
            available: row.available(),
            offered: row.offered(),
            safety_stock: row.safety_stock,
            reorder_point: row.reorder_point,
            version: row.version.get(),
            position: row.position.get(),
            as_of: row.as_of,
        }
    }
}

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
    /// A reservation after a command whose last event is at `position`.
    pub(super) fn of_answer(answer: &ReservationAnswer, position: Position) -> Self {
        let only = if let [only] = answer.lines.as_slice() { Some(only) } else { None };
        let line = |line: &ReservationAnswerLine| ReservationLine {
            product_id: line.product.as_uuid(),
            quantity: line.quantity,
            available: line.available,
            version: line.version.get(),
        };
        Self {
            reservation_id: answer.id.as_uuid(),
            status: answer.status.into(),
            store_id: answer.store.as_uuid(),
            product_id: only.map(|line| line.product.as_uuid()),
            quantity: only.map(|line| line.quantity),
            available: only.map(|line| line.available),
            version: only.map(|line| line.version.get()),
            expires_at: answer.expires_at,
            lines: only.is_none().then(|| answer.lines.iter().map(line).collect()),
            position: position.get(),
        }
    }
}

/// A reservation as it stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReservationDetails {
    /// The promise.
    reservation_id: Uuid,
    /// How it stands.
    status: ReservationStatus,
    /// The store.
    store_id: Uuid,
    /// From when on.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Its deadline.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// The order that it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<String>,
    /// The sale that ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    transaction_id: Option<String>,
    /// Its lines.
    lines: Vec<ReservationDetailsLine>,
}

/// One product of a reservation as it stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReservationDetailsLine {
    /// The product.
    product_id: Uuid,
    /// Units promised.
    quantity: u32,
    /// Units sold.
    committed: u32,
    /// How the line stands.
    status: ReservationStatus,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

impl ReservationDetails {
    pub(super) fn of_view(view: ReservationView, now: Timestamp) -> Self {
        let status = view.status(now).into();
        let overdue = view.expires_at <= now;
        let lines = view.lines.into_iter().map(|line| ReservationDetailsLine {
            product_id: line.product.as_uuid(),
            quantity: line.quantity,
            committed: line.committed,
            status: match line.status {
                LineStatus::Active if overdue => ReservationStatus::Expired,
                other => other.into(),
            },
            ended_at: line.ended_at,
        });
        Self {
            reservation_id: view.id.as_uuid(),
            status,
            store_id: view.store.as_uuid(),
            created_at: view.created_at,
            expires_at: view.expires_at,
            order_id: view.order,
            transaction_id: view.transaction,
            lines: lines.collect(),
        }
    }
}

/// One change of a stock level.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct MovementView {
    /// Place in the global order.
    position: u64,
    /// Version of the stock level after it.
    version: u64,
    /// Name of the event.
    event_type: String,
    /// What kind of change.
    #[schema(example = "received")]
    cause: &'static str,
    /// Change of the units on hand.
    on_hand_delta: i64,
    /// Change of the units reserved.
    reserved_delta: i64,
    /// Who.
    actor: String,
    /// Why, in people's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// What it belongs to: a delivery note, an order, a sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// The reservation that it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    reservation_id: Option<Uuid>,
    /// When it happened in the shop.
    #[schema(value_type = String, format = DateTime)]
    occurred_at: Timestamp,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
}

impl From<Movement> for MovementView {
    fn from(movement: Movement) -> Self {
        Self {
            position: movement.position.get(),
            version: movement.version.get(),
            event_type: movement.event_type,
            cause: cause(movement.cause),
            on_hand_delta: movement.on_hand_delta,
            reserved_delta: movement.reserved_delta,
            actor: movement.actor,
            reason: movement.reason,
            reference: movement.reference,
            reservation_id: movement.reservation.map(|id| id.as_uuid()),
            occurred_at: movement.occurred_at,
            recorded_at: movement.recorded_at,
        }
    }
}

fn cause(cause: MovementCause) -> &'static str {
    match cause {
        MovementCause::Received => "received",
        MovementCause::Reserved => "reserved",
        MovementCause::Committed => "committed",
        MovementCause::Released(ReleaseCause::Cancelled) => "cancelled",
        MovementCause::Released(ReleaseCause::Expired) => "expired",
        MovementCause::Released(ReleaseCause::PartialCommit) => "partialCommit",
        MovementCause::Released(ReleaseCause::Shortage) => "shortage",
        MovementCause::Extended => "extended",
        MovementCause::Adjusted => "adjusted",
        MovementCause::Counted => "counted",
        MovementCause::PolicyChanged => "policyChanged",
    }
}
