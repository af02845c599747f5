//! Looks at what changes with time alone: transfers that become overdue, alerts that have had their days.

use std::sync::Arc;
use std::time::Duration;

use kit_core::Clock;
use kit_process::critical_task;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::{AlertMetrics, AlertRepository};

/// Pause between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// What a sweeper works with.
pub struct SweeperDeps {
    /// Where alerts are kept.
    pub repository: Arc<dyn AlertRepository>,
    /// The time of day.
    pub clock: Arc<dyn Clock>,
}

/// Sweeps until it is told to stop.
pub struct Sweeper {
    deps: SweeperDeps,
    metrics: AlertMetrics,
}

impl Sweeper {
    /// One that has not begun.
    #[must_use]
    pub fn new(deps: SweeperDeps) -> Self {
        Self { deps, metrics: AlertMetrics::default() }
    }

    /// Sweeps until `stop`. A panic ends the process.
    pub async fn run(self, stop: CancellationToken) {
        critical_task("alert-sweeper", self.sweep_until(stop)).await;
    }

    async fn sweep_until(self, stop: CancellationToken) {
        let mut look = interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(look.tick()).await.is_some() {
            match self.deps.repository.sweep(self.deps.clock.now()).await {
                Ok(tallies) => self.metrics.tallied(&tallies),
                Err(error) => tracing::error!(%error, "alerts_cannot_be_swept"),
            }
        }
    }
}
