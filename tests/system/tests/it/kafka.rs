//! The Kafka broker that `scripts/services-up` has started, and a reader of it that is not the product's.

use std::process::Command;

use serde_json::Value;

use crate::random::Random;
use crate::settings::variable;

/// How long nothing must come until a topic counts as read. A reader takes some seconds to begin where other tests run.
const SILENCE_MILLIS: &str = "6000";

fn told(name: &str) -> String {
    variable(name).unwrap_or_else(|| panic!("no broker is named: run make test-services"))
}

/// Topics of a test's own.
#[derive(Clone, Debug)]
pub(crate) struct Topics {
    broker: String,
    prefix: String,
}

impl Topics {
    pub(crate) fn new(random: &mut Random) -> Self {
        let prefix = format!("test-{}", random.below(u64::MAX));
        Self { broker: told("GONDOLA_TEST_KAFKA"), prefix }
    }

    /// Where processes find them.
    pub(crate) fn url(&self) -> String {
        format!("kafka://{}/{}", self.broker, self.prefix)
    }

    /// All messages of a topic in the order of their partitions, read by the consumer that comes with the broker.
    pub(crate) fn read(&self, topic: &str) -> Vec<Value> {
        self.read_until_silent(topic, SILENCE_MILLIS)
    }

    /// The same by a reader that has so long to begin, and to read each of them, in milliseconds.
    pub(crate) fn read_until_silent(&self, topic: &str, silence: &str) -> Vec<Value> {
        let mut consumer = Command::new("java");
        // what it logs would be among the messages
        consumer.args(["-Xmx256m", "-Dorg.apache.logging.log4j.level=OFF", "-cp"]);
        consumer.arg(told("GONDOLA_TEST_KAFKA_JARS"));
        consumer.arg("org.apache.kafka.tools.consumer.ConsoleConsumer");
        consumer.args(["--bootstrap-server", &self.broker, "--from-beginning"]);
        consumer.args(["--topic", &format!("{}.{topic}", self.prefix)]);
        let output = consumer.args(["--timeout-ms", silence]).output().unwrap();
        let messages = String::from_utf8(output.stdout).unwrap();
        let parse =
            |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line} is no JSON"));
        messages.lines().map(parse).collect()
    }
}

/// The broker, stopped; it goes on when this value is gone.
pub(crate) struct Stopped(());

impl Stopped {
    pub(crate) fn broker() -> Self {
        signal_broker("STOP");
        Self(())
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        signal_broker("CONT");
    }
}

fn signal_broker(signal: &str) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/services-signal");
    assert!(Command::new(script).args(["kafka", signal]).status().unwrap().success());
}
