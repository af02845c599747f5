//! The stock read model in SQLite: one file that follows the log, read by many, rebuilt beside itself.

mod compare;
mod files;
mod lines;
mod many;
mod read;
mod rebuild;
mod reservations;
mod schema;
mod write;

use std::sync::{Arc, PoisonError, RwLock};

use async_trait::async_trait;
use gondola_inventory_domain::{ProductId, Reservation, ReservationId, StoreId};
use kit_core::{Clock, Timestamp};
use kit_event_store::projection::{Progress, ProjectionError};
use kit_service::ReadError;
use kit_sqlite::ReadPool;
use tokio::sync::Mutex;

use self::rebuild::Followed;
pub(crate) use self::rebuild::SqliteFolder;
use crate::adapters::fold::LevelKey;
use crate::use_cases::{
    ChangedLevels, FoundReservations, HoldCount, LowStock, OverdueLevel, ProductTotals, StockLevel,
    StockReadModel, StoreStock, WantedReservations,
};

/// The file that is being read; replaced when it was rebuilt.
#[derive(Clone)]
struct Source {
    pool: Arc<ReadPool>,
    progress: Progress,
}

/// The read model, following the log.
pub(crate) struct SqliteReadModel {
    folder: SqliteFolder,
    source: RwLock<Source>,
    /// `None` only while a rebuild runs.
    followed: Mutex<Option<Followed>>,
    clock: Arc<dyn Clock>,
}

impl SqliteReadModel {
    /// Opens the file in use, brings it up to date and follows the log.
    pub(crate) async fn open(folder: SqliteFolder) -> Result<Self, ProjectionError> {
        let followed = folder.open_current().await?;
        let source = RwLock::new(followed.source.clone());
        let clock = Arc::clone(&folder.clock);
        Ok(Self { folder, source, followed: Mutex::new(Some(followed)), clock })
    }

    /// Reads from another file from now on.
    fn switch(&self, source: Source) {
        *self.source.write().unwrap_or_else(PoisonError::into_inner) = source;
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
        Ok(pool.read(move |file| query(file, as_of)).await?)
    }
}

#[async_trait]
impl StockReadModel for SqliteReadModel {
    async fn level(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<StockLevel>, ReadError> {
        self.read(move |file, as_of| read::level(file, (store, product), as_of)).await
    }

    async fn levels(&self, named: Vec<LevelKey>) -> Result<Vec<StockLevel>, ReadError> {
        self.read(move |file, as_of| many::levels(file, &named, as_of)).await
    }

    async fn changed_levels(&self, wanted: ChangedLevels) -> Result<Vec<StockLevel>, ReadError> {
        self.read(move |file, as_of| many::changed(file, &wanted, as_of)).await
    }

    async fn store_stock(&self, wanted: StoreStock) -> Result<Vec<StockLevel>, ReadError> {
        self.read(move |file, as_of| read::store_stock(file, &wanted, as_of)).await
    }

    async fn product_stock(
        &self,
        product: ProductId,
        after: Option<StoreId>,
        limit: usize,
    ) -> Result<Vec<StockLevel>, ReadError> {
        self.read(move |file, as_of| read::product_stock(file, product, after, limit, as_of)).await
    }

    async fn low_stock(&self, wanted: LowStock) -> Result<Vec<StockLevel>, ReadError> {
        self.read(move |file, as_of| read::low_stock(file, &wanted, as_of)).await
    }

    async fn product_totals(&self, product: ProductId) -> Result<ProductTotals, ReadError> {
        self.read(move |file, as_of| read::product_totals(file, product, as_of)).await
    }

    async fn reservation(&self, id: ReservationId) -> Result<Option<Reservation>, ReadError> {
        self.read(move |file, _| reservations::reservation(file, id)).await
    }

    async fn reservations(
        &self,
        wanted: WantedReservations,
    ) -> Result<FoundReservations, ReadError> {
        self.read(move |file, as_of| reservations::list(file, &wanted, as_of)).await
    }

    async fn overdue(&self, now: Timestamp, limit: usize) -> Result<Vec<OverdueLevel>, ReadError> {
        let parked = self.progress().parking().streams();
        self.read(move |file, _| reservations::overdue(file, now, limit, &parked)).await
    }

    async fn count_holds(&self, now: Timestamp) -> Result<HoldCount, ReadError> {
        self.read(move |file, _| reservations::count_holds(file, now)).await
    }

    fn progress(&self) -> Progress {
        self.source().progress
    }
}
