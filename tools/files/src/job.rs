//! One import through the server: what is kept of it on the disk, from when its file is whole until it is forgotten.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use gondola_import::{Account, FieldChange, FileKind, ImportedBefore, Outcome};
use kit_core::{Actor, Scope, Timestamp};
use kit_event_store::log_folder::replace_durably;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::options::ImportOptions;

/// Largest file, in bytes as it is sent: packed or not.
pub const FILE_BYTES_MAX: usize = 64 << 20;

/// The code of a failure: all lines are equal to those of a file that was imported before.
pub const IMPORTED_BEFORE: &str = "imported-before";

/// The code of a failure: more lines were rejected than the caller allows.
pub const TOO_MANY_REJECTED: &str = "too-many-rejected";

/// The code of a failure: the file as a whole is doubtful, and none of its lines was booked.
const FILE_REFUSED: &str = "file-refused";

/// The code of a failure: it ended on its way; sent again, the file goes on where it was.
const BROKEN_OFF: &str = "broken-off";

/// How far a job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum JobState {
    /// Its turn comes after those before it.
    Waiting,
    /// It is being imported.
    Running,
    /// All lines are dealt with.
    Done,
    /// It ended in another way.
    Failed,
}

/// Why a job failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failure {
    /// The kind of trouble.
    pub(crate) code: String,
    /// What happened, and what to do.
    pub(crate) detail: String,
}

/// A job as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Job {
    pub(crate) id: Uuid,
    /// What the file lists, by its name.
    pub(crate) kind: String,
    pub(crate) options: ImportOptions,
    /// Who sent it.
    pub(crate) actor: String,
    /// The stores that exist for who sent it; all where there are none.
    pub(crate) stores: Option<Vec<Uuid>>,
    /// Size of the file in bytes.
    pub(crate) size: u64,
    /// The SHA-256 of its bytes.
    pub(crate) sha256: String,
    pub(crate) created_at: Timestamp,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) ended_at: Option<Timestamp>,
    pub(crate) state: JobState,
    pub(crate) failure: Option<Failure>,
    pub(crate) lines: Lines,
    /// What became of the file, for people.
    pub(crate) report: Option<String>,
}

/// What became of the lines.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Lines {
    pub(crate) read: u64,
    pub(crate) accepted: u64,
    #[serde(default)]
    pub(crate) changed: u64,
    pub(crate) unchanged: u64,
    pub(crate) warned: u64,
    pub(crate) rejected: u64,
    /// What was rejected for, and how often.
    pub(crate) reasons: Vec<(String, u64)>,
    /// What lines were taken without, how many, and the first of them.
    pub(crate) warnings: Vec<(String, u64, Vec<u64>)>,
    /// What lines change in the catalogue.
    #[serde(default)]
    pub(crate) changes: Vec<Changed>,
}

/// What an update makes of a field.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Changed {
    pub(crate) line: u64,
    pub(crate) code: String,
    pub(crate) field: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

impl From<FieldChange> for Changed {
    fn from(change: FieldChange) -> Self {
        let FieldChange { line, code, field, before, after } = change;
        Self { line, code, field: field.to_owned(), before, after }
    }
}

impl From<Account> for Lines {
    fn from(account: Account) -> Self {
        let warnings = account.warnings.into_iter();
        Self {
            read: account.lines,
            accepted: account.accepted,
            changed: account.changed,
            unchanged: account.unchanged,
            warned: account.warned,
            rejected: account.rejected,
            reasons: account.reasons,
            warnings: warnings.map(|one| (one.what, one.count, one.lines)).collect(),
            changes: account.changes.into_iter().map(Changed::from).collect(),
        }
    }
}

impl Job {
    /// What the file lists; `None` of a later release that knows more kinds.
    pub(crate) fn kind(&self) -> Option<FileKind> {
        self.kind.parse().ok()
    }

    /// Whether nothing more happens to it.
    pub(crate) const fn has_ended(&self) -> bool {
        matches!(self.state, JobState::Done | JobState::Failed)
    }

    /// The stores of who sent it.
    pub(crate) fn scope(&self) -> Scope {
        self.stores.clone().map_or(Scope::All, Scope::only)
    }

    /// Who sent it. A text that is no actor's any more, as of an earlier release, is the importing system's.
    pub(crate) fn author(&self) -> Actor {
        Actor::new(&self.actor).unwrap_or_else(|_| Actor::system("system:import"))
    }

    /// Whether a caller sees it: one that sees all the stores that its sender does.
    pub(crate) fn is_seen_by(&self, scope: &Scope) -> bool {
        match &self.stores {
            None => scope.owners().is_none(),
            Some(stores) => stores.iter().all(|store| scope.allows(*store)),
        }
    }

    /// Whether it is of the same file as another one: its rejected lines go on where those of the other ended.
    pub(crate) fn continues(&self, other: &Self) -> bool {
        let file =
            |job: &Self| (job.kind.clone(), job.options.called().to_owned(), job.sha256.clone());
        self.id != other.id && file(self) == file(other)
    }

    /// Notes how it ended.
    pub(crate) fn end(&mut self, ended: Result<Outcome, Failure>, now: Timestamp) {
        self.ended_at = Some(now);
        let max_rejected = self.options.max_rejected;
        self.state = JobState::Failed;
        match ended {
            Err(failure) => self.failure = Some(failure),
            Ok(Outcome { account, report }) => {
                let too_many = account.too_many_rejected(max_rejected);
                match too_many {
                    None => self.state = JobState::Done,
                    Some(detail) => self.failure = Some(failed(TOO_MANY_REJECTED, detail)),
                }
                self.report = Some(report);
                self.lines = account.into();
            }
        }
    }
}

fn failed(code: &str, detail: String) -> Failure {
    Failure { code: code.to_owned(), detail }
}

/// Why a file was not taken as a whole. What it is called in the folder is nobody's business.
pub(crate) fn refused(error: &anyhow::Error, folder: &JobFolder, name: &str) -> Failure {
    let code = if error.is::<ImportedBefore>() { IMPORTED_BEFORE } else { FILE_REFUSED };
    failed(code, told(error, folder, name))
}

/// Why an import ended on its way.
pub(crate) fn broken_off(error: &anyhow::Error, folder: &JobFolder, name: &str) -> Failure {
    failed(BROKEN_OFF, told(error, folder, name))
}

fn told(error: &anyhow::Error, folder: &JobFolder, name: &str) -> String {
    let input = folder.input().to_string_lossy().into_owned();
    let place = folder.0.to_string_lossy().into_owned();
    format!("{error:#}").replace(&input, name).replace(&place, "")
}

/// Where what belongs to a job is kept.
#[derive(Clone, Debug)]
pub(crate) struct JobFolder(PathBuf);

impl JobFolder {
    pub(crate) fn of(folder: &Path, id: Uuid) -> Self {
        Self(folder.join(id.to_string()))
    }

    /// The file, as it was sent.
    pub(crate) fn input(&self) -> PathBuf {
        self.0.join("input")
    }

    /// Its rejected lines.
    pub(crate) fn rejected(&self) -> PathBuf {
        self.0.join("rejected.csv")
    }

    fn record(&self) -> PathBuf {
        self.0.join("job.json")
    }

    pub(crate) fn make(&self) -> io::Result<()> {
        fs::create_dir_all(&self.0)
    }

    /// Keeps a job: after a crash at any moment it is there as a whole, as it was before or as it is now.
    pub(crate) fn keep(&self, job: &Job) -> io::Result<()> {
        replace_durably(&self.record(), &serde_json::to_vec_pretty(job)?)
    }

    /// The job, if there is a whole one.
    pub(crate) fn load(&self) -> io::Result<Option<Job>> {
        match fs::read(self.record()) {
            Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Removes the file itself, when it is not needed any more.
    pub(crate) fn drop_input(&self) {
        if let Err(error) = fs::remove_file(self.input()) {
            tracing::warn!(folder = %self.0.display(), %error, "import_file_cannot_be_removed");
        }
    }

    /// Removes all of it.
    pub(crate) fn remove(&self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(folder = %self.0.display(), %error, "import_folder_cannot_be_removed");
        }
    }

    /// Removes rejected lines that are none any more.
    pub(crate) fn drop_rejected(&self) {
        match fs::remove_file(self.rejected()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(folder = %self.0.display(), %error, "import_file_cannot_be_removed");
            }
            _ => {}
        }
    }

    /// Takes over the rejected lines of an earlier job of the same file.
    pub(crate) fn take_over(&self, earlier: &Self) -> io::Result<()> {
        match fs::copy(earlier.rejected(), self.rejected()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// A file that is arriving.
pub(crate) struct Arriving(fs::File);

impl Arriving {
    pub(crate) fn begin(folder: &JobFolder) -> io::Result<Self> {
        folder.make()?;
        Ok(Self(fs::File::create(folder.input())?))
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    /// Brings it to the disk.
    pub(crate) fn end(self) -> io::Result<()> {
        self.0.sync_all()
    }
}
