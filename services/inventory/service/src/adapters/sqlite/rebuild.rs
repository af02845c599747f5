//! Rebuilding: following the log with the file in use, and building another one beside it.
//!
//! A rebuild fills a new file while the old one still serves, compares both at the same position, and only then switches:
//! the name first, so that a crash in between leaves one whole file.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use kit_core::{Clock, Position};
use kit_event_store::EventStore;
use kit_event_store::projection::{self, Progress, Projection, ProjectionError, Tracker};
use kit_sqlite::ReadPool;
use rusqlite::Connection;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::files;
use super::schema::{self, unwritable};
use super::write::SqliteWriter;
use super::{Source, SqliteReadModel};
use crate::adapters::observer::LevelObserver;
use crate::use_cases::{ReadModelRebuild, RebuildError, Rebuilt};

/// How often, and how many times, it is checked that no reader uses the replaced file.
const READERS_WAIT: Duration = Duration::from_millis(5);
const READERS_WAITS_MAX: u32 = 1_000;

/// How often a new file is brought to the head of a log that goes on growing: each time takes a fraction of the one before.
const PASSES: u32 = 3;

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
    /// The highest number that a file had. The next one gets a higher one, even when that one was removed: a writer
    /// closes on its own thread, may do so late, and removes the `-wal` and `-shm` of its file by name.
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
        projection::catch_up(self.log.as_ref(), &mut writer).await?;
        Ok(self.follow(writer, path, newest))
    }

    /// Builds a new file beside the present one, compares both at one position, and switches.
    async fn rebuild(
        &self,
        mut present: Followed,
        read_model: &SqliteReadModel,
        force: bool,
    ) -> (Followed, Result<Rebuilt, ProjectionError>) {
        let newest = present.newest + 1;
        let path = files::path(&self.folder, newest);
        let rebuilt = self.build_and_compare(&mut present, &path).await;
        let switches = rebuilt.as_ref().is_ok_and(|rebuilt| rebuilt.identical || force);
        present.end().await;
        let (in_use, unused) =
            if switches { (path, present.path.clone()) } else { (present.path.clone(), path) };
        let pointed = files::point_to(&self.folder, &in_use)
            .map_err(|error| ProjectionError::View(error.to_string()));
        // the schema of both files was opened just before
        let followed = match self.open(&in_use, Some(Arc::clone(&self.observer))) {
            Ok(writer) => self.follow(writer, in_use, newest),
            Err(error) => return (Followed { path: in_use, newest, ..present }, Err(error)),
        };
        read_model.switch(followed.source.clone());
        wait_for_readers(present.source).await;
        files::remove(&unused);
        (followed, pointed.and(rebuilt))
    }

    async fn build_and_compare(
        &self,
        present: &mut Followed,
        path: &Path,
    ) -> Result<Rebuilt, ProjectionError> {
        let mut new = self.open(path, None)?;
        approach(self.log.as_ref(), &mut new).await?;
        present.end().await;
        let mut old = self.open(&present.path, None)?;
        let position = catch_up_both(self.log.as_ref(), &mut old, &mut new).await?;
        let (old, new) = (present.path.clone(), path.to_owned());
        tokio::task::spawn_blocking(move || compare_files(&old, &new, position))
            .await
            .map_err(|error| ProjectionError::View(error.to_string()))?
            .map_err(|error| unwritable(&error))
    }

    /// Starts following the log with an opened file.
    fn follow(&self, writer: SqliteWriter, path: PathBuf, newest: u64) -> Followed {
        let (sender, progress) = Progress::new();
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
    async fn rebuild(&self, force: bool) -> Result<Rebuilt, RebuildError> {
        let mut followed = self.followed.try_lock().map_err(|_| RebuildError::Running)?;
        let present = followed.take().ok_or(RebuildError::Running)?;
        let (next, rebuilt) = self.folder.rebuild(present, self, force).await;
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

/// Brings a view near the end of the log; the end itself is out of reach while others write faster than it applies.
async fn approach(log: &dyn EventStore, new: &mut dyn Projection) -> Result<(), ProjectionError> {
    for _ in 0..PASSES {
        let head = *log.head().borrow();
        projection::catch_up_to(log, new, head).await?;
    }
    Ok(())
}

/// Brings two views to one position, at which they can be compared, and returns it.
///
/// The head of the log is where they aim, not where they are sure to be: what can be read may end before it or after it.
async fn catch_up_both(
    log: &dyn EventStore,
    old: &mut dyn Projection,
    new: &mut dyn Projection,
) -> Result<Position, ProjectionError> {
    let mut target = *log.head().borrow();
    loop {
        let old_at = projection::catch_up_to(log, old, target).await?;
        let new_at = projection::catch_up_to(log, new, target).await?;
        if old_at == new_at {
            return Ok(old_at);
        }
        target = old_at.max(new_at);
    }
}

fn compare_files(old: &Path, new: &Path, position: Position) -> rusqlite::Result<Rebuilt> {
    let views = Connection::open(new)?;
    views.execute("ATTACH ?1 AS old", [old.to_string_lossy()])?;
    let mut identical = true;
    for table in schema::TABLES {
        let differs = format!(
            "SELECT EXISTS (SELECT * FROM main.{table} EXCEPT SELECT * FROM old.{table}) \
             OR EXISTS (SELECT * FROM old.{table} EXCEPT SELECT * FROM main.{table})"
        );
        identical &= !views.query_row(&differs, [], |row| row.get::<_, bool>(0))?;
    }
    let count: i64 =
        views.query_row("SELECT count(*) FROM main.stock_levels", [], |row| row.get(0))?;
    Ok(Rebuilt { position, stock_levels: u64::try_from(count).unwrap_or(0), identical })
}

#[cfg(test)]
mod tests {
    use kit_core::{Actor, EncodedEvent, Metadata, RecordedEvent, StreamId, Timestamp, Version};
    use kit_event_store::memory::MemoryStore;
    use kit_event_store::{Append, EventLog, Transaction};
    use uuid::Uuid;

    use super::*;

    /// Stands at these positions, one after the other, as if the log showed no more each time.
    struct Stands(std::vec::IntoIter<u64>);

    #[async_trait]
    impl Projection for Stands {
        fn name(&self) -> &'static str {
            "stands"
        }

        async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
            Ok(Position::new(self.0.next().unwrap()))
        }

        async fn apply(&mut self, _: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
            unreachable!("the log is empty")
        }
    }

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
        approach(&log, &mut Beside(&log, Position::ZERO)).await.unwrap();
    }

    #[tokio::test]
    async fn views_are_compared_at_one_position_though_the_head_is_behind_or_ahead() {
        let log = MemoryStore::new();
        for (old, new) in [([1, 2], [2, 2]), ([2, 2], [1, 2])] {
            let (mut old, mut new) =
                (Stands(Vec::from(old).into_iter()), Stands(Vec::from(new).into_iter()));
            let at = catch_up_both(&log, &mut old, &mut new).await.unwrap();
            assert_eq!(at, Position::new(2), "where the further one stands");
        }
    }
}
