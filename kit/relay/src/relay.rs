//! The relay itself: a follower of the log whose view is the bus.

use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{Position, RecordedEvent};
use kit_event_bus::EventBus;
use kit_event_store::EventStore;
use kit_event_store::parking::Parking;
use kit_event_store::projection::{self, Progress, Projection, ProjectionError};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::translate::Translate;

/// Most events published in one call of the bus; after a failure at most as many are published a second time.
const PUBLISH_EVENTS_MAX: usize = 2_000;

/// A relay's name and the topics that it publishes.
#[derive(Clone, Copy, Debug)]
pub struct RelayConfig {
    /// Name of the relay in logs and of its checkpoint; unique within its log and the same for ever.
    pub name: &'static str,
    /// All topics that the translation may use.
    pub topics: &'static [&'static str],
}

/// Publishes the events of a log.
pub struct Relay<T> {
    config: RelayConfig,
    log: Arc<dyn EventStore>,
    bus: Arc<dyn EventBus>,
    translation: T,
    /// Position up to which all events were published or skipped; `None` until the checkpoint has been read.
    published: Option<Position>,
    parking: Parking,
}

impl<T: Translate + 'static> Relay<T> {
    /// A relay that has not begun.
    pub fn new(
        config: RelayConfig,
        log: Arc<dyn EventStore>,
        bus: Arc<dyn EventBus>,
        translation: T,
    ) -> Self {
        let parking = Parking::new(config.name, []);
        Self { config, log, bus, translation, published: None, parking }
    }

    /// Runs as one of `tasks` until `stop`; the answer says how far it is.
    pub fn start(self, tasks: &TaskTracker, stop: &CancellationToken) -> Progress {
        let (tracker, progress) = Progress::of(&self);
        let log = Arc::clone(&self.log);
        let following = projection::follow(log as _, Box::new(self), tracker, stop.clone());
        let stop = stop.clone();
        // a full bus must not keep the relay from ending; what is half done is done again at the next start
        tasks.spawn(async move { stop.run_until_cancelled(following).await });
        progress
    }

    async fn publish(&mut self, events: &[Arc<RecordedEvent>]) -> Result<(), ProjectionError> {
        let mut parking = self.parking.begin();
        let open = events.iter().filter(|event| !parking.passes_over(event));
        let open: Vec<_> = open.map(Arc::clone).collect();
        let told = self.translation.translate(&open).await?;
        let mut messages = Vec::with_capacity(told.len());
        for (event, message) in open.iter().zip(told) {
            messages.extend(parking.admit(event, |_| message)?);
        }
        let published = self.bus.publish(messages).await;
        published.map_err(|error| ProjectionError::View(error.to_string()))?;
        parking.commit();
        self.published = events.last().map(|event| event.position).or(self.published);
        Ok(())
    }
}

impl<T> Relay<T> {
    /// The name of its checkpoint. An older log that was put back is another one, which is told from its beginning: what
    /// the bus has been told of the former log means nothing any more.
    fn place(&self) -> String {
        format!("{}@{}", self.config.name, self.log.incarnation())
    }

    /// Where the next process is to begin: what is parked comes again, and with it what came after.
    fn resume_at(&self, published: Position) -> Position {
        let parked = self.parking.streams();
        let before = parked.iter().map(|parked| Position::new(parked.position.get() - 1));
        before.min().map_or(published, |before| before.min(published))
    }
}

#[async_trait]
impl<T: Translate + 'static> Projection for Relay<T> {
    fn name(&self) -> &'static str {
        self.config.name
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        let at = if !self.bus.is_wanted(self.config.topics) {
            *self.log.head().borrow()
        } else if let Some(published) = self.published {
            published
        } else if self.bus.is_durable() {
            self.log.load_checkpoint(&self.place()).await?
        } else {
            Position::ZERO
        };
        self.published = Some(at);
        Ok(at)
    }

    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        for some in events.chunks(PUBLISH_EVENTS_MAX) {
            self.publish(some).await?;
        }
        if let Some(published) = self.published
            && self.bus.is_durable()
        {
            let at = self.resume_at(published);
            self.log.save_checkpoint(&self.place(), at).await?;
        }
        Ok(())
    }

    fn parking(&self) -> Parking {
        self.parking.clone()
    }
}
