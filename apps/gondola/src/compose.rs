//! The composition root: the one place that sees drivers and contexts together.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use kit_core::{Clock, IdSource, RandomIds, SystemClock};
use kit_event_bus::{EventBus, MemoryBus};
use kit_executor::ExecutorConfig;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::stores::DataArgs;

/// Longest wait for tasks to end after the last request.
const TASKS_END_WAIT: Duration = Duration::from_secs(30);

/// Settings of the whole product in one process.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where the data is.
    pub(crate) data: DataArgs,
    /// Limits of the inventory's command executor.
    pub(crate) executor: ExecutorConfig,
    /// Stock levels in the L1 cache.
    pub(crate) cache_entries_max: u64,
}

/// All contexts, running in this process.
pub(crate) struct Gondola {
    pub(crate) inventory: gondola_inventory::Module,
    pub(crate) store: gondola_store::Module,
    /// Cancelled when the server drains: open streams end.
    pub(crate) drain: CancellationToken,
    stop: CancellationToken,
    tasks: TaskTracker,
}

/// Opens the stores and starts all contexts.
pub(crate) async fn start(settings: &Settings) -> anyhow::Result<Gondola> {
    let (drain, stop, tasks) =
        (CancellationToken::new(), CancellationToken::new(), TaskTracker::new());
    let bus: Arc<dyn EventBus> = Arc::new(MemoryBus::default());
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ids: Arc<dyn IdSource> = Arc::new(RandomIds);
    let (data, kind) = (settings.data.folder(), settings.data.store);

    // the inventory first: it must listen before the catalogue is repeated to the bus
    let inventory = gondola_inventory::module(
        gondola_inventory::Config {
            views_folder: data.context("inventory"),
            executor: settings.executor,
            cache_entries_max: settings.cache_entries_max,
            sweeper: true,
        },
        gondola_inventory::Deps {
            store: data.open(kind, "inventory")?,
            bus: Arc::clone(&bus),
            clock: Arc::clone(&clock),
            ids: Arc::clone(&ids),
            tasks: tasks.clone(),
            drain: drain.clone(),
            stop: stop.clone(),
        },
    )
    .await
    .context("cannot start the inventory context")?;
    let store = gondola_store::module(
        gondola_store::Config {
            views_folder: data.context("store"),
            executor: ExecutorConfig::default(),
        },
        gondola_store::Deps {
            store: data.open(kind, "store")?,
            bus,
            clock,
            ids,
            tasks: tasks.clone(),
            stop: stop.clone(),
        },
    )
    .await
    .context("cannot start the store context")?;
    Ok(Gondola { inventory, store, drain, stop, tasks })
}

impl Gondola {
    /// Ends all tasks and closes the stores; what was acknowledged is on disk already.
    pub(crate) async fn stop(self) {
        let Self { inventory, store, stop, tasks, .. } = self;
        stop.cancel();
        drop((inventory, store));
        tasks.close();
        if tokio::time::timeout(TASKS_END_WAIT, tasks.wait()).await.is_err() {
            tracing::warn!(tasks = tasks.len(), "tasks_did_not_end");
        }
    }
}
