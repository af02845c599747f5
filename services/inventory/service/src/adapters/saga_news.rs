//! Tells how sagas get on, from their events: for those who alert of what is stuck or overdue.

use gondola_inventory_domain::{
    SplitReservationEvent, Transfer, TransferEvent, TransferId, TransferStatus, evolve_transfer,
    parse_split_stream_id, parse_transfer_stream_id,
};
use kit_core::{RecordedEvent, Version};
use kit_event_store::{EventStore, EventStoreError, StreamReader};
use uuid::Uuid;

use crate::process_managers::stored::StoredEvent as _;

/// A schema that no snapshot has: asks for a stream's events from the first.
const NO_SNAPSHOT: u16 = 0;

/// How a saga stands after one of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SagaNews {
    /// Which one; of a transfer, its id.
    pub saga: Uuid,
    /// How often the step that is to be done has failed; 0 when the saga has got on.
    pub attempts: u32,
    /// What it failed of, as a text for people.
    pub failure: Option<String>,
    /// Whether units are on their way, where the event says so.
    pub transit: Option<TransitNews>,
}

/// Whether units of a transfer are on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransitNews {
    /// The store that they go to.
    pub destination: Uuid,
    /// Whether some of them are in transit after the event.
    pub is_in_transit: bool,
}

/// What an event tells of a saga; `None` when it is of none. [`EventStoreError::Corrupt`] where it cannot be read.
pub async fn saga_news(
    log: &dyn EventStore,
    recorded: &RecordedEvent,
) -> Result<Option<SagaNews>, EventStoreError> {
    if let Some(id) = parse_transfer_stream_id(&recorded.stream) {
        return of_transfer(log, id, recorded).await.map(Some);
    }
    let Some(id) = parse_split_stream_id(&recorded.stream) else { return Ok(None) };
    let (attempts, failure) = match SplitReservationEvent::decode(recorded)? {
        SplitReservationEvent::StepDelayed { attempts, detail } => (attempts, Some(detail)),
        _ => (0, None),
    };
    Ok(Some(SagaNews { saga: id.as_uuid(), attempts, failure, transit: None }))
}

async fn of_transfer(
    log: &dyn EventStore,
    id: TransferId,
    recorded: &RecordedEvent,
) -> Result<SagaNews, EventStoreError> {
    let saga = id.as_uuid();
    let (attempts, failure) = match TransferEvent::decode(recorded)? {
        TransferEvent::StepDelayed { attempts, detail } => (attempts, Some(detail)),
        TransferEvent::Dispatched | TransferEvent::Received | TransferEvent::Returned => {
            let transfer = transfer_at(log, recorded).await?;
            let is_in_transit = transfer.status() == TransferStatus::InTransit;
            let transit = transfer.terms().map(|terms| TransitNews {
                destination: terms.destination.as_uuid(),
                is_in_transit,
            });
            return Ok(SagaNews { saga, attempts: 0, failure: None, transit });
        }
        _ => (0, None),
    };
    Ok(SagaNews { saga, attempts, failure, transit: None })
}

/// The transfer after an event; it has few events.
async fn transfer_at(
    log: &dyn EventStore,
    recorded: &RecordedEvent,
) -> Result<Transfer, EventStoreError> {
    let streams = std::slice::from_ref(&recorded.stream);
    let loaded = log.load(streams, NO_SNAPSHOT).await?.into_iter().next();
    let loaded = loaded.ok_or_else(|| EventStoreError::Corrupt("no stream".to_owned()))?;
    let mut events = StreamReader::of(log, &recorded.stream, loaded);
    let (mut transfer, mut version) = (Transfer::default(), Version::ZERO);
    while version < recorded.version
        && let Some(event) = events.next().await?
    {
        transfer = evolve_transfer(transfer, &TransferEvent::decode(&event)?);
        version = event.version;
    }
    Ok(transfer)
}
