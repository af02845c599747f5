//! Tests of the PostgreSQL event store against a real server: the shared contract, several writers, lost connections.
//!
//! `make test-services` starts the server and runs them; without it they are told as ignored.
//!
//! Variable: `GONDOLA_TEST_EVENTS`, events loaded and read back, 300,000 by default.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod contract;
mod crash;
mod followed;
mod gate;
mod leases;
mod migrations;
mod passwords;
mod relays;
mod repeated;
mod scratch;
mod subject_keys;
