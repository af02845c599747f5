//! What a gateway counts about the processes behind it.

use kit_resilience::Mode;
use metrics::{Counter, Gauge, counter, describe_counter, describe_gauge, gauge};

const UP: &str = "gateway_upstream_up";
const BREAKER: &str = "gateway_upstream_breaker";
const FAILURES: &str = "gateway_upstream_failures_total";
const REPETITIONS: &str = "gateway_repetitions_total";

/// What is counted about one process.
pub(super) struct UpstreamMetrics {
    up: Gauge,
    breaker: Gauge,
    failures: Counter,
}

impl UpstreamMetrics {
    /// For the process with this name.
    pub(super) fn new(upstream: &str) -> Self {
        describe_gauge!(UP, "Whether a process gets requests, 1 or 0, by service and address");
        describe_gauge!(BREAKER, "Breaker of a process: 0 closed, 1 half open, 2 open");
        describe_counter!(FAILURES, "Requests to a process that failed, by service and address");
        let labels = [("upstream", upstream.to_owned())];
        let up = gauge!(UP, &labels);
        up.set(1);
        Self { up, breaker: gauge!(BREAKER, &labels), failures: counter!(FAILURES, &labels) }
    }

    /// How it is.
    pub(super) fn note(&self, is_up: bool, breaker: Mode) {
        self.up.set(u8::from(is_up));
        self.breaker.set(breaker.level());
    }

    /// A request has failed.
    pub(super) fn failed(&self) {
        self.failures.increment(1);
    }
}

/// Counts requests that were sent to a further process, by service.
pub(super) fn repetitions(service: &'static str) -> Counter {
    describe_counter!(REPETITIONS, "Requests that were sent to a further process, by service");
    counter!(REPETITIONS, "service" => service)
}
