//! A consumer: takes messages of a group in order, makes their effects durable, and survives failures of the bus.
//!
//! A message is acknowledged after its effect, so it may come again after a failure, and a [`Handler`] MUST recognise
//! repeats. A failed bus is subscribed to again, with growing pauses. A message that can never be handled parks its
//! key: it and what comes after it under the same topic and key is [kept](ParkedKeys) until an operator lets it be
//! handled once more, because handling later messages would be out of order. All other keys continue. While something is
//! kept, a group of a durable bus acknowledges nothing: after a restart all of it comes again.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use kit_process::critical_task;
use kit_trace::{Kind, Span};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::parked::{ParkedKeys, Request};
use crate::port::{BusError, Delivery, EventBus, Message, Place, Places, Subscription};

/// Pause before the first repetition; doubled, with up to as much again by chance, up to [`PAUSE_MAX`].
const PAUSE_MIN: Duration = Duration::from_millis(50);

/// Longest pause before its random part.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// Makes the effect of messages.
#[async_trait]
pub trait Handler: Send {
    /// Makes a message's effect durable; the message may come again, also after a success.
    ///
    /// A durable copy notes the `place`, when there is one, in the same transaction, and [goes on](Consumer::replay) after
    /// it at the next start. There is none while a key is parked: what follows must then come again with it.
    async fn handle(&mut self, message: &Message, place: Option<&Place>)
    -> Result<(), HandleError>;
}

/// The effect of a message was not made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandleError {
    /// Not now: the same message is tried again after a pause, and all others wait.
    #[error("the message cannot be handled now: {0}")]
    Unavailable(String),
    /// Never: the message's key is parked.
    #[error("the message can never be handled: {0}")]
    Poison(String),
}

/// A member of a group, whatever becomes of its subscriptions.
pub struct Consumer {
    group: Group,
    /// None when the bus could not be reached at the beginning.
    subscription: Option<Box<dyn Subscription>>,
    places: Places,
    drains: mpsc::Receiver<Request>,
}

/// What outlives a subscription.
struct Group {
    bus: Arc<dyn EventBus>,
    name: &'static str,
    topics: &'static [&'static str],
    reading: Reading,
    parked: ParkedKeys,
}

/// How the messages are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// As a member of the group.
    Shared,
    /// Alone, from noted places.
    Replay,
}

/// The reason why a subscription ended.
enum Ended {
    Stopped,
    Failed(BusError),
}

impl From<BusError> for Ended {
    fn from(error: BusError) -> Self {
        Self::Failed(error)
    }
}

impl Consumer {
    /// Joins a group; what is published on the topics from here on waits until [`run`](Self::run) takes it. A bus that
    /// cannot be reached now is joined as soon as it can; meanwhile, one that is not durable may be told what is missed.
    pub async fn join(
        bus: Arc<dyn EventBus>,
        group: &'static str,
        topics: &'static [&'static str],
    ) -> Result<Self, BusError> {
        Self::begin(bus, group, topics, Reading::Shared, Places::new()).await
    }

    /// Reads the topics alone: for a copy of this process's own, from the places that it has noted; one in memory has
    /// none. See [`EventBus::replay`].
    pub async fn replay(
        bus: Arc<dyn EventBus>,
        reader: &'static str,
        topics: &'static [&'static str],
        from: Places,
    ) -> Result<Self, BusError> {
        Self::begin(bus, reader, topics, Reading::Replay, from).await
    }

    async fn begin(
        bus: Arc<dyn EventBus>,
        name: &'static str,
        topics: &'static [&'static str],
        reading: Reading,
        places: Places,
    ) -> Result<Self, BusError> {
        let (parked, drains) = ParkedKeys::new(name);
        let group = Group { bus, name, topics, reading, parked };
        let subscription = match group.subscribe(&places).await {
            Err(BusError::Unavailable(error)) => {
                tracing::warn!(group = name, error, "consumer_cannot_join_yet");
                None
            }
            subscribed => Some(subscribed?),
        };
        Ok(Self { group, subscription, places, drains })
    }

    /// The keys that are parked: for metrics and health checks, and to let them go on.
    pub fn parked(&self) -> ParkedKeys {
        self.group.parked.clone()
    }

    /// Handles messages until `stop`, and ends for no other reason. An effect that has begun is ended first. A panic ends the
    /// process.
    pub async fn run(self, handler: impl Handler, stop: CancellationToken) {
        critical_task(self.group.name, self.run_until(handler, stop)).await;
    }

    async fn run_until(self, handler: impl Handler, stop: CancellationToken) {
        let Self { group, mut subscription, places, drains } = self;
        let mut work = Work { handler, places, drains, stop, pauses: pauses() };
        loop {
            if let Some(subscription) = subscription.take() {
                let Err(Ended::Failed(error)) = group.serve(subscription, &mut work).await else {
                    return;
                };
                tracing::warn!(group = group.name, %error, "consumer_interrupted");
            }
            match group.subscribe_again(&mut work).await {
                Ok(again) => subscription = Some(again),
                Err(_) => return,
            }
        }
    }
}

/// What a consumer works with while it runs.
struct Work<H> {
    handler: H,
    /// How far the messages are dealt with; what is kept of parked keys is, while this process lives.
    places: Places,
    drains: mpsc::Receiver<Request>,
    stop: CancellationToken,
    /// Between failures of the bus.
    pauses: ExponentialBackoff,
}

/// What a consumer does next.
enum Next {
    Handle(Delivery),
    Drain(Request),
}

impl<H> Work<H> {
    async fn next(&mut self, subscription: &mut dyn Subscription) -> Result<Next, Ended> {
        tokio::select! {
            () = self.stop.cancelled() => Err(Ended::Stopped),
            // while there is a consumer there are its parked keys, and with them those who ask
            Some(request) = self.drains.recv() => Ok(Next::Drain(request)),
            delivery = subscription.next() => Ok(Next::Handle(delivery?)),
        }
    }
}

impl Group {
    /// Handles the messages of a subscription; at the end it is dropped, which returns unacknowledged messages to the
    /// group.
    async fn serve(
        &self,
        mut subscription: Box<dyn Subscription>,
        work: &mut Work<impl Handler>,
    ) -> Result<(), Ended> {
        loop {
            match work.next(&mut *subscription).await? {
                Next::Drain(request) => self.parked.serve(request, &mut work.handler).await,
                Next::Handle(delivery) => {
                    self.handle(delivery.message(), delivery.place(), work).await?;
                    if let Some(Place { lane, next }) = delivery.place() {
                        work.places.insert(Arc::clone(lane), *next);
                    }
                    if self.may_acknowledge() {
                        delivery.ack().await?;
                    }
                    work.pauses = pauses();
                }
            }
        }
    }

    /// What is kept in memory must come again after a restart, unless everything does, or nothing.
    fn may_acknowledge(&self) -> bool {
        let comes_again = self.reading == Reading::Replay || !self.bus.is_durable();
        comes_again || self.parked.count() == 0
    }

    /// Makes the effect of a message, however often it takes, or keeps it with its parked key.
    async fn handle(
        &self,
        message: &Message,
        place: Option<&Place>,
        work: &mut Work<impl Handler>,
    ) -> Result<(), Ended> {
        let (group, Message { topic, key, id, .. }) = (self.name, message);
        let mut pauses = pauses();
        loop {
            if self.parked.holds(message) {
                if self.parked.keep(message) {
                    tracing::warn!(group, %topic, %key, %id, "consumer_keeps_for_a_parked_key");
                    return Ok(());
                }
                tracing::error!(group, %topic, %key, %id, "consumer_stands_still_with_parked_keys");
            } else {
                let place = place.filter(|_| self.parked.count() == 0);
                let handling =
                    kit_trace::traced(span(message, group), work.handler.handle(message, place));
                let Err(error) = handling.await else { return Ok(()) };
                if matches!(error, HandleError::Poison(_)) && self.parked.keep(message) {
                    let parked_keys = self.parked.count();
                    tracing::error!(group, %topic, %key, %id, %error, parked_keys, "consumer_key_parked");
                    return Ok(());
                }
                tracing::error!(group, %topic, %key, %id, %error, "consumer_stands_still");
            }
            self.rest(next(&mut pauses), work).await?;
        }
    }

    /// Sleeps, and not longer than until parked keys were drained.
    async fn rest(&self, pause: Duration, work: &mut Work<impl Handler>) -> Result<(), Ended> {
        tokio::select! {
            () = work.stop.cancelled() => return Err(Ended::Stopped),
            Some(request) = work.drains.recv() => {
                self.parked.serve(request, &mut work.handler).await;
            }
            () = tokio::time::sleep(pause) => {}
        }
        Ok(())
    }

    async fn subscribe(&self, places: &Places) -> Result<Box<dyn Subscription>, BusError> {
        match self.reading {
            Reading::Shared => self.bus.subscribe(self.name, self.topics).await,
            Reading::Replay => self.bus.replay(self.name, self.topics, places).await,
        }
    }

    /// Subscribes again, however often it takes.
    async fn subscribe_again(
        &self,
        work: &mut Work<impl Handler>,
    ) -> Result<Box<dyn Subscription>, Ended> {
        loop {
            let pause = next(&mut work.pauses);
            self.rest(pause, work).await?;
            match self.subscribe(&work.places).await {
                Ok(subscription) => return Ok(subscription),
                Err(error) => tracing::warn!(group = self.name, %error, "consumer_cannot_join"),
            }
        }
    }
}

/// Begins the span of a message's effect, if the message is traced: a part of what sent it, since each is handled alone.
#[inline]
fn span(message: &Message, group: &'static str) -> Option<Span> {
    let sent = message.trace?;
    let span = Span::begin(sent, Kind::Consumer, || format!("process {}", message.topic).into())?;
    Some(
        span.with("messaging.operation.type", "process")
            .with("messaging.destination.name", message.topic.to_string())
            .with("messaging.consumer.group.name", group)
            .with("messaging.message.id", message.id.to_string()),
    )
}

fn pauses() -> ExponentialBackoff {
    ExponentialBuilder::default()
        .with_min_delay(PAUSE_MIN)
        .with_max_delay(PAUSE_MAX)
        .with_jitter()
        .without_max_times()
        .build()
}

fn next(pauses: &mut ExponentialBackoff) -> Duration {
    pauses.next().unwrap_or(PAUSE_MAX)
}
