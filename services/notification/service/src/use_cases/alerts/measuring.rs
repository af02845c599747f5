//! Has rules look at what is measured in this process and told by no log: refused holds, and copies that differ from the log.

use std::sync::Arc;
use std::time::Duration;

use gondola_notification_domain::StoreId;
use gondola_notification_domain::alerts::{AlertState, Observation, RuleKind};
use kit_core::{Clock, Scope};
use kit_process::critical_task;
use kit_service::ReadError;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::hold_window::HoldWindow;
use super::ports::{AlertReadModel, DriftSeen, MeasuredNow, Measurements, Observations};
use super::{AlertError, AlertQuery};

/// Pause between two questions, and so the width of a slice of the window of refused holds.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// What is kept for rules that cannot look at it, as when the disk is full; older news of copies is out of date.
const UNTOLD_MAX: usize = 100;

/// Alerts that are read at once.
const PAGE: usize = 200;

/// What measuring works with.
pub(crate) struct MeasuringDeps {
    /// What is measured.
    pub(crate) measurements: Arc<dyn Measurements>,
    /// The rules.
    pub(crate) observations: Arc<dyn Observations>,
    /// The alerts that there are.
    pub(crate) alerts: Arc<dyn AlertReadModel>,
    /// The time of day.
    pub(crate) clock: Arc<dyn Clock>,
}

/// Asks for what was measured until it is told to stop.
pub(crate) struct Measuring {
    deps: MeasuringDeps,
    window: HoldWindow,
    /// What the rules could not look at yet, oldest first.
    untold: Vec<DriftSeen>,
}

impl Measuring {
    /// One that has not begun. Stores whose share of refused holds is alerted of are watched from the start: it may be
    /// over, and nobody asks them for holds any more.
    pub(crate) async fn new(deps: MeasuringDeps) -> Result<Self, ReadError> {
        let mut watched = Vec::new();
        for state in [AlertState::Open, AlertState::Acknowledged] {
            watched.extend(alerted(&*deps.alerts, state).await?);
        }
        Ok(Self { deps, window: HoldWindow::new(watched), untold: Vec::new() })
    }

    /// Asks until `stop`. A panic ends the process.
    pub(crate) async fn run(self, stop: CancellationToken) {
        critical_task("alert-measuring", self.ask_until(stop)).await;
    }

    async fn ask_until(mut self, stop: CancellationToken) {
        let mut ask = interval(ASK_EVERY);
        ask.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while stop.run_until_cancelled(ask.tick()).await.is_some() {
            if let Err(error) = self.ask().await {
                tracing::error!(%error, "measurements_not_looked_at");
            }
        }
    }

    /// Asks once. What cannot be looked at now is looked at the next time.
    async fn ask(&mut self) -> Result<(), AlertError> {
        let MeasuredNow { holds, drifts } = self.deps.measurements.take();
        self.window.push(holds);
        self.untold.extend(drifts);
        self.untold.drain(..self.untold.len().saturating_sub(UNTOLD_MAX));
        while let Some(DriftSeen { view, rows }) = self.untold.first().cloned() {
            self.observe(Observation::Drift { view, rows }).await?;
            self.untold.remove(0);
        }
        for (store, percent) in self.window.shares() {
            self.observe(Observation::Refusals { store, percent }).await?;
            self.window.told(store, percent);
        }
        Ok(())
    }

    async fn observe(&self, seen: Observation) -> Result<(), AlertError> {
        self.deps.observations.observe(seen, self.deps.clock.now()).await
    }
}

/// The stores of alerts of refused holds that stand so.
async fn alerted(
    alerts: &dyn AlertReadModel,
    state: AlertState,
) -> Result<Vec<StoreId>, ReadError> {
    let (mut stores, mut before) = (Vec::new(), None);
    loop {
        let query = AlertQuery {
            store: None,
            severity: None,
            state: Some(state),
            kind: Some(RuleKind::RefusalRate),
            scope: Scope::All,
            before,
            limit: PAGE,
        };
        let page = alerts.alerts(query).await?;
        stores.extend(page.items.iter().filter_map(|entry| entry.alert.subject.store()));
        before = page.next;
        if before.is_none() {
            return Ok(stores);
        }
    }
}

#[cfg(test)]
mod tests;
