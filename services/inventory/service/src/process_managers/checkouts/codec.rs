//! The events of a checkout as they are stored: JSON shapes with versions. `golden/` has a sample of each, for ever.

use std::borrow::Cow;

use gondola_inventory_domain::{
    CheckoutEvent, Confirmation, OrderRef, RollbackCause, StoreId, TimeToLive, TransactionRef,
};
use kit_core::{EncodedEvent, RecordedEvent, Timestamp};
use kit_event_store::EventStoreError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::event_data::{EventDataShape, event_data};
use crate::process_managers::stored::{
    StoredLine, Unreadable, json, read_lines, read_reason, stored_lines,
};
use crate::use_cases::personal;

/// Version of the shapes below.
pub(crate) const STORED_VERSION: u16 = 1;

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Requested {
    definition: u16,
    #[schema(value_type = Uuid)]
    store_id: StoreId,
    lines: Vec<StoredLine>,
    ttl_seconds: i64,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order_id: Option<String>,
    #[schema(inline)]
    confirmation: StoredConfirmation,
}

#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum StoredConfirmation {
    Asked,
    NotServed,
    NotWanted,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Refused {
    detail: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CommitOrdered {
    transaction_id: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RollbackOrdered {
    #[schema(inline)]
    cause: Cause,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum Cause {
    Requested,
    Expired,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StepDelayed {
    attempts: u32,
    detail: String,
}

/// The shapes above, by the names of their events.
pub(in crate::process_managers) fn event_data() -> Vec<EventDataShape> {
    event_data![
        "CheckoutRequestedEvent" => Requested,
        "CheckoutStoreAcceptedEvent" => Nothing,
        "CheckoutStoreRefusedEvent" => Refused,
        "CheckoutStockReservedEvent" => Nothing,
        "CheckoutStockRefusedEvent" => Refused,
        "CheckoutConfirmationPreparedEvent" => Nothing,
        "CheckoutConfirmationRefusedEvent" => Refused,
        "CheckoutCommitOrderedEvent" => CommitOrdered,
        "CheckoutStockCommittedEvent" => Nothing,
        "CheckoutStockRevokedEvent" => Refused,
        "CheckoutConfirmationCommittedEvent" => Nothing,
        "CheckoutRollbackOrderedEvent" => RollbackOrdered,
        "CheckoutStockReleasedEvent" => Nothing,
        "CheckoutConfirmationDroppedEvent" => Nothing,
        "CheckoutStepDelayedEvent" => StepDelayed,
    ]
}

/// Writes an event in the present shape.
#[must_use]
pub fn encode_checkout_event(
    event: &CheckoutEvent,
    event_id: Uuid,
    now: Timestamp,
) -> EncodedEvent {
    let customer = match event {
        CheckoutEvent::Requested { customer, .. }
        | CheckoutEvent::CommitOrdered { customer, .. } => customer.as_ref(),
        _ => None,
    };
    EncodedEvent {
        event_id,
        event_type: Cow::Borrowed(event.type_name()),
        schema_version: STORED_VERSION,
        occurred_at: now,
        data: encode(event),
        personal: customer.map(personal::encode),
    }
}

fn encode(event: &CheckoutEvent) -> Box<str> {
    match event {
        CheckoutEvent::Requested {
            definition,
            store,
            lines,
            ttl,
            expires_at,
            reason,
            order,
            confirmation,
            customer: _,
        } => json(&Requested {
            definition: *definition,
            store_id: *store,
            lines: stored_lines(lines),
            ttl_seconds: i64::from(ttl.as_seconds()),
            expires_at: *expires_at,
            reason: reason.as_ref().map(ToString::to_string),
            order_id: order.as_ref().map(ToString::to_string),
            confirmation: (*confirmation).into(),
        }),
        CheckoutEvent::StoreRefused { detail }
        | CheckoutEvent::StockRefused { detail }
        | CheckoutEvent::ConfirmationRefused { detail }
        | CheckoutEvent::StockRevoked { detail } => json(&Refused { detail: detail.clone() }),
        CheckoutEvent::CommitOrdered { transaction, customer: _ } => {
            json(&CommitOrdered { transaction_id: transaction.to_string() })
        }
        CheckoutEvent::RollbackOrdered { cause, reason } => json(&RollbackOrdered {
            cause: (*cause).into(),
            reason: reason.as_ref().map(ToString::to_string),
        }),
        CheckoutEvent::StepDelayed { attempts, detail } => {
            json(&StepDelayed { attempts: *attempts, detail: detail.clone() })
        }
        CheckoutEvent::StoreAccepted
        | CheckoutEvent::StockReserved
        | CheckoutEvent::ConfirmationPrepared
        | CheckoutEvent::StockCommitted
        | CheckoutEvent::ConfirmationCommitted
        | CheckoutEvent::StockReleased
        | CheckoutEvent::ConfirmationDropped => json(&Nothing {}),
    }
}

/// Reads an event of any version that was ever written.
pub fn decode_checkout_event(recorded: &RecordedEvent) -> Result<CheckoutEvent, EventStoreError> {
    let event = &recorded.event;
    let read = || {
        let mut read = read_stored(&event.event_type, event.schema_version, &event.data)?;
        if let Some(personal) = event.personal.as_deref() {
            name_customer(&mut read, personal).map_err(|error| error.to_string())?;
        }
        Ok(read)
    };
    read().map_err(|why: String| {
        EventStoreError::Corrupt(format!(
            "event {} ({} version {}) at position {}: {why}",
            event.event_id, event.event_type, event.schema_version, recorded.position
        ))
    })
}

/// Reads an event by its name, the version of its shape, and its data, without whom it is for.
pub(crate) fn read_stored(name: &str, version: u16, data: &str) -> Result<CheckoutEvent, String> {
    if version != STORED_VERSION {
        return Err(format!(
            "this program reads versions up to {STORED_VERSION}, not {version}: use a newer one"
        ));
    }
    decode(name, data).map_err(|error| error.to_string())
}

fn name_customer(event: &mut CheckoutEvent, personal: &str) -> Result<(), Unreadable> {
    let named = personal::decode(personal)?;
    if let CheckoutEvent::Requested { customer, .. }
    | CheckoutEvent::CommitOrdered { customer, .. } = event
    {
        *customer = Some(named);
    }
    Ok(())
}

fn decode(name: &str, data: &str) -> Result<CheckoutEvent, Unreadable> {
    let plain = |event| serde_json::from_str(data).map(|Nothing {}| event);
    let detail = || serde_json::from_str(data).map(|Refused { detail }| detail);
    Ok(match name {
        "CheckoutRequestedEvent" => decode_requested(serde_json::from_str(data)?)?,
        "CheckoutStoreAcceptedEvent" => plain(CheckoutEvent::StoreAccepted)?,
        "CheckoutStoreRefusedEvent" => CheckoutEvent::StoreRefused { detail: detail()? },
        "CheckoutStockReservedEvent" => plain(CheckoutEvent::StockReserved)?,
        "CheckoutStockRefusedEvent" => CheckoutEvent::StockRefused { detail: detail()? },
        "CheckoutConfirmationPreparedEvent" => plain(CheckoutEvent::ConfirmationPrepared)?,
        "CheckoutConfirmationRefusedEvent" => {
            CheckoutEvent::ConfirmationRefused { detail: detail()? }
        }
        "CheckoutCommitOrderedEvent" => {
            let CommitOrdered { transaction_id } = serde_json::from_str(data)?;
            let transaction = TransactionRef::new(&transaction_id)?;
            CheckoutEvent::CommitOrdered { transaction, customer: None }
        }
        "CheckoutStockCommittedEvent" => plain(CheckoutEvent::StockCommitted)?,
        "CheckoutStockRevokedEvent" => CheckoutEvent::StockRevoked { detail: detail()? },
        "CheckoutConfirmationCommittedEvent" => plain(CheckoutEvent::ConfirmationCommitted)?,
        "CheckoutRollbackOrderedEvent" => {
            let RollbackOrdered { cause, reason } = serde_json::from_str(data)?;
            let (cause, reason) = (cause.into(), read_reason(reason)?);
            CheckoutEvent::RollbackOrdered { cause, reason }
        }
        "CheckoutStockReleasedEvent" => plain(CheckoutEvent::StockReleased)?,
        "CheckoutConfirmationDroppedEvent" => plain(CheckoutEvent::ConfirmationDropped)?,
        "CheckoutStepDelayedEvent" => {
            let StepDelayed { attempts, detail } = serde_json::from_str(data)?;
            CheckoutEvent::StepDelayed { attempts, detail }
        }
        other => return Err(format!("no event of a checkout is called {other:?}").into()),
    })
}

fn decode_requested(stored: Requested) -> Result<CheckoutEvent, Unreadable> {
    Ok(CheckoutEvent::Requested {
        definition: stored.definition,
        store: stored.store_id,
        lines: read_lines(&stored.lines)?,
        ttl: TimeToLive::from_seconds(stored.ttl_seconds)?,
        expires_at: stored.expires_at,
        reason: read_reason(stored.reason)?,
        order: stored.order_id.map(|text| OrderRef::new(&text)).transpose()?,
        customer: None,
        confirmation: stored.confirmation.into(),
    })
}

impl From<Confirmation> for StoredConfirmation {
    fn from(confirmation: Confirmation) -> Self {
        match confirmation {
            Confirmation::Asked => Self::Asked,
            Confirmation::NotServed => Self::NotServed,
            Confirmation::NotWanted => Self::NotWanted,
        }
    }
}

impl From<StoredConfirmation> for Confirmation {
    fn from(confirmation: StoredConfirmation) -> Self {
        match confirmation {
            StoredConfirmation::Asked => Self::Asked,
            StoredConfirmation::NotServed => Self::NotServed,
            StoredConfirmation::NotWanted => Self::NotWanted,
        }
    }
}

impl From<RollbackCause> for Cause {
    fn from(cause: RollbackCause) -> Self {
        match cause {
            RollbackCause::Requested => Self::Requested,
            RollbackCause::Expired => Self::Expired,
        }
    }
}

impl From<Cause> for RollbackCause {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Requested => Self::Requested,
            Cause::Expired => Self::Expired,
        }
    }
}
