//! The L1 cache before the stock level view, kept in step by the events themselves.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use async_trait::async_trait;
use foldhash::fast::RandomState;
use gondola_inventory_domain::{ProductId, ReservationId, StoreId};
use kit_core::{Clock, Timestamp};
use kit_event_store::projection::Progress;
use kit_sqlite::ReadPool;
use moka::ops::compute::Op;
use moka::sync::Cache;

use super::fold::LevelKey;
use super::sqlite_read;
use crate::use_cases::{Levels, ReadError, ReservationView, StockLevel, StorePage};

/// How long an entry lives; it only matters should an invalidation be lost.
const TIME_TO_LIVE: Duration = Duration::from_secs(30);

/// Stock levels by key; a newer version is never replaced by an older one.
#[derive(Debug)]
pub(crate) struct LevelCache {
    rows: Cache<LevelKey, StockLevel, RandomState>,
    /// Counts the changes of the view.
    changes: AtomicU64,
}

impl LevelCache {
    pub(crate) fn new(entries_max: u64) -> Self {
        let rows = Cache::builder().max_capacity(entries_max).time_to_live(TIME_TO_LIVE);
        let rows = rows.build_with_hasher(RandomState::default());
        Self { rows, changes: AtomicU64::new(0) }
    }

    /// Tells of rows that the view has from now on; only those that somebody reads are kept.
    pub(super) fn changed(&self, rows: impl Iterator<Item = StockLevel>) {
        self.changes.fetch_add(1, Ordering::SeqCst);
        for row in rows {
            if self.rows.contains_key(&(row.store, row.product)) {
                self.put(row);
            }
        }
    }

    /// Puts a row unless a newer one is there.
    fn put(&self, row: StockLevel) {
        let _ =
            self.rows.entry((row.store, row.product)).and_compute_with(|present| match present {
                Some(entry) if entry.value().version > row.version => Op::Nop,
                _ => Op::Put(row),
            });
    }

    /// Keeps what a reader has read, unless the view changed meanwhile: the reader may have seen it before the
    /// change, and the change may have found nothing here to replace.
    fn keep(&self, row: StockLevel, changes_before: u64) {
        self.put(row);
        if self.changes() != changes_before {
            self.rows.invalidate(&(row.store, row.product));
        }
    }

    fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }
}

/// Where the views are being read from; replaced when they were rebuilt.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) pool: Arc<ReadPool>,
    pub(crate) progress: Progress,
}

/// The views with the cache before them.
pub(crate) struct CachedLevels {
    source: RwLock<Source>,
    cache: Arc<LevelCache>,
    clock: Arc<dyn Clock>,
}

impl CachedLevels {
    pub(crate) fn new(source: Source, cache: Arc<LevelCache>, clock: Arc<dyn Clock>) -> Self {
        Self { source: RwLock::new(source), cache, clock }
    }

    /// Reads from rebuilt views from now on.
    pub(crate) fn switch(&self, source: Source) {
        *self.source.write().unwrap_or_else(PoisonError::into_inner) = source;
        self.cache.rows.invalidate_all();
    }

    fn source(&self) -> Source {
        self.source.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&rusqlite::Connection, Timestamp) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ReadError> {
        let pool = self.source().pool;
        let as_of = self.clock.now();
        tokio::task::spawn_blocking(move || pool.with(|views| query(views, as_of)))
            .await
            .map_err(|error| ReadError::View(error.to_string()))?
            .map_err(|error| ReadError::View(error.to_string()))
    }
}

#[async_trait]
impl Levels for CachedLevels {
    async fn level(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<StockLevel>, ReadError> {
        let key = (store, product);
        if let Some(row) = self.cache.rows.get(&key) {
            return Ok(Some(row));
        }
        let changes = self.cache.changes();
        let row = self.read(move |views, as_of| sqlite_read::level(views, key, as_of)).await?;
        if let Some(row) = row {
            self.cache.keep(row, changes);
        }
        Ok(row)
    }

    async fn store_page(&self, page: StorePage) -> Result<Vec<StockLevel>, ReadError> {
        self.read(move |views, as_of| sqlite_read::store_page(views, page, as_of)).await
    }

    async fn product_page(
        &self,
        product: ProductId,
        after: Option<StoreId>,
        limit: usize,
    ) -> Result<Vec<StockLevel>, ReadError> {
        self.read(move |views, as_of| {
            sqlite_read::product_page(views, product, after, limit, as_of)
        })
        .await
    }

    async fn reservation(&self, id: ReservationId) -> Result<Option<ReservationView>, ReadError> {
        self.read(move |views, _| sqlite_read::reservation(views, id)).await
    }

    async fn overdue(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(StoreId, ProductId)>, ReadError> {
        self.read(move |views, _| sqlite_read::overdue(views, now, limit)).await
    }

    fn progress(&self) -> Progress {
        self.source().progress
    }
}
