//! How far a follower of a log is behind it.

use metrics::{Counter, Gauge, counter, describe_counter, describe_gauge, gauge};

const LAG: &str = "projection_lag_events";
const APPLIED: &str = "projection_events_applied_total";

/// What one follower, such as a view or a relay, counts under its name.
pub(crate) struct FollowerMetrics {
    lag: Gauge,
    applied: Counter,
}

impl FollowerMetrics {
    pub(crate) fn new(follower: &'static str) -> Self {
        describe_gauge!(
            LAG,
            "Events of the log that a view or relay does not have yet, by its name"
        );
        describe_counter!(APPLIED, "Events that a view or relay has taken, by its name");
        let labels = [("projection", follower)];
        Self { lag: gauge!(LAG, &labels), applied: counter!(APPLIED, &labels) }
    }

    /// It lacks so many events.
    pub(crate) fn lags(&self, events: u64) {
        self.lag.set(u32::try_from(events).unwrap_or(u32::MAX));
    }

    /// It has taken some events, and still lacks others.
    pub(crate) fn advanced(&self, events: u64, lag: u64) {
        self.applied.increment(events);
        self.lags(lag);
    }
}
