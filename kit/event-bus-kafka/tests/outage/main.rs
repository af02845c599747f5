//! A log, its relay, Kafka and the members of a group, while brokers go away, answer with errors and give partitions to others
//! (E02, E18, E19, E20).
//!
//! A binary of its own, since the broker's other guests would notice. What is tried on librdkafka's mock cluster needs no
//! broker, the rest does. Variables: `GONDOLA_TEST_OUTAGE`, seconds that the broker is away, 10 by default;
//! `GONDOLA_TEST_SECONDS`, seconds of load, 10 by default.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod broker;
mod errors;
mod failures;
mod mock;
mod publishing;
mod rebalance;
#[path = "../it/scratch.rs"]
mod scratch;
mod seen;

use std::time::Duration;

use tokio::sync::Mutex;

/// Longer than anything that is expected to happen.
const PATIENCE: Duration = Duration::from_mins(1);

const TOPIC: &str = "news";

/// Streams that are written in turns; each is a key.
const STREAMS: u64 = 100;

/// One test at a time has the machine: some measure.
static ALONE: Mutex<()> = Mutex::const_new(());
