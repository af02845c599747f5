//! The relay itself: a follower of the log whose view is the bus.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kit_core::{Epoch, Position, RecordedEvent};
use kit_event_bus::{EventBus, Message};
use kit_event_store::parking::Parking;
use kit_event_store::projection::{self, Progress, Projection, ProjectionError, Tracker};
use kit_event_store::{EventStore, SavedCheckpoint};
use kit_lease::{Ended, Singleton, Singletons};
use kit_trace::{Kind, Span};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::translate::Translate;

/// Most events published in one call of the bus; after a failure at most as many are published a second time.
const PUBLISH_EVENTS_MAX: usize = 2_000;

/// Pause between two looks at how far another process has published.
const LOOK_EVERY: Duration = Duration::from_secs(1);

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
    /// Of the lease, where several processes could publish this log.
    epoch: Epoch,
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
        Self { config, log, bus, translation, published: None, epoch: Epoch::ZERO, parking }
    }

    /// Runs as one of `tasks` until `stop`; the answer says how far it is.
    ///
    /// To a bus that several processes share, one of them publishes. A bus that forgets is this process's own.
    pub fn start(
        self,
        singletons: &Singletons,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Progress {
        let (tracker, progress) = Progress::of(&self);
        let tracker = Arc::new(tracker);
        let mut singletons = singletons.clone();
        if self.bus.is_durable() {
            let log = Arc::clone(&self.log);
            let watching = watch_checkpoint(log, self.place(), Arc::clone(&tracker));
            let stop = stop.clone();
            tasks.spawn(async move { stop.run_until_cancelled(watching).await });
        } else {
            singletons = Singletons::alone();
        }
        let (relaying, stop) = (Relaying { relay: self, tracker }, stop.clone());
        // a full bus does not keep it from ending: it is dropped, and what is half done is done again
        tasks.spawn(async move { singletons.run(relaying, stop).await });
        progress
    }

    async fn publish(&mut self, events: &[Arc<RecordedEvent>]) -> Result<(), ProjectionError> {
        let mut parking = self.parking.begin();
        let open = events.iter().filter(|event| !parking.passes_over(event));
        let open: Vec<_> = open.map(Arc::clone).collect();
        let told = self.translation.translate(&open).await?;
        let mut messages = Vec::with_capacity(told.len());
        let mut spans = Vec::new();
        for (event, message) in open.iter().zip(told) {
            if let Some(mut message) = parking.admit(event, |_| message)?.flatten() {
                spans.extend(sending(event, &mut message));
                messages.push(message);
            }
        }
        let published = self.bus.publish(messages).await;
        drop(spans);
        published.map_err(|error| ProjectionError::View(error.to_string()))?;
        parking.commit();
        self.published = events.last().map(|event| event.position).or(self.published);
        Ok(())
    }
}

/// Begins the span of a message, a part of the command that caused its event, and has the message say which it is. `None`
/// where that is not traced.
#[inline]
fn sending(event: &RecordedEvent, message: &mut Message) -> Option<Span> {
    let metadata = &event.metadata;
    let command = kit_trace::of_event(metadata.correlation_id, metadata.causation_id)?;
    let span = Span::begin(command, Kind::Producer, || format!("send {}", message.topic).into());
    // that it is not sampled must be told as well
    message.trace = Some(span.as_ref().map_or(command, Span::context));
    Some(
        span?
            .with("messaging.operation.type", "send")
            .with("messaging.destination.name", message.topic.to_string())
            .with("messaging.message.id", message.id.to_string()),
    )
}

/// Tells how far other processes have published.
async fn watch_checkpoint(log: Arc<dyn EventStore>, subscriber: String, tracker: Arc<Tracker>) {
    loop {
        // who publishes tells what it fails of
        if let Ok(position) = log.load_checkpoint(&subscriber).await {
            tracker.reached(position);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// A relay that publishes when it is its turn.
struct Relaying<T> {
    relay: Relay<T>,
    tracker: Arc<Tracker>,
}

#[async_trait]
impl<T: Translate + 'static> Singleton for Relaying<T> {
    fn name(&self) -> &'static str {
        self.relay.config.name
    }

    async fn run(&mut self, epoch: Epoch) -> Ended {
        let Self { relay, tracker } = self;
        // another may have published in between
        (relay.epoch, relay.published) = (epoch, None);
        let log = Arc::clone(&relay.log);
        let until_dropped = CancellationToken::new();
        let following =
            projection::follow_until_superseded(log.as_ref(), relay, tracker, &until_dropped);
        following.await.map_or(Ended::Done, |by| Ended::Superseded { by })
    }
}

impl<T> Relay<T> {
    /// The name of its checkpoint. An older log that was put back is another one, which is told from its beginning: what
    /// the bus has been told of the former log means nothing any more.
    fn place(&self) -> String {
        format!("{}@{}", self.config.name, self.log.incarnation())
    }

    /// Saves where the next process is to begin, unless one with a later epoch has: then that one publishes.
    async fn save(&mut self, at: Position) -> Result<(), ProjectionError> {
        match self.log.save_checkpoint(&self.place(), at, self.epoch).await? {
            SavedCheckpoint::Saved => Ok(()),
            SavedCheckpoint::Superseded { by } => Err(ProjectionError::Superseded { by }),
        }
    }

    /// Where the checkpoint is. It is saved once more at once, so that an earlier holder of the lease can move it no more.
    async fn take_over(&mut self) -> Result<Position, ProjectionError> {
        let at = self.log.load_checkpoint(&self.place()).await?;
        self.save(at).await?;
        Ok(at)
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
            self.take_over().await?
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
            self.save(at).await?;
        }
        Ok(())
    }

    fn parking(&self) -> Parking {
        self.parking.clone()
    }
}
