//! The events of a transfer as they are stored: JSON shapes with versions. `golden/` has a sample of each, for ever.

use gondola_inventory_domain::{
    Arrival, CancelCause, ProductId, Reference, StockQuantity, StoreId, TransferEvent,
};
use kit_core::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::event_data::{EventDataShape, event_data};
use crate::process_managers::stored::{
    Nothing, Refused, StepDelayed, StoredEvent, StoredLine, Unreadable, json, read_lines,
    read_reason, stored_lines, text,
};

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

impl StoredEvent for TransferEvent {
    /// The second version has references of transfers, and nothing else is written in it.
    const VERSION: u16 = 2;

    fn name(&self) -> &'static str {
        self.type_name()
    }

    /// An event without a reference stays in the first shape, which earlier releases read too.
    fn version(&self) -> u16 {
        match self {
            Self::Requested { reference: Some(_), .. } => Self::VERSION,
            _ => 1,
        }
    }

    fn data(&self) -> Box<str> {
        encode(self)
    }

    fn read(name: &str, data: &str) -> Result<Self, Unreadable> {
        decode(name, data)
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
            lines: stored_lines(lines),
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
    Ok(TransferEvent::Requested {
        definition: stored.definition,
        source: stored.source_store_id,
        destination: stored.destination_store_id,
        lines: read_lines(&stored.lines)?,
        hold_until: stored.hold_until,
        reference: stored.reference.map(|text| Reference::new(&text)).transpose()?,
        reason: read_reason(stored.reason)?,
    })
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
