//! The state of alerts in a file of its own: rules, alerts and their events, what is watched, and how far the log was seen.
//!
//! One thread writes. Reads have connections of their own and see what was committed.

mod change;
mod follower;
mod reads;
mod rows;
mod rules;
mod seen;
mod state;
mod swept;
mod telling;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use gondola_notification_domain::alerts::Observation;
use kit_core::{IdSource, Timestamp};
use kit_event_store::projection::ProjectionError;
use kit_sqlite::{Background, ReadPool, open_state};
use tokio::sync::Notify;

use super::sqlite::OpenError;
use crate::use_cases::alerts::{
    AlertEntry, AlertError, AlertRepository, AlertTally, AlertWanted, Observations, RuleEntry,
    RuleWanted,
};
pub(crate) use follower::AlertFollower;
use state::State;
pub(crate) use telling::AlertNews;

/// Never changed: what is new is one more.
const MIGRATIONS: &[&str] = &[include_str!("../../../migrations/sqlite/alerts/0001_alerts.sql")];

/// The state, open.
pub(crate) struct SqliteAlerts {
    writer: Background<State>,
    reads: Arc<ReadPool>,
    /// Told when alerts have new events.
    news: Arc<Notify>,
}

impl SqliteAlerts {
    /// Opens the state in a folder that there is; a new one has the usual rules.
    pub(crate) fn open(
        folder: &Path,
        ids: Arc<dyn IdSource>,
        now: Timestamp,
    ) -> Result<Self, OpenError> {
        let path = folder.join("alerts.db");
        let file = open_state(&path, MIGRATIONS)?;
        let state = State::new(file, ids, now).map_err(OpenError::Alerts)?;
        let writer = Background::start("alerts", state).map_err(OpenError::Thread)?;
        Ok(Self { writer, reads: Arc::new(ReadPool::new(path)), news: Arc::new(Notify::new()) })
    }

    /// Has the writer do something, and tells of its events.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut State) -> Result<T, AlertError> + Send + 'static,
    ) -> Result<T, AlertError> {
        let done = self.writer.run(move |state| Ok(work(state))).await;
        self.news.notify_one();
        done.map_err(|error| AlertError::Failed(error.to_string()))?
    }
}

fn unwritable(error: &rusqlite::Error) -> ProjectionError {
    ProjectionError::View(error.to_string())
}

impl From<rusqlite::Error> for AlertError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

#[async_trait]
impl AlertRepository for SqliteAlerts {
    async fn perform(&self, wanted: AlertWanted) -> Result<AlertEntry, AlertError> {
        self.write(move |state| state.perform(wanted)).await
    }

    async fn decide_rule(&self, wanted: RuleWanted) -> Result<Option<RuleEntry>, AlertError> {
        self.write(move |state| state.decide_rule(wanted)).await
    }

    async fn sweep(&self, now: Timestamp) -> Result<Vec<AlertTally>, AlertError> {
        self.write(move |state| Ok(state.sweep(now)?)).await
    }
}

#[async_trait]
impl Observations for SqliteAlerts {
    async fn observe(&self, seen: Observation, at: Timestamp) -> Result<(), AlertError> {
        self.write(move |state| Ok(state.observe(&seen, at)?)).await
    }
}
