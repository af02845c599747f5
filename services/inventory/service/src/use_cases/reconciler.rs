//! The reconciler: compares view and cache with what the log leads to, tells of drift, and repairs it from the log.
//!
//! It never writes to the log. It looks at each stock level once a pass, where the log has the level's first event, so that a
//! level that a view has lost is found too. A copy that is only behind is none that is wrong: it is compared at a moment at
//! which it has seen all that the log has, between two looks at the level itself that say the same.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use gondola_inventory_domain::{ProductId, StoreId, parse_stream_id};
use kit_core::{Position, Version};
use kit_event_store::EventStore;
use kit_service::ReadError;
use metrics::{Counter, counter, describe_counter};
use tokio::time::{Instant, timeout_at};

use super::drift::{Drift, LevelCopy, drift, is_unchanged};
use super::drift_figures::DriftFigures;
use super::queries::Queries;
use super::read_models::{ReadModelRebuild, RebuildError};

const DRIFT: &str = "view_drift_total";
const CHECKED: &str = "reconciled_stock_levels_total";

/// Until the first look after a start, which has other work.
const FIRST: Duration = Duration::from_mins(1);

/// Pause between two looks.
const INTERVAL: Duration = Duration::from_secs(1);

/// Events of one look, and so the most levels that are compared a second.
const EVENTS_PER_LOOK: usize = 500;

/// How long one look waits for a view that is behind, over all its levels.
const PATIENCE: Duration = Duration::from_secs(2);

/// Looks at one level before it is left to the next pass, because it keeps changing.
const TRIES: u32 = 4;

/// Shortest time between two rebuilds of the views that nobody asked for.
const REBUILD_PAUSE: Duration = Duration::from_hours(1);

/// What there is of a stock level beside the log.
#[async_trait]
pub trait LevelCopies: Send + Sync {
    /// As the view has it, past every cache.
    async fn view(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<super::StockLevel>, ReadError>;

    /// As the cache has it; `None` where it keeps nothing that it would answer with.
    fn cached(&self, store: StoreId, product: ProductId) -> Option<super::StockLevel>;

    /// Lets the cache forget it.
    fn forget(&self, store: StoreId, product: ProductId);
}

/// What a look has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Levels that were compared.
    pub levels: u64,
    /// Levels that could not be compared, since they kept changing or the view is behind; the next pass looks again.
    pub left_out: u64,
    /// Copies that are wrong.
    pub drifts: Vec<Drift>,
    /// Up to where the log was looked through.
    pub position: Position,
    /// Whether that is the end of it.
    pub is_complete: bool,
}

/// Compares, tells and repairs.
pub struct Reconciler {
    queries: Arc<Queries>,
    log: Arc<dyn EventStore>,
    copies: Arc<dyn LevelCopies>,
    rebuild: Arc<dyn ReadModelRebuild>,
    figures: Arc<DriftFigures>,
    checked: Counter,
}

impl Reconciler {
    /// A reconciler that has not begun.
    pub(crate) fn new(
        queries: Arc<Queries>,
        log: Arc<dyn EventStore>,
        copies: Arc<dyn LevelCopies>,
        rebuild: Arc<dyn ReadModelRebuild>,
    ) -> Self {
        describe_counter!(DRIFT, "Copies of stock levels that differed from the log, by copy");
        describe_counter!(CHECKED, "Stock levels of which the copies were compared with the log");
        for copy in [LevelCopy::View, LevelCopy::Cache] {
            drifted(copy).increment(0);
        }
        let figures = Arc::default();
        Self { queries, log, copies, rebuild, figures, checked: counter!(CHECKED) }
    }

    /// How many levels are known to be wrong, for alerts.
    pub(crate) fn figures(&self) -> Arc<DriftFigures> {
        Arc::clone(&self.figures)
    }

    /// Goes through the log again and again, so many events a second. What it finds is repaired.
    pub(crate) async fn run(self: Arc<Self>) {
        let (mut after, mut rebuilt) = (Position::ZERO, None::<Instant>);
        tokio::time::sleep(FIRST).await;
        loop {
            tokio::time::sleep(INTERVAL).await;
            if after == Position::ZERO {
                self.figures.pass_begins();
            }
            let found = match self.inspect(after, EVENTS_PER_LOOK).await {
                Ok(found) => found,
                Err(error) => {
                    tracing::warn!(%error, "views_not_reconciled");
                    continue;
                }
            };
            after = if found.is_complete { Position::ZERO } else { found.position };
            if found.is_complete {
                self.figures.pass_ended();
            }
            let may_rebuild = rebuilt.is_none_or(|at| at.elapsed() >= REBUILD_PAUSE);
            if has_view_drift(&found.drifts) && may_rebuild {
                rebuilt = Some(Instant::now());
                // told in the log
                let _ = self.rebuild_views().await;
            }
        }
    }

    /// Compares the levels that have their first event among the next ones of the log. Caches are repaired at once, views by
    /// [`Self::rebuild_views`].
    pub async fn inspect(&self, after: Position, events: usize) -> Result<Reconciled, ReadError> {
        let head = *self.log.head().borrow();
        let page = self.log.read_all(after, events).await?;
        let patience = Instant::now() + PATIENCE;
        let last = page.last().map_or(after, |event| event.position);
        let mut found =
            Reconciled { position: last, is_complete: last >= head, ..Reconciled::default() };
        for recorded in page {
            if recorded.version != Version::new(1) {
                continue;
            }
            let Some((product, store)) = parse_stream_id(&recorded.stream) else { continue };
            match self.compare(store, product, patience).await? {
                Some(drifts) => {
                    found.levels += 1;
                    self.checked.increment(1);
                    found.drifts.extend(drifts);
                }
                None => found.left_out += 1,
            }
        }
        for drift in &found.drifts {
            self.tell(drift);
        }
        Ok(found)
    }

    /// Builds the views anew from the log, and puts them in the place of the present ones.
    pub async fn rebuild_views(&self) -> Result<(), RebuildError> {
        match self.rebuild.rebuild(true, &|_| {}).await {
            Ok(rebuilt) => {
                self.figures.repaired(LevelCopy::View);
                let (levels, position) = (rebuilt.stock_levels, rebuilt.position.get());
                tracing::info!(levels, position, "views_repaired");
                Ok(())
            }
            Err(error) => {
                tracing::warn!(%error, "views_not_repaired");
                Err(error)
            }
        }
    }

    /// The wrong copies of a level; `None` where it could not be compared before the patience ends.
    async fn compare(
        &self,
        store: StoreId,
        product: ProductId,
        patience: Instant,
    ) -> Result<Option<Vec<Drift>>, ReadError> {
        let mut seen = None;
        for _ in 0..TRIES {
            // answers wait: a comparison does not
            tokio::task::yield_now().await;
            if self.queries.is_passed_over(store, product) {
                return Ok(None);
            }
            let Some(truth) = self.queries.strong(store, product).await? else { return Ok(None) };
            let reached = timeout_at(patience, self.queries.reach(truth.position)).await;
            if !matches!(reached, Ok(Ok(()))) {
                return Ok(None);
            }
            let view = self.copies.view(store, product).await?;
            let cached = self.copies.cached(store, product);
            let Some(after) = self.queries.strong(store, product).await? else { return Ok(None) };
            if !is_unchanged(&truth, &after) {
                seen = None;
                continue;
            }
            let of_cache = cached.and_then(|cached| drift(&truth, LevelCopy::Cache, Some(&cached)));
            let of_view = drift(&truth, LevelCopy::View, view.as_ref());
            let drifts: Vec<Drift> = of_view.into_iter().chain(of_cache).collect();
            // found twice: not a copy that was just being written
            if drifts.is_empty() || seen.as_ref() == Some(&drifts) {
                return Ok(Some(drifts));
            }
            seen = Some(drifts);
        }
        Ok(None)
    }

    /// Tells of a wrong copy, and lets the cache forget its own.
    fn tell(&self, drift: &Drift) {
        let Drift { store, product, copy, fields } = drift;
        drifted(*copy).increment(1);
        self.figures.found(drift);
        let fields: Vec<_> = fields.iter().map(|field| field.name).collect();
        let (copy_name, fields) = (copy.as_str(), fields.join(","));
        tracing::error!(%store, %product, copy = copy_name, fields, "view_drift");
        if *copy == LevelCopy::Cache {
            self.copies.forget(*store, *product);
            self.figures.repaired(LevelCopy::Cache);
        }
    }
}

fn drifted(copy: LevelCopy) -> Counter {
    counter!(DRIFT, "copy" => copy.as_str())
}

/// Whether a view is wrong, and not only the cache before it.
pub(crate) fn has_view_drift(drifts: &[Drift]) -> bool {
    drifts.iter().any(|drift| drift.copy == LevelCopy::View)
}
