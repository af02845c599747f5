//! The jobs of this process: those that wait, the one that runs, and the latest that have ended.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use gondola_import::{
    Author, CheckpointFolder, ImportRequest, Observer, Outcome, Services, check_unpacked,
};
use kit_core::{Clock, IdSource, Scope};
use parking_lot::Mutex;
use tokio::runtime::Handle;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::job::{Failure, Job, JobFolder, JobState, Lines, broken_off, refused};

/// Most files that arrive, wait or are imported at a time.
pub(crate) const JOBS_MAX: usize = 16;

/// Longest file, unpacked, in bytes.
const UNPACKED_BYTES_MAX: u64 = 1 << 30;

/// Most jobs that are remembered after their end.
pub(crate) const ENDED_MAX: usize = 50;

/// What jobs work with.
pub(crate) struct Imports {
    folder: PathBuf,
    kept: CheckpointFolder,
    services: Services,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn IdSource>,
    jobs: Mutex<BTreeMap<Uuid, Entry>>,
    /// There is a new job.
    added: Notify,
    places: Arc<Semaphore>,
}

/// A job, and who sees how far it is.
struct Entry {
    job: Job,
    observer: Observer,
    /// Its place among those that have not ended.
    place: Option<OwnedSemaphorePermit>,
}

impl Entry {
    /// The job as it is now.
    fn now(&self) -> (Job, u64) {
        let mut job = self.job.clone();
        let (_, read) = self.observer.bytes();
        if job.state == JobState::Running {
            job.lines = Lines::from(self.observer.account());
            return (job, read);
        }
        let read = if job.has_ended() { job.size } else { 0 };
        (job, read)
    }
}

impl Imports {
    /// Finds the jobs that an earlier process left: those that had not ended are taken up again. What had not arrived as a
    /// whole was never accepted, and is removed.
    pub(crate) fn open(
        (folder, kept): (PathBuf, CheckpointFolder),
        services: Services,
        (clock, ids): (Arc<dyn Clock>, Arc<dyn IdSource>),
    ) -> io::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let (mut jobs, places) = (BTreeMap::new(), Arc::new(Semaphore::new(JOBS_MAX)));
        for found in std::fs::read_dir(&folder)? {
            let name = found?.file_name();
            let Some(id) = name.to_str().and_then(|name| Uuid::try_parse(name).ok()) else {
                continue;
            };
            let place = JobFolder::of(&folder, id);
            match place.load() {
                Ok(None) => place.remove(),
                // as of a later release, which will take it up
                Err(error) => tracing::warn!(%id, %error, "import_cannot_be_read"),
                Ok(Some(mut job)) => {
                    let mut permit = None;
                    if !job.has_ended() {
                        job.state = JobState::Waiting;
                        permit = Arc::clone(&places).try_acquire_owned().ok();
                        tracing::info!(%id, kind = job.kind, "import_is_taken_up_again");
                    }
                    jobs.insert(id, Entry { job, observer: Observer::default(), place: permit });
                }
            }
        }
        let jobs = Mutex::new(jobs);
        Ok(Self { folder, kept, services, clock, ids, jobs, added: Notify::new(), places })
    }

    /// A place for one more file; `None` where there is none.
    pub(crate) fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).try_acquire_owned().ok()
    }

    /// The id of a new job.
    pub(crate) fn new_id(&self) -> Uuid {
        self.ids.next_id(self.clock.now())
    }

    /// The time of day.
    pub(crate) fn now(&self) -> kit_core::Timestamp {
        self.clock.now()
    }

    /// Where what belongs to a job is kept.
    pub(crate) fn folder_of(&self, id: Uuid) -> JobFolder {
        JobFolder::of(&self.folder, id)
    }

    /// Takes a job whose file is on the disk. From here on it survives the process.
    pub(crate) fn add(&self, job: Job, place: OwnedSemaphorePermit) -> io::Result<()> {
        self.folder_of(job.id).keep(&job)?;
        let entry = Entry { observer: Observer::default(), place: Some(place), job };
        self.jobs.lock().insert(entry.job.id, entry);
        self.added.notify_one();
        Ok(())
    }

    /// A job that a caller sees, and how many bytes of its file have been read.
    pub(crate) fn find(&self, id: Uuid, scope: &Scope) -> Option<(Job, u64)> {
        let jobs = self.jobs.lock();
        jobs.get(&id).filter(|entry| entry.job.is_seen_by(scope)).map(Entry::now)
    }

    /// The jobs that a caller sees, the latest first.
    pub(crate) fn list(&self, scope: &Scope) -> Vec<(Job, u64)> {
        let jobs = self.jobs.lock();
        let seen = jobs.values().rev().filter(|entry| entry.job.is_seen_by(scope));
        seen.map(Entry::now).collect()
    }

    /// Imports one file after the other until the process drains. One that is on its way then goes on at the next start.
    pub(crate) async fn work(self: Arc<Self>, drain: CancellationToken) {
        loop {
            let added = self.added.notified();
            let Some(job) = self.begin_next() else {
                tokio::select! {
                    () = drain.cancelled() => return,
                    () = added => continue,
                }
            };
            let (id, observer) = job;
            match Arc::clone(&self).import(id, observer, drain.clone()).await {
                Some(ended) => self.end(id, ended),
                None => return,
            }
        }
    }

    /// The next job that waits, which runs from now on.
    fn begin_next(&self) -> Option<(Uuid, Observer)> {
        let mut jobs = self.jobs.lock();
        let next = jobs.values_mut().find(|entry| entry.job.state == JobState::Waiting)?;
        next.job.state = JobState::Running;
        next.job.started_at = Some(self.clock.now());
        Some((next.job.id, next.observer.clone()))
    }

    /// Imports the file of a job, on a thread that reading it may keep busy; `None` when the process drains before the end.
    async fn import(
        self: Arc<Self>,
        id: Uuid,
        observer: Observer,
        drain: CancellationToken,
    ) -> Option<Result<Outcome, Failure>> {
        let runtime = Handle::current();
        let work = move || {
            let job = self.jobs.lock().get(&id).map(|entry| entry.job.clone())?;
            let importing = self.import_file(&job, observer);
            runtime.block_on(drain.run_until_cancelled(importing))
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(ended) => ended,
            Err(panic) => {
                tracing::error!(%id, %panic, "import_panicked");
                let detail = "it ended by a fault of ours: report the log line import_panicked";
                Some(Err(Failure { code: "broken-off".to_owned(), detail: detail.to_owned() }))
            }
        }
    }

    async fn import_file(&self, job: &Job, observer: Observer) -> Result<Outcome, Failure> {
        let (folder, name) = (self.folder_of(job.id), job.options.called());
        let opened = self.request(job, &folder, observer).and_then(|request| {
            check_unpacked(&folder.input(), UNPACKED_BYTES_MAX)?;
            request.open(&self.kept).and_then(|import| Ok((import.done()?, import)))
        });
        let (done, import) = opened.map_err(|error| refused(&error, &folder, name))?;
        if let Some(outcome) = done {
            return Ok(outcome);
        }
        let author = Author { actor: job.author(), scope: job.scope() };
        let services = Services { author, ..self.services.clone() };
        import.run(&services).await.map_err(|error| broken_off(&error, &folder, name))
    }

    fn request(
        &self,
        job: &Job,
        folder: &JobFolder,
        observer: Observer,
    ) -> anyhow::Result<ImportRequest> {
        let kind = job.kind().context("this release knows no such kind of file")?;
        if kind.keeps_progress()
            && let Some(earlier) = self.earlier(job)
        {
            folder.take_over(&earlier).context("the rejected lines of before are gone")?;
        }
        Ok(job.options.request(kind, (folder.input(), folder.rejected()), observer)?)
    }

    /// The latest job of the same file before one.
    fn earlier(&self, job: &Job) -> Option<JobFolder> {
        let jobs = self.jobs.lock();
        let before = jobs.range(..job.id).rev().find(|(_, other)| job.continues(&other.job));
        before.map(|(id, _)| self.folder_of(*id))
    }

    /// Notes how a job ended, and forgets the oldest that have ended.
    fn end(&self, id: Uuid, ended: Result<Outcome, Failure>) {
        let folder = self.folder_of(id);
        let ended = {
            let mut jobs = self.jobs.lock();
            let Some(entry) = jobs.get_mut(&id) else { return };
            entry.job.end(ended, self.clock.now());
            entry.place = None;
            entry.job.clone()
        };
        let Job { kind, state, lines, .. } = &ended;
        let (read, rejected) = (lines.read, lines.rejected);
        tracing::info!(%id, kind, ?state, lines = read, rejected, "import_ended");
        if rejected == 0 {
            folder.drop_rejected();
        }
        match folder.keep(&ended) {
            Ok(()) => folder.drop_input(),
            // imported once more at the next start, which changes nothing
            Err(error) => tracing::warn!(%id, %error, "import_cannot_be_noted"),
        }
        self.forget();
    }

    fn forget(&self) {
        let mut jobs = self.jobs.lock();
        let ended = jobs.values().filter(|entry| entry.job.has_ended());
        let ended: Vec<Uuid> = ended.map(|entry| entry.job.id).collect();
        for old in ended.iter().take(ended.len().saturating_sub(ENDED_MAX)) {
            jobs.remove(old);
            self.folder_of(*old).remove();
        }
    }
}
