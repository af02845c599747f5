//! The events of a transfer as they are stored: JSON shapes with versions. `golden/` has a sample of each, for ever.

use std::borrow::Cow;

use gondola_inventory_domain::{
    Arrival, CancelCause, PositiveQuantity, ProductId, Reason, Reference, StockQuantity, StoreId,
    TransferEvent,
};
use kit_core::{EncodedEvent, RecordedEvent, Timestamp};
use kit_event_store::EventStoreError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::event_data::{EventDataShape, event_data};

/// Version of the shapes below. The second one has references of transfers, and nothing else is written in it.
pub(crate) const STORED_VERSION: u16 = 2;

/// Version of all shapes that have no reference: earlier releases read them too.
const FIRST_VERSION: u16 = 1;

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Requested {
    definition: u16,
    #[schema(value_type = Uuid)]
    source_store_id: StoreId,
    #[schema(value_type = Uuid)]
    destination_store_id: StoreId,
    lines: Vec<StoredLine>,
    #[schema(value_type = String, format = DateTime)]
    hold_until: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EventLine)]
struct StoredLine {
    #[schema(value_type = Uuid)]
    product_id: ProductId,
    quantity: i64,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Refused {
    detail: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Ordered {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    occurred_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CancelOrdered {
    #[schema(inline)]
    cause: Cause,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum Cause {
    Requested,
    Expired,
    Refused,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReceiptOrdered {
    lines: Vec<StoredArrival>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    occurred_at: Option<Timestamp>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EventArrival)]
struct StoredArrival {
    #[schema(value_type = Uuid)]
    product_id: ProductId,
    accepted: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    over: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    damaged: i64,
    #[serde(default, skip_serializing_if = "is_zero")]
    short: i64,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StepDelayed {
    attempts: u32,
    detail: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(units: &i64) -> bool {
    *units == 0
}

/// The shapes above, by the names of their events.
pub(in crate::process_managers) fn event_data() -> Vec<EventDataShape> {
    event_data![
        "TransferRequestedEvent" => Requested,
        "TransferHeldEvent" => Nothing,
        "TransferHoldRefusedEvent" => Refused,
        "TransferDispatchOrderedEvent" => Ordered,
        "TransferDispatchedEvent" => Nothing,
        "TransferCancelOrderedEvent" => CancelOrdered,
        "TransferCancelledEvent" => Nothing,
        "TransferReceiptOrderedEvent" => ReceiptOrdered,
        "TransferReceivedEvent" => Nothing,
        "TransferReturnOrderedEvent" => Ordered,
        "TransferReturnedEvent" => Nothing,
        "TransferStepDelayedEvent" => StepDelayed,
    ]
}

/// Writes an event in the present shape.
#[must_use]
pub fn encode_transfer_event(
    event: &TransferEvent,
    event_id: Uuid,
    now: Timestamp,
) -> EncodedEvent {
    EncodedEvent {
        event_id,
        event_type: Cow::Borrowed(event.type_name()),
        schema_version: version(event),
        occurred_at: now,
        data: encode(event),
        personal: None,
    }
}

/// An event without a reference stays in the first shape.
const fn version(event: &TransferEvent) -> u16 {
    match event {
        TransferEvent::Requested { reference: Some(_), .. } => STORED_VERSION,
        _ => FIRST_VERSION,
    }
}

fn encode(event: &TransferEvent) -> Box<str> {
    match event {
        TransferEvent::Requested {
            definition,
            source,
            destination,
            lines,
            hold_until,
            reference,
            reason,
        } => json(&Requested {
            definition: *definition,
            source_store_id: *source,
            destination_store_id: *destination,
            lines: lines.iter().map(StoredLine::of).collect(),
            hold_until: *hold_until,
            reference: reference.as_ref().map(ToString::to_string),
            reason: text(reason.as_ref()),
        }),
        TransferEvent::HoldRefused { detail } => json(&Refused { detail: detail.clone() }),
        TransferEvent::DispatchOrdered { occurred_at } => {
            json(&Ordered { reason: None, occurred_at: *occurred_at })
        }
        TransferEvent::CancelOrdered { cause, detail } => {
            json(&CancelOrdered { cause: Cause::from(*cause), detail: detail.clone() })
        }
        TransferEvent::ReceiptOrdered { lines, reason, occurred_at } => json(&ReceiptOrdered {
            lines: lines.iter().map(StoredArrival::of).collect(),
            reason: text(reason.as_ref()),
            occurred_at: *occurred_at,
        }),
        TransferEvent::ReturnOrdered { reason, occurred_at } => {
            json(&Ordered { reason: text(reason.as_ref()), occurred_at: *occurred_at })
        }
        TransferEvent::StepDelayed { attempts, detail } => {
            json(&StepDelayed { attempts: *attempts, detail: detail.clone() })
        }
        TransferEvent::Held
        | TransferEvent::Dispatched
        | TransferEvent::Cancelled
        | TransferEvent::Received
        | TransferEvent::Returned => json(&Nothing {}),
    }
}

fn json(value: &impl Serialize) -> Box<str> {
    // plain structs of numbers and texts always serialise
    serde_json::to_string(value).unwrap_or_default().into()
}

fn text(reason: Option<&Reason>) -> Option<String> {
    reason.map(ToString::to_string)
}

/// Reads an event of any version that was ever written.
pub fn decode_transfer_event(recorded: &RecordedEvent) -> Result<TransferEvent, EventStoreError> {
    let event = &recorded.event;
    read_stored(&event.event_type, event.schema_version, &event.data).map_err(|why| {
        EventStoreError::Corrupt(format!(
            "event {} ({} version {}) at position {}: {why}",
            event.event_id, event.event_type, event.schema_version, recorded.position
        ))
    })
}

/// Whether a transfer got on with an event: a step that fails is no progress.
pub(crate) fn is_progress(recorded: &RecordedEvent) -> bool {
    recorded.event.event_type != "TransferStepDelayedEvent"
}

/// Reads an event by its name, the version of its shape, and its data.
pub(crate) fn read_stored(name: &str, version: u16, data: &str) -> Result<TransferEvent, String> {
    if !(FIRST_VERSION..=STORED_VERSION).contains(&version) {
        return Err(format!(
            "this program reads versions up to {STORED_VERSION}, not {version}: use a newer one"
        ));
    }
    decode(name, data).map_err(|error| error.to_string())
}

type Unreadable = Box<dyn std::error::Error + Send + Sync>;

fn decode(name: &str, data: &str) -> Result<TransferEvent, Unreadable> {
    let plain = |event| serde_json::from_str(data).map(|Nothing {}| event).map_err(Into::into);
    match name {
        "TransferRequestedEvent" => decode_requested(serde_json::from_str(data)?),
        "TransferHeldEvent" => plain(TransferEvent::Held),
        "TransferHoldRefusedEvent" => {
            let Refused { detail } = serde_json::from_str(data)?;
            Ok(TransferEvent::HoldRefused { detail })
        }
        "TransferDispatchOrderedEvent" => {
            let Ordered { occurred_at, .. } = serde_json::from_str(data)?;
            Ok(TransferEvent::DispatchOrdered { occurred_at })
        }
        "TransferDispatchedEvent" => plain(TransferEvent::Dispatched),
        "TransferCancelOrderedEvent" => {
            let CancelOrdered { cause, detail } = serde_json::from_str(data)?;
            Ok(TransferEvent::CancelOrdered { cause: cause.into(), detail })
        }
        "TransferCancelledEvent" => plain(TransferEvent::Cancelled),
        "TransferReceiptOrderedEvent" => {
            let ReceiptOrdered { lines, reason, occurred_at } = serde_json::from_str(data)?;
            let lines = lines.iter().map(StoredArrival::read).collect::<Result<_, _>>()?;
            Ok(TransferEvent::ReceiptOrdered { lines, reason: read_reason(reason)?, occurred_at })
        }
        "TransferReceivedEvent" => plain(TransferEvent::Received),
        "TransferReturnOrderedEvent" => {
            let Ordered { reason, occurred_at } = serde_json::from_str(data)?;
            Ok(TransferEvent::ReturnOrdered { reason: read_reason(reason)?, occurred_at })
        }
        "TransferReturnedEvent" => plain(TransferEvent::Returned),
        "TransferStepDelayedEvent" => {
            let StepDelayed { attempts, detail } = serde_json::from_str(data)?;
            Ok(TransferEvent::StepDelayed { attempts, detail })
        }
        other => Err(format!("no event of a transfer is called {other:?}").into()),
    }
}

fn decode_requested(stored: Requested) -> Result<TransferEvent, Unreadable> {
    let line = |line: &StoredLine| Ok((line.product_id, PositiveQuantity::new(line.quantity)?));
    Ok(TransferEvent::Requested {
        definition: stored.definition,
        source: stored.source_store_id,
        destination: stored.destination_store_id,
        lines: stored.lines.iter().map(line).collect::<Result<_, Unreadable>>()?,
        hold_until: stored.hold_until,
        reference: stored.reference.map(|text| Reference::new(&text)).transpose()?,
        reason: read_reason(stored.reason)?,
    })
}

fn read_reason(stored: Option<String>) -> Result<Option<Reason>, Unreadable> {
    Ok(stored.map(|text| Reason::new(&text)).transpose()?)
}

impl StoredLine {
    fn of((product_id, quantity): &(ProductId, PositiveQuantity)) -> Self {
        Self { product_id: *product_id, quantity: i64::from(quantity.get()) }
    }
}

impl StoredArrival {
    fn of(arrival: &Arrival) -> Self {
        Self {
            product_id: arrival.product,
            accepted: i64::from(arrival.accepted.get()),
            over: i64::from(arrival.over.get()),
            damaged: i64::from(arrival.damaged.get()),
            short: i64::from(arrival.short.get()),
        }
    }

    fn read(&self) -> Result<Arrival, Unreadable> {
        Ok(Arrival {
            product: self.product_id,
            accepted: StockQuantity::new(self.accepted)?,
            over: StockQuantity::new(self.over)?,
            damaged: StockQuantity::new(self.damaged)?,
            short: StockQuantity::new(self.short)?,
        })
    }
}

impl From<CancelCause> for Cause {
    fn from(cause: CancelCause) -> Self {
        match cause {
            CancelCause::Requested => Self::Requested,
            CancelCause::Expired => Self::Expired,
            CancelCause::Refused => Self::Refused,
        }
    }
}

impl From<Cause> for CancelCause {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Requested => Self::Requested,
            Cause::Expired => Self::Expired,
            Cause::Refused => Self::Refused,
        }
    }
}
