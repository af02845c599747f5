//! What the shards of a process count together.

use metrics::{Counter, Histogram, counter, describe_counter, describe_histogram, histogram};

const DECIDED: &str = "executor_commands_decided_total";
const CONFLICTS: &str = "executor_append_conflicts_total";
const BATCH: &str = "executor_batch_size";
const MAILBOX: &str = "executor_mailbox_size";

/// The counters.
pub(crate) struct ShardMetrics {
    decided: Counter,
    conflicts: Counter,
    batch: Histogram,
    mailbox: Histogram,
}

impl ShardMetrics {
    pub(crate) fn new() -> Self {
        describe_counter!(DECIDED, "Commands decided, again after each conflict");
        describe_counter!(
            CONFLICTS,
            "Commands whose streams had changed when they were appended; they are decided again"
        );
        describe_histogram!(BATCH, "Commands decided together and appended with one write");
        describe_histogram!(MAILBOX, "Jobs that still wait for a shard when it takes a batch");
        Self {
            decided: counter!(DECIDED),
            conflicts: counter!(CONFLICTS),
            batch: histogram!(BATCH),
            mailbox: histogram!(MAILBOX),
        }
    }

    /// A batch was taken, and so many jobs still wait.
    pub(crate) fn taken(&self, waiting: usize) {
        self.mailbox.record(size(waiting));
    }

    /// So many commands were decided together.
    pub(crate) fn decided(&self, commands: usize) {
        self.decided.increment(commands as u64);
        self.batch.record(size(commands));
    }

    /// So many commands must be decided again.
    pub(crate) fn conflicted(&self, commands: usize) {
        self.conflicts.increment(commands as u64);
    }
}

fn size(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
