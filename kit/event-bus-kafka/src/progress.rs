//! How far groups and readers are, compared with the ends of their partitions.

use std::sync::Arc;
use std::time::Duration;

use kit_event_bus::BusError;
use parking_lot::Mutex;
use rdkafka::TopicPartitionList;
use rdkafka::consumer::Consumer as _;
use rdkafka::topic_partition_list::Offset;

use crate::blocking::{blocking, unavailable};
use crate::clients::{self, Asking};
use crate::options::KafkaOptions;
use crate::place::{Offsets, Partition, Place};
use crate::subscription::Kind;
use crate::topics::{ANSWER_WAIT, Topics};

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Between two attempts to ask brokers that do not answer.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// What was subscribed to under a name.
#[derive(Clone)]
pub(crate) struct Joined {
    pub(crate) kind: Kind,
    /// By the bus's names, in order.
    pub(crate) topics: Vec<String>,
    /// Of the newest subscription.
    pub(crate) place: Arc<Mutex<Place>>,
    /// What asks about it, made at the first question.
    pub(crate) asking: Arc<Mutex<Option<Arc<Asking>>>>,
}

impl Joined {
    fn asking(&self, options: &KafkaOptions, name: &str) -> Result<Arc<Asking>, BusError> {
        let mut asking = self.asking.lock();
        if let Some(client) = asking.as_ref() {
            return Ok(Arc::clone(client));
        }
        let client = Arc::new(clients::asking(options, name).map_err(unavailable)?);
        Ok(Arc::clone(asking.insert(client)))
    }
}

/// Waits until a group or a reader has acknowledged all that its topics have now.
pub(crate) async fn worked_off(
    options: &KafkaOptions,
    topics: &Topics,
    name: &str,
    joined: impl Fn() -> Option<Joined>,
) {
    let Some(now) = joined() else { return };
    let (client, ends) = loop {
        match ends(options, topics, name, &now).await {
            Ok(found) => break found,
            Err(error) => wait_after(&error).await,
        }
    };
    loop {
        let done = match now.kind {
            Kind::Member => committed(&client, &ends).await,
            Kind::Reader => {
                Ok(joined().map(|one| one.place.lock().acknowledged()).unwrap_or_default())
            }
        };
        match done {
            Ok(done) if covers(&done, &ends) => return,
            Ok(_) => tokio::time::sleep(LOOK_EVERY).await,
            Err(error) => wait_after(&error).await,
        }
    }
}

fn covers(done: &Offsets, ends: &Offsets) -> bool {
    ends.iter().all(|(partition, end)| done.get(partition).is_some_and(|at| at >= end))
}

async fn wait_after(error: &BusError) {
    tracing::warn!(%error, "kafka_does_not_tell_how_far_it_is");
    tokio::time::sleep(RETRY_PAUSE).await;
}

/// The ends of all partitions that have something, and the client that has asked for them.
async fn ends(
    options: &KafkaOptions,
    topics: &Topics,
    name: &str,
    joined: &Joined,
) -> Result<(Arc<Asking>, Offsets), BusError> {
    let asking = joined.asking(options, name)?;
    let mut partitions = Vec::new();
    for topic in &joined.topics {
        let name: Arc<str> = options.topic(topic).into();
        let of_topic = topics.partitions(topic).await?;
        partitions.extend(of_topic.into_iter().map(|partition| (Arc::clone(&name), partition)));
    }
    let begins = watermarks(&asking, &partitions, Offset::Beginning).await?;
    let mut ends = watermarks(&asking, &partitions, Offset::End).await?;
    ends.retain(|partition, end| begins.get(partition).is_some_and(|begin| begin < end));
    Ok((asking, ends))
}

/// Where all partitions begin or end, by one request to each broker: the request for offsets by times takes these two as if
/// they were times ([`ListOffsets`](https://kafka.apache.org/protocol#The_Messages_ListOffsets)).
async fn watermarks(
    asking: &Arc<Asking>,
    of: &[Partition],
    which: Offset,
) -> Result<Offsets, BusError> {
    let mut asked = TopicPartitionList::with_capacity(of.len());
    for (topic, partition) in of {
        asked.add_partition_offset(topic, *partition, which).map_err(unavailable)?;
    }
    let client = Arc::clone(asking);
    let told = blocking(move || client.offsets_for_times(asked, ANSWER_WAIT)).await?;
    let mut found = Offsets::new();
    for one in told.elements() {
        one.error().map_err(unavailable)?;
        if let Offset::Offset(offset) = one.offset() {
            found.insert((one.topic().into(), one.partition()), offset);
        }
    }
    Ok(found)
}

/// How far a group is in the partitions that are looked at, as the broker has it.
async fn committed(asking: &Arc<Asking>, of: &Offsets) -> Result<Offsets, BusError> {
    let mut asked = TopicPartitionList::with_capacity(of.len());
    for (topic, partition) in of.keys() {
        asked.add_partition(topic, *partition);
    }
    let client = Arc::clone(asking);
    let told = blocking(move || client.committed_offsets(asked, ANSWER_WAIT)).await?;
    let mut done = Offsets::new();
    for one in told.elements() {
        if let Offset::Offset(next) = one.offset() {
            done.insert((one.topic().into(), one.partition()), next);
        }
    }
    Ok(done)
}
