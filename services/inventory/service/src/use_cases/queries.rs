//! Reading stock: from the read model, or from the truth itself when the caller asks for it.

use std::sync::Arc;
use std::time::Duration;

use gondola_inventory_domain::{Inventory, ProductId, ReservationId, StoreId, evolve, stream_id};
use kit_core::{Clock, Position, RecordedEvent, Timestamp, Version};
use kit_event_store::{EventStore, EventStoreError};
use kit_executor::{Executor, Rejection, Versioned};

use super::ReservationView;
use super::decider::{InventoryDecider, route};
use super::event_codec::decode_event;
use super::history::{Movement, movement};
use super::page::Page;
use super::read_models::{OverdueLevel, StockReadModel, StoreStock};
use super::snapshot_codec;
use super::stock_level::StockLevel;

/// Longest wait for the read model to reach a position that the caller has seen.
pub const CATCH_UP_WAIT: Duration = Duration::from_secs(2);

/// Longest wait for the read model to advance, per check of its progress.
const CATCH_UP_LOOK: Duration = Duration::from_millis(200);

/// Pause between two checks; it matters only when the read model is being replaced.
const CATCH_UP_PAUSE: Duration = Duration::from_millis(5);

/// How fresh an answer must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Freshness {
    /// As the read model has it: usually milliseconds old.
    #[default]
    Eventual,
    /// Includes everything up to a position that the caller has seen.
    AtLeast(Position),
    /// Decided by the stock level's own shard, behind every earlier command.
    Strong,
    /// The state at a time in the past.
    AsOf(Timestamp),
}

/// A read that was not answered.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The read model has not reached the position in time.
    #[error("the view is at position {at} and did not reach {wanted} in time; try again")]
    Behind {
        /// Where it is.
        at: Position,
        /// Where the caller wants it.
        wanted: Position,
    },
    /// A position beyond the end of the log.
    #[error(
        "position {wanted} lies beyond the end of the log, {end}; give a position from an earlier answer"
    )]
    BeyondEnd {
        /// The requested position.
        wanted: Position,
        /// The end of the log.
        end: Position,
    },
    /// A time in the future.
    #[error("{at} lies in the future, now is {now}; ask for a past moment")]
    Future {
        /// The requested time.
        at: Timestamp,
        /// The present time on the server's clock.
        now: Timestamp,
    },
    /// Too many wait for the stock level's shard.
    #[error("too many commands wait for this store; try again shortly")]
    Overloaded,
    /// The log failed.
    #[error(transparent)]
    Store(#[from] EventStoreError),
    /// The read model lacks something that it may have again.
    #[error("the view cannot be read now: {0}; try again shortly")]
    ViewUnavailable(String),
    /// The read model failed.
    #[error("the view cannot be read: {0}")]
    View(String),
}

/// The queries of this context.
pub struct Queries {
    pub(super) executor: Executor<InventoryDecider>,
    pub(super) log: Arc<dyn EventStore>,
    pub(super) read_model: Arc<dyn StockReadModel>,
    pub(super) clock: Arc<dyn Clock>,
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
        Self { executor, log, read_model, clock }
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

    /// How many events the read model is behind the log.
    #[must_use]
    pub fn lag(&self) -> u64 {
        self.head().get().saturating_sub(self.read_model.progress().position().get())
    }

    /// One stock level; `None` when nothing was ever recorded for it.
    pub async fn level(
        &self,
        store: StoreId,
        product: ProductId,
        freshness: Freshness,
    ) -> Result<Option<StockLevel>, ReadError> {
        match freshness {
            Freshness::Eventual => self.read_model.level(store, product).await,
            Freshness::AtLeast(position) => {
                self.reach(position).await?;
                self.read_model.level(store, product).await
            }
            Freshness::Strong => self.strong(store, product).await,
            Freshness::AsOf(at) => self.as_of(store, product, at).await,
        }
    }

    /// A page of a store's stock list.
    pub async fn store_stock(
        &self,
        wanted: StoreStock,
    ) -> Result<Page<StockLevel, (u32, ProductId)>, ReadError> {
        let StoreStock { sort, limit, .. } = wanted;
        let one_more = StoreStock { limit: limit + 1, ..wanted };
        let levels = self.read_model.store_stock(one_more).await?;
        Ok(Page::cut(levels, limit, |level| (sort.key(level), level.product)))
    }

    /// A page of a product's stock across stores, in the order of store ids, after a store.
    pub async fn product_stock(
        &self,
        product: ProductId,
        after: Option<StoreId>,
        limit: usize,
    ) -> Result<Page<StockLevel, StoreId>, ReadError> {
        let levels = self.read_model.product_stock(product, after, limit + 1).await?;
        Ok(Page::cut(levels, limit, |level| level.store))
    }

    /// A reservation. Finds also the newest ones, because it waits until the read model has reached the end of the log.
    pub async fn reservation(
        &self,
        id: ReservationId,
    ) -> Result<Option<ReservationView>, ReadError> {
        self.reservation_at(id, self.head()).await
    }

    /// A reservation as it was at a position or later.
    pub(super) async fn reservation_at(
        &self,
        id: ReservationId,
        position: Position,
    ) -> Result<Option<ReservationView>, ReadError> {
        self.reach(position).await?;
        self.read_model.reservation(id).await
    }

    /// A page of a stock level's movements, newest first, before a position.
    pub async fn history(
        &self,
        store: StoreId,
        product: ProductId,
        before: Option<Position>,
        limit: usize,
    ) -> Result<Page<Movement, Position>, ReadError> {
        let events = self.log.read_back(&stream_id(product, store), before, limit + 1).await?;
        let Page { items, next } = Page::cut(events, limit, |event| event.position);
        let items = items.iter().map(|event| movement(event)).collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }

    /// Stock levels with overdue holds, at most `limit` of them in all, for the sweeper.
    pub(super) async fn overdue(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<OverdueLevel>, ReadError> {
        self.read_model.overdue(now, limit).await
    }

    /// Waits until the read model has a position, at most [`CATCH_UP_WAIT`].
    pub async fn reach(&self, wanted: Position) -> Result<(), ReadError> {
        let end = self.head();
        if wanted > end && self.log.is_exclusive() {
            return Err(ReadError::BeyondEnd { wanted, end });
        }
        // a rebuild replaces the read model and its progress, so the present one is read again
        let waiting = async {
            while !self.read_model.progress().reach(wanted, CATCH_UP_LOOK).await {
                tokio::time::sleep(CATCH_UP_PAUSE).await;
            }
        };
        match tokio::time::timeout(CATCH_UP_WAIT, waiting).await {
            Ok(()) => Ok(()),
            Err(_) => Err(ReadError::Behind { at: self.read_model.progress().position(), wanted }),
        }
    }

    async fn strong(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<StockLevel>, ReadError> {
        let now = self.clock.now();
        let look = move |level: Versioned<'_, Inventory>| {
            (level.version > Version::ZERO).then(|| StockLevel::of(store, product, &level, now))
        };
        let route = route(store.as_uuid());
        match self.executor.inspect(route, stream_id(product, store), look).await {
            Ok(found) => Ok(found),
            Err(Rejection::Store(error)) => Err(ReadError::Store(error)),
            Err(_) => Err(ReadError::Overloaded),
        }
    }

    async fn as_of(
        &self,
        store: StoreId,
        product: ProductId,
        at: Timestamp,
    ) -> Result<Option<StockLevel>, ReadError> {
        let Some((state, last)) = self.state_at(store, product, at).await? else { return Ok(None) };
        let level = Versioned { state: &state, version: last.version, position: last.position };
        Ok(Some(StockLevel::of(store, product, &level, at)))
    }

    /// The state of a stock level at a past time, and the event that led to it.
    pub(super) async fn state_at(
        &self,
        store: StoreId,
        product: ProductId,
        at: Timestamp,
    ) -> Result<Option<(Inventory, LastEvent)>, ReadError> {
        let now = self.clock.now();
        if at > now {
            return Err(ReadError::Future { at, now });
        }
        let loaded =
            self.log.load_at(&stream_id(product, store), at, snapshot_codec::SCHEMA).await?;
        let mut last = None;
        let mut state = Inventory::default();
        if let Some(snapshot) = &loaded.snapshot {
            state = snapshot_codec::decode(&snapshot.state).ok_or_else(|| {
                EventStoreError::Corrupt(format!(
                    "the snapshot of {} cannot be read",
                    snapshot.stream
                ))
            })?;
            last = Some(LastEvent { version: snapshot.version, position: snapshot.position });
        }
        for event in &loaded.events {
            state = evolve(state, &decode_event(event)?);
            last = Some(LastEvent::of(event));
        }
        Ok(last.map(|last| (state, last)))
    }
}

/// Where a state ends in the log.
#[derive(Clone, Copy, Debug)]
pub(super) struct LastEvent {
    pub(super) version: Version,
    pub(super) position: Position,
}

impl LastEvent {
    fn of(event: &RecordedEvent) -> Self {
        Self { version: event.version, position: event.position }
    }
}
