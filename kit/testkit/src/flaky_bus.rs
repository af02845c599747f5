//! A bus whose every n-th call fails, to show that its users continue.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use kit_event_bus::{Acknowledge, BusError, Delivery, EventBus, Message, Places, Subscription};

/// Passes calls on to another bus and fails every `period`-th of each kind: `publish`, `subscribe`, `next` and `ack`.
/// A failed call has had no effect, except that a publication has been half done.
#[derive(Clone)]
pub struct FlakyBus {
    bus: Arc<dyn EventBus>,
    calls: Arc<Calls>,
    durable: bool,
}

/// How many calls of each kind there were.
struct Calls {
    period: u64,
    publish: AtomicU64,
    subscribe: AtomicU64,
    next: AtomicU64,
    ack: AtomicU64,
}

impl FlakyBus {
    /// Fails every `period`-th call of each kind, beginning with the one of that number.
    pub fn new(bus: Arc<dyn EventBus>, period: u64) -> Self {
        let durable = bus.is_durable();
        let [publish, subscribe, next, ack] = std::array::from_fn(|_| AtomicU64::new(0));
        let calls = Calls { period, publish, subscribe, next, ack };
        Self { bus, calls: Arc::new(calls), durable }
    }

    /// Says that it is durable, for tests of what publishers do with such a bus.
    #[must_use]
    pub fn durable(self) -> Self {
        Self { durable: true, ..self }
    }
}

impl Calls {
    /// Counts a call, and fails every n-th.
    fn count(&self, calls: &AtomicU64) -> Result<(), BusError> {
        let number = calls.fetch_add(1, Ordering::Relaxed) + 1;
        if number.is_multiple_of(self.period) {
            return Err(BusError::Unavailable(format!("call {number} fails")));
        }
        Ok(())
    }
}

#[async_trait]
impl EventBus for FlakyBus {
    fn is_durable(&self) -> bool {
        self.durable
    }

    fn is_wanted(&self, topics: &[&str]) -> bool {
        self.bus.is_wanted(topics)
    }

    async fn publish(&self, mut messages: Vec<Message>) -> Result<(), BusError> {
        let allowed = self.calls.count(&self.calls.publish);
        if allowed.is_err() {
            messages.truncate(messages.len() / 2);
        }
        self.bus.publish(messages).await?;
        allowed
    }

    async fn worked_off(&self, group: &str) {
        self.bus.worked_off(group).await;
    }

    async fn subscribe(
        &self,
        group: &str,
        topics: &[&str],
    ) -> Result<Box<dyn Subscription>, BusError> {
        self.calls.count(&self.calls.subscribe)?;
        let subscription = self.bus.subscribe(group, topics).await?;
        Ok(Box::new(FlakySubscription { subscription, calls: Arc::clone(&self.calls) }))
    }

    async fn replay(
        &self,
        reader: &str,
        topics: &[&str],
        from: &Places,
    ) -> Result<Box<dyn Subscription>, BusError> {
        self.calls.count(&self.calls.subscribe)?;
        let subscription = self.bus.replay(reader, topics, from).await?;
        Ok(Box::new(FlakySubscription { subscription, calls: Arc::clone(&self.calls) }))
    }
}

struct FlakySubscription {
    subscription: Box<dyn Subscription>,
    calls: Arc<Calls>,
}

#[async_trait]
impl Subscription for FlakySubscription {
    async fn next(&mut self) -> Result<Delivery, BusError> {
        self.calls.count(&self.calls.next)?;
        let delivery = self.subscription.next().await?;
        let (message, place) = (delivery.message().clone(), delivery.place().cloned());
        Ok(Delivery::new(
            message,
            place,
            Box::new(FlakyReceipt { delivery, calls: Arc::clone(&self.calls) }),
        ))
    }
}

struct FlakyReceipt {
    delivery: Delivery,
    calls: Arc<Calls>,
}

#[async_trait]
impl Acknowledge for FlakyReceipt {
    async fn acknowledge(self: Box<Self>) -> Result<(), BusError> {
        self.calls.count(&self.calls.ack)?;
        self.delivery.ack().await
    }
}
