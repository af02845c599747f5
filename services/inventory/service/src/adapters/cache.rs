//! The L1 cache before a stock read model, kept consistent by the change notifications of the read model.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use foldhash::fast::RandomState;
use gondola_inventory_domain::{ProductId, Reservation, ReservationId, StoreId};
#[cfg(feature = "postgres")]
use kit_core::Version;
use kit_core::{Clock, Timestamp};
use kit_event_store::projection::Progress;
use kit_service::ReadError;
use metrics::{Counter, counter, describe_counter};
use moka::ops::compute::Op;
use moka::sync::Cache;

use super::fold::LevelKey;
use super::observer::LevelObserver;
use crate::use_cases::{
    FoundReservations, OverdueLevel, ProductTotals, StockLevel, StockReadModel, StoreStock,
    WantedReservations,
};

/// How long an entry lives; it only matters should an invalidation be lost.
const TIME_TO_LIVE: Duration = Duration::from_secs(30);

const READS: &str = "inventory_cache_reads_total";

/// The entries: stock levels that were read.
///
/// A reader that finds nothing here reads the read model and keeps what it found. Between the two, others go on, and an
/// old level must not come to stay. Two interleavings could bring that about:
///
/// 1. **A change between the read and the put.** A reader reads version 1. The read model advances to version 2 and
///    notifies the cache, which has no entry to replace. Then the reader puts version 1, and it would stay. So a reader
///    loads the change counter before it reads, puts the entry and compares the counter afterwards: a change up to the
///    comparison has raised the counter, and the entry is removed again; a later one finds the entry and replaces it.
/// 2. **A slow reader after a fast one.** A reader reads version 1 and is delayed. Another one reads version 2 and puts
///    it. Until the first has compared the counter, its version 1 would be served after version 2. So a put never
///    replaces a newer version.
pub(crate) struct LevelCache {
    levels: Cache<LevelKey, StockLevel, RandomState>,
    /// Number of change notifications of the read model.
    changes: AtomicU64,
    hits: Counter,
    misses: Counter,
}

impl LevelCache {
    /// A cache of at most `entries_max` stock levels.
    pub(crate) fn new(entries_max: u64) -> Self {
        let levels = Cache::builder().max_capacity(entries_max).time_to_live(TIME_TO_LIVE);
        let levels = levels.build_with_hasher(RandomState::default());
        describe_counter!(READS, "Reads of single stock levels, by whether the cache had them");
        let reads = |result| counter!(READS, "result" => result);
        let (hits, misses) = (reads("hit"), reads("miss"));
        Self { levels, changes: AtomicU64::new(0), hits, misses }
    }

    /// Puts a level unless a newer one is there.
    fn put(&self, level: StockLevel) {
        let entry = self.levels.entry((level.store, level.product));
        let _ = entry.and_compute_with(|present| match present {
            Some(entry) if entry.value().version > level.version => Op::Nop,
            _ => Op::Put(level),
        });
    }

    /// Keeps what a reader has read, unless there were changes since it began.
    fn keep(&self, level: StockLevel, changes_before: u64) {
        self.put(level);
        if self.changes() != changes_before {
            self.levels.invalidate(&(level.store, level.product));
        }
    }

    fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }
}

impl LevelObserver for LevelCache {
    /// Replaces only entries that exist: levels that were never read stay out.
    fn changed(&self, levels: &mut dyn Iterator<Item = StockLevel>) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        for level in levels {
            if self.levels.contains_key(&(level.store, level.product)) {
                self.put(level);
            }
        }
    }

    #[cfg(feature = "postgres")]
    fn outdated(&self, levels: &mut dyn Iterator<Item = (LevelKey, Version)>) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        for (key, version) in levels {
            let _ = self.levels.entry(key).and_compute_with(|present| match present {
                Some(entry) if entry.value().version < version => Op::Remove,
                _ => Op::Nop,
            });
        }
    }

    fn replaced(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.levels.invalidate_all();
    }
}

/// A read model with the cache before its single levels; the read model notifies the cache of changes.
///
/// An entry is good until the earliest deadline of its level has passed; then the read model knows what is free.
pub(crate) struct Cached<R> {
    read_model: Arc<R>,
    cache: Arc<LevelCache>,
    clock: Arc<dyn Clock>,
}

impl<R> Cached<R> {
    pub(crate) fn new(read_model: Arc<R>, cache: Arc<LevelCache>, clock: Arc<dyn Clock>) -> Self {
        Self { read_model, cache, clock }
    }
}

#[async_trait]
impl<R: StockReadModel> StockReadModel for Cached<R> {
    async fn level(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<StockLevel>, ReadError> {
        let entry = self.cache.levels.get(&(store, product));
        if let Some(level) = entry.and_then(|level| level.still_at(self.clock.now())) {
            self.cache.hits.increment(1);
            return Ok(Some(level));
        }
        self.cache.misses.increment(1);
        let changes = self.cache.changes();
        let level = self.read_model.level(store, product).await?;
        if let Some(level) = level {
            self.cache.keep(level, changes);
        }
        Ok(level)
    }

    async fn store_stock(&self, wanted: StoreStock) -> Result<Vec<StockLevel>, ReadError> {
        self.read_model.store_stock(wanted).await
    }

    async fn product_stock(
        &self,
        product: ProductId,
        after: Option<StoreId>,
        limit: usize,
    ) -> Result<Vec<StockLevel>, ReadError> {
        self.read_model.product_stock(product, after, limit).await
    }

    async fn product_totals(&self, product: ProductId) -> Result<ProductTotals, ReadError> {
        self.read_model.product_totals(product).await
    }

    async fn reservation(&self, id: ReservationId) -> Result<Option<Reservation>, ReadError> {
        self.read_model.reservation(id).await
    }

    async fn reservations(
        &self,
        wanted: WantedReservations,
    ) -> Result<FoundReservations, ReadError> {
        self.read_model.reservations(wanted).await
    }

    async fn overdue(&self, now: Timestamp, limit: usize) -> Result<Vec<OverdueLevel>, ReadError> {
        self.read_model.overdue(now, limit).await
    }

    fn progress(&self) -> Progress {
        self.read_model.progress()
    }
}

#[cfg(test)]
mod tests {
    #[cfg(not(feature = "postgres"))]
    use kit_core::Version;
    use uuid::Uuid;

    use super::*;

    fn level(version: u64) -> StockLevel {
        let (store, product) = (StoreId::from_uuid(Uuid::nil()), ProductId::from_uuid(Uuid::nil()));
        StockLevel { version: Version::new(version), ..StockLevel::unrecorded(store, product) }
    }

    fn kept(cache: &LevelCache) -> Option<u64> {
        let level = level(0);
        cache.levels.get(&(level.store, level.product)).map(|level| level.version.get())
    }

    #[test]
    fn a_change_between_the_read_and_the_put() {
        let cache = LevelCache::new(10);
        let before = cache.changes();
        let read = level(1);
        cache.changed(&mut [level(2)].into_iter());
        cache.keep(read, before);
        assert_eq!(kept(&cache), None, "version 1 must not stay");
        // also after a replacement of the read model, for which there are no single notifications
        let before = cache.changes();
        cache.replaced();
        cache.keep(read, before);
        assert_eq!(kept(&cache), None, "nor what a replaced read model said");
    }

    #[test]
    fn a_slow_reader_after_a_fast_one() {
        let cache = LevelCache::new(10);
        let slow = level(1);
        cache.changed(&mut [level(2)].into_iter());
        cache.keep(level(2), cache.changes());
        cache.put(slow);
        assert_eq!(kept(&cache), Some(2), "before the slow reader has compared");
    }

    #[test]
    fn what_is_read_follows_the_changes() {
        let cache = LevelCache::new(10);
        cache.changed(&mut [level(1)].into_iter());
        assert_eq!(kept(&cache), None, "nobody has read it");
        cache.keep(level(1), cache.changes());
        cache.changed(&mut [level(2)].into_iter());
        assert_eq!(kept(&cache), Some(2));
        cache.replaced();
        assert_eq!(kept(&cache), None);
    }

    #[cfg(feature = "postgres")]
    #[test]
    fn what_another_process_has_changed_is_forgotten_and_what_is_as_new_stays() {
        let cache = LevelCache::new(10);
        cache.keep(level(2), cache.changes());
        let of = |version| ((level(0).store, level(0).product), Version::new(version));
        cache.outdated(&mut [of(2)].into_iter());
        assert_eq!(kept(&cache), Some(2), "it is this version");
        cache.outdated(&mut [of(3)].into_iter());
        assert_eq!(kept(&cache), None);
        let before = cache.changes();
        cache.outdated(&mut [of(3)].into_iter());
        cache.keep(level(2), before);
        assert_eq!(kept(&cache), None, "a change between the read and the put");
    }
}
