//! What a context is given of the caches in front of it.

use std::fmt;
use std::future;
use std::sync::Arc;

use kit_core::Clock;
use kit_event_store::EventStore;
use kit_http::{Check, EdgeCaching, Health};
use kit_lease::Singletons;
use kit_service::ViewFreshness;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::port::EdgeCache;
use crate::purger::{Purger, PurgerConfig};

/// The caches in front of a context; none by default.
#[derive(Clone, Default)]
pub struct Edge {
    /// How public answers are marked.
    pub caching: EdgeCaching,
    /// Those that are purged.
    pub caches: Vec<Arc<dyn EdgeCache>>,
}

/// What purgers need of a context.
pub struct PurgerDeps {
    /// Its log.
    pub log: Arc<dyn EventStore>,
    /// The view that its answers are made of.
    pub view: ViewFreshness,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// How what only one of the processes on its log is to do is run.
    pub singletons: Singletons,
    /// Where the purgers run.
    pub tasks: TaskTracker,
    /// Ends them.
    pub stop: CancellationToken,
}

impl fmt::Debug for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.caches.iter().map(|cache| cache.name()).collect();
        f.debug_struct("Edge").field("caching", &self.caching).field("caches", &names).finish()
    }
}

impl Edge {
    /// Begins to purge what changes in a context, in each cache by itself: one that is away delays no other. Gives a health
    /// check under a name, degraded while a cache takes no purges; none where there is no cache.
    pub fn purge(
        &self,
        config: PurgerConfig,
        check: &'static str,
        deps: &PurgerDeps,
    ) -> Option<Check> {
        let start = |cache: &Arc<dyn EdgeCache>| {
            let purger = Purger::new(config, Arc::clone(cache), deps);
            let (failure, singletons) = (purger.failure(), deps.singletons.clone());
            let stop = deps.stop.clone();
            deps.tasks.spawn(async move { singletons.run(purger, stop).await });
            failure
        };
        let failures: Vec<_> = self.caches.iter().map(start).collect();
        let ask = move || {
            let told: Vec<String> =
                failures.iter().filter_map(|failure| failure.lock().clone()).collect();
            future::ready(if told.is_empty() {
                Health::Up
            } else {
                Health::Degraded(told.join("; "))
            })
        };
        (!self.caches.is_empty()).then(|| Check::graded(check, ask))
    }
}
