//! The L2 cache: single stock levels in a cache that all processes share, between the L1 cache and the read model.
//!
//! It only saves questions to the read model. What it shows is used where it is certain to be what the read model would answer
//! now: [`SeenChanges`] knows. So a shared cache that is late, emptied or put back to an older state costs time and is never
//! seen, and a level is never older than what this process has shown or acknowledged.

mod outbox;
mod seen;
mod stored;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use gondola_inventory_domain::{ProductId, StoreId};
use kit_cache::{Flights, Invalidation, SharedCache, Tell};
use kit_core::{Clock, Position, Timestamp};
use kit_event_store::Incarnation;
use kit_feature_flags::Rollout;
use kit_process::critical_task;
use kit_service::ReadError;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::cache::{LevelCache, LevelSource};
use super::cache_metrics::CacheReads;
use super::fold::LevelKey;
use super::observer::LevelObserver;
use crate::use_cases::{StockLevel, StockReadModel};
use outbox::Outbox;
use seen::{Known, SeenChanges};

/// A cache that processes share, and what is kept there.
pub(crate) struct SharedStock {
    pub(crate) cache: Arc<dyn SharedCache>,
    /// The stores whose levels are kept there and read from there; of others nothing is.
    pub(crate) stores: Rollout,
    /// Which log the levels are of: those of another one have other keys.
    pub(crate) log: Incarnation,
}

/// What this process keeps in the shared cache, what it tells the others, and what it is told by them.
pub(crate) struct Sharing {
    pub(super) shared: SharedStock,
    seen: SeenChanges,
    outbox: Outbox,
    /// Whether the read model has caught up: what it reads before is news to nobody.
    is_caught_up: AtomicBool,
    l1: Arc<LevelCache>,
    reads: CacheReads,
}

impl Sharing {
    /// Begins to tell and to listen, until `stop`.
    pub(crate) fn start(
        shared: SharedStock,
        l1: Arc<LevelCache>,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Arc<Self> {
        let invalidations = shared.cache.invalidations();
        let outbox = Outbox::start(Arc::clone(&shared.cache), tasks, stop);
        let (seen, is_caught_up) = (SeenChanges::default(), AtomicBool::new(false));
        let reads = CacheReads::of("L2");
        let sharing = Arc::new(Self { shared, seen, outbox, is_caught_up, l1, reads });
        let listening = listen(Arc::clone(&sharing), invalidations);
        let listening = stop.clone().run_until_cancelled_owned(listening);
        tasks.spawn(critical_task("shared-cache-listener", listening));
        sharing
    }

    /// The read model shows this position, and tells every change beyond it; from here on others are told of them, and what they
    /// have kept is used.
    pub(crate) fn note_caught_up(&self, at: Position) {
        self.seen.begin(at);
        self.is_caught_up.store(true, Ordering::SeqCst);
    }

    /// Whether levels of a store are kept there and read from there.
    fn is_shared(&self, store: StoreId) -> bool {
        self.shared.stores.covers(store.as_uuid())
    }

    fn name(&self, (store, product): LevelKey) -> String {
        format!("{}:level:{store}:{product}", self.shared.log)
    }

    /// The level of a name of this log.
    fn key(&self, name: &str) -> Option<LevelKey> {
        let mut parts = name.strip_prefix(&format!("{}:level:", self.shared.log))?.split(':');
        let store = parts.next()?.parse().ok().map(StoreId::from_uuid)?;
        let product = parts.next()?.parse().ok().map(ProductId::from_uuid)?;
        parts.next().is_none().then_some((store, product))
    }

    /// A level from the shared cache, if it is what a read model at `shown` would answer.
    async fn find(&self, key: LevelKey, shown: Position, now: Timestamp) -> Option<StockLevel> {
        let bytes = self.shared.cache.get(&self.name(key)).await.ok()??;
        let (level, current_at) = stored::decode(&bytes, key)?;
        if !self.seen.admits(key, level.position, current_at, shown) {
            return None;
        }
        level.still_at(now)
    }

    /// Puts a level that is known to be the present one up to a position, if those of its store are shared.
    fn put(&self, level: &StockLevel, current_at: Position, tell: Tell) {
        if !self.is_shared(level.store) {
            return;
        }
        let name = self.name((level.store, level.product));
        self.outbox.put(stored::entry(name, level, current_at), tell);
    }

    fn hear(&self, told: Result<Invalidation, RecvError>) {
        match told {
            Ok(Invalidation::Changed { key, version }) => {
                if let Some(key) = self.key(&key) {
                    let changed = (key, Position::new(version));
                    // the read model may have told it before
                    if self.seen.note(&[changed]) {
                        self.l1.outdated(&mut std::iter::once(changed));
                    }
                }
            }
            // the read model tells each change, if later
            Ok(Invalidation::All) | Err(RecvError::Lagged(_)) => self.l1.replaced(Position::ZERO),
            Err(RecvError::Closed) => {}
        }
    }
}

async fn listen(sharing: Arc<Sharing>, mut invalidations: broadcast::Receiver<Invalidation>) {
    loop {
        let told = invalidations.recv().await;
        if told == Err(RecvError::Closed) {
            return;
        }
        sharing.hear(told);
    }
}

/// What is changed is noted before the L1 cache is told: else an older level could be read and kept there in between.
impl LevelObserver for Sharing {
    fn changed(&self, levels: &mut dyn Iterator<Item = StockLevel>) {
        let levels: Vec<StockLevel> = levels.collect();
        let noted: Vec<_> =
            levels.iter().map(|level| ((level.store, level.product), level.position)).collect();
        self.seen.note(&noted);
        if self.is_caught_up.load(Ordering::SeqCst) {
            for level in &levels {
                self.put(level, level.position, Tell::Others);
            }
        }
        self.l1.changed(&mut levels.into_iter());
    }

    fn outdated(&self, levels: &mut dyn Iterator<Item = (LevelKey, Position)>) {
        let levels: Vec<_> = levels.collect();
        self.seen.note(&levels);
        self.l1.outdated(&mut levels.into_iter());
    }

    fn replaced(&self, at: Position) {
        self.seen.miss_until(at);
        self.l1.replaced(at);
    }
}

/// The answer to a question for one level.
type Found = Result<Option<StockLevel>, ReadError>;

/// A read model with the shared cache before its single levels. Of each level there is one loader at a time.
pub(crate) struct SharedLevels<R> {
    read_model: Arc<R>,
    sharing: Arc<Sharing>,
    clock: Arc<dyn Clock>,
    /// By what was known when they began: nobody joins a load that may have read what was true before.
    flights: Flights<(LevelKey, Known), Found>,
}

impl<R> SharedLevels<R> {
    pub(crate) fn new(read_model: Arc<R>, sharing: Arc<Sharing>, clock: Arc<dyn Clock>) -> Self {
        Self { read_model, sharing, clock, flights: Flights::default() }
    }
}

#[async_trait]
impl<R: StockReadModel + 'static> LevelSource for SharedLevels<R> {
    async fn find(&self, key: LevelKey) -> Found {
        let flight = (key, self.sharing.seen.known(key));
        let load = || {
            let (sharing, read_model) = (Arc::clone(&self.sharing), Arc::clone(&self.read_model));
            let clock = Arc::clone(&self.clock);
            async move { load(&sharing, &*read_model, key, clock.now()).await }
        };
        match self.flights.join(flight, load).await {
            Some(found) => found,
            None => self.read_model.level(key.0, key.1).await,
        }
    }
}

async fn load(
    sharing: &Sharing,
    read_model: &dyn StockReadModel,
    key: LevelKey,
    now: Timestamp,
) -> Found {
    // before the read: what is read is the present level up to here at least
    let shown = read_model.progress().position();
    if sharing.is_shared(key.0) {
        let kept = sharing.find(key, shown, now).await;
        sharing.reads.note(kept.is_some());
        if kept.is_some() {
            return Ok(kept);
        }
    }
    let found = read_model.level(key.0, key.1).await?;
    if let Some(level) = &found {
        if level.position > shown {
            // a database may show it before this process is told
            sharing.seen.note(&[(key, level.position)]);
        }
        sharing.put(level, shown.max(level.position), Tell::Nobody);
    }
    Ok(found)
}
