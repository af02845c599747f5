//! Tests of the SQLite event store: the shared contract, damage to its files, and the loss of its index.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod contract;
mod files;
mod followed_view;
mod long_streams;
mod loss;
mod read_pool;
mod recorded;
mod schema;
mod view_file;
mod view_parking;
