//! Queues for one test, on the broker that `scripts/services-up` has started.

use kit_core::{Clock as _, IdSource as _, RandomIds, SystemClock};
use kit_task_queue::Task;
use kit_task_queue_rabbitmq::{RabbitOptions, RabbitQueue};

/// Names of a test's own; what it leaves in its queues is nobody's.
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

/// A task with a number.
pub(crate) fn task(number: u128) -> Task {
    Task { id: uuid::Uuid::from_u128(number), payload: format!("task {number}").into() }
}

impl Scratch {
    pub(crate) fn new() -> Self {
        let id = RandomIds.next_id(SystemClock.now());
        Self { prefix: format!("test-{}-", id.simple()) }
    }

    /// Queues as each process has them.
    pub(crate) fn queues(&self) -> RabbitQueue {
        let url = variable("GONDOLA_TEST_RABBITMQ");
        let prefix = self.prefix.clone();
        RabbitQueue::new(RabbitOptions { url, prefix, client: "test".to_owned() })
    }

    /// As the broker names a queue.
    pub(crate) fn name(&self, queue: &str) -> String {
        format!("{}{queue}", self.prefix)
    }
}
