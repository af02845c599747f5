//! What is counted of questions to other services.

use kit_resilience::Mode;
use metrics::{Counter, Gauge, Histogram, counter, describe_counter, describe_gauge};
use metrics::{describe_histogram, gauge, histogram};

const CALLS: &str = "service_calls_total";
const FAILURES: &str = "service_call_failures_total";
const REPETITIONS: &str = "service_call_repetitions_total";
const BREAKER: &str = "service_breaker";
const DURATION: &str = "service_call_duration_seconds";

/// What is counted of one service.
pub(crate) struct ServiceMetrics {
    answered: Counter,
    unanswered: Counter,
    not_made: Counter,
    pub(crate) repetitions: Counter,
    pub(crate) duration: Histogram,
}

impl ServiceMetrics {
    pub(crate) fn new(service: &'static str) -> Self {
        describe_counter!(
            CALLS,
            "Questions to another service, by service and whether they were answered"
        );
        describe_counter!(REPETITIONS, "Questions that a further process was asked, by service");
        describe_histogram!(DURATION, "Time until another service has answered or failed");
        let calls = |result| counter!(CALLS, "service" => service, "result" => result);
        Self {
            answered: calls("answered"),
            unanswered: calls("unanswered"),
            not_made: calls("not_made"),
            repetitions: counter!(REPETITIONS, "service" => service),
            duration: histogram!(DURATION, "service" => service),
        }
    }

    /// A question was answered.
    pub(crate) fn answered(&self) {
        self.answered.increment(1);
    }

    /// It was not, though it was asked.
    pub(crate) fn unanswered(&self) {
        self.unanswered.increment(1);
    }

    /// Nobody was asked.
    pub(crate) fn not_made(&self) {
        self.not_made.increment(1);
    }
}

/// What is counted of one process of a service.
pub(crate) struct PeerMetrics {
    failures: Counter,
    breaker: Gauge,
}

impl PeerMetrics {
    /// Of the process with this name.
    pub(crate) fn new(upstream: &str) -> Self {
        describe_counter!(
            FAILURES,
            "Questions that a process did not answer, by service and address"
        );
        describe_gauge!(BREAKER, "Breaker before a process: 0 closed, 1 half open, 2 open");
        let labels = [("upstream", upstream.to_owned())];
        Self { failures: counter!(FAILURES, &labels), breaker: gauge!(BREAKER, &labels) }
    }

    /// A question was not answered.
    pub(crate) fn failed(&self) {
        self.failures.increment(1);
    }

    /// How the breaker is.
    pub(crate) fn note(&self, breaker: Mode) {
        self.breaker.set(breaker.level());
    }
}
