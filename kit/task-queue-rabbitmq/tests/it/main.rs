//! The suite that every task queue passes, on a real broker.
//!
//! `make test-services` starts the broker and runs it; without it the tests are told as ignored.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod foreign;
mod scratch;

use scratch::Scratch;

kit_testkit::task_queue_contract!(
    Scratch::new().queues(),
    #[ignore = "needs RabbitMQ: make test-services"]
);
