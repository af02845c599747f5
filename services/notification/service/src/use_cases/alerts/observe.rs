//! What rules look at, from the events of a log.

use std::sync::Arc;

use async_trait::async_trait;
use gondola_contracts::{CloudEvent, IntegrationEvent};
use gondola_notification_domain::alerts::Observation;
use gondola_notification_domain::{ProductId, StoreId};
use kit_core::RecordedEvent;
use kit_event_store::{EventStore, EventStoreError};
use kit_relay::Translate;

/// What is seen in one event; [`EventStoreError::Corrupt`] where it cannot be read, which parks its stream.
pub type Observed = Result<Vec<Observation>, EventStoreError>;

/// Reads what rules look at from recorded events.
#[async_trait]
pub trait Observe: Send {
    /// What is seen in some events, one answer for each and in their order; the same events may come again.
    async fn observe(
        &mut self,
        events: &[Arc<RecordedEvent>],
    ) -> Result<Vec<Observed>, EventStoreError>;
}

/// A log that rules look at.
pub struct AlertSource {
    /// Name of its follower, the same for ever.
    pub name: &'static str,
    /// The log.
    pub log: Arc<dyn EventStore>,
    /// What is seen in its events.
    pub observe: Box<dyn Observe>,
}

/// Stock levels, as other contexts are told of them: the number that is shown.
pub struct StockObservations(Box<dyn Translate>);

impl StockObservations {
    /// Of the translation that a context publishes by.
    #[must_use]
    pub const fn new(translation: Box<dyn Translate>) -> Self {
        Self(translation)
    }
}

#[async_trait]
impl Observe for StockObservations {
    async fn observe(
        &mut self,
        events: &[Arc<RecordedEvent>],
    ) -> Result<Vec<Observed>, EventStoreError> {
        let told = self.0.translate(events).await?;
        let read = |payload: &str| match CloudEvent::from_json(payload) {
            Ok(told) => Ok(level(&told).into_iter().collect()),
            Err(error) => Err(EventStoreError::Corrupt(error.to_string())),
        };
        let seen = told.into_iter().map(|told| match told? {
            Some(message) => read(&message.payload),
            None => Ok(Vec::new()),
        });
        Ok(seen.collect())
    }
}

fn level(told: &CloudEvent) -> Option<Observation> {
    let IntegrationEvent::InventoryUpdated(level) = &told.event else { return None };
    Some(Observation::Stock {
        store: StoreId::from_uuid(level.store_id),
        product: ProductId::from_uuid(level.product_id),
        available: level.available,
        reorder_point: level.reorder_point,
        shortfall: level.shortfall,
        adjusted: level.adjusted,
        event: told.id,
    })
}
