//! The events of a split reservation as they are stored: JSON shapes with versions. `golden/` has a sample of each, for ever.

use std::borrow::Cow;

use gondola_inventory_domain::{
    EndCause, OrderRef, PlannedPart, SourcingStrategy, SplitBasket, SplitReservationEvent, StoreId,
    TimeToLive, TransactionRef,
};
use kit_core::{EncodedEvent, Location, RecordedEvent, Timestamp};
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
    ttl_seconds: i64,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    order_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    basket: Option<StoredBasket>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parts: Vec<StoredPart>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EventBasket)]
struct StoredBasket {
    lines: Vec<StoredLine>,
    #[schema(inline)]
    strategy: StoredStrategy,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    near: Option<StoredPlace>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Uuid>>)]
    store_ids: Option<Vec<StoreId>>,
    max_parcels: usize,
}

#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum StoredStrategy {
    FewestParcels,
    Nearest,
    MostStock,
    InOrder,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoredPlace {
    latitude: String,
    longitude: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = EventPart)]
struct StoredPart {
    #[schema(value_type = Uuid)]
    store_id: StoreId,
    lines: Vec<StoredLine>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Planned {
    parts: Vec<StoredPart>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Refused {
    detail: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfPart {
    part: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CommitOrdered {
    transaction_id: String,
}

#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ReleaseOrdered {
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
        "SplitReservationRequestedEvent" => Requested,
        "SplitReservationPlannedEvent" => Planned,
        "SplitReservationPlanRefusedEvent" => Refused,
        "SplitReservationPartHeldEvent" => OfPart,
        "SplitReservationPartRefusedEvent" => OfPart,
        "SplitReservationCommitOrderedEvent" => CommitOrdered,
        "SplitReservationPartCommittedEvent" => OfPart,
        "SplitReservationPartRevokedEvent" => OfPart,
        "SplitReservationReleaseOrderedEvent" => ReleaseOrdered,
        "SplitReservationPartReleasedEvent" => OfPart,
        "SplitReservationPartReturnedEvent" => OfPart,
        "SplitReservationStepDelayedEvent" => StepDelayed,
    ]
}

/// Writes an event in the present shape.
#[must_use]
pub fn encode_split_event(
    event: &SplitReservationEvent,
    event_id: Uuid,
    now: Timestamp,
) -> EncodedEvent {
    let customer = match event {
        SplitReservationEvent::Requested { customer, .. }
        | SplitReservationEvent::CommitOrdered { customer, .. } => customer.as_ref(),
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

fn encode(event: &SplitReservationEvent) -> Box<str> {
    let of_part = |part: &u32, detail: Option<&String>| {
        json(&OfPart { part: *part, detail: detail.cloned() })
    };
    match event {
        SplitReservationEvent::Requested {
            definition,
            ttl,
            expires_at,
            reason,
            order,
            basket,
            parts,
            customer: _,
        } => json(&Requested {
            definition: *definition,
            ttl_seconds: i64::from(ttl.as_seconds()),
            expires_at: *expires_at,
            reason: reason.as_ref().map(ToString::to_string),
            order_id: order.as_ref().map(ToString::to_string),
            basket: basket.as_ref().map(StoredBasket::of),
            parts: parts.iter().map(StoredPart::of).collect(),
        }),
        SplitReservationEvent::Planned { parts } => {
            json(&Planned { parts: parts.iter().map(StoredPart::of).collect() })
        }
        SplitReservationEvent::PlanRefused { detail } => json(&Refused { detail: detail.clone() }),
        SplitReservationEvent::CommitOrdered { transaction, customer: _ } => {
            json(&CommitOrdered { transaction_id: transaction.to_string() })
        }
        SplitReservationEvent::ReleaseOrdered { cause, reason } => json(&ReleaseOrdered {
            cause: Cause::from(*cause),
            reason: reason.as_ref().map(ToString::to_string),
        }),
        SplitReservationEvent::PartRefused { part, detail }
        | SplitReservationEvent::PartRevoked { part, detail } => of_part(part, Some(detail)),
        SplitReservationEvent::PartHeld { part }
        | SplitReservationEvent::PartCommitted { part }
        | SplitReservationEvent::PartReleased { part }
        | SplitReservationEvent::PartReturned { part } => of_part(part, None),
        SplitReservationEvent::StepDelayed { attempts, detail } => {
            json(&StepDelayed { attempts: *attempts, detail: detail.clone() })
        }
    }
}

/// Reads an event of any version that was ever written.
pub fn decode_split_event(
    recorded: &RecordedEvent,
) -> Result<SplitReservationEvent, EventStoreError> {
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
pub(crate) fn read_stored(
    name: &str,
    version: u16,
    data: &str,
) -> Result<SplitReservationEvent, String> {
    if version != STORED_VERSION {
        return Err(format!(
            "this program reads versions up to {STORED_VERSION}, not {version}: use a newer one"
        ));
    }
    decode(name, data).map_err(|error| error.to_string())
}

fn name_customer(event: &mut SplitReservationEvent, personal: &str) -> Result<(), Unreadable> {
    let named = personal::decode(personal)?;
    if let SplitReservationEvent::Requested { customer, .. }
    | SplitReservationEvent::CommitOrdered { customer, .. } = event
    {
        *customer = Some(named);
    }
    Ok(())
}

fn decode(name: &str, data: &str) -> Result<SplitReservationEvent, Unreadable> {
    let part = || serde_json::from_str(data).map(|OfPart { part, .. }| part);
    let refused = || {
        let OfPart { part, detail } = serde_json::from_str(data)?;
        Ok::<_, Unreadable>((part, detail.ok_or("it has no detail")?))
    };
    Ok(match name {
        "SplitReservationRequestedEvent" => decode_requested(serde_json::from_str(data)?)?,
        "SplitReservationPlannedEvent" => {
            let Planned { parts } = serde_json::from_str(data)?;
            SplitReservationEvent::Planned { parts: read_parts(&parts)? }
        }
        "SplitReservationPlanRefusedEvent" => {
            let Refused { detail } = serde_json::from_str(data)?;
            SplitReservationEvent::PlanRefused { detail }
        }
        "SplitReservationPartHeldEvent" => SplitReservationEvent::PartHeld { part: part()? },
        "SplitReservationPartRefusedEvent" => {
            let (part, detail) = refused()?;
            SplitReservationEvent::PartRefused { part, detail }
        }
        "SplitReservationCommitOrderedEvent" => {
            let CommitOrdered { transaction_id } = serde_json::from_str(data)?;
            let (transaction, customer) = (TransactionRef::new(&transaction_id)?, None);
            SplitReservationEvent::CommitOrdered { transaction, customer }
        }
        "SplitReservationPartCommittedEvent" => {
            SplitReservationEvent::PartCommitted { part: part()? }
        }
        "SplitReservationPartRevokedEvent" => {
            let (part, detail) = refused()?;
            SplitReservationEvent::PartRevoked { part, detail }
        }
        "SplitReservationReleaseOrderedEvent" => {
            let ReleaseOrdered { cause, reason } = serde_json::from_str(data)?;
            let (cause, reason) = (cause.into(), read_reason(reason)?);
            SplitReservationEvent::ReleaseOrdered { cause, reason }
        }
        "SplitReservationPartReleasedEvent" => {
            SplitReservationEvent::PartReleased { part: part()? }
        }
        "SplitReservationPartReturnedEvent" => {
            SplitReservationEvent::PartReturned { part: part()? }
        }
        "SplitReservationStepDelayedEvent" => {
            let StepDelayed { attempts, detail } = serde_json::from_str(data)?;
            SplitReservationEvent::StepDelayed { attempts, detail }
        }
        other => return Err(format!("no event of a split reservation is called {other:?}").into()),
    })
}

fn decode_requested(stored: Requested) -> Result<SplitReservationEvent, Unreadable> {
    Ok(SplitReservationEvent::Requested {
        definition: stored.definition,
        ttl: TimeToLive::from_seconds(stored.ttl_seconds)?,
        expires_at: stored.expires_at,
        reason: read_reason(stored.reason)?,
        order: stored.order_id.map(|text| OrderRef::new(&text)).transpose()?,
        customer: None,
        basket: stored.basket.map(StoredBasket::read).transpose()?,
        parts: read_parts(&stored.parts)?,
    })
}

fn read_parts(stored: &[StoredPart]) -> Result<Vec<PlannedPart>, Unreadable> {
    let part = |StoredPart { store_id, lines }: &StoredPart| {
        Ok(PlannedPart { store: *store_id, lines: read_lines(lines)? })
    };
    stored.iter().map(part).collect()
}

impl StoredPart {
    fn of(part: &PlannedPart) -> Self {
        Self { store_id: part.store, lines: stored_lines(&part.lines) }
    }
}

impl StoredBasket {
    fn of(basket: &SplitBasket) -> Self {
        let place =
            |near: Location| StoredPlace { latitude: near.latitude(), longitude: near.longitude() };
        Self {
            lines: stored_lines(&basket.lines),
            strategy: basket.strategy.into(),
            near: basket.near.map(place),
            store_ids: basket.stores.clone(),
            max_parcels: basket.parcels_max,
        }
    }

    fn read(self) -> Result<SplitBasket, Unreadable> {
        let place = |near: StoredPlace| Location::parse(&near.latitude, &near.longitude);
        Ok(SplitBasket {
            lines: read_lines(&self.lines)?,
            strategy: self.strategy.into(),
            near: self.near.map(place).transpose()?,
            stores: self.store_ids,
            parcels_max: self.max_parcels,
        })
    }
}

impl From<SourcingStrategy> for StoredStrategy {
    fn from(strategy: SourcingStrategy) -> Self {
        match strategy {
            SourcingStrategy::FewestParcels => Self::FewestParcels,
            SourcingStrategy::Nearest => Self::Nearest,
            SourcingStrategy::MostStock => Self::MostStock,
            SourcingStrategy::InOrder => Self::InOrder,
        }
    }
}

impl From<StoredStrategy> for SourcingStrategy {
    fn from(strategy: StoredStrategy) -> Self {
        match strategy {
            StoredStrategy::FewestParcels => Self::FewestParcels,
            StoredStrategy::Nearest => Self::Nearest,
            StoredStrategy::MostStock => Self::MostStock,
            StoredStrategy::InOrder => Self::InOrder,
        }
    }
}

impl From<EndCause> for Cause {
    fn from(cause: EndCause) -> Self {
        match cause {
            EndCause::Requested => Self::Requested,
            EndCause::Expired => Self::Expired,
        }
    }
}

impl From<Cause> for EndCause {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Requested => Self::Requested,
            Cause::Expired => Self::Expired,
        }
    }
}
