//! How far a view is behind its log, and waiting until it is not.

use std::future;
use std::sync::Arc;
use std::time::Duration;

use kit_core::Position;
use kit_event_store::EventLog;
use kit_event_store::projection::{self, Progress, Projection};
use kit_http::{Check, Health};
use kit_process::critical_task;
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::ReadError;
use crate::parked::parking_health;

/// Longest wait for a view to reach a position that the caller has seen.
const CATCH_UP_WAIT: Duration = Duration::from_secs(2);

/// Longest wait on one [`Progress`]: a rebuild replaces the view and its progress meanwhile.
const PROGRESS_WAIT: Duration = Duration::from_millis(100);

/// Pause before the progress is read again, so that one that ends immediately does not cause a busy loop.
const PROGRESS_PAUSE: Duration = Duration::from_millis(5);

/// How long a view may stand still behind its log until it counts as stuck.
pub const STANDSTILL_MAX: Duration = Duration::from_secs(5);

/// Pause between two looks at whether the view moves.
const STANDSTILL_LOOK: Duration = Duration::from_millis(250);

/// Compares a view with its log; clones are about the same view.
#[derive(Clone)]
pub struct ViewFreshness {
    log: Arc<dyn EventLog>,
    progress: Arc<dyn Fn() -> Progress + Send + Sync>,
}

impl ViewFreshness {
    /// The freshness of a view of `log`; `progress` gives the progress of the view in use.
    pub fn new(
        log: Arc<dyn EventLog>,
        progress: impl Fn() -> Progress + Send + Sync + 'static,
    ) -> Self {
        Self { log, progress: Arc::new(progress) }
    }

    /// Keeps a view in step with the log until told to stop, and gives its freshness.
    pub fn follow(
        log: Arc<dyn EventLog>,
        view: Box<dyn Projection>,
        tasks: &TaskTracker,
        stop: CancellationToken,
    ) -> Self {
        let (tracker, progress) = Progress::of(view.as_ref());
        tasks.spawn(projection::follow(Arc::clone(&log), view, tracker, stop));
        Self::new(log, move || progress.clone())
    }

    /// Events in the log that the view does not show yet.
    pub fn lag(&self) -> u64 {
        let end = *self.log.head().borrow();
        end.get().saturating_sub(self.position().get())
    }

    /// Where the log ends now.
    pub fn end(&self) -> Position {
        *self.log.head().borrow()
    }

    /// Waits until the view has a position, at most 2 seconds.
    ///
    /// A position beyond the end is an error where this process is the only writer: no client can have seen it.
    pub async fn reach(&self, wanted: Position) -> Result<(), ReadError> {
        let end = *self.log.head().borrow();
        if wanted > end && self.log.is_exclusive() {
            return Err(ReadError::BeyondEnd { wanted, end });
        }
        let reached = async {
            while !(self.progress)().reach(wanted, PROGRESS_WAIT).await {
                tokio::time::sleep(PROGRESS_PAUSE).await;
            }
        };
        match tokio::time::timeout(CATCH_UP_WAIT, reached).await {
            Ok(()) => Ok(()),
            Err(_) => Err(ReadError::Behind { at: self.position(), wanted }),
        }
    }

    /// A health check of the view. One that stands still behind its log for [`STANDSTILL_MAX`] or longer makes the process
    /// `stuck`: [`Health::Down`] where others may show more, [`Health::Degraded`] where all processes share it. A view that is
    /// far behind and moves is ready: it serves, and says at which position. One that passes over streams is degraded.
    ///
    /// Watches the view until told to stop, so that the first question finds the truth too.
    pub fn check(
        &self,
        name: &'static str,
        stuck: fn(String) -> Health,
        tasks: &TaskTracker,
        stop: CancellationToken,
    ) -> Check {
        let (moved, last_moved) = watch::channel(Instant::now());
        let watching = stop.run_until_cancelled_owned(self.clone().watch(moved));
        tasks.spawn(critical_task("view-watch", watching));
        let freshness = self.clone();
        Check::graded(name, move || {
            let (lag, still) = (freshness.lag(), last_moved.borrow().elapsed());
            future::ready(if lag == 0 || still < STANDSTILL_MAX {
                parking_health(&(freshness.progress)())
            } else {
                let seconds = still.as_secs();
                stuck(format!("{lag} events behind the log, and not moving for {seconds} s"))
            })
        })
    }

    /// Notes when the view last moved, or had nothing to move for.
    async fn watch(self, moved: watch::Sender<Instant>) {
        let mut last = self.position();
        loop {
            tokio::time::sleep(STANDSTILL_LOOK).await;
            let position = self.position();
            if position != last || self.lag() == 0 {
                moved.send_replace(Instant::now());
            }
            last = position;
        }
    }

    /// The position that the view shows.
    pub fn position(&self) -> Position {
        (self.progress)().position()
    }
}
