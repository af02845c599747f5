//! One consumer of Kafka as a subscription of the bus.

use std::sync::{Arc, Weak};
use std::time::Duration;

use async_trait::async_trait;
use kit_event_bus::{Acknowledge, BusError, Delivery, Place as BusPlace, Subscription};
use parking_lot::Mutex;
use rdkafka::TopicPartitionList;
use rdkafka::consumer::Consumer as _;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message as _;
use rdkafka::topic_partition_list::Offset;
use tokio::runtime::Handle;

use crate::blocking::unavailable;
use crate::clients::Consumer;
use crate::place::{Offsets, Place, lane};
use crate::record::message;

/// A wait for a record is begun anew this often: a wake-up that was lost costs no more.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Whether acknowledgements are stored at the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// By a member of a group.
    Member,
    /// Not by a reader.
    Reader,
}

/// What a subscription shares with its open deliveries.
struct Shared {
    consumer: Consumer,
    kind: Kind,
    place: Arc<Mutex<Place>>,
}

/// One living subscription.
pub(crate) struct KafkaSubscription {
    /// There until it is dropped.
    shared: Option<Arc<Shared>>,
    /// The bus's names of the topics with the broker's.
    topics: Vec<(Arc<str>, Arc<str>)>,
}

impl KafkaSubscription {
    /// Of a consumer that is subscribed to topics, each by the bus's name and the broker's.
    pub(crate) fn new(
        consumer: Consumer,
        kind: Kind,
        topics: Vec<(Arc<str>, Arc<str>)>,
        place: Arc<Mutex<Place>>,
    ) -> Self {
        Self { shared: Some(Arc::new(Shared { consumer, kind, place })), topics }
    }
}

#[async_trait]
impl Subscription for KafkaSubscription {
    async fn next(&mut self) -> Result<Delivery, BusError> {
        let ended = || BusError::Unavailable("the subscription has ended".to_owned());
        let shared = self.shared.as_ref().ok_or_else(ended)?;
        loop {
            let Ok(received) = tokio::time::timeout(LOOK_EVERY, shared.consumer.recv()).await
            else {
                continue;
            };
            let record = match received {
                Err(error) if heals(&error) => {
                    tracing::debug!(%error, "kafka_consumer_waits");
                    continue;
                }
                received => received.map_err(unavailable)?,
            };
            let topic = self.topics.iter().find(|(_, name)| **name == *record.topic());
            let Some((topic, name)) = topic else { continue };
            let partition = (Arc::clone(name), record.partition());
            let number = shared.place.lock().hand_out(partition, record.offset());
            let receipt = Receipt { shared: Arc::downgrade(shared), number };
            let place =
                BusPlace { lane: lane(topic, record.partition()), next: record.offset() + 1 };
            let message = message(&record, Arc::clone(topic));
            return Ok(Delivery::new(message, Some(place), Box::new(receipt)));
        }
    }
}

/// Whether the client goes on by itself: a broker is away, does not know a new topic yet, or has just begun and does not
/// know its groups yet.
fn heals(error: &KafkaError) -> bool {
    matches!(
        error.rdkafka_error_code(),
        Some(
            RDKafkaErrorCode::AllBrokersDown
                | RDKafkaErrorCode::BrokerTransportFailure
                | RDKafkaErrorCode::Resolve
                | RDKafkaErrorCode::OperationTimedOut
                | RDKafkaErrorCode::UnknownTopicOrPartition
                | RDKafkaErrorCode::NotCoordinator
                | RDKafkaErrorCode::CoordinatorNotAvailable
                | RDKafkaErrorCode::CoordinatorLoadInProgress
        )
    )
}

impl Drop for KafkaSubscription {
    fn drop(&mut self) {
        let Some(shared) = self.shared.take() else { return };
        // leaving a group takes a few round trips, for which nobody else must wait
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn_blocking(move || drop(shared))),
            Err(_) => drop(shared),
        }
    }
}

/// Says which record was handed out by which subscription.
struct Receipt {
    shared: Weak<Shared>,
    number: u64,
}

#[async_trait]
impl Acknowledge for Receipt {
    async fn acknowledge(self: Box<Self>) -> Result<(), BusError> {
        let Some(shared) = self.shared.upgrade() else { return Ok(()) };
        let moved = shared.place.lock().acknowledge(self.number);
        if shared.kind == Kind::Member {
            store(&shared.consumer, moved);
        }
        Ok(())
    }
}

/// Stores how far the group is. What is not this member's any more comes again to the one that has it now.
fn store(consumer: &Consumer, moved: Offsets) {
    for ((topic, partition), next) in moved {
        let mut place = TopicPartitionList::with_capacity(1);
        let added = place.add_partition_offset(&topic, partition, Offset::Offset(next));
        if let Err(error) = added.and_then(|()| consumer.store_offsets(&place)) {
            tracing::debug!(%topic, partition, %error, "kafka_partition_has_moved");
        }
    }
}
