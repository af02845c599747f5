//! Brokers go away, answer with errors or late, and change their leaders and coordinators, while a relay publishes from a log: it
//! falls behind, catches up, and neither loses anything nor changes the order of a key (E20).

use std::time::Duration;

use kit_core::Position;
use kit_event_bus::EventBus as _;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use tokio::time::{sleep, timeout};

use crate::failures::Counting;
use crate::mock::{Brokers, with_brokers};
use crate::publishing::{GROUP, Publishing};
use crate::seen::Seen;
use crate::{PATIENCE, TOPIC};

const GROUP_NAME: &str = "group";

/// Events that a client sends in one request to each partition.
const FEW: u64 = 30;

/// Long enough for a client to have tried in vain.
const IN_VAIN: Duration = Duration::from_secs(1);

/// A log whose relay has told all that there is.
struct Telling<'a> {
    brokers: &'a Brokers,
    publishing: Publishing,
}

impl<'a> Telling<'a> {
    async fn start(brokers: &'a Brokers) -> Self {
        let mut publishing = Publishing::start(brokers.bus());
        publishing.grow().await;
        publishing.await_told().await;
        Self { brokers, publishing }
    }

    /// Nothing is told while a trouble lasts, although the process starts again and what its client held is gone.
    async fn fall_behind(&mut self) {
        let Self { brokers, publishing } = self;
        publishing.grow_by(FEW).await;
        sleep(IN_VAIN).await;
        publishing.restart(brokers.bus()).await;
        sleep(IN_VAIN).await;
        for _ in 0..4 {
            publishing.grow().await;
        }
        assert_eq!(publishing.lag(), FEW + 4 * GROUP, "the trouble does not keep the relay");
    }

    /// Everything is told, and comes once in effect and in order.
    async fn catch_up(self) {
        self.publishing.await_told().await;
        let mut news = self.brokers.bus().subscribe(GROUP_NAME, &[TOPIC]).await.unwrap();
        let mut seen = Seen::new();
        seen.consume(&mut news, self.publishing.head()).await;
        assert_eq!(seen.versions, self.publishing.versions);
        self.publishing.relaying.stop().await;
    }
}

/// A trouble that clients wait for.
fn wait_out(begin: impl FnOnce(&Brokers), end: impl FnOnce(&Brokers)) {
    with_brokers(async |brokers| {
        let mut telling = Telling::start(brokers).await;
        begin(brokers);
        telling.fall_behind().await;
        end(brokers);
        telling.catch_up().await;
    });
}

/// All requests that publish are answered with an error that is worth a repetition.
fn wait_out_errors(error: RDKafkaRespErr) {
    wait_out(
        |brokers| brokers.fail(RDKafkaApiKey::Produce, error),
        |brokers| brokers.answer_well(RDKafkaApiKey::Produce),
    );
}

#[test]
fn brokers_that_go_down_are_told_everything_when_they_are_up_again() {
    wait_out(Brokers::go_down, Brokers::come_up);
}

#[test]
fn a_broker_that_does_not_lead_the_partition_is_asked_again() {
    wait_out_errors(RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
}

#[test]
fn a_broker_whose_replicas_are_too_slow_is_asked_again() {
    wait_out_errors(RDKafkaRespErr::RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT);
}

#[test]
fn a_broker_that_has_too_few_replicas_is_asked_again() {
    wait_out_errors(RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS);
}

#[test]
fn a_connection_that_each_request_loses_is_made_again() {
    wait_out_errors(RDKafkaRespErr::RD_KAFKA_RESP_ERR__TRANSPORT);
}

/// An error after which a client publishes nothing any more: each time another takes its place, and publishes all again.
fn replace_clients(error: RDKafkaRespErr) {
    with_brokers(async |brokers| {
        let mut telling = Telling::start(brokers).await;
        brokers.fail(RDKafkaApiKey::Produce, error);
        telling.fall_behind().await;
        let (bus, mut failures) = Counting::new(brokers.bus());
        telling.publishing.restart(bus).await;
        let failing = failures.wait_for(|failed| *failed >= 3);
        timeout(PATIENCE, failing).await.unwrap().unwrap();
        // the last client has ended and the next has not begun
        brokers.answer_well(RDKafkaApiKey::Produce);
        telling.catch_up().await;
    });
}

#[test]
fn a_client_whose_sequence_the_broker_has_lost_is_replaced() {
    replace_clients(RDKafkaRespErr::RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
}

#[test]
fn a_client_that_has_given_up_a_message_is_replaced() {
    replace_clients(RDKafkaRespErr::RD_KAFKA_RESP_ERR__MSG_TIMED_OUT);
}

#[test]
fn leaders_that_change_while_much_is_told_are_followed() {
    with_brokers(async |brokers| {
        let mut telling = Telling::start(brokers).await;
        for turn in 0..20 {
            brokers.lead_by_turn(turn);
            telling.publishing.grow().await;
            sleep(Duration::from_millis(150)).await;
        }
        telling.catch_up().await;
    });
}

#[test]
fn brokers_that_are_a_second_away_are_told_everything() {
    with_brokers(async |brokers| {
        let mut telling = Telling::start(brokers).await;
        brokers.answer_after(Duration::from_secs(1));
        for _ in 0..20 {
            telling.publishing.grow().await;
        }
        let head = Position::new(telling.publishing.head());
        let progress = &telling.publishing.relaying.progress;
        let sooner = progress.reach(head, Duration::from_millis(500)).await;
        assert!(!sooner, "they are not far away");
        telling.catch_up().await;
    });
}

/// The group goes on with another coordinator, also with one that does not know its members; what is acknowledged stays so.
#[test]
fn a_group_whose_coordinator_changes_loses_nothing() {
    with_brokers(async |brokers| {
        let mut telling = Telling::start(brokers).await;
        let bus = brokers.bus();
        let mut news = bus.subscribe(GROUP_NAME, &[TOPIC]).await.unwrap();
        let mut seen = Seen::new();
        seen.consume(&mut news, telling.publishing.head()).await;
        for turn in 0..6 {
            brokers.coordinate_by_turn(GROUP_NAME, turn);
            if turn == 3 {
                let unknown = RDKafkaRespErr::RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID;
                brokers.fail_once(RDKafkaApiKey::Heartbeat, unknown);
            }
            telling.publishing.grow().await;
            seen.consume(&mut news, telling.publishing.head()).await;
            sleep(Duration::from_secs(1)).await;
        }
        assert_eq!(seen.versions, telling.publishing.versions);
        timeout(PATIENCE, bus.worked_off(GROUP_NAME)).await.unwrap();
        telling.publishing.relaying.stop().await;
    });
}
