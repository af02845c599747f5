//! Brokers that do as the test wants: librdkafka's mock cluster.
//!
//! It does not make topics when it is asked to, and ends the process when it is asked to publish to a partition without a
//! leader. It does not look at the sequence numbers of a producer without transactions: once it has failed a request it takes
//! the next of the same producer, which a broker refuses. So a test may not end a trouble between two requests of one producer
//! for one partition.

use std::time::Duration;

use kit_event_bus_kafka::{KafkaBus, KafkaOptions};
use rdkafka::mocking::{MockCluster, MockCoordinator};
use rdkafka::producer::DefaultProducerContext;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use tokio::runtime::Runtime;

use crate::{ALONE, TOPIC};

/// Each has a third of the partitions at the beginning.
const BROKERS: i32 = 3;

const PARTITIONS: i32 = 3;

/// All brokers at once.
const ALL: i32 = -1;

/// More requests than any trouble lasts.
const MANY: usize = 1_000;

pub(crate) struct Brokers(MockCluster<'static, DefaultProducerContext>);

/// Runs a test, whose brokers are there until all clients have ended: one that leaves its group waits for them.
pub(crate) fn with_brokers(test: impl AsyncFnOnce(&Brokers)) {
    let _alone = ALONE.blocking_lock();
    let brokers = Brokers::start();
    let runtime = Runtime::new().unwrap();
    runtime.block_on(test(&brokers));
    drop(runtime);
}

impl Brokers {
    /// With a topic.
    fn start() -> Self {
        let brokers = MockCluster::new(BROKERS).unwrap();
        brokers.create_topic(TOPIC, PARTITIONS, BROKERS).unwrap();
        Self(brokers)
    }

    /// A bus on them, as each process has one.
    pub(crate) fn bus(&self) -> KafkaBus {
        KafkaBus::new(KafkaOptions {
            servers: self.0.bootstrap_servers(),
            prefix: String::new(),
            client_id: "test".to_owned(),
            partitions: PARTITIONS,
            compacted: &[],
            content_type: "text/plain",
            handling_max: KafkaOptions::DEFAULT_HANDLING_MAX,
        })
        .unwrap()
    }

    pub(crate) fn go_down(&self) {
        self.0.broker_down(ALL).unwrap();
    }

    pub(crate) fn come_up(&self) {
        self.0.broker_up(ALL).unwrap();
    }

    /// Answers requests of a kind with an error, until they are answered well again.
    pub(crate) fn fail(&self, requests: RDKafkaApiKey, error: RDKafkaRespErr) {
        self.0.request_errors(requests, &[error; MANY]);
    }

    /// Answers the next request of a kind with an error.
    pub(crate) fn fail_once(&self, requests: RDKafkaApiKey, error: RDKafkaRespErr) {
        self.0.request_errors(requests, &[error]);
    }

    pub(crate) fn answer_well(&self, requests: RDKafkaApiKey) {
        self.0.clear_request_errors(requests);
    }

    /// Gives each partition another leader; no two neighbouring turns have the same.
    pub(crate) fn lead_by_turn(&self, turn: i32) {
        for partition in 0..PARTITIONS {
            let leader = (turn + partition) % BROKERS + 1;
            self.0.partition_leader(TOPIC, partition, Some(leader)).unwrap();
        }
    }

    pub(crate) fn coordinate_by_turn(&self, group: &str, turn: i32) {
        let coordinator = MockCoordinator::Group(group.to_owned());
        self.0.coordinator(coordinator, turn % BROKERS + 1).unwrap();
    }

    /// The time from a request to its answer, at least.
    pub(crate) fn answer_after(&self, time: Duration) {
        self.0.broker_round_trip_time(ALL, time).unwrap();
    }
}
