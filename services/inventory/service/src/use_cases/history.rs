//! The movements of a stock level: its events as units moved, reason and actor.

use gondola_inventory_domain::{Event, ReleaseCause, ReservationId, Told};
use kit_core::{Position, RecordedEvent, Timestamp, Version};
use kit_event_store::EventStoreError;

use super::event_codec::decode_event;
use super::running_balance::OnRecord;

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
    /// Units that a physical fact told of: those that came, negative those that went, or those that were counted.
    pub quantity: Option<i64>,
    /// Change of the units on hand.
    pub on_hand_delta: i64,
    /// Change of the shortfall.
    pub shortfall_delta: i64,
    /// The count that had seen the fact already, so that it changed nothing.
    pub included_in_count_of: Option<Timestamp>,
    /// Change of the units reserved.
    pub reserved_delta: i64,
    /// What was on record after it, in the order of recording.
    pub after: OnRecord,
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
    /// Units left for another store.
    TransferredOut,
    /// Units of a transfer arrived.
    TransferredIn,
}

impl Movement {
    /// What it changed.
    pub(super) const fn change(&self) -> OnRecord {
        OnRecord {
            on_hand: self.on_hand_delta,
            shortfall: self.shortfall_delta,
            reserved: self.reserved_delta,
        }
    }
}

/// Tells an event as a movement; what is on record after it is not its own to know.
pub(super) fn movement(recorded: &RecordedEvent) -> Result<Movement, EventStoreError> {
    let mut movement = Movement {
        position: recorded.position,
        version: recorded.version,
        event_type: recorded.event.event_type.to_string(),
        occurred_at: recorded.event.occurred_at,
        recorded_at: recorded.metadata.recorded_at,
        actor: recorded.metadata.actor.to_string(),
        quantity: None,
        on_hand_delta: 0,
        shortfall_delta: 0,
        included_in_count_of: None,
        reserved_delta: 0,
        after: OnRecord::default(),
        cause: MovementCause::PolicyChanged,
        reason: None,
        reference: None,
        reservation: None,
    };
    let event = decode_event(recorded)?;
    fill_physical(&mut movement, &event);
    fill(&mut movement, event);
    Ok(movement)
}

fn fill_physical(movement: &mut Movement, event: &Event) {
    let Some((told, posting)) = event.physical() else { return };
    movement.quantity = match (event, told) {
        (Event::StockAdjusted { counted: Some(counted), .. }, _) => Some(counted.get().into()),
        (_, Told::Changed(units)) => Some(units.get()),
        _ => None,
    };
    movement.on_hand_delta = posting.on_hand.get();
    movement.shortfall_delta = posting.shortfall.get();
    movement.included_in_count_of = posting.included_in_count_of;
}

fn fill(movement: &mut Movement, event: Event) {
    match event {
        Event::StockAdded { reason, reference, .. } => {
            movement.cause = MovementCause::Received;
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
            movement.reserved_delta = -i64::from(quantity.get()) - i64::from(returned.get());
            movement.reference = Some(transaction.to_string());
            movement.reservation = Some(reservation_id);
        }
        Event::StockReleased { reservation_id, quantity, cause, reason, .. } => {
            movement.cause = MovementCause::Released(cause);
            movement.reserved_delta = -i64::from(quantity.get());
            movement.reason = reason.map(|text| text.to_string());
            movement.reservation = Some(reservation_id);
        }
        Event::ReservationExtended { reservation_id, .. } => {
            movement.cause = MovementCause::Extended;
            movement.reservation = Some(reservation_id);
        }
        Event::StockAdjusted { counted, reason, reference, .. } => {
            movement.cause =
                if counted.is_some() { MovementCause::Counted } else { MovementCause::Adjusted };
            movement.reason = reason.map(|text| text.to_string());
            movement.reference = reference.map(|text| text.to_string());
        }
        Event::StockPolicyChanged { .. } => {}
        Event::StockTransferredOut { transfer_id, reservation_id, quantity, .. } => {
            movement.cause = MovementCause::TransferredOut;
            movement.reserved_delta = -i64::from(quantity.get());
            movement.reference = Some(transfer_id.to_string());
            movement.reservation = Some(reservation_id);
        }
        Event::StockTransferredIn { transfer_id, .. } => {
            movement.cause = MovementCause::TransferredIn;
            movement.reference = Some(transfer_id.to_string());
        }
    }
}
