//! The events of units that leave for another store and arrive, as they are stored.

use gondola_inventory_domain::{
    Event, PositiveQuantity, ReservationId, StockDelta, StoreId, TransferId,
};
use kit_core::RecordedEvent;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::effect::{self, Effect};
use super::{Unreadable, json};
use crate::event_data::{EventDataShape, event_data};

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StockTransferredOut {
    transfer_id: Uuid,
    reservation_id: Uuid,
    quantity: i64,
    to_store_id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    effect: Option<Effect>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StockTransferredIn {
    transfer_id: Uuid,
    quantity: i64,
    from_store_id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    effect: Option<Effect>,
}

/// The shapes above, by the names of their events.
pub(super) fn event_data() -> Vec<EventDataShape> {
    event_data![
        "StockTransferredOutEvent" => StockTransferredOut,
        "StockTransferredInEvent" => StockTransferredIn,
    ]
}

/// Writes an event of these two; `None` for any other.
pub(super) fn encode(event: &Event) -> Option<Box<str>> {
    match event {
        Event::StockTransferredOut {
            transfer_id,
            reservation_id,
            quantity,
            destination,
            posting,
        } => Some(json(&StockTransferredOut {
            transfer_id: transfer_id.as_uuid(),
            reservation_id: reservation_id.as_uuid(),
            quantity: i64::from(quantity.get()),
            to_store_id: destination.as_uuid(),
            effect: Effect::of(posting, StockDelta::from(*quantity).negated()),
        })),
        Event::StockTransferredIn { transfer_id, quantity, from, posting } => {
            Some(json(&StockTransferredIn {
                transfer_id: transfer_id.as_uuid(),
                quantity: i64::from(quantity.get()),
                from_store_id: from.as_uuid(),
                effect: Effect::of(posting, StockDelta::from(*quantity)),
            }))
        }
        _ => None,
    }
}

/// Reads units that left.
pub(super) fn decode_out(data: &str, recorded: &RecordedEvent) -> Result<Event, Unreadable> {
    let stored: StockTransferredOut = serde_json::from_str(data)?;
    let quantity = PositiveQuantity::new(stored.quantity)?;
    let left = StockDelta::from(quantity).negated();
    Ok(Event::StockTransferredOut {
        transfer_id: TransferId::from_uuid(stored.transfer_id),
        reservation_id: ReservationId::from_uuid(stored.reservation_id),
        quantity,
        destination: StoreId::from_uuid(stored.to_store_id),
        posting: effect::posting(stored.effect, left, recorded)?,
    })
}

/// Reads units that arrived.
pub(super) fn decode_in(data: &str, recorded: &RecordedEvent) -> Result<Event, Unreadable> {
    let stored: StockTransferredIn = serde_json::from_str(data)?;
    let quantity = PositiveQuantity::new(stored.quantity)?;
    Ok(Event::StockTransferredIn {
        transfer_id: TransferId::from_uuid(stored.transfer_id),
        quantity,
        from: StoreId::from_uuid(stored.from_store_id),
        posting: effect::posting(stored.effect, quantity.into(), recorded)?,
    })
}
