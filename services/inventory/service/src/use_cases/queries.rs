//! Reading stock: from the read model, or from the truth itself when the caller asks for it.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use gondola_inventory_domain::{
    Inventory, ProductId, Reservation, ReservationId, StoreId, stream_id,
};
use kit_core::{Clock, Position, Scope, Timestamp, Version};
use kit_event_store::EventStore;
use kit_executor::{Executor, Versioned};
use kit_service::{Slice, ViewFreshness};
use uuid::Uuid;

use super::decider::{InventoryDecider, route};
use super::history_turns::HistoryTurns;
use super::live_feed::LiveFeed;
use super::read_error::ReadError;
use super::read_models::{
    HoldCount, LowStock, OverdueLevel, ProductTotals, StockReadModel, StoreStock,
};
use super::recent_writes::{Recent, RecentWrites};
use super::stock_level::StockLevel;

/// How fresh an answer must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Freshness {
    /// With every change that this process has answered.
    #[default]
    Own,
    /// Includes everything up to a position that the caller has seen.
    AtLeast(Position),
    /// Decided by the stock level's own shard, behind every earlier command.
    Strong,
    /// As it was known at a time in the past.
    AsOf(Timestamp),
    /// As it was at a past moment of business time.
    EffectiveAt {
        /// The moment.
        at: Timestamp,
        /// By what was known then; by all that is known when absent.
        as_of: Option<Timestamp>,
    },
}

/// The queries of this context.
pub struct Queries {
    pub(super) executor: Executor<InventoryDecider>,
    pub(super) log: Arc<dyn EventStore>,
    pub(super) read_model: Arc<dyn StockReadModel>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) recent: RecentWrites,
    pub(super) histories: HistoryTurns,
    pub(super) live_feed: Arc<LiveFeed>,
    freshness: ViewFreshness,
}

impl Queries {
    /// Puts the queries together.
    #[must_use]
    pub fn new(
        executor: Executor<InventoryDecider>,
        log: Arc<dyn EventStore>,
        read_model: Arc<dyn StockReadModel>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let model = Arc::clone(&read_model);
        let freshness = ViewFreshness::new(Arc::clone(&log) as _, move || model.progress());
        let histories = HistoryTurns::new(Arc::clone(&log));
        let recent = RecentWrites::default();
        let live_feed = Arc::new(LiveFeed::new(Arc::clone(&log)));
        Self { executor, log, read_model, clock, recent, histories, live_feed, freshness }
    }

    /// The present time on the server's monotonic clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The last position of the log.
    #[must_use]
    pub fn head(&self) -> Position {
        *self.log.head().borrow()
    }

    /// How far the read model is behind the log.
    #[must_use]
    pub const fn freshness(&self) -> &ViewFreshness {
        &self.freshness
    }

    /// One stock level; `None` when nothing was ever recorded for it.
    pub async fn level(
        &self,
        store: StoreId,
        product: ProductId,
        freshness: Freshness,
    ) -> Result<Option<StockLevel>, ReadError> {
        match freshness {
            Freshness::Own => Ok(self.own(store, product).await?),
            Freshness::AtLeast(position) => {
                self.reach(position).await?;
                Ok(self.shown_level(store, product).await?)
            }
            Freshness::Strong => Ok(self.strong(store, product).await?),
            Freshness::AsOf(at) => self.as_of(store, product, at).await,
            Freshness::EffectiveAt { at, as_of } => {
                self.effective_at(store, product, at, as_of).await
            }
        }
    }

    /// A page of a store's stock list.
    pub async fn store_stock(
        &self,
        wanted: StoreStock,
    ) -> Result<Slice<StockLevel, (u32, ProductId)>, kit_service::ReadError> {
        let StoreStock { sort, limit, .. } = wanted;
        let one_more = StoreStock { limit: limit + 1, ..wanted };
        let levels = self.read_model.store_stock(one_more).await?;
        Ok(Slice::cut(levels, limit, |level| (sort.key(level), level.product)))
    }

    /// A page of the stock levels at or below their reorder point.
    pub(super) async fn low_stock(
        &self,
        wanted: LowStock,
    ) -> Result<Slice<StockLevel, (StoreId, ProductId)>, kit_service::ReadError> {
        let limit = wanted.limit;
        let one_more = LowStock { limit: limit + 1, ..wanted };
        let levels = self.read_model.low_stock(one_more).await?;
        Ok(Slice::cut(levels, limit, |level| (level.store, level.product)))
    }

    /// A page of a product's stock across the stores of a scope, in the order of store ids, after a store.
    pub async fn product_stock(
        &self,
        product: ProductId,
        scope: &Scope,
        after: Option<StoreId>,
        limit: usize,
    ) -> Result<Slice<StockLevel, StoreId>, kit_service::ReadError> {
        let levels = match scope.owners() {
            None => self.read_model.product_stock(product, after, limit + 1).await?,
            Some(stores) => self.levels_in(stores, product, after, limit + 1).await?,
        };
        Ok(Slice::cut(levels, limit, |level| level.store))
    }

    /// A product's stock in all stores of a scope together.
    pub async fn product_totals(
        &self,
        product: ProductId,
        scope: &Scope,
    ) -> Result<ProductTotals, kit_service::ReadError> {
        let Some(stores) = scope.owners() else {
            return self.read_model.product_totals(product).await;
        };
        let levels = self.levels_in(stores, product, None, usize::MAX).await?;
        Ok(ProductTotals::of(&levels))
    }

    /// The levels of a product in some stores, one after the other: those of one caller are few.
    async fn levels_in(
        &self,
        stores: &BTreeSet<Uuid>,
        product: ProductId,
        after: Option<StoreId>,
        limit: usize,
    ) -> Result<Vec<StockLevel>, kit_service::ReadError> {
        let after = after.map_or(Bound::Unbounded, |store| Bound::Excluded(store.as_uuid()));
        let mut levels = Vec::new();
        for store in stores.range((after, Bound::Unbounded)) {
            if levels.len() == limit {
                break;
            }
            levels.extend(self.shown_level(StoreId::from_uuid(*store), product).await?);
        }
        Ok(levels)
    }

    /// A reservation. Finds also the newest ones, because it waits until the read model has reached the end of the log.
    pub async fn reservation(
        &self,
        id: ReservationId,
    ) -> Result<Option<Reservation>, kit_service::ReadError> {
        self.reservation_at(id, self.head()).await
    }

    /// A reservation as it was at a position or later.
    pub(super) async fn reservation_at(
        &self,
        id: ReservationId,
        position: Position,
    ) -> Result<Option<Reservation>, kit_service::ReadError> {
        self.reach(position).await?;
        self.read_model.reservation(id).await
    }

    /// How many holds there are, for the sweeper to show.
    pub(super) async fn count_holds(&self) -> Result<HoldCount, kit_service::ReadError> {
        self.read_model.count_holds(self.now()).await
    }

    /// Stock levels with overdue holds, at most `limit` of them in all, for the sweeper.
    pub(super) async fn overdue(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<OverdueLevel>, kit_service::ReadError> {
        self.read_model.overdue(now, limit).await
    }

    /// Waits until the read model has a position, at most 2 seconds.
    pub async fn reach(&self, wanted: Position) -> Result<(), kit_service::ReadError> {
        self.freshness.reach(wanted).await
    }

    /// Where the read model is.
    pub(super) fn shown(&self) -> Position {
        self.read_model.progress().position()
    }

    /// A level with every change that was answered before the question: from the read model where it has them all, else
    /// from the answers themselves, and in need from the level's shard.
    async fn own(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<StockLevel>, kit_service::ReadError> {
        match self.recent.find((store, product), self.shown()) {
            Recent::Shown => self.shown_level(store, product).await,
            Recent::Unknown => self.strong(store, product).await,
            Recent::Changed(level) => match level.still_at(self.clock.now()) {
                Some(level) => Ok(Some(level)),
                None => self.strong(store, product).await,
            },
        }
    }

    /// Whether the read model passes over the events of a level, since one of them cannot be read.
    pub(super) fn is_passed_over(&self, store: StoreId, product: ProductId) -> bool {
        let progress = self.read_model.progress();
        let parking = progress.parking();
        !parking.is_empty() && parking.find(&stream_id(product, store)).is_some()
    }

    /// A level as the read model has it; one whose events it passes over is asked of the level itself.
    async fn shown_level(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<StockLevel>, kit_service::ReadError> {
        if self.is_passed_over(store, product) {
            return self.strong(store, product).await;
        }
        self.read_model.level(store, product).await
    }

    /// A level as its shard has it, behind every earlier command: what the log leads to.
    pub(super) async fn strong(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<StockLevel>, kit_service::ReadError> {
        let now = self.clock.now();
        let look = move |level: Versioned<'_, Inventory>| {
            (level.version > Version::ZERO).then(|| StockLevel::of(store, product, &level, now))
        };
        self.inspect(store, product, look).await
    }

    /// Looks at a stock level in its shard, behind every earlier command.
    pub(super) async fn inspect<T: Send + 'static>(
        &self,
        store: StoreId,
        product: ProductId,
        look: impl FnOnce(Versioned<'_, Inventory>) -> T + Send + 'static,
    ) -> Result<T, kit_service::ReadError> {
        let route = route(store.as_uuid());
        Ok(self.executor.inspect(route, stream_id(product, store), look).await?)
    }
}
