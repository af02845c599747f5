//! The events of a stock level as they are stored: JSON shapes with versions, and upcasters from older ones.
//!
//! Every shape ever written stays readable: `golden/` holds a sample of each, for ever. A new version raises the number in
//! [`encode_event`] and adds a step to [`upcast`]. What this program does not know of an event, a version or a field, may
//! change what the event means: the event cannot be read then, and nothing is decided upon it.

use std::borrow::Cow;

use gondola_inventory_domain::{
    Customer, Event, OrderRef, PositiveQuantity, Reason, Reference, ReleaseCause, ReservationId,
    StockDelta, StockQuantity, TransactionRef,
};
use kit_core::{EncodedEvent, RecordedEvent, Timestamp};
use kit_event_store::EventStoreError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use self::effect::{Effect, is_zero};
use crate::event_data::{EventDataShape, event_data};

mod effect;
pub(crate) mod personal;
mod transfers;

/// Version of the shapes below.
const SCHEMA_VERSION: u16 = 1;

type Text<'a> = Option<Cow<'a, str>>;

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StockAdded<'a> {
    quantity: i64,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    reason: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    reference: Text<'a>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    effect: Option<Effect>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StockReserved<'a> {
    reservation_id: Uuid,
    quantity: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    reason: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    order_id: Text<'a>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StockCommitted<'a> {
    reservation_id: Uuid,
    quantity: i64,
    returned: i64,
    /// Left out where the hold ends, as in events of earlier builds.
    #[serde(default, skip_serializing_if = "is_zero")]
    kept: i64,
    #[serde(borrow)]
    #[schema(value_type = String)]
    transaction_id: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    effect: Option<Effect>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StockReleased<'a> {
    reservation_id: Uuid,
    quantity: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    kept: i64,
    #[schema(inline)]
    cause: Cause,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    reason: Text<'a>,
}

#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum Cause {
    Cancelled,
    Expired,
    PartialCommit,
    Shortage,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReservationExtended {
    reservation_id: Uuid,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StockAdjusted<'a> {
    delta: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    counted: Option<i64>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    reason: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    reference: Text<'a>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    effect: Option<Effect>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StockPolicyChanged {
    safety_stock: i64,
    reorder_point: i64,
}

/// The shapes above, by the names of their events.
pub(crate) fn event_data() -> Vec<EventDataShape> {
    let mut all = event_data![
        "StockAddedEvent" => StockAdded<'_>,
        "StockReservedEvent" => StockReserved<'_>,
        "StockCommittedEvent" => StockCommitted<'_>,
        "StockReleasedEvent" => StockReleased<'_>,
        "ReservationExtendedEvent" => ReservationExtended,
        "StockAdjustedEvent" => StockAdjusted<'_>,
        "StockPolicyChangedEvent" => StockPolicyChanged,
    ];
    all.extend(transfers::event_data());
    all
}

/// Writes an event in the present shape. `now` is when it is recorded, and when it occurs unless it is a physical fact.
#[must_use]
pub fn encode_event(event: &Event, event_id: Uuid, now: Timestamp) -> EncodedEvent {
    let occurred_at = event.physical().map_or(now, |(_, posting)| posting.occurred_at);
    EncodedEvent {
        event_id,
        event_type: Cow::Borrowed(event.type_name()),
        schema_version: SCHEMA_VERSION,
        occurred_at,
        data: encode_data(event),
        personal: customer(event).map(personal::encode),
    }
}

fn customer(event: &Event) -> Option<&Customer> {
    match event {
        Event::StockReserved { customer, .. } | Event::StockCommitted { customer, .. } => {
            customer.as_ref()
        }
        _ => None,
    }
}

fn encode_data(event: &Event) -> Box<str> {
    match event {
        Event::StockAdded { quantity, reason, reference, posting } => json(&StockAdded {
            quantity: i64::from(quantity.get()),
            reason: text(reason.as_ref(), Reason::as_str),
            reference: text(reference.as_ref(), Reference::as_str),
            effect: Effect::of(posting, StockDelta::from(*quantity)),
        }),
        Event::StockReserved {
            reservation_id,
            quantity,
            created_at,
            expires_at,
            reason,
            order,
            ..
        } => json(&StockReserved {
            reservation_id: reservation_id.as_uuid(),
            quantity: i64::from(quantity.get()),
            created_at: *created_at,
            expires_at: *expires_at,
            reason: text(reason.as_ref(), Reason::as_str),
            order_id: text(order.as_ref(), OrderRef::as_str),
        }),
        Event::StockCommitted {
            reservation_id,
            quantity,
            returned,
            kept,
            transaction,
            posting,
            ..
        } => json(&StockCommitted {
            reservation_id: reservation_id.as_uuid(),
            quantity: i64::from(quantity.get()),
            returned: i64::from(returned.get()),
            kept: i64::from(kept.get()),
            transaction_id: Cow::Borrowed(transaction.as_str()),
            effect: Effect::of(posting, StockDelta::from(*quantity).negated()),
        }),
        Event::StockReleased { reservation_id, quantity, kept, cause, reason } => {
            json(&StockReleased {
                reservation_id: reservation_id.as_uuid(),
                quantity: i64::from(quantity.get()),
                kept: i64::from(kept.get()),
                cause: Cause::from(*cause),
                reason: text(reason.as_ref(), Reason::as_str),
            })
        }
        Event::ReservationExtended { reservation_id, expires_at } => json(&ReservationExtended {
            reservation_id: reservation_id.as_uuid(),
            expires_at: *expires_at,
        }),
        Event::StockAdjusted { delta, counted, reason, reference, posting } => {
            json(&StockAdjusted {
                delta: delta.get(),
                counted: counted.map(|counted| i64::from(counted.get())),
                reason: text(reason.as_ref(), Reason::as_str),
                reference: text(reference.as_ref(), Reference::as_str),
                effect: Effect::of(posting, *delta),
            })
        }
        Event::StockPolicyChanged { safety_stock, reorder_point } => json(&StockPolicyChanged {
            safety_stock: i64::from(safety_stock.get()),
            reorder_point: i64::from(reorder_point.get()),
        }),
        Event::StockTransferredOut { .. } | Event::StockTransferredIn { .. } => {
            transfers::encode(event).unwrap_or_default()
        }
    }
}

fn text<T>(value: Option<&T>, read: impl Fn(&T) -> &str) -> Text<'_> {
    value.map(|value| Cow::Borrowed(read(value)))
}

fn json(value: &impl Serialize) -> Box<str> {
    // plain structs of numbers and texts always serialise
    serde_json::to_string(value).unwrap_or_default().into()
}

/// Reads an event of any version that was ever written.
pub fn decode_event(recorded: &RecordedEvent) -> Result<Event, EventStoreError> {
    let event = &recorded.event;
    let unreadable = |why: String| {
        EventStoreError::Corrupt(format!(
            "event {} ({} version {}) at position {}: {why}",
            event.event_id, event.event_type, event.schema_version, recorded.position
        ))
    };
    let data = upcast(event).map_err(unreadable)?;
    decode_data(recorded, &data).map_err(|error| unreadable(error.to_string()))
}

/// Brings stored data to the present shape. There is one version so far; a step per older version goes here.
fn upcast(event: &EncodedEvent) -> Result<Cow<'_, str>, String> {
    match event.schema_version {
        SCHEMA_VERSION => Ok(Cow::Borrowed(&event.data)),
        other => Err(format!(
            "this program reads versions up to {SCHEMA_VERSION}, not {other}: use a newer one"
        )),
    }
}

type Unreadable = Box<dyn std::error::Error + Send + Sync>;

fn decode_data(recorded: &RecordedEvent, data: &str) -> Result<Event, Unreadable> {
    let personal = recorded.event.personal.as_deref();
    match &*recorded.event.event_type {
        "StockAddedEvent" => {
            let StockAdded { quantity, reason, reference, effect } = serde_json::from_str(data)?;
            let quantity = PositiveQuantity::new(quantity)?;
            Ok(Event::StockAdded {
                quantity,
                posting: effect::posting(effect, quantity.into(), recorded)?,
                reason: reason.map(|text| Reason::new(&text)).transpose()?,
                reference: reference.map(|text| Reference::new(&text)).transpose()?,
            })
        }
        "StockReservedEvent" => decode_reserved(serde_json::from_str(data)?, personal),
        "StockCommittedEvent" => {
            let StockCommitted { reservation_id, quantity, returned, kept, transaction_id, effect } =
                serde_json::from_str(data)?;
            let quantity = PositiveQuantity::new(quantity)?;
            let sold = StockDelta::from(quantity).negated();
            Ok(Event::StockCommitted {
                reservation_id: ReservationId::from_uuid(reservation_id),
                quantity,
                posting: effect::posting(effect, sold, recorded)?,
                returned: StockQuantity::new(returned)?,
                kept: StockQuantity::new(kept)?,
                transaction: TransactionRef::new(&transaction_id)?,
                customer: personal.map(personal::decode).transpose()?,
            })
        }
        "StockReleasedEvent" => {
            let StockReleased { reservation_id, quantity, kept, cause, reason } =
                serde_json::from_str(data)?;
            Ok(Event::StockReleased {
                reservation_id: ReservationId::from_uuid(reservation_id),
                quantity: PositiveQuantity::new(quantity)?,
                kept: StockQuantity::new(kept)?,
                cause: cause.into(),
                reason: reason.map(|text| Reason::new(&text)).transpose()?,
            })
        }
        "ReservationExtendedEvent" => {
            let ReservationExtended { reservation_id, expires_at } = serde_json::from_str(data)?;
            let reservation_id = ReservationId::from_uuid(reservation_id);
            Ok(Event::ReservationExtended { reservation_id, expires_at })
        }
        "StockAdjustedEvent" => {
            let StockAdjusted { delta, counted, reason, reference, effect } =
                serde_json::from_str(data)?;
            let delta = StockDelta::new(delta)?;
            Ok(Event::StockAdjusted {
                delta,
                posting: effect::posting(effect, delta, recorded)?,
                counted: counted.map(StockQuantity::new).transpose()?,
                reason: reason.map(|text| Reason::new(&text)).transpose()?,
                reference: reference.map(|text| Reference::new(&text)).transpose()?,
            })
        }
        "StockPolicyChangedEvent" => {
            let StockPolicyChanged { safety_stock, reorder_point } = serde_json::from_str(data)?;
            Ok(Event::StockPolicyChanged {
                safety_stock: StockQuantity::new(safety_stock)?,
                reorder_point: StockQuantity::new(reorder_point)?,
            })
        }
        "StockTransferredOutEvent" => transfers::decode_out(data, recorded),
        "StockTransferredInEvent" => transfers::decode_in(data, recorded),
        other => Err(format!("no event of a stock level is called {other:?}").into()),
    }
}

fn decode_reserved(data: StockReserved<'_>, personal: Option<&str>) -> Result<Event, Unreadable> {
    let StockReserved { reservation_id, quantity, created_at, expires_at, reason, order_id } = data;
    Ok(Event::StockReserved {
        reservation_id: ReservationId::from_uuid(reservation_id),
        quantity: PositiveQuantity::new(quantity)?,
        created_at,
        expires_at,
        reason: reason.map(|text| Reason::new(&text)).transpose()?,
        order: order_id.map(|text| OrderRef::new(&text)).transpose()?,
        customer: personal.map(personal::decode).transpose()?,
    })
}

impl From<ReleaseCause> for Cause {
    fn from(cause: ReleaseCause) -> Self {
        match cause {
            ReleaseCause::Cancelled => Self::Cancelled,
            ReleaseCause::Expired => Self::Expired,
            ReleaseCause::PartialCommit => Self::PartialCommit,
            ReleaseCause::Shortage => Self::Shortage,
        }
    }
}

impl From<Cause> for ReleaseCause {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Cancelled => Self::Cancelled,
            Cause::Expired => Self::Expired,
            Cause::PartialCommit => Self::PartialCommit,
            Cause::Shortage => Self::Shortage,
        }
    }
}
