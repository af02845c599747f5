//! A consumer: takes messages of a group in order, makes their effects durable, and survives failures of the bus.
//!
//! A message is acknowledged after its effect, so it may come again after a failure, and a [`Handler`] MUST recognise
//! repeats. A failed bus is subscribed to again, with growing pauses. A message that can never be handled parks its
//! key: it and what comes after it under the same topic and key is skipped until the process is restarted, because
//! handling later messages would be out of order. All other keys continue.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use kit_process::critical_task;
use tokio_util::sync::CancellationToken;

use crate::port::{BusError, EventBus, Message, Subscription};

/// Pause before the first repetition; doubled, with up to as much again by chance, up to [`PAUSE_MAX`].
const PAUSE_MIN: Duration = Duration::from_millis(50);

/// Longest pause before its random part.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// Most keys that may be parked. Beyond it the fault is not in the messages: the consumer stops and reports it.
const PARKED_KEYS_MAX: usize = 10_000;

/// Makes the effect of messages.
#[async_trait]
pub trait Handler: Send {
    /// Makes a message's effect durable; the message may come again, also after a success.
    async fn handle(&mut self, message: &Message) -> Result<(), HandleError>;
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

/// The keys that a consumer has parked since it joined; clones are the same keys.
#[derive(Clone, Debug, Default)]
pub struct ParkedKeys(Arc<Mutex<HashSet<TopicAndKey>>>);

/// Messages that stay in order.
type TopicAndKey = (Arc<str>, Arc<str>);

impl ParkedKeys {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether a message belongs to one of them.
    pub fn holds(&self, message: &Message) -> bool {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.contains(&(Arc::clone(&message.topic), Arc::clone(&message.key)))
    }

    /// Parks a message's key and returns the new count; `None` when there are too many already.
    fn park(&self, message: &Message) -> Option<usize> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= PARKED_KEYS_MAX {
            return None;
        }
        keys.insert((Arc::clone(&message.topic), Arc::clone(&message.key)));
        Some(keys.len())
    }
}

/// A member of a group, whatever becomes of its subscriptions.
pub struct Consumer {
    group: Group,
    subscription: Box<dyn Subscription>,
}

/// What outlives a subscription.
struct Group {
    bus: Arc<dyn EventBus>,
    name: &'static str,
    topics: &'static [&'static str],
    parked: ParkedKeys,
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
    /// Joins a group; what is published on the topics from here on waits until [`run`](Self::run) takes it.
    pub async fn join(
        bus: Arc<dyn EventBus>,
        group: &'static str,
        topics: &'static [&'static str],
    ) -> Result<Self, BusError> {
        let subscription = bus.subscribe(group, topics).await?;
        let group = Group { bus, name: group, topics, parked: ParkedKeys::default() };
        Ok(Self { group, subscription })
    }

    /// The keys that are parked, for metrics and health checks.
    pub fn parked(&self) -> ParkedKeys {
        self.group.parked.clone()
    }

    /// Handles messages until `stop`, and ends for no other reason. An effect that has begun is ended first. A panic ends the
    /// process.
    pub async fn run(self, handler: impl Handler, stop: CancellationToken) {
        critical_task(self.group.name, self.run_until(handler, stop)).await;
    }

    async fn run_until(self, mut handler: impl Handler, stop: CancellationToken) {
        let Self { group, mut subscription } = self;
        let mut pauses = pauses();
        loop {
            let served = group.serve(subscription, &mut handler, &stop, &mut pauses).await;
            let Err(Ended::Failed(error)) = served else { return };
            tracing::warn!(group = group.name, %error, "consumer_interrupted");
            match group.subscribe_again(&stop, &mut pauses).await {
                Ok(again) => subscription = again,
                Err(_) => return,
            }
        }
    }
}

impl Group {
    /// Handles the messages of a subscription; at the end it is dropped, which returns unacknowledged messages to the
    /// group.
    async fn serve(
        &self,
        mut subscription: Box<dyn Subscription>,
        handler: &mut impl Handler,
        stop: &CancellationToken,
        pauses: &mut ExponentialBackoff,
    ) -> Result<(), Ended> {
        loop {
            let next = stop.run_until_cancelled(subscription.next()).await;
            let delivery = next.ok_or(Ended::Stopped)??;
            self.handle(handler, delivery.message(), stop).await?;
            delivery.ack().await?;
            *pauses = self::pauses();
        }
    }

    /// Makes the effect of a message, however often it takes, or parks its key.
    async fn handle(
        &self,
        handler: &mut impl Handler,
        message: &Message,
        stop: &CancellationToken,
    ) -> Result<(), Ended> {
        let (group, Message { topic, key, id, .. }) = (self.name, message);
        let mut pauses = pauses();
        while !self.parked.holds(message) {
            let Err(error) = handler.handle(message).await else { return Ok(()) };
            let poison = matches!(error, HandleError::Poison(_));
            let parked = if poison { self.parked.park(message) } else { None };
            if let Some(parked_keys) = parked {
                tracing::error!(group, %topic, %key, %id, %error, parked_keys, "consumer_key_parked");
                return Ok(());
            }
            tracing::error!(group, %topic, %key, %id, %error, "consumer_stands_still");
            rest(stop, &mut pauses).await?;
        }
        tracing::warn!(group, %topic, %key, %id, "consumer_passed_over_a_parked_key");
        Ok(())
    }

    /// Joins the group again, however often it takes.
    async fn subscribe_again(
        &self,
        stop: &CancellationToken,
        pauses: &mut ExponentialBackoff,
    ) -> Result<Box<dyn Subscription>, Ended> {
        loop {
            rest(stop, pauses).await?;
            match self.bus.subscribe(self.name, self.topics).await {
                Ok(subscription) => return Ok(subscription),
                Err(error) => tracing::warn!(group = self.name, %error, "consumer_cannot_join"),
            }
        }
    }
}

fn pauses() -> ExponentialBackoff {
    ExponentialBuilder::default()
        .with_min_delay(PAUSE_MIN)
        .with_max_delay(PAUSE_MAX)
        .with_jitter()
        .without_max_times()
        .build()
}

/// Sleeps for the next pause.
async fn rest(stop: &CancellationToken, pauses: &mut ExponentialBackoff) -> Result<(), Ended> {
    let pause = pauses.next().unwrap_or(PAUSE_MAX);
    stop.run_until_cancelled(tokio::time::sleep(pause)).await.ok_or(Ended::Stopped)
}
