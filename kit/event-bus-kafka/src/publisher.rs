//! Publishes messages and waits until the brokers have them.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use kit_event_bus::{BusError, Message};
use parking_lot::Mutex;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{DeliveryFuture, FutureRecord};
use tokio::time::Instant;

use crate::blocking::unavailable;
use crate::clients::{self, Producer};
use crate::options::KafkaOptions;

/// After so long without an acknowledgement the log says so, again and again.
const SILENCE: Duration = Duration::from_secs(10);

/// Pause while the queue is full of messages of other callers.
const ROOM_WAIT: Duration = Duration::from_millis(5);

/// Publishes.
pub(crate) struct Publisher {
    options: Arc<KafkaOptions>,
    producer: Mutex<Producer>,
}

impl Publisher {
    pub(crate) fn new(options: Arc<KafkaOptions>) -> Result<Self, BusError> {
        let producer = Mutex::new(clients::producer(&options).map_err(unavailable)?);
        Ok(Self { options, producer })
    }

    /// Publishes messages in order, for however long the brokers do not answer.
    pub(crate) async fn publish(&self, messages: &[Message]) -> Result<(), BusError> {
        let producer = self.producer.lock().clone();
        let mut sending = pin!(self.send(&producer, messages));
        let began = Instant::now();
        let sent = loop {
            if let Ok(sent) = tokio::time::timeout(SILENCE, &mut sending).await {
                break sent;
            }
            let (messages, waited) = (messages.len(), began.elapsed());
            tracing::warn!(messages, ?waited, "kafka_does_not_acknowledge");
        };
        if let Err(error) = sent {
            // what is still in its queue must not be published behind the gap
            *self.producer.lock() = clients::producer(&self.options).map_err(unavailable)?;
            return Err(unavailable(error));
        }
        Ok(())
    }

    async fn send(&self, producer: &Producer, messages: &[Message]) -> Result<(), KafkaError> {
        let mut open = VecDeque::new();
        for message in messages {
            let topic = self.options.topic(&message.topic);
            let headers = crate::record::headers(message, self.options.content_type);
            let mut record = FutureRecord::to(&topic)
                .key(&*message.key)
                .payload(&*message.payload)
                .headers(headers);
            loop {
                match producer.send_result(record) {
                    Ok(delivery) => break open.push_back(delivery),
                    Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), back)) => {
                        record = back;
                        make_room(&mut open).await?;
                    }
                    Err((error, _)) => return Err(error),
                }
            }
        }
        for delivery in open {
            delivered(delivery).await?;
        }
        Ok(())
    }
}

async fn make_room(open: &mut VecDeque<DeliveryFuture>) -> Result<(), KafkaError> {
    if let Some(oldest) = open.pop_front() {
        return delivered(oldest).await;
    }
    tokio::time::sleep(ROOM_WAIT).await;
    Ok(())
}

async fn delivered(delivery: DeliveryFuture) -> Result<(), KafkaError> {
    match delivery.await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err((error, _))) => Err(error),
        Err(_) => Err(KafkaError::Canceled),
    }
}
