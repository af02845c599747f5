//! The purger itself: a follower of the log whose view is a cache.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kit_core::{Clock, Epoch, Position, RecordedEvent, Timestamp};
use kit_event_store::projection::{self, Progress, Projection, ProjectionError};
use kit_event_store::{EventStore, SavedCheckpoint};
use kit_lease::{Ended, Singleton};
use kit_service::ViewFreshness;
use parking_lot::Mutex;
use tokio::time::{Instant, interval, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::edge::PurgerDeps;
use crate::metrics::PurgeMetrics;
use crate::port::{EdgeCache, KEYS_MAX, PurgeError};
use crate::repeat::{Purged, Repeats};

/// Least time between two purges of what has changed: what changes often is purged once in it. The pauses of a follower with
/// much to do come on top, a quarter of a second at most.
const PURGE_EVERY: Duration = Duration::from_millis(100);

/// Time between two looks at what is to be purged once more, and until a failed repetition is tried again.
const REPEAT_EVERY: Duration = Duration::from_millis(500);

/// Events behind the log beyond which everything is purged, rather than what each of them has changed.
const BEHIND_MAX: u64 = 100_000;

/// Longest wait in one go for the view to show a change.
const SHOWN_WAIT: Duration = Duration::from_secs(2);

/// Pause between two looks at the view. It is not hurried: what is written of it in few batches costs least.
const SHOWN_LOOK: Duration = Duration::from_millis(5);

/// What is purged of a context.
#[derive(Clone, Copy)]
pub struct PurgerConfig {
    /// Name of the purger in logs, of its lease and its checkpoint, with that of the cache; the same for ever, and at most 30
    /// bytes.
    pub name: &'static str,
    /// The surrogate key that all answers have.
    pub everything: &'static str,
    /// The surrogate keys of the answers that an event has changed.
    pub keys: fn(&RecordedEvent) -> Vec<String>,
}

/// Expires in one cache what the log tells that it has changed.
pub struct Purger {
    config: PurgerConfig,
    /// Of this purger alone.
    name: &'static str,
    cache: Arc<dyn EdgeCache>,
    log: Arc<dyn EventStore>,
    view: ViewFreshness,
    clock: Arc<dyn Clock>,
    metrics: PurgeMetrics,
    failure: Arc<Mutex<Option<String>>>,
}

impl Purger {
    /// A purger that has not begun.
    pub fn new(config: PurgerConfig, cache: Arc<dyn EdgeCache>, deps: &PurgerDeps) -> Self {
        Self {
            config,
            // one for each cache that the process is told of: it is not forgotten before the process ends
            name: format!("{} {}", config.name, cache.name()).leak(),
            metrics: PurgeMetrics::new(cache.name()),
            cache,
            log: Arc::clone(&deps.log),
            view: deps.view.clone(),
            clock: Arc::clone(&deps.clock),
            failure: Arc::default(),
        }
    }

    /// Why the last purge failed, while it has not succeeded.
    pub(crate) fn failure(&self) -> Arc<Mutex<Option<String>>> {
        Arc::clone(&self.failure)
    }

    /// The name of its checkpoint. An older log that was put back is another one, of which the cache knows nothing.
    fn place(&self) -> String {
        format!("{}@{}", self.name, self.log.incarnation())
    }

    async fn save(&self, at: Position, epoch: Epoch) -> Result<(), ProjectionError> {
        match self.log.save_checkpoint(&self.place(), at, epoch).await? {
            SavedCheckpoint::Saved => Ok(()),
            SavedCheckpoint::Superseded { by } => Err(ProjectionError::Superseded { by }),
        }
    }

    /// Purges keys; after an error it is to be done again as a whole.
    async fn expire(&self, keys: &HashSet<String>) -> Result<(), PurgeError> {
        let keys: Vec<String> = keys.iter().cloned().collect();
        for some in keys.chunks(KEYS_MAX) {
            let purged = self.cache.purge(some).await;
            let cache = self.cache.name();
            *self.failure.lock() = purged.as_ref().err().map(|error| {
                format!("{cache} takes no purges ({error}); what it keeps may be old, until it expires by itself")
            });
            match purged {
                Ok(()) => self.metrics.purged(some.len()),
                Err(error) => {
                    self.metrics.failed();
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Waits until the view of this process shows a position: an answer that was made before would be kept as a fresh one.
    async fn shown(&self, position: Position) -> Result<(), ProjectionError> {
        let shown = async {
            while self.view.position() < position {
                sleep(SHOWN_LOOK).await;
            }
        };
        let late =
            |_| ProjectionError::View(format!("the views do not show position {position} yet"));
        timeout(SHOWN_WAIT, shown).await.map_err(late)
    }

    /// Purges once more what has been purged a while ago, and then notes that it has; ends when another process does this.
    async fn repeat(&self, repeats: &Repeats, epoch: Epoch) -> Epoch {
        let mut looks = interval(REPEAT_EVERY);
        loop {
            looks.tick().await;
            let Some(Purged { keys, up_to }) = repeats.take_due() else { continue };
            while let Err(error) = self.expire(&keys).await {
                tracing::warn!(purger = self.name, %error, "purge_not_repeated");
                looks.tick().await;
            }
            match self.save(up_to, epoch).await {
                Ok(()) => {}
                Err(ProjectionError::Superseded { by }) => return by,
                // the next one notes a later position
                Err(error) => tracing::warn!(purger = self.name, %error, "purges_not_noted"),
            }
        }
    }
}

#[async_trait]
impl Singleton for Purger {
    fn name(&self) -> &'static str {
        self.name
    }

    async fn run(&mut self, epoch: Epoch) -> Ended {
        let (purger, repeats, until_dropped) =
            (&*self, Repeats::default(), CancellationToken::new());
        let mut purging =
            Purging { purger, repeats: &repeats, epoch, at: None, next: Instant::now() };
        let (tracker, _) = Progress::of(&purging);
        let log = Arc::clone(&purger.log);
        let following = projection::follow_until_superseded(
            log.as_ref(),
            &mut purging,
            &tracker,
            &until_dropped,
        );
        let by = tokio::select! {
            by = following => by,
            by = purger.repeat(&repeats, epoch) => Some(by),
        };
        by.map_or(Ended::Done, |by| Ended::Superseded { by })
    }
}

/// A purger while it has its lease.
struct Purging<'a> {
    purger: &'a Purger,
    repeats: &'a Repeats,
    epoch: Epoch,
    /// Up to where everything has been purged once; `None` until the checkpoint has been read.
    at: Option<Position>,
    /// Not before then.
    next: Instant,
}

impl Purging<'_> {
    async fn purge(&mut self, purged: Purged, changed: Timestamp) -> Result<(), ProjectionError> {
        sleep_until(self.next).await;
        self.next = Instant::now() + PURGE_EVERY;
        let expired = self.purger.expire(&purged.keys).await;
        self.purger.metrics.lags(self.purger.clock.now().since(changed));
        expired.map_err(|error| ProjectionError::View(error.to_string()))?;
        self.at = Some(purged.up_to);
        self.repeats.push(purged);
        Ok(())
    }

    /// Where the last purger was. Its checkpoint is saved once more at once, so that it can move it no more.
    async fn take_over(&self) -> Result<Position, ProjectionError> {
        let at = self.purger.log.load_checkpoint(&self.purger.place()).await?;
        self.purger.save(at, self.epoch).await?;
        Ok(at)
    }
}

impl Drop for Purging<'_> {
    /// What becomes of the purges another process tells, from now on.
    fn drop(&mut self) {
        *self.purger.failure.lock() = None;
    }
}

#[async_trait]
impl Projection for Purging<'_> {
    fn name(&self) -> &'static str {
        self.purger.name
    }

    /// Everything is purged where nobody has purged before, or so long ago that the events of since would be too many.
    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        if let Some(at) = self.at {
            return Ok(at);
        }
        let (at, head) = (self.take_over().await?, *self.purger.log.head().borrow());
        let behind = head.get().saturating_sub(at.get());
        if at > Position::ZERO && behind <= BEHIND_MAX {
            self.at = Some(at);
            return Ok(at);
        }
        self.purger.shown(head).await?;
        let keys = HashSet::from([self.purger.config.everything.to_owned()]);
        self.purge(Purged { keys, up_to: head }, self.purger.clock.now()).await?;
        Ok(head)
    }

    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        let (Some(first), Some(last)) = (events.first(), events.last()) else { return Ok(()) };
        let (changed, up_to) = (first.metadata.recorded_at, last.position);
        let keys = events.iter().flat_map(|event| (self.purger.config.keys)(event)).collect();
        self.purger.shown(up_to).await?;
        self.purge(Purged { keys, up_to }, changed).await
    }
}
