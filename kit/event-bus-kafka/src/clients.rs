//! The clients of librdkafka and their settings, most of which are not the defaults: those lose or reorder messages.

use rdkafka::ClientConfig;
use rdkafka::admin::AdminClient;
use rdkafka::consumer::{BaseConsumer, StreamConsumer};
use rdkafka::error::KafkaResult;
use rdkafka::producer::FutureProducer;

use crate::log::ClientLog;
use crate::options::KafkaOptions;

/// A client that publishes.
pub(crate) type Producer = FutureProducer<ClientLog>;

/// A client that consumes.
pub(crate) type Consumer = StreamConsumer<ClientLog>;

/// A client that asks for watermarks and places, and consumes nothing.
pub(crate) type Asking = BaseConsumer<ClientLog>;

fn client(options: &KafkaOptions) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", &options.servers)
        .set("client.id", &options.client_id)
        .set("allow.auto.create.topics", "false")
        .set("socket.keepalive.enable", "true")
        // a broker that is back is found within seconds
        .set("reconnect.backoff.ms", "100")
        .set("reconnect.backoff.max.ms", "2000")
        // partitions that are added are found within half a minute
        .set("topic.metadata.refresh.interval.ms", "30000");
    config
}

pub(crate) fn producer(options: &KafkaOptions) -> KafkaResult<Producer> {
    client(options)
        // repetitions inside the client neither double messages nor change their order
        .set("enable.idempotence", "true")
        .set("acks", "all")
        // a message that has failed for good fails all after it, instead of being overtaken
        .set("enable.gapless.guarantee", "true")
        // no time limit: what is given up in the queue would be overtaken by what is not
        .set("message.timeout.ms", "0")
        // as clients in Java do, so that a key has one partition by either
        .set("partitioner", "murmur2_random")
        .set("compression.type", "zstd")
        .set("linger.ms", "5")
        .set("queue.buffering.max.messages", "20000")
        .set("queue.buffering.max.kbytes", "65536")
        .create_with_context(ClientLog)
}

fn consumer(options: &KafkaOptions) -> ClientConfig {
    let mut config = client(options);
    config
        .set("auto.offset.reset", "earliest")
        .set("isolation.level", "read_committed")
        .set("check.crcs", "true")
        .set("queued.min.messages", "10000")
        .set("queued.max.messages.kbytes", "16384")
        .set("fetch.queue.backoff.ms", "50");
    config
}

/// A member of a group, which is not subscribed to anything yet.
pub(crate) fn member(options: &KafkaOptions, group: &str) -> KafkaResult<Consumer> {
    consumer(options)
        .set("group.id", options.group(group))
        // a place is stored by an acknowledgement only, and told to the broker in the background
        .set("enable.auto.offset.store", "false")
        .set("enable.auto.commit", "true")
        .set("auto.commit.interval.ms", "1000")
        // the members that stay keep their partitions, and go on while others move
        .set("partition.assignment.strategy", "cooperative-sticky")
        .set("session.timeout.ms", "10000")
        // by a heartbeat a member learns that partitions move, which stand still until all have
        .set("heartbeat.interval.ms", "500")
        // a handler that hangs for longer loses its partitions to other members
        .set("max.poll.interval.ms", options.handling_max.as_millis().to_string())
        .create_with_context(ClientLog)
}

/// A reader. The client wants the name of a group, which it neither joins nor stores anything for.
pub(crate) fn reader(options: &KafkaOptions, name: &str) -> KafkaResult<Consumer> {
    consumer(options)
        .set("group.id", options.group(name))
        .set("enable.auto.commit", "false")
        .create_with_context(ClientLog)
}

/// A client that can ask about a group.
pub(crate) fn asking(options: &KafkaOptions, group: &str) -> KafkaResult<Asking> {
    consumer(options)
        .set("group.id", options.group(group))
        .set("enable.auto.commit", "false")
        .create_with_context(ClientLog)
}

pub(crate) fn admin(options: &KafkaOptions) -> KafkaResult<AdminClient<ClientLog>> {
    client(options).create_with_context(ClientLog)
}
