//! A bus that tells which of its publications have failed.

use async_trait::async_trait;
use kit_event_bus::{BusError, EventBus, Message, Places, Subscription};
use kit_event_bus_kafka::KafkaBus;
use tokio::sync::watch;

/// Passes calls on, and counts the publications that fail.
pub(crate) struct Counting {
    bus: KafkaBus,
    failed: watch::Sender<u64>,
}

impl Counting {
    pub(crate) fn new(bus: KafkaBus) -> (Self, watch::Receiver<u64>) {
        let (failed, failures) = watch::channel(0);
        (Self { bus, failed }, failures)
    }
}

#[async_trait]
impl EventBus for Counting {
    fn is_durable(&self) -> bool {
        self.bus.is_durable()
    }

    async fn publish(&self, messages: Vec<Message>) -> Result<(), BusError> {
        let published = self.bus.publish(messages).await;
        if published.is_err() {
            self.failed.send_modify(|failed| *failed += 1);
        }
        published
    }

    async fn worked_off(&self, name: &str) {
        self.bus.worked_off(name).await;
    }

    async fn subscribe(
        &self,
        group: &str,
        topics: &[&str],
    ) -> Result<Box<dyn Subscription>, BusError> {
        self.bus.subscribe(group, topics).await
    }

    async fn replay(
        &self,
        reader: &str,
        topics: &[&str],
        from: &Places,
    ) -> Result<Box<dyn Subscription>, BusError> {
        self.bus.replay(reader, topics, from).await
    }
}
