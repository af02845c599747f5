//! The bus between processes: Apache Kafka.
//!
//! A topic of the bus is a topic of Kafka, and a message's key is the record's key, so one partition has all messages of a
//! key, in order. A group is a consumer group.
//!
//! * **Publishing** is idempotent and waits for all replicas that are in sync. While no broker answers it waits; what it
//!   holds then is bounded. What failed for another reason leaves no gap behind it: the producer is replaced, and the
//!   caller publishes all again.
//! * **A group's** place is stored when a message is acknowledged, and told to the broker every second, at the end and when
//!   partitions move. After a crash the messages of the last second come again.
//! * **A reader** ([`replay`](kit_event_bus::EventBus::replay)) belongs to no group and leaves nothing on the broker. It
//!   reads the partitions that there are when it begins.
//! * **Topics** that are not there are made when they are first named, never by the broker itself.

mod blocking;
mod bus;
mod clients;
mod log;
mod options;
mod place;
mod progress;
mod publisher;
mod record;
mod subscription;
mod topics;

pub use bus::KafkaBus;
pub use options::KafkaOptions;
