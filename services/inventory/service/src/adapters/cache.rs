//! The L1 cache before a stock read model, kept consistent by the change notifications of the read model.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use foldhash::fast::RandomState;
use gondola_inventory_domain::{ProductId, Reservation, ReservationId, StoreId};
use kit_core::{Clock, Position, Timestamp};
use kit_event_store::projection::Progress;
use kit_service::ReadError;
use moka::ops::compute::Op;
use moka::sync::Cache;

use super::cache_metrics::CacheReads;
use super::fold::LevelKey;
use super::observer::LevelObserver;
use crate::use_cases::{
    ChangedLevels, FoundReservations, HoldCount, LevelCopies, LowStock, OverdueLevel,
    ProductTotals, StockLevel, StockReadModel, StoreStock, WantedReservations,
};

/// How long an entry lives; it only matters should an invalidation be lost.
const TIME_TO_LIVE: Duration = Duration::from_secs(30);

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
    reads: CacheReads,
}

impl LevelCache {
    /// A cache of at most `entries_max` stock levels.
    pub(crate) fn new(entries_max: u64) -> Self {
        let levels = Cache::builder().max_capacity(entries_max).time_to_live(TIME_TO_LIVE);
        let levels = levels.build_with_hasher(RandomState::default());
        Self { levels, changes: AtomicU64::new(0), reads: CacheReads::of("L1") }
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

    fn outdated(&self, levels: &mut dyn Iterator<Item = (LevelKey, Position)>) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        for (key, position) in levels {
            let _ = self.levels.entry(key).and_compute_with(|present| match present {
                Some(entry) if entry.value().position < position => Op::Remove,
                _ => Op::Nop,
            });
        }
    }

    fn replaced(&self, _: Position) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        self.levels.invalidate_all();
    }
}

/// Where single levels come from that the cache has not.
#[async_trait]
pub(crate) trait LevelSource: Send + Sync {
    /// The level as the read model has it.
    async fn find(&self, key: LevelKey) -> Result<Option<StockLevel>, ReadError>;
}

#[async_trait]
impl<R: StockReadModel> LevelSource for R {
    async fn find(&self, (store, product): LevelKey) -> Result<Option<StockLevel>, ReadError> {
        self.level(store, product).await
    }
}

/// A read model with the cache before its single levels; the read model notifies the cache of changes.
///
/// An entry is good until the earliest deadline of its level has passed; then the read model knows what is free.
pub(crate) struct Cached<R> {
    read_model: Arc<R>,
    source: Arc<dyn LevelSource>,
    cache: Arc<LevelCache>,
    clock: Arc<dyn Clock>,
}

impl<R> Cached<R> {
    /// The cache before a read model; `source` gives its single levels, by a shorter way where there is one.
    pub(crate) fn new(
        read_model: Arc<R>,
        source: Arc<dyn LevelSource>,
        cache: Arc<LevelCache>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { read_model, source, cache, clock }
    }
}

#[async_trait]
impl<R: StockReadModel> LevelCopies for Cached<R> {
    async fn view(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<StockLevel>, ReadError> {
        self.read_model.level(store, product).await
    }

    fn cached(&self, store: StoreId, product: ProductId) -> Option<StockLevel> {
        self.cache.levels.get(&(store, product))?.still_at(self.clock.now())
    }

    fn forget(&self, store: StoreId, product: ProductId) {
        self.cache.levels.invalidate(&(store, product));
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
        let entry = entry.and_then(|level| level.still_at(self.clock.now()));
        self.cache.reads.note(entry.is_some());
        if entry.is_some() {
            return Ok(entry);
        }
        let changes = self.cache.changes();
        let level = self.source.find((store, product)).await?;
        if let Some(level) = level {
            self.cache.keep(level, changes);
        }
        Ok(level)
    }

    /// Levels that are cached need no question; the others are read together, by no shorter way than the read model's.
    async fn levels(&self, named: Vec<LevelKey>) -> Result<Vec<StockLevel>, ReadError> {
        let now = self.clock.now();
        let (mut levels, mut missing) = (Vec::with_capacity(named.len()), Vec::new());
        for key in named {
            let entry = self.cache.levels.get(&key).and_then(|level| level.still_at(now));
            self.cache.reads.note(entry.is_some());
            match entry {
                Some(level) => levels.push(level),
                None => missing.push(key),
            }
        }
        if !missing.is_empty() {
            let changes = self.cache.changes();
            let read = self.read_model.levels(missing).await?;
            for level in &read {
                self.cache.keep(*level, changes);
            }
            levels.extend(read);
        }
        Ok(levels)
    }

    async fn changed_levels(&self, wanted: ChangedLevels) -> Result<Vec<StockLevel>, ReadError> {
        self.read_model.changed_levels(wanted).await
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

    async fn low_stock(&self, wanted: LowStock) -> Result<Vec<StockLevel>, ReadError> {
        self.read_model.low_stock(wanted).await
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

    async fn count_holds(&self, now: Timestamp) -> Result<HoldCount, ReadError> {
        self.read_model.count_holds(now).await
    }

    fn progress(&self) -> Progress {
        self.read_model.progress()
    }
}

#[cfg(test)]
mod tests {
    use kit_core::Version;
    use uuid::Uuid;

    use super::*;

    fn level(version: u64) -> StockLevel {
        let (store, product) = (StoreId::from_uuid(Uuid::nil()), ProductId::from_uuid(Uuid::nil()));
        let (version, position) = (Version::new(version), Position::new(version));
        StockLevel { version, position, ..StockLevel::unrecorded(store, product) }
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
        cache.replaced(Position::ZERO);
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
        cache.replaced(Position::ZERO);
        assert_eq!(kept(&cache), None);
    }

    #[test]
    fn what_another_process_has_changed_is_forgotten_and_what_is_as_new_stays() {
        let cache = LevelCache::new(10);
        cache.keep(level(2), cache.changes());
        let of = |position| ((level(0).store, level(0).product), Position::new(position));
        cache.outdated(&mut [of(2)].into_iter());
        assert_eq!(kept(&cache), Some(2), "it is this one");
        cache.outdated(&mut [of(3)].into_iter());
        assert_eq!(kept(&cache), None);
        let before = cache.changes();
        cache.outdated(&mut [of(3)].into_iter());
        cache.keep(level(2), before);
        assert_eq!(kept(&cache), None, "a change between the read and the put");
    }
}
