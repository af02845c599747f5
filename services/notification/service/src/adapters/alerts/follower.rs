//! Follows a log and has the rules look at it: alerts, their events and the checkpoint are one transaction.

use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{Position, RecordedEvent, StreamId};
use kit_event_store::EventStore;
use kit_event_store::parking::Parking;
use kit_event_store::projection::{Projection, ProjectionError};

use super::seen::Seen;
use super::{SqliteAlerts, unwritable};
use crate::use_cases::alerts::{AlertSource, Observe};

/// A follower of the log that rules look at.
pub(crate) struct AlertFollower {
    name: &'static str,
    observe: Box<dyn Observe>,
    alerts: Arc<SqliteAlerts>,
    parking: Parking,
}

impl AlertFollower {
    /// Of a source; begins where the state says, in a log that it knows.
    pub(crate) async fn new(
        source: AlertSource,
        alerts: Arc<SqliteAlerts>,
    ) -> Result<(Arc<dyn EventStore>, Self), ProjectionError> {
        let AlertSource { name, log, observe } = source;
        let end = log.end();
        let parked = alerts.writer.run(move |state| state.begin_log(end)).await?;
        let parking = Parking::new(name, parked);
        Ok((log, Self { name, observe, alerts, parking }))
    }
}

#[async_trait]
impl Projection for AlertFollower {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        self.alerts.writer.run(|state| Ok(state.applied)).await
    }

    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        let Some(last) = events.last().map(|event| event.position) else { return Ok(()) };
        let mut parking = self.parking.begin();
        let open = events.iter().filter(|event| !parking.passes_over(event));
        let open: Vec<_> = open.map(Arc::clone).collect();
        let observed = self.observe.observe(&open).await?;
        let mut seen = Vec::new();
        for (event, observed) in open.iter().zip(observed) {
            let found = parking.admit(event, |_| observed)?.unwrap_or_default();
            let metadata = &event.metadata;
            seen.extend(found.into_iter().map(|observation| Seen {
                observation,
                at: metadata.recorded_at,
                correlation: metadata.correlation_id,
            }));
        }
        let take = move |state: &mut super::state::State| {
            state.take(&seen, last, &parking).map_err(|error| unwritable(&error))?;
            Ok(parking)
        };
        let parking = self.alerts.writer.run(take).await?;
        self.alerts.news.notify_one();
        parking.commit();
        Ok(())
    }

    fn parking(&self) -> Parking {
        self.parking.clone()
    }

    async fn release(&mut self, stream: &StreamId) -> Result<(), ProjectionError> {
        let parked = stream.clone();
        let release = move |state: &mut super::state::State| {
            kit_sqlite::release_stream(&state.file, &parked).map_err(|error| unwritable(&error))
        };
        self.alerts.writer.run(release).await?;
        self.parking.release(stream);
        Ok(())
    }
}
