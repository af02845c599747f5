//! The cache in memory by the shared contract, and what guards its users.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod flights;
mod guarded;

use kit_cache::memory::MemoryCache;

kit_testkit::cache_contract!(memory, MemoryCache::default());
