//! What is counted of a shared cache and the breaker before it.

use kit_resilience::Mode;
use metrics::{Counter, Gauge, counter, describe_counter, describe_gauge, gauge};

const ERRORS: &str = "shared_cache_errors_total";
const BREAKER: &str = "shared_cache_breaker";

/// What is counted of one cache.
pub(crate) struct CacheMetrics {
    errors: Counter,
    breaker: Gauge,
}

impl CacheMetrics {
    pub(crate) fn new() -> Self {
        describe_counter!(ERRORS, "Calls of the shared cache that failed or took too long");
        describe_gauge!(BREAKER, "Breaker of the shared cache: 0 closed, 1 half open, 2 open");
        Self { errors: counter!(ERRORS), breaker: gauge!(BREAKER) }
    }

    /// A call has failed.
    pub(crate) fn failed(&self) {
        self.errors.increment(1);
    }

    /// How the breaker is.
    pub(crate) fn note(&self, breaker: Mode) {
        self.breaker.set(breaker.level());
    }
}
