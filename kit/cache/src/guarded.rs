//! A time limit and a breaker before a shared cache, so that what it lacks costs its users a moment.

use std::time::Duration;

use async_trait::async_trait;
use kit_resilience::{Breaker, BreakerConfig, Opens};
use tokio::sync::broadcast;
use tokio::time::timeout;

use crate::metrics::CacheMetrics;
use crate::port::{CacheError, Entry, Invalidation, SharedCache, Tell};

/// Longest wait for an answer: a few times what one takes on a busy machine, and less than anybody notices.
const ANSWER_MAX: Duration = Duration::from_millis(50);

/// A cache works or does not, for all who ask.
const BREAKER: BreakerConfig = BreakerConfig {
    opens: Opens::InARow(5),
    pause_min: Duration::from_millis(500),
    pause_max: Duration::from_secs(5),
};

/// A cache that answers soon, or not at all.
pub struct Guarded<C> {
    cache: C,
    breaker: Breaker,
    metrics: CacheMetrics,
}

impl<C: SharedCache> Guarded<C> {
    /// Guards a cache.
    pub fn new(cache: C) -> Self {
        Self { cache, breaker: Breaker::new(BREAKER), metrics: CacheMetrics::new() }
    }

    async fn answer<T>(
        &self,
        asking: impl Future<Output = Result<T, CacheError>>,
    ) -> Result<T, CacheError> {
        let refused = || CacheError("it has failed several times and is left alone".to_owned());
        let call = self.breaker.call().ok_or_else(refused)?;
        self.metrics.note(self.breaker.mode());
        let late = || CacheError(format!("no answer within {ANSWER_MAX:?}"));
        let answer = timeout(ANSWER_MAX, asking).await.unwrap_or_else(|_| Err(late()));
        match &answer {
            Ok(_) => call.succeeded(),
            Err(error) => {
                let was_closed = self.breaker.is_closed();
                call.failed();
                self.metrics.failed();
                if was_closed && !self.breaker.is_closed() {
                    tracing::warn!(%error, "shared_cache_left_alone");
                }
            }
        }
        self.metrics.note(self.breaker.mode());
        answer
    }
}

#[async_trait]
impl<C: SharedCache> SharedCache for Guarded<C> {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, CacheError> {
        self.answer(self.cache.get(key)).await
    }

    async fn put_if_newer(&self, entry: Entry, tell: Tell) -> Result<bool, CacheError> {
        self.answer(self.cache.put_if_newer(entry, tell)).await
    }

    async fn invalidate_all(&self) -> Result<(), CacheError> {
        self.answer(self.cache.invalidate_all()).await
    }

    fn invalidations(&self) -> broadcast::Receiver<Invalidation> {
        self.cache.invalidations()
    }

    fn health(&self) -> Result<(), String> {
        self.cache.health()?;
        if self.breaker.is_closed() {
            return Ok(());
        }
        Err("the shared cache fails and is left alone; reads take longer meanwhile".to_owned())
    }
}
