//! Tests of the MySQL event store against a real server: the shared contracts, migrations, what is repeated, what is followed.
//!
//! `make test-services` starts the server and runs them; without it they are told as ignored.
//!
//! Variable: `GONDOLA_TEST_EVENTS`, events loaded and read back, 300,000 by default.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod contract;
mod crash;
mod followed;
mod gate;
mod kept;
mod leases;
mod migrations;
mod passwords;
mod repeated;
mod scratch;
mod subject_keys;
