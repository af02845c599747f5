//! Topics for one test, on the broker that `scripts/services-up` has started.

use std::thread;
use std::time::Duration;

use kit_core::{Clock as _, IdSource as _, RandomIds, SystemClock};
use kit_event_bus_kafka::{KafkaBus, KafkaOptions};
use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use tokio::runtime::Runtime;

/// Longest wait for an answer of the broker.
const ANSWER_WAIT: Duration = Duration::from_secs(10);

/// Topics and groups of its own; the topics are gone with this value.
pub(crate) struct Scratch {
    prefix: String,
}

/// A variable of the tests.
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment where the server is"
)]
pub(crate) fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run make test-services"))
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let id = RandomIds.next_id(SystemClock.now());
        Self { prefix: format!("test-{}-", id.simple()) }
    }

    /// A bus on these topics, as each process has one.
    pub(crate) fn bus(&self) -> KafkaBus {
        KafkaBus::new(self.options()).unwrap()
    }

    pub(crate) fn options(&self) -> KafkaOptions {
        KafkaOptions {
            servers: variable("GONDOLA_TEST_KAFKA"),
            prefix: self.prefix.clone(),
            client_id: "test".to_owned(),
            partitions: 3,
            compacted: &["compacted"],
            content_type: "text/plain",
            handling_max: KafkaOptions::DEFAULT_HANDLING_MAX,
        }
    }

    /// A client of the test's own, for what a bus does not do.
    pub(crate) fn admin() -> AdminClient<DefaultClientContext> {
        let servers = variable("GONDOLA_TEST_KAFKA");
        ClientConfig::new().set("bootstrap.servers", servers).create().unwrap()
    }

    async fn remove(&self) {
        let admin = Self::admin();
        let metadata = admin.inner().fetch_metadata(None, ANSWER_WAIT).unwrap();
        let names = metadata.topics().iter().map(rdkafka::metadata::MetadataTopic::name);
        let own: Vec<&str> = names.filter(|name| name.starts_with(&self.prefix)).collect();
        if !own.is_empty() {
            admin.delete_topics(&own, &AdminOptions::new()).await.unwrap();
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        thread::scope(|scope| {
            let removal = scope.spawn(|| Runtime::new().unwrap().block_on(self.remove()));
            // a test that failed because the broker is gone has told so
            drop(removal.join());
        });
    }
}
