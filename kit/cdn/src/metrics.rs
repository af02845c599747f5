//! What is counted of the purges of one cache.

use std::time::Duration;

use metrics::{Counter, Gauge, counter, describe_counter, describe_gauge, gauge};

const PURGED: &str = "cdn_purged_keys_total";
const FAILED: &str = "cdn_purge_failures_total";
const LAG: &str = "cdn_purge_lag_seconds";

pub(crate) struct PurgeMetrics {
    purged: Counter,
    failed: Counter,
    lag: Gauge,
}

impl PurgeMetrics {
    pub(crate) fn new(cache: &str) -> Self {
        describe_counter!(
            PURGED,
            "Surrogate keys that a cache was asked to purge and has, by cache"
        );
        describe_counter!(FAILED, "Requests for purges that a cache did not take, by cache");
        describe_gauge!(
            LAG,
            "Age of the oldest change of the last purge, by cache; it grows while purges fail"
        );
        let labels = [("cache", cache.to_owned())];
        Self {
            purged: counter!(PURGED, &labels),
            failed: counter!(FAILED, &labels),
            lag: gauge!(LAG, &labels),
        }
    }

    pub(crate) fn purged(&self, keys: usize) {
        self.purged.increment(keys as u64);
    }

    pub(crate) fn failed(&self) {
        self.failed.increment(1);
    }

    pub(crate) fn lags(&self, lag: Duration) {
        self.lag.set(lag.as_secs_f64());
    }
}
