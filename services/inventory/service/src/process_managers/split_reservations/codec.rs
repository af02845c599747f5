//! The events of a split reservation as they are stored: JSON shapes with versions. `golden/` has a sample of each, for ever.

use gondola_inventory_domain::{
    Customer, OrderRef, PlannedPart, SourcingStrategy, SplitBasket, SplitReservationEvent, StoreId,
    TimeToLive, TransactionRef,
};
use kit_core::{Location, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::event_data::{EventDataShape, event_data};
use crate::process_managers::stored::{
    CommitOrdered, EndOrdered, Refused, StepDelayed, StoredEvent, StoredLine, Unreadable, json,
    read_lines, read_reason, stored_lines, text,
};

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
struct OfPart {
    part: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
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
        "SplitReservationReleaseOrderedEvent" => EndOrdered,
        "SplitReservationPartReleasedEvent" => OfPart,
        "SplitReservationPartReturnedEvent" => OfPart,
        "SplitReservationStepDelayedEvent" => StepDelayed,
    ]
}

impl StoredEvent for SplitReservationEvent {
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
            reason: text(reason.as_ref()),
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
        SplitReservationEvent::ReleaseOrdered { cause, reason } => {
            json(&EndOrdered::of(*cause, reason.as_ref()))
        }
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
            let (cause, reason) = serde_json::from_str::<EndOrdered>(data)?.read()?;
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
