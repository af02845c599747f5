//! The ports of the read models: the questions that an adapter answers from what it has applied so far.

use async_trait::async_trait;
use gondola_inventory_domain::{ProductId, Reservation, ReservationId, StoreId};
use kit_core::{Position, Timestamp};
use kit_event_store::projection::{Progress, ProjectionError};
use kit_service::ReadError;

use super::reservation_list::{FoundReservations, WantedReservations};
use super::stock_level::StockLevel;

/// What a page of a store's stock list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LevelSort {
    /// By product id.
    #[default]
    Product,
    /// Available units, fewest first.
    Available,
    /// Available units, most first.
    AvailableDescending,
    /// Units on hand, most first.
    OnHandDescending,
}

impl LevelSort {
    /// The number that a level is sorted by, smallest first, before its product id.
    #[must_use]
    pub const fn key(self, level: &StockLevel) -> u32 {
        match self {
            Self::Product => 0,
            Self::Available => level.available(),
            Self::AvailableDescending => u32::MAX - level.available(),
            Self::OnHandDescending => u32::MAX - level.on_hand,
        }
    }
}

/// Filter for stock levels of a store; all conditions must hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct LevelFilter {
    /// Only those at or below their reorder point.
    pub low_stock: bool,
    /// Least number of available units.
    pub available_min: Option<u32>,
    /// Greatest number of available units.
    pub available_max: Option<u32>,
}

/// A part of a store's stock list.
#[derive(Clone, Copy, Debug)]
pub struct StoreStock {
    /// The store.
    pub store: StoreId,
    /// Selects levels of the store.
    pub filter: LevelFilter,
    /// Order of the levels.
    pub sort: LevelSort,
    /// Begin after this [`LevelSort::key`] and product.
    pub after: Option<(u32, ProductId)>,
    /// Most entries of a page.
    pub limit: usize,
}

/// A part of the stock levels that are at or below a reorder point, which is more than zero.
#[derive(Clone, Debug, Default)]
pub struct LowStock {
    /// Only these stores; all when absent.
    pub stores: Option<Vec<StoreId>>,
    /// Begin after this store and product.
    pub after: Option<(StoreId, ProductId)>,
    /// Most entries of a page.
    pub limit: usize,
}

/// A part of the stock levels that have changed since a position.
#[derive(Clone, Debug, Default)]
pub struct ChangedLevels {
    /// Only those whose last event is later.
    pub after: Position,
    /// Only those of these stores; of all when absent.
    pub stores: Option<Vec<StoreId>>,
    /// Most levels in the answer.
    pub limit: usize,
}

/// One product's stock in all stores together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProductTotals {
    /// Stores that have a stock level of it.
    pub stores: u64,
    /// Units physically in the stores.
    pub on_hand: u64,
    /// Units held by active reservations.
    pub reserved: u64,
    /// Units that can be reserved, store by store.
    pub offered: u64,
}

impl ProductTotals {
    /// Those of some stores.
    pub(super) fn of(levels: &[StockLevel]) -> Self {
        let sum =
            |units: fn(&StockLevel) -> u32| levels.iter().map(|one| u64::from(units(one))).sum();
        Self {
            stores: levels.len() as u64,
            on_hand: sum(|level| level.on_hand),
            reserved: sum(|level| level.reserved),
            offered: sum(StockLevel::offered),
        }
    }
}

/// Stock levels and reservations, as this context's queries need them.
#[async_trait]
pub trait StockReadModel: Send + Sync {
    /// One stock level.
    async fn level(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<StockLevel>, ReadError>;

    /// Those of some stock levels that are there, in any order; read in one question, however many they are. Each level
    /// MUST be named once.
    async fn levels(&self, named: Vec<(StoreId, ProductId)>) -> Result<Vec<StockLevel>, ReadError>;

    /// The levels whose last event is after a position, in the order of those events, which is that of their positions.
    async fn changed_levels(&self, wanted: ChangedLevels) -> Result<Vec<StockLevel>, ReadError>;

    /// A part of one store's stock list.
    async fn store_stock(&self, wanted: StoreStock) -> Result<Vec<StockLevel>, ReadError>;

    /// A part of one product's stock levels, in the order of store ids, after a store.
    async fn product_stock(
        &self,
        product: ProductId,
        after: Option<StoreId>,
        limit: usize,
    ) -> Result<Vec<StockLevel>, ReadError>;

    /// A part of the levels at or below their reorder point, in the order of store ids and product ids.
    async fn low_stock(&self, wanted: LowStock) -> Result<Vec<StockLevel>, ReadError>;

    /// One product's stock in all stores together.
    async fn product_totals(&self, product: ProductId) -> Result<ProductTotals, ReadError>;

    /// A reservation, its lines in the order of product ids.
    async fn reservation(&self, id: ReservationId) -> Result<Option<Reservation>, ReadError>;

    /// A part of the list of reservations.
    async fn reservations(
        &self,
        wanted: WantedReservations,
    ) -> Result<FoundReservations, ReadError>;

    /// The stock levels of the `limit` active holds with the oldest deadlines among those at or before `now`, in the order
    /// of those deadlines. A level whose events are passed over has none: its holds may have ended.
    async fn overdue(&self, now: Timestamp, limit: usize) -> Result<Vec<OverdueLevel>, ReadError>;

    /// How many holds are active and how many of them are past their deadline, [`HoldCount::MAX`] each at most. It costs
    /// nothing for holds that have ended.
    async fn count_holds(&self, now: Timestamp) -> Result<HoldCount, ReadError>;

    /// How far it is, and which levels it passes over.
    fn progress(&self) -> Progress;
}

/// A stock level with holds whose deadline has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OverdueLevel {
    /// Its store.
    pub store: StoreId,
    /// Its product.
    pub product: ProductId,
    /// How many of the holds that were looked for are its own.
    pub holds: usize,
}

/// How many holds there are, as a read model has them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HoldCount {
    /// Those that nothing has ended yet.
    pub active: u32,
    /// Those among them whose deadline has passed.
    pub overdue: u32,
}

impl HoldCount {
    /// The greatest number that is counted to.
    pub const MAX: u32 = 1_000_000;
}

/// Rebuilds a read model from the log while the present one serves.
#[async_trait]
pub trait ReadModelRebuild: Send + Sync {
    /// Builds the read model beside the present one, compares both at one position, and switches.
    ///
    /// Readers are served throughout. When the two differ and `force` is not set, the present one stays.
    async fn rebuild(&self, force: bool, told: &ToldOfRebuild<'_>)
    -> Result<Rebuilt, RebuildError>;
}

/// Is told of each phase of a rebuild, and of each step of it.
pub type ToldOfRebuild<'t> = dyn Fn(RebuildPhase) + Send + Sync + 't;

/// What a rebuild is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RebuildPhase {
    /// The new read model is filled, up to the place where the log ended when the rebuild began.
    Building {
        /// Up to where it is.
        position: Position,
        /// Up to where it is to be.
        end: Position,
    },
    /// Both are compared, row for row.
    Comparing,
}

/// What a rebuild did.
#[derive(Clone, Copy, Debug)]
pub struct Rebuilt {
    /// Position up to which both were compared.
    pub position: Position,
    /// Stock levels in the rebuilt read model.
    pub stock_levels: u64,
    /// Whether both were the same, row for row.
    pub identical: bool,
}

/// A read model that was not rebuilt.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// Another rebuild has not ended yet.
    #[error("a rebuild of the views is running already; wait for it to end")]
    Running,
    /// It failed; the present read model stays.
    #[error(transparent)]
    Failed(#[from] ProjectionError),
}
