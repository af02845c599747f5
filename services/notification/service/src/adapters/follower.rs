//! Follows a log and writes a delivery for every webhook that wants an event, and what subscriptions are told, in the
//! transaction of its checkpoint.
//!
//! What nobody wants is passed over without being read: the checkpoint goes to the end of the log.

use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{Clock, IdSource, Position, RecordedEvent, StreamId};
use kit_event_store::parking::Parking;
use kit_event_store::projection::{Projection, ProjectionError};
use kit_event_store::{EventStore, EventStoreError};
use kit_relay::Translate;

use super::sqlite::{SqliteWebhooks, Taken};
use crate::use_cases::{News, NewsSource, Senders};

/// A follower of one log.
pub(crate) struct NewsFollower {
    name: &'static str,
    log: Arc<dyn EventStore>,
    translation: Box<dyn Translate>,
    event_types: &'static [&'static str],
    webhooks: Arc<SqliteWebhooks>,
    parking: Parking,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    /// Woken when there is something to send.
    senders: Senders,
}

impl NewsFollower {
    /// Of a source; begins where the state says, in a log that it knows.
    pub(crate) async fn new(
        source: NewsSource,
        webhooks: Arc<SqliteWebhooks>,
        time: (Arc<dyn Clock>, Arc<dyn IdSource>),
        senders: Senders,
    ) -> Result<Self, ProjectionError> {
        let NewsSource { name, log, translation, event_types } = source;
        let parked = webhooks.begin_log(name, log.end()).await?;
        let parking = Parking::new(name, parked);
        let (clock, ids) = time;
        Ok(Self { name, log, translation, event_types, webhooks, parking, clock, ids, senders })
    }
}

#[async_trait]
impl Projection for NewsFollower {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        // first the end, then whether anybody wants it: what comes later is read
        let end = *self.log.head().borrow();
        self.webhooks.checkpoint(self.name, self.event_types, end).await
    }

    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        let Some(last) = events.last().map(|event| event.position) else { return Ok(()) };
        let mut parking = self.parking.begin();
        let open = events.iter().filter(|event| !parking.passes_over(event));
        let open: Vec<_> = open.map(Arc::clone).collect();
        let told = self.translation.translate(&open).await?;
        let mut news = Vec::new();
        for (event, told) in open.iter().zip(told) {
            let read = |_: &RecordedEvent| {
                let message = told?;
                message.as_ref().map(News::read).transpose().map_err(EventStoreError::Corrupt)
            };
            news.extend(parking.admit(event, read)?.flatten());
        }
        let parked = parking.changed().cloned().collect();
        let now = self.clock.now();
        let taken = Taken { log: self.name, last, news, parked, now };
        if self.webhooks.take(taken, Arc::clone(&self.ids)).await? {
            self.senders.wake();
        }
        parking.commit();
        Ok(())
    }

    fn parking(&self) -> Parking {
        self.parking.clone()
    }

    async fn release(&mut self, stream: &StreamId) -> Result<(), ProjectionError> {
        self.webhooks.release(self.name, stream.clone()).await?;
        self.parking.release(stream);
        Ok(())
    }
}
