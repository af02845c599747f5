//! Backups: what one has of a data folder, and the schedule of backups while serving.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use kit_backup::{Backup, BackupMetrics, CopyFile, Done, Source, StateFile, Watch, copy_whole};
use kit_core::{Clock, Timestamp};
use kit_event_store::LogReader;
use kit_jsonl::JournalReader;
use kit_sqlite::LogFileReader;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::backup_place::PlaceUrl;
use super::event_store::{DataArgs, EventStoreUrl};

/// The contexts with logs: stock knows of the catalogue, so its log is read first.
const LOGS: [&str; 2] = ["inventory", "store"];

/// How many times the interval may pass without a backup before the log says so.
const LATE_INTERVALS: u32 = 4;

/// Arguments of the commands that serve.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct BackupArgs {
    /// Folder on another disk or a network drive, or `s3://BUCKET/PREFIX`, that gets a backup of the data folder while it is
    /// served; only what is new is written. It must be empty or have a backup of the same log. How an object store is reached,
    /// the variables say that all its tools know: `AWS_ACCESS_KEY_ID` and the others.
    #[arg(long, env = "GONDOLA_BACKUP_TO", value_name = "PLACE")]
    backup_to: Option<PlaceUrl>,

    /// Seconds from the beginning of one backup to that of the next; what a lost machine loses.
    #[arg(long, env = "GONDOLA_BACKUP_EVERY", value_name = "1..86400", default_value_t = 30,
        value_parser = clap::value_parser!(u32).range(1..=86_400))]
    backup_every: u32,
}

impl BackupArgs {
    /// Refuses a schedule for data that has none, and a place inside the data itself.
    pub(crate) fn check(&self, data: &DataArgs) -> anyhow::Result<()> {
        let Some(to) = &self.backup_to else { return Ok(()) };
        kind(data)?;
        to.check(data)
    }

    /// Begins the schedule, if there is one.
    pub(super) fn start(
        &self,
        data: &DataArgs,
        clock: &Arc<dyn Clock>,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> anyhow::Result<()> {
        let Some(to) = self.backup_to.clone() else { return Ok(()) };
        let every = Duration::from_secs(self.backup_every.into());
        let (clock, stop) = (Arc::clone(clock), stop.clone());
        let backup = Box::new(of(data)?);
        let metrics = BackupMetrics::begin(clock.now());
        let last = clock.now();
        let schedule = Schedule { data: data.clone(), to, every, clock, stop, metrics, last };
        tasks.spawn(schedule.run(backup));
        Ok(())
    }
}

/// Backups one after the other, until the process ends.
struct Schedule {
    data: DataArgs,
    to: PlaceUrl,
    every: Duration,
    clock: Arc<dyn Clock>,
    stop: CancellationToken,
    metrics: BackupMetrics,
    /// When the last whole one was made, or the schedule began.
    last: Timestamp,
}

impl Schedule {
    async fn run(mut self, backup: Box<Backup>) {
        let mut kept = Some(backup);
        loop {
            let began = tokio::time::Instant::now();
            match self.back_up(kept.take()).await {
                Ok((backup, done)) => {
                    kept = Some(backup);
                    self.made(done);
                }
                Err(error) => self.failed(&error),
            }
            tokio::select! {
                () = self.stop.cancelled() => return,
                () = tokio::time::sleep_until(began + self.every) => {}
            }
        }
    }

    /// Makes one on a thread that may block; what reads the logs is used again, unless it has failed.
    async fn back_up(
        &self,
        backup: Option<Box<Backup>>,
    ) -> anyhow::Result<(Box<Backup>, Option<Done>)> {
        let (data, to, clock) = (self.data.clone(), self.to.clone(), Arc::clone(&self.clock));
        let stop = self.stop.clone();
        let made = tokio::task::spawn_blocking(move || {
            let mut backup = backup.map_or_else(|| of(&data).map(Box::new), Ok)?;
            let watch = Watch { progress: &(), go_on: &|| !stop.is_cancelled() };
            let done = add(&mut backup, &data, &to, (&*clock, &watch))?;
            anyhow::Ok((backup, done))
        });
        made.await.context("the backup has panicked")?
    }

    fn made(&mut self, done: Option<Done>) {
        // none when the process ends
        let Some(Done { manifest, new_events, new_bytes }) = done else { return };
        self.last = manifest.made_at;
        self.metrics.made(manifest.made_at, new_events);
        tracing::debug!(made_at = %manifest.made_at, new_events, new_bytes, "backup_made");
    }

    fn failed(&self, error: &anyhow::Error) {
        self.metrics.failed();
        let to = &self.to;
        let age = self.clock.now().since(self.last);
        if age > self.every * LATE_INTERVALS {
            tracing::error!(%to, last = %self.last, "backup_is_late");
        }
        tracing::warn!(%to, error = format!("{error:#}"), "backup_failed");
    }
}

/// The kind of event store of data that can be backed up.
fn kind(data: &DataArgs) -> anyhow::Result<&'static str> {
    match data.event_store {
        EventStoreUrl::Sqlite(_) => Ok("sqlite"),
        EventStoreUrl::Jsonl(_) => Ok("jsonl"),
        EventStoreUrl::Memory => {
            bail!("nothing is kept with --event-store memory:, so there is nothing to back up")
        }
        #[cfg(any(feature = "mysql", feature = "postgres"))]
        _ => bail!(
            "a log in {} is backed up with the tools of the database: see docs/operations.md",
            data.event_store.name()
        ),
    }
}

/// What there is to back up in a data folder, which a server may be using.
pub(crate) fn of(data: &DataArgs) -> anyhow::Result<Backup> {
    let kind = kind(data)?;
    let mut logs = Vec::new();
    for context in LOGS {
        let folder = data.log_folder(context);
        if !folder.exists() {
            continue;
        }
        let reader: Box<dyn LogReader> = match data.event_store {
            EventStoreUrl::Jsonl(_) => Box::new(JournalReader::open(&folder)?),
            _ => Box::new(LogFileReader::open(&folder)?),
        };
        logs.push(Source { context: context.to_owned(), reader });
    }
    ensure!(
        !logs.is_empty(),
        "there is no log in {}: give the server's --data-dir",
        data.log_root().display()
    );
    let (before_logs, after_logs) = (Vec::new(), Vec::new());
    Ok(Backup { kind: kind.to_owned(), logs, before_logs, after_logs })
}

/// Adds what is new to a place; `None` when it was told to end before that.
pub(crate) fn add(
    backup: &mut Backup,
    data: &DataArgs,
    to: &PlaceUrl,
    (clock, watch): (&dyn Clock, &Watch<'_>),
) -> anyhow::Result<Option<Done>> {
    to.check(data)?;
    let place = to.open_to_write()?;
    backup.before_logs = beside(data)?;
    let keys = data.log_root().join("privacy/keys.db");
    backup.after_logs = vec![state_file("privacy/keys.db".to_owned(), keys, copy_database)];
    let scratch = TempDir::with_prefix("gondola-").context("cannot make a temporary folder")?;
    Ok(backup.run(&*place, scratch.path(), clock, watch)?)
}

/// What says how far something has followed the logs: what is told to whom, and how far imports are.
fn beside(data: &DataArgs) -> anyhow::Result<Vec<StateFile>> {
    let mut files = Vec::new();
    for name in ["notification/webhooks.db", "notification/alerts.db"] {
        files.push(state_file(name.to_owned(), data.data_dir.join(name), copy_database));
    }
    let imports = data.log_root().join("imports");
    let found = match std::fs::read_dir(&imports) {
        Ok(found) => found.collect::<Result<Vec<_>, _>>(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    };
    for entry in found.with_context(|| format!("cannot read {}", imports.display()))? {
        if let Ok(name) = entry.file_name().into_string()
            && Path::new(&name).extension().is_some_and(|extension| extension == "json")
        {
            files.push(state_file(format!("imports/{name}"), entry.path(), copy_whole));
        }
    }
    files.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(files)
}

fn state_file(name: String, path: PathBuf, copy: CopyFile) -> StateFile {
    StateFile { name, path, copy }
}

fn copy_database(from: &Path, to: &Path) -> Result<(), String> {
    kit_sqlite::copy_state(from, to).map_err(|error| error.to_string())
}

/// How long something has taken, for people.
pub(crate) fn seconds(since: Instant) -> String {
    format!("{:.1} s", since.elapsed().as_secs_f64())
}
