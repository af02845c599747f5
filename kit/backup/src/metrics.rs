//! What is counted of backups that are made while serving.

use kit_core::Timestamp;
use metrics::{Counter, Gauge, counter, describe_counter, describe_gauge, gauge};

const MADE_AT: &str = "backup_last_success_timestamp_seconds";
const RUNS: &str = "backup_runs_total";
const EVENTS: &str = "backup_events_total";

/// Numbers of one schedule of backups.
pub struct BackupMetrics {
    made_at: Gauge,
    made: Counter,
    failed: Counter,
    events: Counter,
}

impl BackupMetrics {
    /// Begins to count; until the first backup the schedule's start counts as the last one.
    pub fn begin(now: Timestamp) -> Self {
        describe_gauge!(MADE_AT, "When the last whole backup was made, in seconds since 1970");
        describe_counter!(RUNS, "Backups begun, by what came of them");
        describe_counter!(EVENTS, "Events added to backups");
        let runs = |outcome: &'static str| counter!(RUNS, "outcome" => outcome);
        let metrics = Self {
            made_at: gauge!(MADE_AT),
            made: runs("made"),
            failed: runs("failed"),
            events: counter!(EVENTS),
        };
        metrics.at(now);
        metrics
    }

    /// A backup is whole.
    pub fn made(&self, at: Timestamp, events: u64) {
        self.at(at);
        self.made.increment(1);
        self.events.increment(events);
    }

    /// A backup was not made.
    pub fn failed(&self) {
        self.failed.increment(1);
    }

    fn at(&self, at: Timestamp) {
        let seconds = u32::try_from(at.as_millis() / 1_000).unwrap_or_default();
        self.made_at.set(f64::from(seconds));
    }
}
