//! Pauses before a batch is tried again, so that another shard can finish its write of the same keys, or another process its
//! write on the same streams. Conflicts need none where this process is the only writer.

use std::time::Duration;

use uuid::Uuid;

/// Before a command is looked at again whose key another shard has in flight.
pub(crate) const KEY: Duration = Duration::from_millis(1);

/// Before the second try where other processes write, longer with each try up to [`CONFLICT_MAX`].
const CONFLICT: Duration = Duration::from_millis(2);

/// Longest pause between tries, but for up to two milliseconds by chance.
const CONFLICT_MAX: Duration = Duration::from_millis(20);

/// Before the next try after some conflicts. Chance comes from a fresh id, so that the processes do not try in step.
pub(crate) fn after_conflicts(conflicts: u32, fresh: Uuid) -> Duration {
    let jitter = Duration::from_micros(u64::from(fresh.as_bytes()[15]) * 8);
    (CONFLICT * conflicts).min(CONFLICT_MAX) + jitter
}
