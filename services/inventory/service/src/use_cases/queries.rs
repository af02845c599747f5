//! Reading stock: the views behind a cache, or the truth itself when the caller asks for it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gondola_inventory_domain::{Inventory, ProductId, ReservationId, StoreId, evolve, stream_id};
use kit_core::{Clock, Position, RecordedEvent, Timestamp, Version};
use kit_event_store::projection::Progress;
use kit_event_store::{EventStore, StoreError};
use kit_executor::{Executor, Rejection, Versioned};

use super::ReservationView;
use super::answer::LevelAnswer;
use super::decider::{InventoryDecider, level_answer, route};
use super::event_codec::decode_event;
use super::snapshot_codec;

/// Longest wait for a view to reach a position that the caller has seen.
pub const CATCH_UP_WAIT: Duration = Duration::from_secs(2);

/// How long one look at the progress of the views waits for it.
const CATCH_UP_LOOK: Duration = Duration::from_millis(200);

/// Pause between two looks; it matters only when the views are being replaced.
const CATCH_UP_PAUSE: Duration = Duration::from_millis(5);

/// A stock level as a view holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelRow {
    /// The store.
    pub store: StoreId,
    /// The product.
    pub product: ProductId,
    /// Units physically in the store.
    pub on_hand: u32,
    /// Units promised by active reservations.
    pub reserved: u32,
    /// Units that are not offered.
    pub safety_stock: u32,
    /// Reorder at or below so many available units.
    pub reorder_point: u32,
    /// Version of the stock level.
    pub version: Version,
    /// Position of its last event.
    pub position: Position,
    /// When the view was last known to be complete up to that event.
    pub as_of: Timestamp,
}

impl LevelRow {
    /// On hand less reserved.
    #[must_use]
    pub const fn available(&self) -> u32 {
        self.on_hand.saturating_sub(self.reserved)
    }

    /// Available less safety stock.
    #[must_use]
    pub const fn offered(&self) -> u32 {
        self.available().saturating_sub(self.safety_stock)
    }
}

/// What a page of a store's stock list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LevelSort {
    /// Product id.
    #[default]
    Product,
    /// Available units, fewest first.
    Available,
    /// Available units, most first.
    AvailableDescending,
    /// Units on hand, most first.
    OnHandDescending,
}

/// Which stock levels of a store are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct LevelFilter {
    /// Only those at or below their reorder point.
    pub low_stock: bool,
    /// At least so many available.
    pub available_min: Option<u32>,
    /// At most so many available.
    pub available_max: Option<u32>,
}

/// One page of a store's stock list.
#[derive(Clone, Copy, Debug)]
pub struct StorePage {
    /// The store.
    pub store: StoreId,
    /// Which levels.
    pub filter: LevelFilter,
    /// In which order.
    pub sort: LevelSort,
    /// Begin after this value and product of the sort order.
    pub after: Option<(u32, ProductId)>,
    /// At most so many.
    pub limit: usize,
}

/// The views, as this context's queries need them. An adapter answers from what it has applied so far.
#[async_trait]
pub trait Levels: Send + Sync {
    /// One stock level.
    async fn level(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<LevelRow>, ReadError>;

    /// A page of one store's stock list.
    async fn store_page(&self, page: StorePage) -> Result<Vec<LevelRow>, ReadError>;

    /// A page of one product's stock levels, in the order of store ids, after a store.
    async fn product_page(
        &self,
        product: ProductId,
        after: Option<StoreId>,
        limit: usize,
    ) -> Result<Vec<LevelRow>, ReadError>;

    /// A reservation.
    async fn reservation(&self, id: ReservationId) -> Result<Option<ReservationView>, ReadError>;

    /// Stock levels with promises overdue at `now`, oldest deadline first.
    async fn overdue(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(StoreId, ProductId)>, ReadError>;

    /// How far the views are.
    fn progress(&self) -> Progress;
}

/// How fresh an answer must be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Freshness {
    /// As the views and their cache have it: usually milliseconds old.
    #[default]
    Eventual,
    /// Includes everything up to a position that the caller has seen.
    AtLeast(Position),
    /// Decided by the stock level's own shard, behind every earlier command.
    Strong,
    /// As it was at a past moment.
    AsOf(Timestamp),
}

/// A read that was not answered.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The views have not reached the position in time.
    #[error("the view is at position {at} and did not reach {wanted} in time; try again")]
    Behind {
        /// Where it is.
        at: Position,
        /// Where the caller wants it.
        wanted: Position,
    },
    /// A position that no event has yet: nobody can have seen it.
    #[error(
        "position {wanted} lies beyond the end of the log, {end}; give a position from an earlier answer"
    )]
    BeyondEnd {
        /// The position.
        wanted: Position,
        /// The end of the log.
        end: Position,
    },
    /// A moment that has not come yet.
    #[error("{at} lies in the future, now is {now}; ask for a past moment")]
    Future {
        /// The moment.
        at: Timestamp,
        /// The present.
        now: Timestamp,
    },
    /// Too many wait for the stock level's shard.
    #[error("too many commands wait for this store; try again shortly")]
    Overloaded,
    /// The log failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A view failed.
    #[error("the view cannot be read: {0}")]
    View(String),
}

/// The queries of this context.
pub struct Queries {
    pub(super) executor: Executor<InventoryDecider>,
    pub(super) log: Arc<dyn EventStore>,
    pub(super) levels: Arc<dyn Levels>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Queries {
    /// Puts the queries together.
    #[must_use]
    pub fn new(
        executor: Executor<InventoryDecider>,
        log: Arc<dyn EventStore>,
        levels: Arc<dyn Levels>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { executor, log, levels, clock }
    }

    /// The views, for lists.
    #[must_use]
    pub fn levels(&self) -> &dyn Levels {
        self.levels.as_ref()
    }

    /// The log, for feeds.
    #[must_use]
    pub fn log(&self) -> &Arc<dyn EventStore> {
        &self.log
    }

    /// The present moment on the server's monotonic clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// One stock level; `None` when nothing was ever recorded for it.
    pub async fn level(
        &self,
        store: StoreId,
        product: ProductId,
        freshness: Freshness,
    ) -> Result<Option<LevelRow>, ReadError> {
        match freshness {
            Freshness::Eventual => self.levels.level(store, product).await,
            Freshness::AtLeast(position) => {
                self.reach(position).await?;
                self.levels.level(store, product).await
            }
            Freshness::Strong => self.strong(store, product).await,
            Freshness::AsOf(at) => self.as_of(store, product, at).await,
        }
    }

    /// Waits until the views have a position.
    pub async fn reach(&self, wanted: Position) -> Result<(), ReadError> {
        let end = *self.log.head().borrow();
        if wanted > end && self.log.is_exclusive() {
            return Err(ReadError::BeyondEnd { wanted, end });
        }
        // a rebuild replaces the views and their progress, so the present one is asked again
        let waiting = async {
            while !self.levels.progress().reach(wanted, CATCH_UP_LOOK).await {
                tokio::time::sleep(CATCH_UP_PAUSE).await;
            }
        };
        match tokio::time::timeout(CATCH_UP_WAIT, waiting).await {
            Ok(()) => Ok(()),
            Err(_) => Err(ReadError::Behind { at: self.levels.progress().position(), wanted }),
        }
    }

    async fn strong(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<LevelRow>, ReadError> {
        let now = self.clock.now();
        let look = move |level: Versioned<'_, Inventory>| {
            let answer = level_answer(product, &level, 0, now);
            (level.version > Version::ZERO).then(|| row(store, &answer, level.position, now))
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
    ) -> Result<Option<LevelRow>, ReadError> {
        let Some((state, last)) = self.state_at(store, product, at).await? else { return Ok(None) };
        let level = level_answer(
            product,
            &Versioned { state: &state, version: last.version, position: last.position },
            0,
            at,
        );
        Ok(Some(row(store, &level, last.position, at)))
    }

    /// The state of a stock level at a past moment, and the event that led to it.
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
                StoreError::Corrupt(format!("the snapshot of {} cannot be read", snapshot.stream))
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

/// A command's or shard's level as a row.
pub(super) fn row(
    store: StoreId,
    level: &LevelAnswer,
    position: Position,
    as_of: Timestamp,
) -> LevelRow {
    LevelRow {
        store,
        product: level.product,
        on_hand: level.on_hand,
        reserved: level.reserved,
        safety_stock: level.safety_stock,
        reorder_point: level.reorder_point,
        version: level.version,
        position,
        as_of,
    }
}
