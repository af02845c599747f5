//! The movements of a stock level: its events as units moved, reason and actor.

use gondola_inventory_domain::{Event, ReleaseCause, ReservationId};
use kit_core::{Position, RecordedEvent, Timestamp, Version};
use kit_event_store::EventStoreError;

use super::event_codec::decode_event;

/// One change of a stock level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// Place in the global order.
    pub position: Position,
    /// The stock level's version after it.
    pub version: Version,
    /// Name of the event.
    pub event_type: String,
    /// When it happened in the shop.
    pub occurred_at: Timestamp,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The actor, as recorded with the event.
    pub actor: String,
    /// Change of the units on hand.
    pub on_hand_delta: i64,
    /// Change of the units reserved.
    pub reserved_delta: i64,
    /// What kind of change.
    pub cause: MovementCause,
    /// The reason, as free text.
    pub reason: Option<String>,
    /// The business document: a delivery note, an order, a sale.
    pub reference: Option<String>,
    /// The reservation that it concerns.
    pub reservation: Option<ReservationId>,
}

/// What kind of change a movement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MovementCause {
    /// Units arrived.
    Received,
    /// Units were reserved.
    Reserved,
    /// Reserved units were sold.
    Committed,
    /// A reservation ended without a sale.
    Released(ReleaseCause),
    /// A reservation got a later deadline.
    Extended,
    /// A correction by a difference.
    Adjusted,
    /// A correction by a count.
    Counted,
    /// Safety stock or reorder point changed.
    PolicyChanged,
}

/// Tells an event as a movement.
pub(super) fn movement(recorded: &RecordedEvent) -> Result<Movement, EventStoreError> {
    let mut movement = Movement {
        position: recorded.position,
        version: recorded.version,
        event_type: recorded.event.event_type.to_string(),
        occurred_at: recorded.event.occurred_at,
        recorded_at: recorded.metadata.recorded_at,
        actor: recorded.metadata.actor.to_string(),
        on_hand_delta: 0,
        reserved_delta: 0,
        cause: MovementCause::PolicyChanged,
        reason: None,
        reference: None,
        reservation: None,
    };
    fill(&mut movement, decode_event(recorded)?);
    Ok(movement)
}

fn fill(movement: &mut Movement, event: Event) {
    match event {
        Event::StockAdded { quantity, reason, reference } => {
            movement.cause = MovementCause::Received;
            movement.on_hand_delta = i64::from(quantity.get());
            movement.reason = reason.map(|text| text.to_string());
            movement.reference = reference.map(|text| text.to_string());
        }
        Event::StockReserved { reservation_id, quantity, reason, order, .. } => {
            movement.cause = MovementCause::Reserved;
            movement.reserved_delta = i64::from(quantity.get());
            movement.reason = reason.map(|text| text.to_string());
            movement.reference = order.map(|text| text.to_string());
            movement.reservation = Some(reservation_id);
        }
        Event::StockCommitted { reservation_id, quantity, returned, transaction, .. } => {
            movement.cause = MovementCause::Committed;
            movement.on_hand_delta = -i64::from(quantity.get());
            movement.reserved_delta = -i64::from(quantity.get()) - i64::from(returned.get());
            movement.reference = Some(transaction.to_string());
            movement.reservation = Some(reservation_id);
        }
        Event::StockReleased { reservation_id, quantity, cause, reason } => {
            movement.cause = MovementCause::Released(cause);
            movement.reserved_delta = -i64::from(quantity.get());
            movement.reason = reason.map(|text| text.to_string());
            movement.reservation = Some(reservation_id);
        }
        Event::ReservationExtended { reservation_id, .. } => {
            movement.cause = MovementCause::Extended;
            movement.reservation = Some(reservation_id);
        }
        Event::StockAdjusted { delta, counted, reason, reference } => {
            movement.cause =
                if counted.is_some() { MovementCause::Counted } else { MovementCause::Adjusted };
            movement.on_hand_delta = delta.get();
            movement.reason = reason.map(|text| text.to_string());
            movement.reference = reference.map(|text| text.to_string());
        }
        Event::StockPolicyChanged { .. } => {}
    }
}
