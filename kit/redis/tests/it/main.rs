//! Tests of the Redis adapters against real servers, a node and a cluster.
//!
//! `make test-services` starts the servers and runs them; without it they are told as ignored.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod contract;
mod limits;
mod servers;
mod slow;
mod trouble;
