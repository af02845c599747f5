//! The bus on a real broker: the suites that every bus and every durable bus passes, and what only Kafka can get wrong.
//!
//! `make test-services` starts the broker and runs them; without it they are told as ignored.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod contract;
mod scratch;
