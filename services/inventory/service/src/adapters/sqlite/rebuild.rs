//! Rebuilding: following the log with the file in use, and building another one beside it.
//!
//! A rebuild fills a new file while the old one serves and goes on following the log, compares
//! both at the same position, and only then switches: the name first, so that a crash in between leaves one whole file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kit_core::{Clock, Position};
use kit_event_store::projection::{self, Progress, Projection, ProjectionError, Tracker};
use kit_event_store::{EventLog, EventStore};
use kit_sqlite::ReadPool;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::compare::Comparison;
use super::files;
use super::write::SqliteWriter;
use super::{Source, SqliteReadModel};
use crate::adapters::observer::LevelObserver;
use crate::use_cases::{ReadModelRebuild, RebuildError, RebuildPhase, Rebuilt, ToldOfRebuild};

/// How often, and how many times, it is checked that no reader uses the replaced file.
const READERS_WAIT: Duration = Duration::from_millis(5);
const READERS_WAITS_MAX: u32 = 1_000;

/// How often a new file is brought to where the present one stands, which goes on: each time takes a fraction of the one
/// before.
const PASSES: u32 = 3;

/// Longest wait until the present file shows what is in the log when a rebuild begins.
const PRESENT_WAIT: Duration = Duration::from_secs(5);

/// Longest wait until a new file shows what the present one does.
const REACH_WAIT: Duration = Duration::from_mins(1);

/// The folder of the files and what their followers need.
pub(crate) struct SqliteFolder {
    pub(crate) folder: PathBuf,
    pub(crate) log: Arc<dyn EventStore>,
    pub(crate) observer: Arc<dyn LevelObserver>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
}

/// A file that follows the log; cancelling the token ends its follower.
pub(super) struct Followed {
    pub(super) source: Source,
    path: PathBuf,
    /// The highest number that a file had. The next one gets a higher one, even when that one was removed, so that no
    /// name ever stands for two files.
    newest: u64,
    stop: CancellationToken,
    /// `None` once it was awaited.
    follower: Option<JoinHandle<()>>,
}

impl Followed {
    /// Ends the follower and waits for what it is writing.
    async fn end(&mut self) {
        self.stop.cancel();
        if let Some(follower) = self.follower.take() {
            // even a panic is an end
            drop(follower.await);
        }
    }
}

impl SqliteFolder {
    /// Opens the file in use, brings it up to date and follows the log.
    pub(super) async fn open_current(&self) -> Result<Followed, ProjectionError> {
        let newest = files::in_use(&self.folder);
        files::remove_others(&self.folder, newest);
        let path = files::path(&self.folder, newest);
        let mut writer = self.open(&path, Some(Arc::clone(&self.observer)))?;
        let at = projection::catch_up(self.log.as_ref(), &mut writer).await?;
        Ok(self.follow(writer, path, newest, at))
    }

    /// Builds a new file beside the present one, compares both at one position, and switches. The present one goes on
    /// following the log until the new one has reached it.
    async fn rebuild(
        &self,
        present: Followed,
        read_model: &SqliteReadModel,
        force: bool,
        told: &ToldOfRebuild<'_>,
    ) -> (Followed, Result<Rebuilt, ProjectionError>) {
        let newest = present.newest + 1;
        let present = Followed { newest, ..present };
        let path = files::path(&self.folder, newest);
        let rebuilt = match self.build_and_compare(&present, &path, told).await {
            Ok(rebuilt) if rebuilt.identical || force => {
                match self.follow_new(&path, &present).await {
                    Ok(next) => {
                        self.switch(present, &next, read_model).await;
                        return (next, Ok(rebuilt));
                    }
                    Err(error) => Err(error),
                }
            }
            other => other,
        };
        files::remove(&path);
        (present, rebuilt)
    }

    async fn build_and_compare(
        &self,
        present: &Followed,
        path: &Path,
        told: &ToldOfRebuild<'_>,
    ) -> Result<Rebuilt, ProjectionError> {
        let mut new = self.open(path, None)?;
        let progress = &present.source.progress;
        // what is in the log now is compared, unless the present view stands still
        let head = *self.log.head().borrow();
        progress.reach(head, PRESENT_WAIT).await;
        let reached = |position| told(RebuildPhase::Building { position, end: head });
        approach(self.log.as_ref(), &mut new, || progress.position(), reached).await?;
        told(RebuildPhase::Comparing);
        let compared = Comparison::begin(present.path.clone(), path.to_owned()).await?;
        projection::catch_up_to(self.log.as_ref(), &mut new, compared.position(), |_| {}).await?;
        compared.end().await
    }

    /// Follows the log with a new file until it shows at least what the present one does, and makes it the one in use.
    async fn follow_new(
        &self,
        path: &Path,
        present: &Followed,
    ) -> Result<Followed, ProjectionError> {
        let mut writer = self.open(path, Some(Arc::clone(&self.observer)))?;
        let at = writer.checkpoint().await?;
        let mut next = self.follow(writer, path.to_owned(), present.newest, at);
        let wanted = present.source.progress.position();
        let pointed = if next.source.progress.reach(wanted, REACH_WAIT).await {
            files::point_to(&self.folder, path)
                .map_err(|error| ProjectionError::View(error.to_string()))
        } else {
            let at = next.source.progress.position();
            Err(ProjectionError::View(format!("the new views stay at {at}, behind {wanted}")))
        };
        if pointed.is_err() {
            next.end().await;
        }
        pointed.map(|()| next)
    }

    /// Ends and removes the present file, and reads from the next one as soon as that shows all that the present one has
    /// shown: the present one may have gone on since they were compared, and no reader may go back in time.
    async fn switch(&self, mut present: Followed, next: &Followed, read_model: &SqliteReadModel) {
        present.end().await;
        let shown = present.source.progress.position();
        if !next.source.progress.reach(shown, REACH_WAIT).await {
            // it was there a moment ago, and is repeated until it goes on
            tracing::error!(position = shown.get(), "rebuilt_views_stand_still");
        }
        read_model.switch(next.source.clone());
        // only now, since readers of the present one may have kept what it showed
        self.observer.replaced(next.source.progress.position());
        let Followed { source, path, .. } = present;
        wait_for_readers(source).await;
        files::remove(&path);
    }

    /// Starts following the log with an opened file that is complete up to `at`.
    fn follow(&self, writer: SqliteWriter, path: PathBuf, newest: u64, at: Position) -> Followed {
        let (sender, progress) = Progress::starting_at(at, &writer);
        let stop = self.stop.child_token();
        let log = Arc::clone(&self.log);
        let follower = follow(log, writer, sender, stop.clone());
        let follower = Some(self.tasks.spawn(follower));
        let pool = Arc::new(ReadPool::new(path.clone()));
        Followed { source: Source { pool, progress }, path, newest, stop, follower }
    }

    fn open(
        &self,
        path: &Path,
        observer: Option<Arc<dyn LevelObserver>>,
    ) -> Result<SqliteWriter, ProjectionError> {
        SqliteWriter::open(path, self.log.end(), observer, Arc::clone(&self.clock))
    }
}

#[async_trait]
impl ReadModelRebuild for SqliteReadModel {
    async fn rebuild(
        &self,
        force: bool,
        told: &ToldOfRebuild<'_>,
    ) -> Result<Rebuilt, RebuildError> {
        let mut followed = self.followed.try_lock().map_err(|_| RebuildError::Running)?;
        let present = followed.take().ok_or(RebuildError::Running)?;
        let (next, rebuilt) = self.folder.rebuild(present, self, force, told).await;
        *followed = Some(next);
        Ok(rebuilt?)
    }
}

/// Waits, for a bounded time, until the last reader of a replaced file is done.
async fn wait_for_readers(source: Source) {
    let Source { pool, .. } = source;
    for _ in 0..READERS_WAITS_MAX {
        if Arc::strong_count(&pool) == 1 {
            return;
        }
        tokio::time::sleep(READERS_WAIT).await;
    }
}

async fn follow(
    log: Arc<dyn EventStore>,
    writer: SqliteWriter,
    progress: Tracker,
    stop: CancellationToken,
) {
    let writer: Box<dyn Projection> = Box::new(writer);
    projection::follow(log, writer, progress, stop).await;
}

/// Brings a new view near where the present one stands, and never beyond it; while others write faster than it applies,
/// there is no end to it.
async fn approach(
    log: &dyn EventLog,
    new: &mut dyn Projection,
    present: impl Fn() -> Position,
    reached: impl Fn(Position),
) -> Result<(), ProjectionError> {
    for _ in 0..PASSES {
        projection::catch_up_to(log, new, present(), &reached).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use kit_core::{Actor, EncodedEvent, Metadata, RecordedEvent, StreamId, Timestamp, Version};
    use kit_event_store::memory::MemoryStore;
    use kit_event_store::{Append, Transaction};
    use uuid::Uuid;

    use super::*;

    /// A view beside a writer: whenever it has applied something, there is more.
    struct Beside<'a>(&'a MemoryStore, Position);

    #[async_trait]
    impl Projection for Beside<'_> {
        fn name(&self) -> &'static str {
            "beside"
        }

        async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
            Ok(self.1)
        }

        async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
            self.1 = events.last().unwrap().position;
            assert!(self.1.get() <= u64::from(PASSES), "it runs after the end of the log");
            grow(self.0, self.1).await;
            Ok(())
        }
    }

    /// Appends the event after a position.
    async fn grow(log: &MemoryStore, last: Position) {
        let event = EncodedEvent {
            event_id: Uuid::from_u128(last.get().into()),
            event_type: "Any".into(),
            schema_version: 1,
            occurred_at: Timestamp::default(),
            data: "{}".into(),
            personal: None,
        };
        let (stream, expected) = (StreamId::new("any-1").unwrap(), Version::new(last.get()));
        let append = Append { stream, expected, events: vec![event] };
        let metadata = Metadata {
            correlation_id: Uuid::nil(),
            causation_id: Uuid::nil(),
            actor: Actor::system("system:test"),
            recorded_at: Timestamp::default(),
        };
        let transaction = Transaction { appends: vec![append], ..Transaction::new(metadata, 0) };
        log.append(vec![transaction]).await.unwrap();
    }

    #[tokio::test]
    async fn a_log_that_goes_on_growing_does_not_keep_a_rebuild_from_ending() {
        let log = MemoryStore::new();
        grow(&log, Position::ZERO).await;
        let head = || *log.head().borrow();
        approach(&log, &mut Beside(&log, Position::ZERO), head, |_| {}).await.unwrap();
    }
}
