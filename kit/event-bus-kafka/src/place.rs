//! Where in its partitions a subscription is: what it has handed out, and what of that is acknowledged.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

/// A partition of a topic, by the broker's name of it.
pub(crate) type Partition = (Arc<str>, i32);

/// The next offset to read in some partitions.
pub(crate) type Offsets = HashMap<Partition, i64>;

/// A partition of a topic, by the bus's name of it, as those who keep places know it.
pub(crate) fn lane(topic: &str, partition: i32) -> Arc<str> {
    format!("{topic}/{partition}").into()
}

/// What was handed out and not acknowledged, and how far the rest is.
#[derive(Debug, Default)]
pub(crate) struct Place {
    /// How many records were ever handed out.
    count: u64,
    open: VecDeque<(u64, Partition, i64)>,
    acknowledged: Offsets,
}

impl Place {
    /// What lies before a start has been dealt with.
    pub(crate) fn begin(&mut self, start: &TopicPartitionList) {
        for one in start.elements() {
            if let Offset::Offset(next) = one.offset() {
                self.acknowledged.insert((one.topic().into(), one.partition()), next);
            }
        }
    }

    /// Notes that a record is handed out, and numbers it.
    pub(crate) fn hand_out(&mut self, partition: Partition, offset: i64) -> u64 {
        self.count += 1;
        self.open.push_back((self.count, partition, offset));
        self.count
    }

    /// Everything up to a number has been dealt with; says how far the partitions have moved by that.
    pub(crate) fn acknowledge(&mut self, number: u64) -> Offsets {
        let mut moved = Offsets::new();
        while let Some((first, ..)) = self.open.front()
            && *first <= number
            && let Some((_, partition, offset)) = self.open.pop_front()
        {
            moved.insert(partition, offset + 1);
        }
        self.acknowledged.extend(moved.iter().map(|(partition, next)| (partition.clone(), *next)));
        moved
    }

    /// The next offset that is not acknowledged, in the partitions that something was acknowledged in.
    pub(crate) fn acknowledged(&self) -> Offsets {
        self.acknowledged.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acknowledgement_covers_all_partitions_up_to_its_record_and_nothing_after_it() {
        let mut place = Place::default();
        let partition = |number| (Arc::from("topic"), number);
        let numbers = [(0, 7), (1, 40), (0, 8), (1, 41)]
            .map(|(number, offset)| place.hand_out(partition(number), offset));
        let moved = place.acknowledge(numbers[2]);
        assert_eq!(moved, Offsets::from([(partition(0), 9), (partition(1), 41)]));
        assert_eq!(place.acknowledge(numbers[0]), Offsets::new(), "late and covered already");
        assert_eq!(place.acknowledged(), moved);
    }
}
