//! Makes the topics that are not there.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use kit_event_bus::BusError;
use parking_lot::Mutex;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::metadata::{Metadata, MetadataTopic};

use crate::blocking::{blocking, unavailable};
use crate::clients;
use crate::log::ClientLog;
use crate::options::KafkaOptions;

/// Copies of a topic where there are as many brokers; all but one must have a message before it is acknowledged.
const REPLICAS: usize = 3;

/// How long a topic keeps each message at least.
const RETENTION_MS: &str = "604800000";

/// Longest wait for an answer of the brokers.
pub(crate) const ANSWER_WAIT: Duration = Duration::from_secs(10);

/// Between two looks at whether a new topic can be used.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The topics of a bus.
pub(crate) struct Topics {
    options: Arc<KafkaOptions>,
    admin: Arc<AdminClient<ClientLog>>,
    /// Those that are known to be there.
    there: Mutex<HashSet<String>>,
}

impl Topics {
    pub(crate) fn new(options: Arc<KafkaOptions>) -> Result<Self, BusError> {
        let admin = Arc::new(clients::admin(&options).map_err(unavailable)?);
        Ok(Self { options, admin, there: Mutex::default() })
    }

    /// Makes those of some topics that are not there; afterwards all can be used.
    pub(crate) async fn ensure(&self, topics: &[&str]) -> Result<(), BusError> {
        let unknown: Vec<&str> = {
            let there = self.there.lock();
            topics.iter().copied().filter(|topic| !there.contains(*topic)).collect()
        };
        let mut missing = Vec::new();
        for topic in &unknown {
            // what an administrator has made needs no right to make topics
            if self.partitions(topic).await?.is_empty() {
                missing.push(*topic);
            }
        }
        if !missing.is_empty() {
            self.make(&missing).await?;
        }
        for topic in &missing {
            while self.partitions(topic).await?.is_empty() {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
        self.there.lock().extend(unknown.into_iter().map(str::to_owned));
        Ok(())
    }

    async fn make(&self, topics: &[&str]) -> Result<(), BusError> {
        let brokers = self.metadata(None).await?.brokers().len();
        let replicas = brokers.clamp(1, REPLICAS);
        let (in_sync, copies) = (replicas.max(2) - 1, i32::try_from(replicas).unwrap_or(1));
        let (names, in_sync): (Vec<_>, _) =
            (topics.iter().map(|topic| self.options.topic(topic)).collect(), in_sync.to_string());
        let wanted = topics.iter().zip(&names).map(|(topic, name)| {
            let replication = TopicReplication::Fixed(copies);
            let wanted = NewTopic::new(name, self.options.partitions, replication)
                .set("min.insync.replicas", &in_sync)
                .set("unclean.leader.election.enable", "false");
            if self.options.compacted.contains(topic) {
                wanted.set("cleanup.policy", "compact").set("min.compaction.lag.ms", RETENTION_MS)
            } else {
                wanted.set("cleanup.policy", "delete").set("retention.ms", RETENTION_MS)
            }
        });
        let wanted: Vec<_> = wanted.collect();
        let limits = AdminOptions::new()
            .request_timeout(Some(ANSWER_WAIT))
            .operation_timeout(Some(ANSWER_WAIT));
        for made in self.admin.create_topics(&wanted, &limits).await.map_err(unavailable)? {
            match made {
                Ok(topic) => tracing::info!(topic, replicas, "kafka_topic_made"),
                Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
                Err((topic, code)) => {
                    return Err(BusError::Unavailable(format!(
                        "cannot make topic {topic}: {code}"
                    )));
                }
            }
        }
        Ok(())
    }

    /// The partitions of a topic; none while it cannot be used yet.
    pub(crate) async fn partitions(&self, topic: &str) -> Result<Vec<i32>, BusError> {
        let metadata = self.metadata(Some(self.options.topic(topic))).await?;
        let usable = |topic: &MetadataTopic| {
            let led = topic.partitions().iter().all(|partition| partition.leader() >= 0);
            led && topic.error().is_none()
        };
        let found = metadata.topics().iter().find(|topic| usable(topic));
        let partitions = found.map_or(&[][..], MetadataTopic::partitions);
        Ok(partitions.iter().map(rdkafka::metadata::MetadataPartition::id).collect())
    }

    async fn metadata(&self, topic: Option<String>) -> Result<Metadata, BusError> {
        let admin = Arc::clone(&self.admin);
        blocking(move || admin.inner().fetch_metadata(topic.as_deref(), ANSWER_WAIT)).await
    }
}
