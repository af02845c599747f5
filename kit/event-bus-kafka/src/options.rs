//! Where the brokers are, and what the topics are like.

use std::time::Duration;

/// Settings of a bus.
#[derive(Clone, Debug)]
pub struct KafkaOptions {
    /// Brokers to begin with, as `HOST:PORT[,HOST:PORT]`; they name the others.
    pub servers: String,
    /// What the names of topics and groups begin with, so that several installations can share brokers; may be empty.
    pub prefix: String,
    /// Name of this program in the logs and quotas of the brokers.
    pub client_id: String,
    /// Partitions of a topic that this bus makes.
    pub partitions: i32,
    /// Topics whose messages each carry the whole state of their key: of each key the last one is kept, for ever. All topics
    /// keep every message for a week.
    pub compacted: &'static [&'static str],
    /// The content type that messages are sent with.
    pub content_type: &'static str,
    /// Longest time that a member of a group may take for a message, 10 seconds at least: then other members get its
    /// partitions, and it joins anew.
    pub handling_max: Duration,
}

impl KafkaOptions {
    /// Partitions of a topic, unless another number is chosen: members of a group that can share its work.
    pub const DEFAULT_PARTITIONS: i32 = 12;

    /// Longest time for a message, unless another is chosen.
    pub const DEFAULT_HANDLING_MAX: Duration = Duration::from_mins(5);

    /// What a topic is called at the broker.
    pub(crate) fn topic(&self, topic: &str) -> String {
        format!("{}{topic}", self.prefix)
    }

    /// What a group is called at the broker.
    pub(crate) fn group(&self, group: &str) -> String {
        format!("{}{group}", self.prefix)
    }
}
