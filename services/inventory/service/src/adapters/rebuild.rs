//! Which file of views is in use, and building another one beside it.
//!
//! `views.current` names the file. A rebuild fills a new file while the old one goes on serving, compares both at
//! the same position, and only then switches: the name first, so that a crash in between leaves one whole view.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use kit_core::{Clock, Position};
use kit_event_store::EventStore;
use kit_event_store::projection::{self, Progress, Projection, ProjectionError, Tracker};
use kit_sqlite::ReadPool;
use rusqlite::Connection;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::cached::{CachedLevels, LevelCache, Source};
use super::sqlite_views::{SCHEMA_VERSION, SqliteViews, view};

const POINTER: &str = "views.current";

/// Between two looks whether the last reader of replaced views has gone, and how many looks are taken.
const READERS_WAIT: Duration = Duration::from_millis(5);
const READERS_WAITS_MAX: u32 = 1_000;

/// The folder of the views and what their followers need.
pub(crate) struct ViewsFolder {
    pub(crate) folder: PathBuf,
    pub(crate) log: Arc<dyn EventStore>,
    pub(crate) cache: Arc<LevelCache>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) tasks: TaskTracker,
    pub(crate) stop: CancellationToken,
}

/// What a rebuild did.
#[derive(Clone, Copy, Debug)]
pub struct Rebuilt {
    /// Position up to which both views were compared.
    pub position: Position,
    /// Stock levels in the rebuilt view.
    pub stock_levels: u64,
    /// Whether the old view was the same, row for row.
    pub identical: bool,
}

/// A followed view; cancelling the token ends its follower.
pub(crate) struct Followed {
    pub(crate) source: Source,
    pub(crate) path: PathBuf,
    pub(crate) stop: CancellationToken,
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

impl ViewsFolder {
    /// Opens the views in use, brings them up to date and follows the log.
    pub(crate) async fn open_current(&self) -> Result<Followed, ProjectionError> {
        let name = std::fs::read_to_string(self.folder.join(POINTER)).unwrap_or_default();
        let path = match name.trim() {
            "" => self.folder.join("views-1.db"),
            name => self.folder.join(name),
        };
        if is_outdated(&path) {
            tracing::info!(path = %path.display(), "views_rebuilt_for_new_schema");
            remove(&path);
        }
        let mut views = self.open(&path, Some(Arc::clone(&self.cache)))?;
        projection::catch_up(self.log.as_ref(), &mut views).await?;
        Ok(self.follow(views, path))
    }

    /// Builds the views anew beside the present ones, compares both at one position, and switches.
    ///
    /// Readers are served throughout. When the two differ and `force` is not set, the present views stay.
    pub(crate) async fn rebuild(
        &self,
        mut present: Followed,
        levels: &CachedLevels,
        force: bool,
    ) -> (Followed, Result<Rebuilt, ProjectionError>) {
        let path = self.next_path(&present.path);
        remove(&path);
        let rebuilt = self.build_and_compare(&mut present, &path).await;
        let switches = rebuilt.as_ref().is_ok_and(|rebuilt| rebuilt.identical || force);
        present.end().await;
        let (in_use, unused) =
            if switches { (path, present.path.clone()) } else { (present.path.clone(), path) };
        let pointed =
            self.point_to(&in_use).map_err(|error| ProjectionError::View(error.to_string()));
        // the schema of both files was opened a moment ago
        let followed = match self.open(&in_use, Some(Arc::clone(&self.cache))) {
            Ok(views) => self.follow(views, in_use),
            Err(error) => return (Followed { path: in_use, ..present }, Err(error)),
        };
        levels.switch(followed.source.clone());
        unread(present.source).await;
        remove(&unused);
        (followed, pointed.and(rebuilt))
    }

    async fn build_and_compare(
        &self,
        present: &mut Followed,
        path: &Path,
    ) -> Result<Rebuilt, ProjectionError> {
        let mut new = self.open(path, None)?;
        projection::catch_up(self.log.as_ref(), &mut new).await?;
        // both must stand at one position to be compared
        present.end().await;
        let mut old = self.open(&present.path, None)?;
        let position = *self.log.head().borrow();
        projection::catch_up_to(self.log.as_ref(), &mut old, position).await?;
        projection::catch_up_to(self.log.as_ref(), &mut new, position).await?;
        let (old, new) = (present.path.clone(), path.to_owned());
        tokio::task::spawn_blocking(move || compare_files(&old, &new, position))
            .await
            .map_err(|error| ProjectionError::View(error.to_string()))?
            .map_err(|error| view(&error))
    }

    /// Makes a file the one in use, durably.
    fn point_to(&self, path: &Path) -> std::io::Result<()> {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let next = self.folder.join("views.next");
        std::fs::write(&next, name)?;
        std::fs::File::open(&next)?.sync_all()?;
        std::fs::rename(&next, self.folder.join(POINTER))?;
        std::fs::File::open(&self.folder)?.sync_all()
    }

    /// Starts following the log with an opened view.
    fn follow(&self, views: SqliteViews, path: PathBuf) -> Followed {
        let (sender, progress) = Progress::new();
        let stop = self.stop.child_token();
        let log = Arc::clone(&self.log);
        let follower = follow(log, views, sender, stop.clone());
        let follower = Some(self.tasks.spawn(follower));
        let pool = Arc::new(ReadPool::new(path.clone()));
        Followed { source: Source { pool, progress }, path, stop, follower }
    }

    fn open(
        &self,
        path: &Path,
        cache: Option<Arc<LevelCache>>,
    ) -> Result<SqliteViews, ProjectionError> {
        SqliteViews::open(path, cache, Arc::clone(&self.clock))
    }

    fn next_path(&self, present: &Path) -> PathBuf {
        let stem = present.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let number: u64 = stem.trim_start_matches("views-").parse().unwrap_or(0);
        self.folder.join(format!("views-{}.db", number + 1))
    }
}

/// Waits (not for ever) until nobody reads from views that are not in use any more.
async fn unread(source: Source) {
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
    views: SqliteViews,
    progress: Tracker,
    stop: CancellationToken,
) {
    let views: Box<dyn Projection> = Box::new(views);
    projection::follow(log, views, progress, stop).await;
}

fn is_outdated(path: &Path) -> bool {
    path.exists()
        && Connection::open(path)
            .and_then(|file| file.pragma_query_value(None, "user_version", |row| row.get(0)))
            .is_ok_and(|version: i64| version != SCHEMA_VERSION)
}

/// Removes a view file and what SQLite keeps beside it; a file that is not there is as good as removed.
fn remove(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        drop(std::fs::remove_file(PathBuf::from(name)));
    }
}

fn compare_files(old: &Path, new: &Path, position: Position) -> rusqlite::Result<Rebuilt> {
    let views = Connection::open(new)?;
    views.execute("ATTACH ?1 AS old", [old.to_string_lossy()])?;
    let mut identical = true;
    for table in ["stock_levels", "reservation_lines"] {
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
