//! What became of the lines of a file, in numbers, for those who ask while it is imported and afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use super::checkpoint::Tally;

/// Most numbers of lines that are kept of one kind of warning.
pub(super) const WARNED_LINES_MAX: usize = 20;

/// What became of the lines of a file: `lines` is the sum of `accepted`, `unchanged` and `rejected`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Lines read.
    pub lines: u64,
    /// Lines that this run has put into the log; in a dry run those that it would.
    pub accepted: u64,
    /// Lines among those that change an entry of the catalogue.
    pub changed: u64,
    /// Lines that were booked before, or say what is known already.
    pub unchanged: u64,
    /// Lines that were taken without a field that was not understood.
    pub warned: u64,
    /// Lines that were not taken.
    pub rejected: u64,
    /// What was rejected for, and how often.
    pub reasons: Vec<(String, u64)>,
    /// What lines were taken without.
    pub warnings: Vec<Warning>,
    /// What lines change in the catalogue, at most 100 fields.
    pub changes: Vec<FieldChange>,
}

/// Most changes that are told one by one.
pub(super) const CHANGES_MAX: usize = 100;

/// What an update makes of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// The line that says so.
    pub line: u64,
    /// The code of the entry.
    pub code: String,
    /// The column of the field, as exports have it.
    pub field: &'static str,
    /// What it had; empty where it had nothing.
    pub before: String,
    /// What it has now; in a dry run what it would have.
    pub after: String,
}

/// A field that lines were taken without, because it was not understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What the field has, such as `price`.
    pub what: String,
    /// How many lines.
    pub count: u64,
    /// The numbers of the first of them, at most 20.
    pub lines: Vec<u64>,
}

/// The end of an import.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What became of the lines.
    pub account: Account,
    /// The same for people.
    pub report: String,
}

/// Sees how far an import is, from elsewhere. Cheap to clone; all clones see the same.
#[derive(Clone, Debug, Default)]
pub struct Observer(Arc<Observed>);

#[derive(Debug, Default)]
struct Observed {
    size: AtomicU64,
    read: Arc<AtomicU64>,
    account: Mutex<Account>,
}

impl Observer {
    /// What became of the lines so far.
    pub fn account(&self) -> Account {
        self.0.account.lock().clone()
    }

    /// How many bytes the file has, and how many of them have been read in the present pass over it.
    pub fn bytes(&self) -> (u64, u64) {
        let size = self.0.size.load(Ordering::Relaxed);
        (size, self.0.read.load(Ordering::Relaxed).min(size))
    }

    /// Begins to see a file of so many bytes; what is read of it is counted where this leads.
    pub(super) fn begin(&self, size: u64) -> Arc<AtomicU64> {
        self.0.size.store(size, Ordering::Relaxed);
        Arc::clone(&self.0.read)
    }

    pub(super) fn see(&self, account: Account) {
        *self.0.account.lock() = account;
    }
}

impl Account {
    /// What is wrong when more lines were rejected than a caller allows, or, unless it says how many, more than half of them.
    pub fn too_many_rejected(&self, max: Option<u64>) -> Option<String> {
        let allowed = max.unwrap_or(self.lines / 2);
        (self.rejected > allowed).then(|| {
            format!(
                "{} of {} lines were rejected, and at most {allowed} may be: look at their reasons, correct them and import the \
                 rejected lines, or allow more with --max-rejected",
                self.rejected, self.lines
            )
        })
    }

    /// The account of a tally, of whose lines this run has applied so many.
    pub(super) fn of(tally: &Tally, applied: u64) -> Self {
        let warning = |(what, count): (&String, &u64)| Warning {
            what: what.clone(),
            count: *count,
            lines: tally.warned_lines.get(what).cloned().unwrap_or_default(),
        };
        Self {
            lines: tally.lines,
            accepted: applied,
            changed: tally.changed,
            unchanged: tally.applied.saturating_sub(applied),
            warned: tally.warned,
            rejected: tally.rejected(),
            reasons: tally.rejected.iter().map(|(code, count)| (code.clone(), *count)).collect(),
            warnings: tally.dropped.iter().map(warning).collect(),
            changes: tally.changes.clone(),
        }
    }
}
