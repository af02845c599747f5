//! The cache in memory by the shared contract, and what guards its users.

mod flights;
mod guarded;

use kit_cache::memory::MemoryCache;

kit_testkit::cache_contract!(memory, MemoryCache::default());
