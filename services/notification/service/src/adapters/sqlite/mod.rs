//! The state of this context in a file of its own: webhooks, secrets, deliveries, subscriptions, notifications, and how far
//! each log has been told.
//!
//! One thread writes. Reads have connections of their own and see what was committed.

mod change;
mod followed;
mod order_confirmations;
mod queue;
mod reads;
mod rows;
mod state;
mod subscriptions;
mod together;

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use kit_core::{IdSource, Position, StreamId, Timestamp};
use kit_event_store::LogMark;
use kit_event_store::parking::ParkedStream;
use kit_event_store::projection::ProjectionError;
use kit_sqlite::{Background, ReadPool, StateFileError, open_state};

use crate::use_cases::{
    AttemptMade, ConfirmationAnswer, DeliveryQueue, DueDelivery, Replay, Tally, Wanted,
    WebhookEntry, WebhookRepository, WriteError,
};
pub(crate) use followed::Taken;
use kit_service::ReadError;
pub(super) use rows::{moment, unreadable};
use state::State;
use together::Together;

/// Never changed: what is new is one more.
const MIGRATIONS: &[&str] = &[
    include_str!("../../../migrations/sqlite/0001_webhooks.sql"),
    include_str!("../../../migrations/sqlite/0002_order_confirmations.sql"),
    include_str!("../../../migrations/sqlite/0003_subscriptions.sql"),
];

/// The state could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its folder could not be made.
    #[error("cannot use {path}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The error of the file system.
        source: io::Error,
    },
    /// The file could not be opened.
    #[error(transparent)]
    File(#[from] StateFileError),
    /// What it has could not be read.
    #[error("the webhooks cannot be read")]
    Unreadable(#[source] rusqlite::Error),
    /// What the file of alerts has could not be read or begun.
    #[error("the alerts cannot be read")]
    Alerts(#[source] rusqlite::Error),
    /// Its thread could not be started.
    #[error("cannot start a thread")]
    Thread(#[source] io::Error),
}

/// Makes a folder that only this user can enter: who reads the secrets in it can sign.
fn private_folder(folder: &Path) -> io::Result<()> {
    if let Some(parent) = folder.parent() {
        std::fs::create_dir_all(parent)?;
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// The state, open.
pub(crate) struct SqliteWebhooks {
    writer: Background<State>,
    reads: Arc<ReadPool>,
    confirmations: Together<order_confirmations::Wanted, ConfirmationAnswer>,
    attempts: Together<AttemptMade, ()>,
}

impl SqliteWebhooks {
    /// Opens the state in a folder; what is missing is made.
    pub(crate) fn open(folder: &Path) -> Result<Self, OpenError> {
        private_folder(folder)
            .map_err(|source| OpenError::Folder { path: folder.to_owned(), source })?;
        let path = folder.join("webhooks.db");
        let file = open_state(&path, MIGRATIONS)?;
        let state = State::new(file).map_err(OpenError::Unreadable)?;
        let writer = Background::start("webhooks", state).map_err(OpenError::Thread)?;
        Ok(Self {
            writer,
            reads: Arc::new(ReadPool::new(path)),
            confirmations: Together::new(State::confirm_all),
            attempts: Together::new(State::record_all),
        })
    }

    /// Begins to follow a log: where its follower was, or at its end where the log is another one. What that one has up to
    /// there was told before, or happened before there were webhooks. The answer is what is parked of it.
    pub(crate) async fn begin_log(
        &self,
        name: &'static str,
        end: LogMark,
    ) -> Result<Vec<ParkedStream>, ProjectionError> {
        self.writer.run(move |state| state.begin_log(name, end)).await
    }

    /// Up to where a log is told: to its end, where no webhook wants anything of it.
    pub(crate) async fn checkpoint(
        &self,
        name: &'static str,
        event_types: &'static [&'static str],
        end: Position,
    ) -> Result<Position, ProjectionError> {
        self.writer.run(move |state| Ok(state.checkpoint(name, event_types, end))).await
    }

    /// Takes news: deliveries, checkpoint and parked streams together. Says whether there are new deliveries.
    pub(crate) async fn take(
        &self,
        taken: Taken,
        ids: Arc<dyn IdSource>,
    ) -> Result<bool, ProjectionError> {
        let take =
            move |state: &mut State| state.take(&taken, &*ids).map_err(|why| unwritable(&why));
        self.writer.run(take).await
    }

    /// Notes that a stream is not parked any more.
    pub(crate) async fn release(
        &self,
        log: &'static str,
        stream: StreamId,
    ) -> Result<(), ProjectionError> {
        let release =
            move |state: &mut State| state.release(log, &stream).map_err(|why| unwritable(&why));
        self.writer.run(release).await
    }

    /// Has the writer do something.
    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut State) -> Result<T, WriteError> + Send + 'static,
    ) -> Result<T, WriteError> {
        let done = self.writer.run(move |state| Ok(work(state))).await;
        done.map_err(|error| WriteError::Failed(error.to_string()))?
    }
}

fn unwritable(error: &rusqlite::Error) -> ProjectionError {
    ProjectionError::View(error.to_string())
}

impl From<rusqlite::Error> for WriteError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

#[async_trait]
impl WebhookRepository for SqliteWebhooks {
    async fn perform(&self, wanted: Wanted) -> Result<Option<WebhookEntry>, WriteError> {
        self.write(move |state| state.perform(wanted)).await
    }

    async fn replay(&self, which: Replay, now: Timestamp) -> Result<usize, WriteError> {
        self.write(move |state| state.replay(&which, now)).await
    }
}

#[async_trait]
impl DeliveryQueue for SqliteWebhooks {
    async fn due(&self, now: Timestamp, of_each: usize) -> Result<Vec<DueDelivery>, ReadError> {
        Ok(Arc::clone(&self.reads).read(move |file| queue::due(file, now, of_each)).await?)
    }

    async fn record(&self, made: AttemptMade) -> Result<(), WriteError> {
        self.attempts.write(&self.writer, made).await
    }

    async fn tidy(&self, now: Timestamp) -> Result<Tally, WriteError> {
        self.write(move |state| state.tidy(now)).await
    }
}
