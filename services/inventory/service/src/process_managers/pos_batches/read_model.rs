//! The port of the list of tills.

use async_trait::async_trait;
use gondola_inventory_domain::{PosBatchId, StoreId, TillId};
use kit_core::{Scope, Timestamp};
use kit_service::{ReadError, Slice, ViewFreshness};

/// Which tills are listed; all conditions must hold.
#[derive(Clone, Debug, Default)]
pub struct TillFilter {
    /// Only those of this store.
    pub store: Option<StoreId>,
    /// Only those of stores within this scope.
    pub scope: Scope,
    /// Only those of which batches are missing.
    pub with_gaps: bool,
    /// Only those after this one in the list.
    pub after: Option<TillPlace>,
    /// The most of them.
    pub limit: usize,
    /// The most ranges of missing batches that are told of each.
    pub ranges: usize,
}

/// A till by its store and its name: its place in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TillPlace {
    /// The store.
    pub store: StoreId,
    /// The till.
    pub till: TillId,
}

/// Numbers of batches from `first` to `last`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SequenceRange {
    /// The first.
    pub first: u64,
    /// The last.
    pub last: u64,
}

/// A till, as its batches tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Till {
    /// Which one.
    pub place: TillPlace,
    /// Batches that were received.
    pub batches: u64,
    /// The highest number among them.
    pub last_sequence: u64,
    /// Numbers below it that never came, from 1 on.
    pub missing_count: u64,
    /// The first of those, as ranges.
    pub missing: Vec<SequenceRange>,
    /// Lines of its batches.
    pub lines: u64,
    /// Units that the books lacked for them.
    pub shortfall_units: u64,
    /// Lines that were refused for ever.
    pub refused_lines: u64,
    /// Batches that are received and still to be merged.
    pub unmerged: u64,
    /// Batches of which merging fails again and again.
    pub delayed: u64,
    /// When a batch of it came last.
    pub last_seen: Timestamp,
    /// The latest moment of its lines, by its own clock.
    pub last_sale_at: Timestamp,
}

/// Which batches are listed; all conditions must hold.
#[derive(Clone, Debug)]
pub struct PosBatchFilter {
    /// Only those of stores within this scope.
    pub scope: Scope,
    /// Only those that are still to be merged.
    pub unfinished: bool,
    /// Only those of which merging fails again and again.
    pub delayed: bool,
    /// Only those after this one in the list.
    pub after: Option<PosBatchId>,
    /// The most of them.
    pub limit: usize,
}

/// A batch as the list has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedPosBatch {
    /// Which one.
    pub id: PosBatchId,
    /// When it came.
    pub created_at: Timestamp,
    /// When it last got on; a try that fails is no progress.
    pub since: Timestamp,
}

/// Lists tills and their batches. Derived from the log.
#[async_trait]
pub trait TillReadModel: Send + Sync + 'static {
    /// Tills, by store and name.
    async fn list(&self, filter: TillFilter) -> Result<Slice<Till, TillPlace>, ReadError>;

    /// One till; `None` when no batch of it was received.
    async fn get(&self, place: TillPlace, ranges: usize) -> Result<Option<Till>, ReadError>;

    /// Batches, highest id first, which says nothing of their age: it is made of store, till and number.
    async fn batches(
        &self,
        filter: PosBatchFilter,
    ) -> Result<Slice<ListedPosBatch, PosBatchId>, ReadError>;

    /// How far it is behind the log.
    fn freshness(&self) -> &ViewFreshness;
}
