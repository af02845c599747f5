//! What the clients say goes to the log of this program.

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, ConsumerContext, Rebalance};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::topic_partition_list::TopicPartitionList;

/// Listens to a client.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientLog;

impl ClientContext for ClientLog {
    fn log(&self, level: RDKafkaLogLevel, fac: &str, text: &str) {
        match level {
            RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error
            | RDKafkaLogLevel::Warning => tracing::warn!(fac, text, "kafka_client"),
            RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => {
                tracing::info!(fac, text, "kafka_client");
            }
            RDKafkaLogLevel::Debug => tracing::debug!(fac, text, "kafka_client"),
        }
    }

    /// Such as a refused connection or a wrong password: the client goes on trying.
    fn error(&self, error: KafkaError, reason: &str) {
        tracing::warn!(%error, reason, "kafka_client_in_trouble");
    }
}

impl ConsumerContext for ClientLog {
    fn pre_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        tracing::info!(?rebalance, "kafka_partitions_move");
    }

    fn commit_callback(&self, result: KafkaResult<()>, _: &TopicPartitionList) {
        if let Err(error) = result {
            // what it was about comes again to the member that has the partition then
            tracing::warn!(%error, "kafka_place_not_stored");
        }
    }
}
