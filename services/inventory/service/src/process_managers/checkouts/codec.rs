//! The events of a checkout as they are stored: JSON shapes with versions. `golden/` has a sample of each, for ever.

use gondola_inventory_domain::{
    CheckoutEvent, Confirmation, Customer, OrderRef, StoreId, TimeToLive, TransactionRef,
};
use kit_core::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::event_data::{EventDataShape, event_data};
use crate::process_managers::stored::{
    CommitOrdered, EndOrdered, Nothing, Refused, StepDelayed, StoredEvent, StoredLine, Unreadable,
    json, read_lines, read_reason, stored_lines, text,
};

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
        "CheckoutRollbackOrderedEvent" => EndOrdered,
        "CheckoutStockReleasedEvent" => Nothing,
        "CheckoutConfirmationDroppedEvent" => Nothing,
        "CheckoutStepDelayedEvent" => StepDelayed,
    ]
}

impl StoredEvent for CheckoutEvent {
    const VERSION: u16 = 1;

    fn name(&self) -> &'static str {
        self.type_name()
    }

    fn data(&self) -> Box<str> {
        encode(self)
    }

    fn read(name: &str, data: &str) -> Result<Self, Unreadable> {
        decode(name, data)
    }

    fn customer(&self) -> Option<&Customer> {
        match self {
            Self::Requested { customer, .. } | Self::CommitOrdered { customer, .. } => {
                customer.as_ref()
            }
            _ => None,
        }
    }

    fn name_customer(&mut self, named: Customer) {
        if let Self::Requested { customer, .. } | Self::CommitOrdered { customer, .. } = self {
            *customer = Some(named);
        }
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
            reason: text(reason.as_ref()),
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
        CheckoutEvent::RollbackOrdered { cause, reason } => {
            json(&EndOrdered::of(*cause, reason.as_ref()))
        }
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
            let (cause, reason) = serde_json::from_str::<EndOrdered>(data)?.read()?;
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
