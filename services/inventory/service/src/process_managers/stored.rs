//! What the stored events of processes have in common: versions, shapes, lines and reasons.

use std::borrow::Cow;

use gondola_inventory_domain::{Customer, EndCause, PositiveQuantity, ProductId, Reason};
use kit_core::{EncodedEvent, RecordedEvent, Timestamp};
use kit_event_store::EventStoreError;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::use_cases::personal;

/// Why a stored event is not what it should be.
pub type Unreadable = Box<dyn std::error::Error + Send + Sync>;

/// An event of a kind of process, as JSON with a version of its shape.
pub trait StoredEvent: Sized {
    /// The newest version of its shapes; this one and all before it are read.
    const VERSION: u16;

    /// Its name in the log.
    fn name(&self) -> &'static str;

    /// The version of the shape that it is written in.
    fn version(&self) -> u16 {
        Self::VERSION
    }

    /// Its data in that shape.
    fn data(&self) -> Box<str>;

    /// Reads an event by its name and its data, without whom it is for.
    fn read(name: &str, data: &str) -> Result<Self, Unreadable>;

    /// Whom it is for, where it says so.
    fn customer(&self) -> Option<&Customer> {
        None
    }

    /// Says whom it is for.
    fn name_customer(&mut self, _: Customer) {}

    /// Writes it for the log.
    #[must_use]
    fn encode(&self, event_id: Uuid, now: Timestamp) -> EncodedEvent {
        EncodedEvent {
            event_id,
            event_type: Cow::Borrowed(self.name()),
            schema_version: self.version(),
            occurred_at: now,
            data: self.data(),
            personal: self.customer().map(personal::encode),
        }
    }

    /// Reads an event of the log, of any version that was ever written.
    fn decode(recorded: &RecordedEvent) -> Result<Self, EventStoreError> {
        let event = &recorded.event;
        let read = || {
            let mut read =
                Self::read_version(&event.event_type, event.schema_version, &event.data)?;
            if let Some(personal) = event.personal.as_deref() {
                read.name_customer(personal::decode(personal).map_err(|why| why.to_string())?);
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

    /// Reads an event by its name, the version of its shape and its data, without whom it is for.
    fn read_version(name: &str, version: u16, data: &str) -> Result<Self, String> {
        let newest = Self::VERSION;
        if !(1..=newest).contains(&version) {
            return Err(format!(
                "this program reads versions up to {newest}, not {version}: use a newer one"
            ));
        }
        Self::read(name, data).map_err(|why| why.to_string())
    }
}

/// Data of an event that says nothing beside its name.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

/// What a participant has refused, as a text for people.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Refused {
    pub(super) detail: String,
}

/// Data of an event by which a sale is ordered.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CommitOrdered {
    pub(super) transaction_id: String,
}

/// Data of an event by which what is held is ordered back.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EndOrdered {
    #[schema(inline)]
    cause: StoredEndCause,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum StoredEndCause {
    Requested,
    Expired,
}

/// Data of an event that tells of a step that fails again and again.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StepDelayed {
    pub(super) attempts: u32,
    pub(super) detail: String,
}

impl EndOrdered {
    pub(super) fn of(cause: EndCause, reason: Option<&Reason>) -> Self {
        let cause = match cause {
            EndCause::Requested => StoredEndCause::Requested,
            EndCause::Expired => StoredEndCause::Expired,
        };
        Self { cause, reason: text(reason) }
    }

    pub(super) fn read(self) -> Result<(EndCause, Option<Reason>), Unreadable> {
        let cause = match self.cause {
            StoredEndCause::Requested => EndCause::Requested,
            StoredEndCause::Expired => EndCause::Expired,
        };
        Ok((cause, read_reason(self.reason)?))
    }
}

/// Units of one product.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EventLine)]
pub(super) struct StoredLine {
    #[schema(value_type = Uuid)]
    product_id: ProductId,
    quantity: i64,
}

/// A shape as JSON.
pub(super) fn json(value: &impl Serialize) -> Box<str> {
    // plain structs of numbers and texts always serialise
    serde_json::to_string(value).unwrap_or_default().into()
}

/// A reason as it is stored.
pub(super) fn text(reason: Option<&Reason>) -> Option<String> {
    reason.map(ToString::to_string)
}

pub(super) fn read_reason(stored: Option<String>) -> Result<Option<Reason>, Unreadable> {
    Ok(stored.map(|text| Reason::new(&text)).transpose()?)
}

pub(super) fn read_lines(
    stored: &[StoredLine],
) -> Result<Vec<(ProductId, PositiveQuantity)>, Unreadable> {
    let line = |line: &StoredLine| Ok((line.product_id, PositiveQuantity::new(line.quantity)?));
    stored.iter().map(line).collect()
}

pub(super) fn stored_lines(lines: &[(ProductId, PositiveQuantity)]) -> Vec<StoredLine> {
    let line = |(product_id, quantity): &(ProductId, PositiveQuantity)| StoredLine {
        product_id: *product_id,
        quantity: i64::from(quantity.get()),
    };
    lines.iter().map(line).collect()
}
