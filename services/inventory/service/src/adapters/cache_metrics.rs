//! What is counted of the caches of stock levels.

use metrics::{Counter, counter, describe_counter};

const READS: &str = "inventory_cache_reads_total";

/// Reads of one of the caches.
pub(super) struct CacheReads {
    hits: Counter,
    misses: Counter,
}

impl CacheReads {
    /// Those of the cache with this name.
    pub(super) fn of(cache: &'static str) -> Self {
        describe_counter!(READS, "Reads of single stock levels, by cache and whether it had them");
        let reads = |result| counter!(READS, "cache" => cache, "result" => result);
        Self { hits: reads("hit"), misses: reads("miss") }
    }

    pub(super) fn note(&self, is_hit: bool) {
        let reads = if is_hit { &self.hits } else { &self.misses };
        reads.increment(1);
    }
}
