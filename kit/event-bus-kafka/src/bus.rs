//! The bus itself: which clients there are, and who has joined what.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kit_event_bus::{BusError, EventBus, Message, Places, Subscription};
use parking_lot::Mutex;
use rdkafka::TopicPartitionList;
use rdkafka::consumer::Consumer as _;
use rdkafka::topic_partition_list::Offset;

use crate::blocking::unavailable;
use crate::clients;
use crate::options::KafkaOptions;
use crate::place::{Place, lane};
use crate::progress::{Joined, worked_off};
use crate::publisher::Publisher;
use crate::subscription::{KafkaSubscription, Kind};
use crate::topics::Topics;

/// Between two attempts to make the topics of what is to be published.
const RETRY_PAUSE: Duration = Duration::from_millis(500);

/// A bus on Kafka.
pub struct KafkaBus {
    options: Arc<KafkaOptions>,
    topics: Topics,
    publisher: Publisher,
    /// What was joined through this bus, by the names of groups and readers.
    joined: Mutex<HashMap<String, Joined>>,
}

impl KafkaBus {
    /// A bus with these settings. Whether a broker answers shows at the first use, which is repeated until one does.
    pub fn new(options: KafkaOptions) -> Result<Self, BusError> {
        let options = Arc::new(options);
        Ok(Self {
            topics: Topics::new(Arc::clone(&options))?,
            publisher: Publisher::new(Arc::clone(&options))?,
            joined: Mutex::default(),
            options,
        })
    }

    fn joined(&self, name: &str) -> Option<Joined> {
        self.joined.lock().get(name).cloned()
    }

    /// Notes a subscription; its topics must be those of the others with its name.
    fn note(&self, kind: Kind, name: &str, topics: &[&str]) -> Result<Arc<Mutex<Place>>, BusError> {
        let mut asked: Vec<String> = topics.iter().map(|&topic| topic.to_owned()).collect();
        asked.sort_unstable();
        asked.dedup();
        let place = Arc::default();
        let mut joined = self.joined.lock();
        if let Some(Joined { topics: subscribed, .. }) = joined.get(name).cloned()
            && subscribed != asked
        {
            return Err(BusError::TopicsDiffer { group: name.to_owned(), subscribed, asked });
        }
        let asking = Arc::default();
        let noted = Joined { kind, topics: asked, place: Arc::clone(&place), asking };
        joined.insert(name.to_owned(), noted);
        Ok(place)
    }

    /// The bus's names of topics with the broker's.
    fn names(&self, topics: &[&str]) -> Vec<(Arc<str>, Arc<str>)> {
        let names = |topic: &&str| (Arc::from(*topic), Arc::from(self.options.topic(topic)));
        topics.iter().map(names).collect()
    }

    /// All partitions of some topics, from noted places or their beginnings.
    async fn start(&self, topics: &[&str], from: &Places) -> Result<TopicPartitionList, BusError> {
        let mut start = TopicPartitionList::new();
        for topic in topics {
            for partition in self.topics.partitions(topic).await? {
                let (name, noted) = (self.options.topic(topic), from.get(&*lane(topic, partition)));
                let offset = noted.map_or(Offset::Beginning, |next| Offset::Offset(*next));
                start.add_partition_offset(&name, partition, offset).map_err(unavailable)?;
            }
        }
        Ok(start)
    }
}

#[async_trait]
impl EventBus for KafkaBus {
    fn is_durable(&self) -> bool {
        true
    }

    async fn publish(&self, messages: Vec<Message>) -> Result<(), BusError> {
        let mut topics: Vec<&str> = messages.iter().map(|message| &*message.topic).collect();
        topics.sort_unstable();
        topics.dedup();
        while let Err(error) = self.topics.ensure(&topics).await {
            tracing::warn!(%error, "kafka_topics_are_not_there_yet");
            tokio::time::sleep(RETRY_PAUSE).await;
        }
        self.publisher.publish(&messages).await
    }

    async fn worked_off(&self, name: &str) {
        worked_off(&self.options, &self.topics, name, || self.joined(name)).await;
    }

    async fn subscribe(
        &self,
        group: &str,
        topics: &[&str],
    ) -> Result<Box<dyn Subscription>, BusError> {
        let place = self.note(Kind::Member, group, topics)?;
        self.topics.ensure(topics).await?;
        let consumer = clients::member(&self.options, group).map_err(unavailable)?;
        let names = self.names(topics);
        let wanted: Vec<&str> = names.iter().map(|(_, name)| &**name).collect();
        consumer.subscribe(&wanted).map_err(unavailable)?;
        Ok(Box::new(KafkaSubscription::new(consumer, Kind::Member, names, place)))
    }

    async fn replay(
        &self,
        reader: &str,
        topics: &[&str],
        from: &Places,
    ) -> Result<Box<dyn Subscription>, BusError> {
        let place = self.note(Kind::Reader, reader, topics)?;
        self.topics.ensure(topics).await?;
        let consumer = clients::reader(&self.options, reader).map_err(unavailable)?;
        let start = self.start(topics, from).await?;
        place.lock().begin(&start);
        consumer.assign(&start).map_err(unavailable)?;
        let names = self.names(topics);
        Ok(Box::new(KafkaSubscription::new(consumer, Kind::Reader, names, place)))
    }
}
